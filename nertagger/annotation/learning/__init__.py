"""Trainings beside the labelling: the process that runs them, their checks, and the learning curve."""
