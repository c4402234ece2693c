"""Small tasks with made-up data, each of which asks for one thing that a recurrent network can or cannot do.

Every module has ``examples(count, seed=...)``, which makes the same list each time, and what turns it into arrays.
"""
