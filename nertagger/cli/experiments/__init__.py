"""The commands for experiments and measurements: cross-validate, tune and bench."""
