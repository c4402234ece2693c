"""File formats, one module each, imported when the format is read or written."""
