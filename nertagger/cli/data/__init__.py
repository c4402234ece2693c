"""The commands for annotated files: check, convert and split."""
