"""Names and token patterns that find entities beside a model: gazetteers and spaCy's EntityRuler patterns."""

from nertagger.rules.rules import Precedence, Rules

__all__ = ["Precedence", "Rules"]
