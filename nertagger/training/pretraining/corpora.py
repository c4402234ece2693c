"""The annotated corpora of the second stage, each with tags of its own."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from nertagger.corpus import annotated_sentences, read_documents
from nertagger.errors import TrainingError
from nertagger.printable import counted
from nertagger.text.schemes import TagScheme, bioes_tags, convert_tags, split_tag
from nertagger.training.pretraining.exclusion import EXACT, Exclusion

_JOINT = "+"

Tagged = tuple[Sequence[str], Sequence[str]]
"""The words of a sentence and their BIOES tags."""


@dataclass(frozen=True)
class Corpus:
    """An annotated corpus.

    Attributes:
        name: the names of its files.
        sentences: words and tags of each.
        tags: the K BIOES tags, ``O`` first.
        removed: the sentences that were left out, each as what it was, a tab and its words.
    """

    name: str
    sentences: list[Tagged]
    tags: list[str]
    removed: list[str]

    @property
    def size(self) -> str:
        """Return how large it is, for people."""
        tokens = sum(len(words) for words, _ in self.sentences)
        return f"{len(self.sentences):,} sentences, {tokens:,} tokens, {', '.join(sorted(_labels(self.sentences)))}"


def corpus_files(name: str) -> list[str]:
    """Return the files of a corpus: one, or several joined by plus signs.

    >>> corpus_files("a.conll+b.conll")
    ['a.conll', 'b.conll']
    """
    return [name] if os.path.exists(name) else name.split(_JOINT)


def read_corpus(name: str, *, exclusion: Exclusion, max_length: int) -> Corpus:
    """Return an annotated corpus.

    Args:
        name: its files, see `corpus_files`.
        exclusion: the sentences to leave out.
        max_length: longer sentences are cut into parts of at most this many tokens, between entities.

    Raises:
        DataError: if a file cannot be read.
        TrainingError: if it has no entity.
    """
    sentences = [
        sentence
        for path in corpus_files(name)
        for sentence in annotated_sentences(list(read_documents(path)), path)
        if len(sentence)
    ]
    kinds = exclusion.kinds([sentence.words for sentence in sentences]).tolist()
    kept: list[Tagged] = []
    removed: list[str] = []
    for kind, sentence in zip(kinds, sentences, strict=True):
        if kind:
            removed.append(f"{'exact' if kind == EXACT else 'near'}\t{' '.join(sentence.words)}")
        else:
            kept += _parts(sentence.words, convert_tags(sentence.tags or (), TagScheme.BIOES), max_length)
    labels = _labels(kept)
    if not labels:
        raise TrainingError(
            f"{name}: got {counted(len(kept), 'sentence')} without a single entity, expected annotated text"
        )
    return Corpus(name, kept, bioes_tags(sorted(labels)), removed)


def _labels(sentences: Sequence[Tagged]) -> set[str]:
    return {split_tag(tag)[1] for _, tags in sentences for tag in tags} - {""}


def _parts(words: Sequence[str], tags: Sequence[str], most: int) -> Iterator[Tagged]:
    """Yield parts of at most `most` tokens; they never end inside an entity."""
    while len(words) > most:
        stop = next((n for n in range(most, 0, -1) if tags[n][0] in "OBS"), len(words))
        yield words[:stop], tags[:stop]
        words, tags = words[stop:], tags[stop:]
    yield words, tags
