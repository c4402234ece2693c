"""A report of the scores of a tagger, as an HTML page or as Markdown."""
