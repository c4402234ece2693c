"""Characters of words as a padded array of ids, vectorised over the words."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from nertagger.features.vocabulary import Vocabulary

PADDING, UNKNOWN_CHARACTER, WORD_START, WORD_END = range(4)
FIRST_CHARACTER = 4  # the id of the first item of a vocabulary


class CharacterEncoder:
    """Encodes words as the ids of their characters, between a start and an end mark."""

    def __init__(self, vocabulary: Vocabulary, *, max_length: int) -> None:
        self.vocabulary = vocabulary
        self.max_length = max_length
        codes = np.array([ord(item) for item in vocabulary.items], np.uint32)
        order = np.argsort(codes)
        self._codes = codes[order]
        self._ids = (order + FIRST_CHARACTER).astype(np.int32)

    def __len__(self) -> int:
        """Return the number of ids, including padding, unknown and the two marks."""
        return len(self.vocabulary.items) + FIRST_CHARACTER

    def encode(self, words: Sequence[str]) -> np.ndarray:
        """Return character ids, int32 (W, C), 0 after the end of each word; C is the longest word's length plus 2.

        A word longer than `max_length` is represented by its first and last characters, half each.
        """
        limit = self.max_length
        half = limit // 2
        seen = [word if len(word) <= limit else word[: limit - half] + word[len(word) - half :] for word in words]
        lengths = np.fromiter(map(len, seen), np.int64, len(seen))
        ids = self._lookup("".join(seen))
        result = np.zeros((len(seen), int(lengths.max(initial=0)) + 2), np.int32)
        column = np.arange(result.shape[1])
        result[(column >= 1) & (column <= lengths[:, None])] = ids
        result[:, 0] = WORD_START
        result[np.arange(len(seen)), lengths + 1] = WORD_END
        return result

    def _lookup(self, text: str) -> np.ndarray:
        codes = np.frombuffer(text.encode("utf-32-le", errors="surrogatepass"), np.uint32)
        if not len(self._codes):
            return np.full(len(codes), UNKNOWN_CHARACTER, np.int32)
        places = np.minimum(np.searchsorted(self._codes, codes), len(self._codes) - 1)
        return np.where(self._codes[places] == codes, self._ids[places], UNKNOWN_CHARACTER).astype(np.int32)
