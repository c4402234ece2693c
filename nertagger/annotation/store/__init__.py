"""The database of a project: texts, decisions, names, models, predictions, trainings and settings."""
