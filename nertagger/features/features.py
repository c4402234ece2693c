"""The input features of words, built from the training split only and stored in the model file."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

import numpy as np

from nertagger.features.characters import CharacterEncoder
from nertagger.features.gazetteer import Gazetteer, word_of
from nertagger.features.shapes import word_shape
from nertagger.features.tag_counts import TagCounts
from nertagger.features.vocabulary import Vocabulary
from nertagger.features.word_index import WordIndex
from nertagger.modelfile.schema import VocabularyKey, WordsGraph
from nertagger.text.spelling import normalized


@dataclass(frozen=True)
class FeatureSettings:
    """The features to build; the fields are those of the configuration's feature sections."""

    learned_words: bool
    characters: bool
    shapes: bool
    min_count: int = 1
    max_words: int | None = None
    max_length: int = 40
    shape_min_count: int = 1


@dataclass(frozen=True, kw_only=True)
class Features:
    """Encodes words as the arrays that the word encoder takes.

    Attributes:
        words: words with a learned embedding or a one-hot vector, or None.
        vectors: words with a pretrained vector, or None.
        characters, shapes: the features of spelling, or None.
        tag_counts: the tags of training words, or None.
        gazetteer: names in lists, or None; words are then given in their `forms`.
    """

    words: Vocabulary | None = None
    vectors: WordIndex | None = None
    characters: CharacterEncoder | None = None
    shapes: Vocabulary | None = None
    tag_counts: TagCounts | None = None
    gazetteer: Gazetteer | None = None

    @classmethod
    def build(
        cls,
        sentences: Iterable[Sequence[str]],
        settings: FeatureSettings,
        *,
        vectors: WordIndex | None = None,
        tag_counts: TagCounts | None = None,
        gazetteer: Gazetteer | None = None,
    ) -> Features:
        """Return the features of training sentences.

        Args:
            sentences: the words of each sentence.
            settings: which features to build.
            vectors: the words that have pretrained vectors.
            tag_counts: the tags of training words.
            gazetteer: names in lists.
        """
        tokens = normalized(list(chain.from_iterable(sentences)))
        words = characters = shapes = None
        if settings.learned_words:
            words = Vocabulary.build(tokens, min_count=settings.min_count, max_items=settings.max_words)
        if settings.characters:
            alphabet = Vocabulary.build(chain.from_iterable(sorted(set(tokens))))
            characters = CharacterEncoder(alphabet, max_length=settings.max_length)
        if settings.shapes:
            shapes = Vocabulary.build(map(word_shape, tokens), min_count=settings.shape_min_count)
        return cls(
            words=words,
            vectors=vectors,
            characters=characters,
            shapes=shapes,
            tag_counts=tag_counts,
            gazetteer=gazetteer,
        )

    def forms(self, sentence: Sequence[str]) -> Sequence[str]:
        """Return what `encode` takes for the words of a sentence: these, or their forms with a gazetteer."""
        return sentence if self.gazetteer is None else self.gazetteer.forms(sentence)

    def words_of(self, forms: Sequence[str]) -> Sequence[str]:
        """Return the words of forms."""
        return forms if self.gazetteer is None else list(map(word_of, forms))

    def encode(self, forms: Sequence[str]) -> dict[str, np.ndarray]:
        """Return the word encoder's inputs for W words, given in their `forms`.

        These are the ones in use of: ``vector_rows`` int32 (W,), rows of the table of pretrained vectors, 0 for none;
        ``word_ids`` int32 (W,); ``characters`` int32 (W, C), 0 after the end; ``shapes`` int32 (W,); ``tag_shares``
        float32 (W, K), see `TagCounts.frequencies`; ``gazetteer`` float32 (W, 4 L), see `Gazetteer.encode`.
        """
        words = self.words_of(forms)
        arrays: dict[str, np.ndarray] = {}
        if self.vectors is not None:
            arrays[WordsGraph.VECTOR_ROWS] = self.vectors.rows(words)
        words = normalized(words)
        if self.words is not None:
            arrays[WordsGraph.WORD_IDS] = self.words.word_ids(words)
        if self.characters is not None:
            arrays[WordsGraph.CHARACTERS] = self.characters.encode(words)
        if self.shapes is not None:
            arrays[WordsGraph.SHAPES] = np.fromiter(
                (self.shapes.id(word_shape(word)) for word in words), np.int32, len(words)
            )
        if self.tag_counts is not None:
            arrays[WordsGraph.TAG_SHARES] = self.tag_counts.frequencies(words)
        if self.gazetteer is not None:
            arrays[WordsGraph.GAZETTEER] = self.gazetteer.encode(forms)
        return arrays

    def to_dict(self) -> dict[str, Any]:
        """Return values ready for JSON, from which `from_dict` makes these features given what arrays hold."""
        values: dict[str, Any] = {}
        if self.words is not None:
            values[VocabularyKey.WORDS] = self.words.items
        if self.characters is not None:
            values[VocabularyKey.CHARACTERS] = self.characters.vocabulary.items
            values[VocabularyKey.MAX_LENGTH] = self.characters.max_length
        if self.shapes is not None:
            values[VocabularyKey.SHAPES] = self.shapes.items
        if self.gazetteer is not None:
            values[VocabularyKey.GAZETTEER] = list(self.gazetteer.labels)
        return values

    @classmethod
    def from_dict(
        cls,
        values: Mapping[str, Any],
        *,
        vectors: WordIndex | None = None,
        tag_counts: TagCounts | None = None,
        gazetteer: Gazetteer | None = None,
    ) -> Features:
        """Return the features that `to_dict` returned, with what arrays hold; other keys are ignored."""
        characters = None
        if VocabularyKey.CHARACTERS in values:
            characters = CharacterEncoder(
                Vocabulary(values[VocabularyKey.CHARACTERS]), max_length=values[VocabularyKey.MAX_LENGTH]
            )
        return cls(
            words=Vocabulary(values[VocabularyKey.WORDS]) if VocabularyKey.WORDS in values else None,
            vectors=vectors,
            characters=characters,
            shapes=Vocabulary(values[VocabularyKey.SHAPES]) if VocabularyKey.SHAPES in values else None,
            tag_counts=tag_counts,
            gazetteer=gazetteer,
        )
