"""The labelling page and the requests that it makes."""
