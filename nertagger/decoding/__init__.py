"""Decoding of a linear-chain CRF or a softmax in NumPy: best paths, posteriors and spans."""
