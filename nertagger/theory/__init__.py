"""The theory behind the network, for the notebooks: small tasks with made-up data, and gradients through time.

Each task is a module with ``examples(count, seed=...)``, which makes the same list each time, and what turns it into
arrays.
"""
