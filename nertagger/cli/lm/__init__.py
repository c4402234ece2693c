"""The commands for language models: ``nertagger lm train``, ``lm score`` and ``lm sample``."""
