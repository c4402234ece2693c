"""Tables of which one column is tagged: all other columns come out as they went in, beside a column of entities."""
