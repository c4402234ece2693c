"""Tables of tokens: columns, headers, cells and rows."""
