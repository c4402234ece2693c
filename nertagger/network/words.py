"""The word encoder: the vector of a word without its context, computed once for each distinct word of a batch."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self

import keras
from keras import ops

from nertagger.config import CharactersConfig, ShapesConfig
from nertagger.modelfile.schema import BACKWARD, FORWARD, Layer, WordsGraph
from nertagger.network.recurrent import RecurrentLayer, last_outputs, reversal
from nertagger.network.tensors import Shape, Tensor


class CharacterCNN(keras.layers.Layer):
    """Character embeddings, a convolution over `width` characters, and max-pooling over the word (Ma and Hovy 2016).

    Shape: characters int32 (W, C), 0 after the end of a word -> (W, `units`).
    """

    def __init__(self, alphabet: int, *, size: int, units: int, width: int, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.settings = {"alphabet": alphabet, "size": size, "units": units, "width": width}
        self.table = keras.layers.Embedding(alphabet, size, name=Layer.TABLE)
        self.filters = keras.layers.Conv1D(units, width, padding="same", name=Layer.FILTERS)

    def build(self, characters_shape: Shape) -> None:
        """Create the embeddings and the filters."""
        self.table.build(characters_shape)
        self.filters.build((None, None, self.settings["size"]))

    def call(self, characters: Tensor) -> Tensor:
        """Return the vector of each word. Shape: (W, C) -> (W, `units`)."""
        real = ops.expand_dims(ops.cast(characters != 0, self.compute_dtype), -1)  # (W, C, 1)
        answers = self.filters(self.table(characters) * real)  # (W, C, units)
        return ops.tanh(ops.max(answers + (real - 1.0) * 1e9, axis=1))

    def compute_output_shape(self, characters_shape: Shape) -> Shape:
        """Return the shape of the output, (W, `units`)."""
        return characters_shape[0], self.settings["units"]

    def get_config(self) -> dict[str, Any]:
        """Return the arguments to rebuild this layer."""
        return {**super().get_config(), **self.settings}


class CharacterBiLSTM(keras.layers.Layer):
    """Character embeddings read by an LSTM in both directions, its last states side by side (Lample et al. 2016).

    `units` is even. Shape: characters int32 (W, C), 0 after the end of a word -> (W, `units`).
    """

    def __init__(self, alphabet: int, *, size: int, units: int, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.settings = {"alphabet": alphabet, "size": size, "units": units}
        self.table = keras.layers.Embedding(alphabet, size, name=Layer.TABLE)
        self.forward = RecurrentLayer("lstm", units // 2, name=FORWARD)
        self.backward = RecurrentLayer("lstm", units // 2, backward=True, name=BACKWARD)

    def build(self, characters_shape: Shape) -> None:
        """Create the embeddings and the weights of both directions."""
        self.table.build(characters_shape)
        self.forward.build((None, None, self.settings["size"]))
        self.backward.build((None, None, self.settings["size"]))

    def call(self, characters: Tensor) -> Tensor:
        """Return the vector of each word. Shape: (W, C) -> (W, `units`)."""
        spelling = self.table(ops.transpose(characters))  # (C, W, size)
        lengths = ops.sum(ops.cast(characters != 0, "int32"), axis=1)  # (W,)
        places = reversal(lengths, ops.shape(spelling)[0])
        end = last_outputs(self.forward(spelling, places), lengths)  # (W, units / 2)
        return ops.concatenate([end, self.backward(spelling, places)[0]], axis=-1)

    def compute_output_shape(self, characters_shape: Shape) -> Shape:
        """Return the shape of the output, (W, `units`)."""
        return characters_shape[0], self.settings["units"]

    def get_config(self) -> dict[str, Any]:
        """Return the arguments to rebuild this layer."""
        return {**super().get_config(), **self.settings}


class OneHot(keras.layers.Layer):
    """The one-hot vectors of ids. Shape: int32 (...) -> (..., V)."""

    def __init__(self, size: int, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.size = size
        self.supports_masking = True

    def call(self, ids: Tensor) -> Tensor:
        """Return one-hot vectors. Shape: (...) -> (..., V)."""
        return ops.one_hot(ids, self.size, dtype=self.compute_dtype)

    def compute_output_shape(self, ids_shape: Shape) -> Shape:
        """Return the shape of the output, (..., V)."""
        return (*ids_shape, self.size)

    def get_config(self) -> dict[str, Any]:
        """Return the arguments to rebuild this layer."""
        return {**super().get_config(), "size": self.size}


class UnknownDropout(keras.layers.Layer):
    """In training, replaces ids at random by that of the unknown word, so that the network learns to do without them.

    Shape: int32 (...) -> int32 (...).
    """

    def __init__(self, rate: float, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.rate = rate
        self.supports_masking = True
        self.seed_generator = keras.random.SeedGenerator()

    def call(self, ids: Tensor, training: bool = False) -> Tensor:
        """Return the ids, changed only in training. Shape: (...) -> (...)."""
        if not training or not self.rate:
            return ids
        kept = keras.random.uniform(ops.shape(ids), seed=self.seed_generator) >= self.rate
        return ids * ops.cast(kept, ids.dtype)

    def compute_output_shape(self, ids_shape: Shape) -> Shape:
        """Return the shape of the output, that of the input."""
        return ids_shape

    def get_config(self) -> dict[str, Any]:
        """Return the arguments to rebuild this layer."""
        return {**super().get_config(), "rate": self.rate}


class InputDropout(keras.layers.Dropout):
    """In training, sets whole inputs to zero at random, without making the others larger. Shape: (W, D) -> (W, D)."""

    def __init__(self, rate: float, **kwargs: Any) -> None:
        super().__init__(rate, noise_shape=(None, 1), **kwargs)
        self.kept = 1.0 - rate

    def call(self, inputs: Tensor, training: bool = False) -> Tensor:
        """Return the inputs, changed only in training. Shape: (W, D) -> (W, D)."""
        dropped: Tensor = super().call(inputs, training=training)
        return dropped * self.kept if training else dropped

    def get_config(self) -> dict[str, Any]:
        """Return the arguments to rebuild this layer."""
        config = super().get_config()
        del config["noise_shape"]
        return config


_PARTS = {layer.__name__: layer for layer in (CharacterCNN, CharacterBiLSTM, OneHot)}


class WordEncoder(keras.layers.Layer):
    """The features of a word, side by side.

    Args:
        parts: an encoder for each named input (``word_ids``, ``characters``, ``shapes``).
        vectors: the width of the pretrained vectors in the input ``vectors``, 0 for none; the output of the part
            ``word_ids`` is then added to them.
        tag_shares: the width of the input ``tag_shares``, 0 for none, which is used unchanged.
        gazetteer: the width of the input ``gazetteer``, 0 for none, which is used unchanged.
        gazetteer_rate: the fraction of words whose ``gazetteer`` is zeros in training.
        unknown_rate: the fraction of words whose ``word_ids`` are replaced by UNK in training.

    Shape: inputs of W words (see `Features.encode`) -> (W, D).
    """

    def __init__(
        self,
        parts: dict[str, keras.layers.Layer],
        *,
        vectors: int = 0,
        tag_shares: int = 0,
        gazetteer: int = 0,
        gazetteer_rate: float = 0.0,
        unknown_rate: float = 0.0,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.parts = parts
        self.vectors = vectors
        self.tag_shares = tag_shares
        self.gazetteer = gazetteer
        self.gazetteer_dropout = InputDropout(gazetteer_rate, name="gazetteer_dropout") if gazetteer else None
        self.gazetteer_rate = gazetteer_rate
        self.unknown_dropout = UnknownDropout(unknown_rate, name="unknown_dropout")

    def build(self, inputs_shape: dict[str, Shape] | None = None) -> None:
        """Create the weights of every part."""
        for name, part in self.parts.items():
            part.build(_input_shape(name))

    def call(self, inputs: dict[str, Tensor], training: bool = False) -> Tensor:
        """Return the vector of each word. Shape: inputs of W words -> (W, D)."""
        if WordsGraph.WORD_IDS in self.parts:
            word_ids = self.unknown_dropout(inputs[WordsGraph.WORD_IDS], training=training)
            inputs = {**inputs, WordsGraph.WORD_IDS: word_ids}
        encoded: dict[str, Tensor] = {name: part(inputs[name]) for name, part in self.parts.items()}
        if self.vectors:
            correction = encoded.pop(WordsGraph.WORD_IDS, None)
            vectors = inputs[WordsGraph.VECTORS] if correction is None else inputs[WordsGraph.VECTORS] + correction
            encoded = {WordsGraph.VECTORS: vectors, **encoded}
        if self.tag_shares:
            encoded[WordsGraph.TAG_SHARES] = inputs[WordsGraph.TAG_SHARES]
        if self.gazetteer_dropout is not None:
            encoded[WordsGraph.GAZETTEER] = self.gazetteer_dropout(inputs[WordsGraph.GAZETTEER], training=training)
        return ops.concatenate(list(encoded.values()), axis=-1)

    def compute_output_shape(self, inputs_shape: dict[str, Shape] | None = None) -> Shape:
        """Return the shape of the output, (W, D)."""
        widths = {name: part.compute_output_shape(_input_shape(name))[-1] for name, part in self.parts.items()}
        if self.vectors:
            widths[WordsGraph.WORD_IDS] = self.vectors
        return None, sum(widths.values()) + self.tag_shares + self.gazetteer

    def get_config(self) -> dict[str, Any]:
        """Return the arguments to rebuild this layer."""
        arguments = {
            "parts": {name: keras.saving.serialize_keras_object(part) for name, part in self.parts.items()},
            "vectors": self.vectors,
            WordsGraph.TAG_SHARES: self.tag_shares,
            WordsGraph.GAZETTEER: self.gazetteer,
            "gazetteer_rate": self.gazetteer_rate,
            "unknown_rate": self.unknown_dropout.rate,
        }
        return {**super().get_config(), **arguments}

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> Self:
        """Rebuild the layer from `get_config`."""
        parts = {
            name: keras.saving.deserialize_keras_object(part, custom_objects=_PARTS)
            for name, part in config["parts"].items()
        }
        return cls(**{**config, "parts": parts})


def spelling_parts(
    characters: CharactersConfig, shapes: ShapesConfig, sizes: Mapping[str, int]
) -> dict[str, keras.layers.Layer]:
    """Return the parts of a word encoder for characters and shapes, as far as `sizes` has their numbers of ids."""
    parts: dict[str, keras.layers.Layer] = {}
    if WordsGraph.CHARACTERS in sizes:
        parts[WordsGraph.CHARACTERS] = _character_encoder(characters, sizes[WordsGraph.CHARACTERS])
    if WordsGraph.SHAPES in sizes:
        parts[WordsGraph.SHAPES] = keras.layers.Embedding(sizes[WordsGraph.SHAPES], shapes.size, name=WordsGraph.SHAPES)
    return parts


def _character_encoder(config: CharactersConfig, alphabet: int) -> keras.layers.Layer:
    if config.encoder == "bilstm":
        return CharacterBiLSTM(alphabet, size=config.size, units=config.units, name=WordsGraph.CHARACTERS)
    return CharacterCNN(alphabet, size=config.size, units=config.units, width=config.width, name=WordsGraph.CHARACTERS)


def _input_shape(name: str) -> Shape:
    """Return the shape of an input of the word encoder."""
    return (None, None) if name == WordsGraph.CHARACTERS else (None,)
