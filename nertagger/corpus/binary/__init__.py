"""Reading of binary formats, with limits on the sizes that files declare."""
