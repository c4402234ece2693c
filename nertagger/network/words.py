"""The word encoder: what the network sees of a word by itself, computed once for each distinct word of a batch."""

from __future__ import annotations

from typing import Any

import keras
from keras import ops

from nertagger.modelfile.schema import BACKWARD, FORWARD, Layer, WordsGraph
from nertagger.network.recurrent import RecurrentLayer, reversal


class CharacterCNN(keras.layers.Layer):
    """Character vectors, filters over `width` neighbours, and their greatest answer in the word (Ma and Hovy 2016).

    Shape: characters int32 (W, C), 0 behind the end -> (W, `units`).
    """

    def __init__(self, alphabet: int, *, size: int, units: int, width: int, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.settings = {"alphabet": alphabet, "size": size, "units": units, "width": width}
        self.table = keras.layers.Embedding(alphabet, size, name=Layer.TABLE)
        self.filters = keras.layers.Conv1D(units, width, padding="same", name=Layer.FILTERS)

    def build(self, characters_shape: tuple[int | None, ...]) -> None:
        """Make the vectors of the characters and the filters."""
        self.table.build(characters_shape)
        self.filters.build((None, None, self.settings["size"]))

    def call(self, characters: Any) -> Any:
        """Shape: (W, C) -> (W, `units`)."""
        real = ops.expand_dims(ops.cast(characters != 0, self.compute_dtype), -1)  # (W, C, 1)
        answers = self.filters(self.table(characters) * real)  # (W, C, units)
        return ops.tanh(ops.max(answers + (real - 1.0) * 1e9, axis=1))

    def get_config(self) -> dict[str, Any]:
        """What makes the same layer again."""
        return {**super().get_config(), **self.settings}


class CharacterBiLSTM(keras.layers.Layer):
    """Character vectors read in both directions, the last state of each side by side (Lample et al. 2016).

    `units` is even. Shape: characters int32 (W, C), 0 behind the end -> (W, `units`).
    """

    def __init__(self, alphabet: int, *, size: int, units: int, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.settings = {"alphabet": alphabet, "size": size, "units": units}
        self.table = keras.layers.Embedding(alphabet, size, name=Layer.TABLE)
        self.forward = RecurrentLayer("lstm", units // 2, name=FORWARD)
        self.backward = RecurrentLayer("lstm", units // 2, backward=True, name=BACKWARD)

    def build(self, characters_shape: tuple[int | None, ...]) -> None:
        """Make the vectors of the characters and both readers."""
        self.table.build(characters_shape)
        self.forward.build((None, None, self.settings["size"]))
        self.backward.build((None, None, self.settings["size"]))

    def call(self, characters: Any) -> Any:
        """Shape: (W, C) -> (W, `units`)."""
        spelling = self.table(ops.transpose(characters))  # (C, W, size)
        lengths = ops.sum(ops.cast(characters != 0, "int32"), axis=1)  # (W,)
        steps, words = ops.shape(spelling)[0], ops.shape(spelling)[1]
        places = reversal(lengths, steps)
        forward = self.forward(spelling, places)  # (C, W, units / 2)
        last = (lengths - 1) * words + ops.arange(words, dtype="int32")
        end = ops.take(ops.reshape(forward, (-1, forward.shape[-1])), last, axis=0)  # (W, units / 2)
        return ops.concatenate([end, self.backward(spelling, places)[0]], axis=-1)

    def get_config(self) -> dict[str, Any]:
        """What makes the same layer again."""
        return {**super().get_config(), **self.settings}


class OneHot(keras.layers.Layer):
    """The one-hot vector of an id. Shape: int32 (W,) -> (W, V)."""

    def __init__(self, size: int, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.size = size

    def call(self, ids: Any) -> Any:
        """Shape: (W,) -> (W, V)."""
        return ops.one_hot(ids, self.size, dtype=self.compute_dtype)

    def get_config(self) -> dict[str, Any]:
        """What makes the same layer again."""
        return {**super().get_config(), "size": self.size}


class UnknownDropout(keras.layers.Layer):
    """In training, makes some ids the unknown one: so the network learns to do without what it knows of a word.

    Shape: int32 (W,) -> int32 (W,).
    """

    def __init__(self, rate: float, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.rate = rate
        self.seed_generator = keras.random.SeedGenerator()

    def call(self, ids: Any, training: bool = False) -> Any:
        """Shape: (W,) -> (W,); in training alone are ids changed."""
        if not training or not self.rate:
            return ids
        kept = keras.random.uniform(ops.shape(ids), seed=self.seed_generator) >= self.rate
        return ids * ops.cast(kept, ids.dtype)

    def get_config(self) -> dict[str, Any]:
        """What makes the same layer again."""
        return {**super().get_config(), "rate": self.rate}


class WordEncoder(keras.layers.Layer):
    """All that is known of a word, side by side.

    Args:
        parts: an encoder for each named input (``word_ids``, ``characters``, ``shapes``).
        vectors: the width of the pretrained vectors that come as the input ``vectors``, 0 for none; a part ``word_ids``
            is then a correction that is added to them.
        tag_shares: whether there is an input ``tag_shares``, which is taken as it is.
        unknown_rate: the share of words whose ``word_ids`` training makes unknown.

    Shape: inputs of W words (see `Features.encode`) -> (W, D).
    """

    def __init__(
        self,
        parts: dict[str, keras.layers.Layer],
        *,
        vectors: int = 0,
        tag_shares: bool = False,
        unknown_rate: float = 0.0,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.parts = parts
        self.vectors = vectors
        self.tag_shares = tag_shares
        self.unknown_dropout = UnknownDropout(unknown_rate, name="unknown_dropout")

    def build(self, inputs_shape: dict[str, tuple[int | None, ...]] | None = None) -> None:
        """Make the weights of every part."""
        for name, part in self.parts.items():
            part.build((None, None) if name == WordsGraph.CHARACTERS else (None,))

    def call(self, inputs: dict[str, Any], training: bool = False) -> Any:
        """Shape: inputs of W words -> (W, D)."""
        if WordsGraph.WORD_IDS in self.parts:
            inputs = {
                **inputs,
                WordsGraph.WORD_IDS: self.unknown_dropout(inputs[WordsGraph.WORD_IDS], training=training),
            }
        seen = {name: part(inputs[name]) for name, part in self.parts.items()}
        if self.vectors:
            correction = seen.pop(WordsGraph.WORD_IDS, None)
            known = inputs[WordsGraph.VECTORS] if correction is None else inputs[WordsGraph.VECTORS] + correction
            seen = {WordsGraph.VECTORS: known, **seen}
        if self.tag_shares:
            seen[WordsGraph.TAG_SHARES] = inputs[WordsGraph.TAG_SHARES]
        return ops.concatenate(list(seen.values()), axis=-1)
