"""Tables of tokens: their columns, header, rows and cells."""
