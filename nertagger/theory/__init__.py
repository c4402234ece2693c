"""Course material for the notebooks: small tasks with made-up data, and gradients through time.

Each task is a module with ``examples(count, seed=...)``, which gives the same list for the same seed, and ``arrays``,
which turns that list into inputs and targets.
"""
