"""Options, parsing, input and output that several commands share."""
