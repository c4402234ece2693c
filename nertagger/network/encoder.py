"""An encoder in training: word encoder and recurrent stack, and the heads by which it is trained.

One head fills in masked words from both sides (cloze; Taylor 1953, Devlin et al. 2019), the others tag annotated
corpora. They are dropped when the encoder is finished.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import keras
import numpy as np
from keras import ops
from numpy.typing import ArrayLike

from nertagger.config import EncoderConfig
from nertagger.modelfile.schema import Layer, NetworkGraph, WordsGraph
from nertagger.network.crf import CRF
from nertagger.network.recurrent import RecurrentStack, word_dropout
from nertagger.network.tensors import Shape, Tensor
from nertagger.network.words import WordEncoder, spelling_parts

INDEX, TAGS = "index", "tags"
MASKED, PLACES, TARGETS, COUNTED = "masked", "places", "targets", "counted"


class EncoderNetwork(keras.layers.Layer):
    """Words to states; the weights have the names that they have in a tagger.

    Inputs: a dict of the inputs of the word encoder for W distinct words; ``index`` int32 (T, B) into them; ``lengths``
    int32 (B,); if words are masked, ``masked`` float32 (T, B), 1 where the whole input of a token is replaced by a
    trained vector. Output: the states of the last layer, (T, B, 2 H), meaningless after the end of a sentence.

    Args:
        config: the settings of characters, shapes and network.
        sizes: the number of ids of ``characters`` and ``shapes``, and the width of ``vectors``; others are no input.
        dropout: the rate of variational dropout before and after each recurrent layer.
        word_dropout_rate: the probability that the whole input of a token is dropped.
    """

    def __init__(
        self,
        config: EncoderConfig,
        *,
        sizes: Mapping[str, int],
        dropout: float,
        word_dropout_rate: float = 0.0,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        net = config.network
        parts = spelling_parts(config.characters, config.shapes, sizes)
        self.words = WordEncoder(parts, vectors=sizes.get(WordsGraph.VECTORS, 0), name=Layer.WORDS)
        self.word_dropout = word_dropout(word_dropout_rate, name="word_dropout")
        self.stack = RecurrentStack(
            net.cell,
            net.units,
            layers=net.layers,
            direction=net.direction,
            dropout=dropout,
            fused=True,
            name=Layer.STACK,
        )

    def build(self, inputs_shape: Mapping[str, Shape] | None = None) -> None:
        """Create the weights of every layer."""
        self.words.build()
        width = int(self.words.compute_output_shape()[-1] or 0)
        self.mask = self.add_weight(shape=(width,), initializer="zeros", name="mask")
        self.stack.build((None, None, width))

    @property
    def width(self) -> int:
        """Return the width of a state."""
        return int(self.stack.compute_output_shape((None, None, 0))[-1] or 0)

    def call(self, inputs: Mapping[str, Tensor], training: bool = False) -> Tensor:
        """Return the states. Shape: (T, B, 2 H)."""
        words: Tensor = self.words(inputs, training=training)  # (W, D)
        sequences = ops.take(words, inputs[INDEX], axis=0)  # (T, B, D)
        if MASKED in inputs:
            masked = ops.expand_dims(inputs[MASKED], -1)
            sequences = sequences * (1.0 - masked) + masked * self.mask
        sequences = self.word_dropout(sequences, training=training)
        states: Tensor = self.stack(sequences, inputs[NetworkGraph.LENGTHS], training=training)
        return states


class MaskedWordHead(keras.layers.Layer):
    """States of masked words to the forms that they hide.

    Inputs beside those of the encoder, for M masked tokens: ``places`` int32 (M,), where they are among the T * B;
    ``targets`` int32 (M,); ``counted`` float32 (M,), 0 for places that only fill up the array.

    Args:
        targets: how many targets there are.
        projection: the width that states are projected to before the softmax.
    """

    def __init__(self, targets: int, *, projection: int, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.project = keras.layers.Dense(projection, name=Layer.PROJECT)
        self.emit = keras.layers.Dense(targets, name=Layer.EMIT)

    def build(self, states_shape: Shape) -> None:
        """Create the weights for states (T, B, 2 H)."""
        self.project.build((None, states_shape[-1]))
        self.emit.build((None, self.project.units))

    def call(self, states: Tensor, inputs: Mapping[str, Tensor]) -> Tensor:
        """Return the mean of ``-log P(target)`` over the masked words, in nats."""
        masked = ops.take(ops.reshape(states, (-1, states.shape[-1])), inputs[PLACES], axis=0)  # (M, 2 H)
        scores = self.emit(self.project(masked))  # (M, targets)
        losses = ops.sparse_categorical_crossentropy(inputs[TARGETS], scores, from_logits=True)
        return ops.sum(losses * inputs[COUNTED]) / ops.maximum(ops.sum(inputs[COUNTED]), 1.0)


class TaggingHead(keras.layers.Layer):
    """States to the tags of one corpus, by a dense layer and a CRF as in a tagger.

    Inputs beside those of the encoder: ``tags`` int32 (T, B).

    Args:
        legal: the arrays of `legal_transitions` for the K tags.
        dense: the width of the dense layer.
    """

    def __init__(self, legal: tuple[ArrayLike, ArrayLike, ArrayLike], *, dense: int, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.dense = keras.layers.Dense(dense, activation="relu", name=Layer.dense(0))
        self.emit = keras.layers.Dense(len(np.asarray(legal[1])), name=Layer.EMIT)
        self.crf = CRF(*legal, name=Layer.CRF)

    def build(self, states_shape: Shape) -> None:
        """Create the weights for states (T, B, 2 H)."""
        self.dense.build(states_shape)
        self.emit.build((None, None, self.dense.units))
        self.crf.build()

    def call(self, states: Tensor, inputs: Mapping[str, Tensor]) -> Tensor:
        """Return minus the log-likelihood of the tags, as a mean over tokens, in nats."""
        lengths = inputs[NetworkGraph.LENGTHS]
        emissions = self.emit(self.dense(states))
        likelihood = self.crf.log_likelihood(emissions, inputs[TAGS], lengths)
        return -ops.sum(likelihood) / ops.cast(ops.maximum(ops.sum(lengths), 1), emissions.dtype)
