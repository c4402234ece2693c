"""Looking inside: how far gradients reach back through time, and what hidden units follow."""
