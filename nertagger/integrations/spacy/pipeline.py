"""A spaCy pipeline as a tagger of tokens, to be scored as any other."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Self

import spacy
from spacy.language import Language
from spacy.tokens import Doc

from nertagger.errors import NerTaggerError, one_line
from nertagger.integrations.spacy.conversion import to_document
from nertagger.text.document import Document, Entity, Sentence
from nertagger.text.entities import entities_to_spans
from nertagger.text.schemes import TagScheme, write_tags
from nertagger.text.tokenization.agreement import join_words


class SpacyPipeline:
    """Tags sentences with the entities that a pipeline sets, such as those of ``en_core_web_sm``.

    >>> nlp = spacy.blank("en")
    >>> nlp.add_pipe("entity_ruler").add_patterns([{"label": "GPE", "pattern": "Oslo"}])
    >>> SpacyPipeline(nlp).tag_tokens([["Oslo", "is", "cold"]])
    [['B-GPE', 'O', 'O']]
    """

    def __init__(self, nlp: Language) -> None:
        """Use a pipeline, all of whose components run except its tokenizer."""
        self._nlp = nlp

    @classmethod
    def load(cls, name: str) -> Self:
        """Return the pipeline of an installed package, or of a folder.

        Raises:
            NerTaggerError: if there is none of this name, or it cannot be loaded.
        """
        try:
            return cls(spacy.load(name))
        except (OSError, ValueError, ImportError) as error:
            raise NerTaggerError(f"{name}: spaCy cannot load this pipeline: {one_line(error)}") from error

    @property
    def labels(self) -> frozenset[str]:
        """The labels of the components that set entities."""
        nlp = self._nlp
        setters = [name for name in nlp.pipe_names if "doc.ents" in nlp.get_pipe_meta(name).assigns]
        return frozenset(label for name in setters for label in nlp.pipe_labels.get(name, ()))

    def segment(self, text: str, *, source: str = "", offset: int = 0) -> Document:
        """Return raw text as a document of the pipeline's tokens, as `Tagger.segment` does with those of a model."""
        return replace(to_document(self._nlp.make_doc(text)), source=source, offset=offset)

    def tag_tokens(self, sentences: Iterable[Sequence[str]]) -> list[list[str]]:
        """Return the IOB2 tags of sentences that are given as lists of words.

        The pipeline gets the words as its tokens, with spaces between them where text would have some: its predictions
        depend on these. Each sentence is a Doc of its own.
        """
        pairs = ((self._doc(sentence), sentence) for sentence in map(_written, sentences))
        return [_tags_in(doc, sentence) for doc, sentence in self._nlp.pipe(pairs, as_tuples=True)]

    def _doc(self, sentence: Sentence) -> Doc:
        ends = [token.end for token in sentence.tokens]
        spaces = [end < start for end, start in zip(ends, [*sentence.starts[1:], 0], strict=False)]
        return Doc(self._nlp.vocab, words=list(sentence.words), spaces=spaces)


def _tags_in(doc: Doc, sentence: Sentence) -> list[str]:
    """Return the entities of a Doc as tags of the words that it was made of, though its tokens may have changed."""
    entities = [Entity(span.label_, span.start_char, span.end_char, span.text) for span in doc.ents]
    return write_tags(entities_to_spans(entities, sentence), len(sentence), TagScheme.IOB2)


def _written(words: Sequence[str]) -> Sentence:
    """Return words with the offsets that they have in a text of them."""
    return Sentence(tuple(words), tuple(join_words(words)[1]))
