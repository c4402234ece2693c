"""The tagger as a component of spaCy pipelines, and spaCy pipelines as taggers to be scored.

>>> import spacy
>>> nlp = spacy.blank("en")
>>> _ = nlp.add_pipe("nertagger", config={"model": "english"})
>>> [(span.text, span.label_) for span in nlp("Anna Kern moved to Oslo.").ents]
[('Anna Kern', 'PER'), ('Oslo', 'LOC')]
"""

from nertagger.errors import requires_extra

with requires_extra("working with spaCy", "spacy"):
    from nertagger.integrations.spacy.annotation import register_extensions
    from nertagger.integrations.spacy.component import SpacyComponent, make_component
    from nertagger.integrations.spacy.pipeline import SpacyPipeline

__all__ = ["SpacyComponent", "SpacyPipeline", "make_component", "register_extensions"]
