"""Decoding of streams of any length: a window of sentences is decoded while the network runs on the next one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TypeVar

import numpy as np

from nertagger.decoding.predictions import Decoder
from nertagger.runtime.batching import look_ahead, one_ahead
from nertagger.runtime.engine import Engine
from nertagger.text.arguments import check_sentences, checked_sentences

_T = TypeVar("_T")
_Item = TypeVar("_Item")
Decode = Callable[[Decoder, np.ndarray, np.ndarray], list[_T]]
"""Returns the result for each sentence of a batch from its decoder, emissions and lengths."""


class StreamDecoder:
    """Decodes sentences, or items that hold some, in order; a bounded number is read ahead.

    Args:
        engine: computes the emissions.
        decoder_of: returns the decoder of a batch of sentences.
    """

    def __init__(self, engine: Engine, decoder_of: Callable[[list[Sequence[str]]], Decoder]) -> None:
        self._engine, self._decoder_of = engine, decoder_of

    def sentences(
        self, sentences: Iterable[Sequence[str]], decode: Decode[_T], empty: _T
    ) -> Iterator[tuple[Sequence[str], _T]]:
        """Yield each sentence with its result, as `items` does.

        Raises:
            DataError: if this is a single sentence or a text, or a word is not a string.
        """
        check_sentences(sentences)
        for words, (found,) in self.items(checked_sentences(sentences), lambda words: [words], decode, empty):
            yield words, found

    def items(
        self,
        items: Iterable[_Item],
        sentences_of: Callable[[_Item], list[Sequence[str]]],
        decode: Decode[_T],
        empty: _T,
    ) -> Iterator[tuple[_Item, list[_T]]]:
        """Yield each item with the results of `decode` for its sentences; `empty` is the result for an empty sentence.

        The network runs on the next window of items while this one is decoded and used.
        """
        windows = look_ahead((item, sentences_of(item)) for item in items)
        started = ((window, self._engine.run([s for _, parts in window for s in parts])) for window in windows)
        for window, batches in one_ahead(started):
            sentences = [sentence for _, parts in window for sentence in parts]
            decoded = [empty] * len(sentences)
            for batch in batches:
                numbers = batch.sentences.tolist()
                decoder = self._decoder_of([sentences[number] for number in numbers])
                for number, found in zip(numbers, decode(decoder, batch.scores, batch.lengths), strict=True):
                    decoded[number] = found
            first = 0
            for item, parts in window:
                yield item, decoded[first : first + len(parts)]
                first += len(parts)
