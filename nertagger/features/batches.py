"""Batches of sentences of similar length, with their distinct words encoded once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from nertagger.features.features import Features
from nertagger.features.vectors import VectorTable
from nertagger.modelfile.schema import WordsGraph
from nertagger.text.schemes import OUTSIDE

ContextSource = Callable[[Sequence[int], Sequence[bool]], dict[str, np.ndarray]]
"""Returns the contextual arrays of a batch, given the numbers of its sentences and whether each is lower-cased."""
_POOL = 50  # batches that are sorted by length together: enough for little padding, few enough to stay random


@dataclass(frozen=True, slots=True)
class Batch:
    """B sentences of at most T tokens, with W distinct words.

    Attributes:
        words: the word encoder's inputs for the W distinct words (see `Features.encode`); tag frequencies are those
            among the tokens of other batches.
        index: the word at each position as one of the W, int32 (T, B); 0 after the end of a sentence.
        lengths: number of tokens of each sentence, int32 (B,).
        tags: gold tag ids, int32 (T, B), 0 after the end of a sentence.
        context: contextual embeddings of the sentences, or the inputs of the language model that computes them; empty
            without a language model.
        share: the fraction of the tokens of the whole batch, of which this may be the part of one process.
    """

    words: dict[str, np.ndarray]
    index: np.ndarray
    lengths: np.ndarray
    tags: np.ndarray
    context: dict[str, np.ndarray] = field(default_factory=dict)
    share: float = 1.0


class EncodedCorpus:
    """A corpus as arrays: each distinct word encoded once, and each sentence as the numbers of its words."""

    def __init__(
        self,
        features: Features,
        sentences: Sequence[Sequence[str]],
        tags: Sequence[Sequence[str]],
        *,
        tag_ids: Mapping[str, int],
        vectors: VectorTable | None = None,
        context: ContextSource | None = None,
        replayed: range = range(0),
        replay_share: float = 0.0,
    ) -> None:
        """
        Args:
            features: the features of words; their tag counts are those of the same sentences.
            sentences: the words of N sentences, none of them empty.
            tags: their tags, all in `tag_ids`.
            tag_ids: the number of each tag.
            vectors: the table that ``vector_rows`` index; batches then have ``vectors`` float32 (W, D) instead.
            context: returns the contextual arrays of a batch; None for none.
            replayed: the numbers of the sentences of an earlier training, of which a sample has some only.
            replay_share: the fraction of a sample that they are.
        """
        distinct: dict[str, int] = {}

        def numbers(words: Iterable[str]) -> np.ndarray:
            return np.array([distinct.setdefault(word, len(distinct)) for word in words], np.int32)

        self.sentences = [numbers(features.forms(words)) for words in sentences]
        self.lower_cased = [numbers(features.forms([*map(str.lower, words)])) for words in sentences]
        self.tags = [np.array([tag_ids[tag] for tag in row], np.int32) for row in tags]
        self.lengths = np.array([len(words) for words in self.sentences], np.int32)
        self._empty = np.array([not any(tag != OUTSIDE for tag in row) for row in tags], bool)
        self._words = features.encode(list(distinct))
        self._tag_counts = features.tag_counts
        if features.tag_counts is not None:  # frequencies depend on the batch
            del self._words[WordsGraph.TAG_SHARES]
            self._counted = features.tag_counts.rows(features.words_of(list(distinct)))
        self._vectors = vectors
        self._context = context
        self._is_replayed = np.zeros(len(self.sentences), bool)
        self._is_replayed[replayed.start : replayed.stop] = True
        self._replay_share = replay_share

    def __len__(self) -> int:
        return len(self.sentences)

    def sample(self, rng: np.random.Generator, *, skip_empty: float = 0.0) -> np.ndarray:
        """Return the numbers of sentences in random order, at least one.

        `skip_empty` is the fraction of the sentences without entities to leave out.
        """
        order = rng.permutation(len(self))
        own = self._without_some(order[~self._is_replayed[order]], skip_empty)
        if not self._is_replayed.any():
            return own
        replayed = self._without_some(order[self._is_replayed[order]], skip_empty)
        count = round(len(own) * self._replay_share / (1 - self._replay_share))
        return rng.permutation(np.concatenate([own, replayed[:count]]))

    def _without_some(self, members: np.ndarray, skip_empty: float) -> np.ndarray:
        """Return the sentences without a fraction of those that have no entity, but at least one."""
        empty = np.flatnonzero(self._empty[members])
        return np.delete(members, empty[: min(int(skip_empty * len(empty)), len(members) - 1)])

    def batches(
        self,
        batch_size: int,
        rng: np.random.Generator,
        *,
        members: np.ndarray | None = None,
        lower_case: float = 0.0,
        part: tuple[int, int] = (0, 1),
    ) -> Iterator[Batch]:
        """Yield sentences, each once, in batches of similar length and random order.

        Args:
            batch_size: number of sentences per batch.
            rng: makes all random choices.
            members: the numbers of the sentences, in random order; None for all.
            lower_case: fraction of the sentences to lower-case.
            part: (i, n) for process i of n, from 0: of each batch only the sentences i, i + n, i + 2 n, ... are
                yielded; if there are none, a batch whose `share` is 0.
        """
        order = self.sample(rng) if members is None else members
        groups: list[np.ndarray] = []
        for first in range(0, len(order), batch_size * _POOL):
            pool = order[first : first + batch_size * _POOL]
            pool = pool[np.argsort(self.lengths[pool], kind="stable")]
            groups.extend(pool[i : i + batch_size] for i in range(0, len(pool), batch_size))
        for number in rng.permutation(len(groups)):
            group = groups[number]
            yield self._part(group, rng.random(len(group)) < lower_case, *part)

    def _part(self, group: np.ndarray, lowered: np.ndarray, number: int, count: int) -> Batch:
        """Return the part of a batch of sentences that one of several processes takes."""
        if count == 1:
            return self.batch(group, lower_case=lowered)
        own = slice(number, None, count)
        share = float(self.lengths[group[own]].sum() / self.lengths[group].sum())
        if not share:
            own = slice(1)
        return replace(self.batch(group[own], lower_case=lowered[own]), share=share)

    def batch(self, members: Sequence[int] | np.ndarray, *, lower_case: Iterable[bool] = ()) -> Batch:
        """Return these sentences, in order, as a batch; `lower_case` marks those to lower-case, none if empty."""
        lengths = self.lengths[members]
        shape = (int(lengths.max()), len(members))  # (T, B)
        inside = np.arange(shape[0])[:, None] < lengths  # (T, B)
        # A boolean mask fills row by row, so the transposed view takes one sentence after another.
        numbers, tags = np.zeros(shape, np.int32), np.zeros(shape, np.int32)
        lowered = [bool(lower) for lower in lower_case] or [False] * len(members)
        forms = [self.lower_cased if lower else self.sentences for lower in lowered]
        joined = np.concatenate([form[i] for form, i in zip(forms, members, strict=True)])
        distinct, places = np.unique(joined, return_inverse=True)
        numbers.T[inside.T] = places
        tags.T[inside.T] = joined_tags = np.concatenate([self.tags[i] for i in members])
        words = word_inputs(self._words, distinct, vectors=self._vectors)
        if self._tag_counts is not None:
            words[WordsGraph.TAG_SHARES] = self._tag_counts.frequencies_elsewhere(
                self._counted[distinct], places, joined_tags
            )
        context = self._context([int(i) for i in members], lowered) if self._context is not None else {}
        return Batch(words, numbers, lengths, tags, context)


def word_inputs(
    inputs: Mapping[str, np.ndarray], words: np.ndarray, *, vectors: VectorTable | None
) -> dict[str, np.ndarray]:
    """Return the word encoder's inputs for some words, of which `inputs` has all (see `Features.encode`).

    Args:
        inputs: the arrays of all words.
        words: the numbers of some, int (W,).
        vectors: the table that ``vector_rows`` index; ``vectors`` float32 (W, D) is then in their place.
    """
    found = {name: array[words] for name, array in inputs.items()}
    if WordsGraph.CHARACTERS in found:
        used = int((found[WordsGraph.CHARACTERS] != 0).sum(axis=1).max())
        found[WordsGraph.CHARACTERS] = found[WordsGraph.CHARACTERS][:, :used]
    if vectors is not None:
        found[WordsGraph.VECTORS] = vectors.lookup(found.pop(WordsGraph.VECTOR_ROWS))
    return found
