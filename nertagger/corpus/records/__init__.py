"""Records of JSON, Parquet and CSV: a text or tokens, their annotation, and other fields."""
