"""The HTTP interface of taggers: what requests hold, how they are batched, and the page."""
