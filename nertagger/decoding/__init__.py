"""Decoding of a linear-chain CRF or a softmax in NumPy: best tag sequences, posteriors and entities."""
