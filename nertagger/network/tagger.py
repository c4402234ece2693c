"""The whole network: word encoder, recurrent stack, output, and its loss."""

from __future__ import annotations

from typing import Any

import keras
import numpy as np
from keras import ops

from nertagger.config import CharactersConfig, Config, WordsConfig
from nertagger.config.language_model import LanguageModelConfig
from nertagger.modelfile.schema import Layer, NetworkGraph, WordsGraph
from nertagger.network.crf import CRF, softmax_log_likelihood
from nertagger.network.language_model import ContextReader
from nertagger.network.recurrent import RecurrentStack, locked_dropout, word_dropout
from nertagger.network.words import CharacterBiLSTM, CharacterCNN, OneHot, WordEncoder


class TaggerNetwork(keras.Model):
    """Words to emissions, trained on the log-likelihood of their tags.

    Inputs: a dict of the word encoder's inputs for W distinct words, ``index`` int32 (T, B) into them, ``lengths``
    int32 (B,) and, where there is a language model, its states ``context`` float32 (T, B, C) or what it reads. Output:
    emissions (T, B, K); behind a sentence's end they mean nothing. Targets: tag ids int32 (T, B).

    Args:
        config: which parts there are, and how wide.
        sizes: how many ids each input has (``word_ids``, ``characters``, ``shapes``), and the width of ``vectors`` and
            of ``tag_shares``; the word encoder has just the parts that are named here; ``context`` is the width of a
            language model's states.
        legal: the arrays of `legal_transitions` for the K tags.
        language: the settings of a language model to be fine-tuned, and how many symbols it has.
    """

    def __init__(
        self,
        config: Config,
        *,
        sizes: dict[str, int],
        legal: tuple[np.ndarray, np.ndarray, np.ndarray],
        language: tuple[LanguageModelConfig, int] | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        net = config.network
        self.words = WordEncoder(
            _word_parts(config, sizes),
            vectors=sizes.get(WordsGraph.VECTORS, 0),
            tag_shares=WordsGraph.TAG_SHARES in sizes,
            unknown_rate=config.words.unknown_rate,
            name=Layer.WORDS,
        )
        self.context = ContextReader(*language, name=Layer.CONTEXT) if language is not None else None
        has_context = NetworkGraph.CONTEXT in sizes
        self.project = keras.layers.Dense(config.features.projection, name=Layer.PROJECT) if has_context else None
        self.context_dropout = locked_dropout(config.features.dropout, name="context_dropout")
        self.word_dropout = word_dropout(net.word_dropout, name="word_dropout")
        self.stack = RecurrentStack(
            net.cell, net.units, layers=net.layers, direction=net.direction, dropout=net.dropout, name=Layer.STACK
        )
        self.dense = [
            keras.layers.Dense(width, activation="relu", name=Layer.dense(level))
            for level, width in enumerate(net.dense)
        ]
        self.emit = keras.layers.Dense(len(legal[1]), name=Layer.EMIT)
        self.crf = CRF(*legal, name=Layer.CRF) if net.output == "crf" else None

    def call(self, inputs: dict[str, Any], training: bool = False) -> Any:
        """The emissions of each token, (T, B, K), from inputs as of the class."""
        words = self.words(inputs, training=training)  # (W, D)
        sequences = ops.take(words, inputs["index"], axis=0)  # (T, B, D)
        if self.project is not None:
            states = inputs[NetworkGraph.CONTEXT] if self.context is None else self.context(inputs, training=training)
            states = self.context_dropout(states, training=training)
            sequences = ops.concatenate([sequences, self.project(states)], axis=-1)
        sequences = self.word_dropout(sequences, training=training)
        sequences = self.stack(sequences, inputs[NetworkGraph.LENGTHS], training=training)
        for layer in self.dense:
            sequences = layer(sequences)
        emissions = self.emit(sequences)
        if self.crf is not None and not self.crf.built:
            self.crf.build()
        return emissions

    def compute_loss(
        self, x: Any = None, y: Any = None, y_pred: Any = None, sample_weight: Any = None, training: bool = True
    ) -> Any:
        """Minus the log-likelihood of the tags, a token's share on average."""
        likelihood = self.crf.log_likelihood if self.crf is not None else softmax_log_likelihood
        tokens = ops.cast(ops.sum(x[NetworkGraph.LENGTHS]), y_pred.dtype)
        return -ops.sum(likelihood(y_pred, y, x[NetworkGraph.LENGTHS])) / tokens


def _word_parts(config: Config, sizes: dict[str, int]) -> dict[str, keras.layers.Layer]:
    parts: dict[str, keras.layers.Layer] = {}
    if WordsGraph.WORD_IDS in sizes:
        parts[WordsGraph.WORD_IDS] = _word_input(config.words, sizes)
    if WordsGraph.CHARACTERS in sizes:
        parts[WordsGraph.CHARACTERS] = _character_encoder(config.characters, sizes[WordsGraph.CHARACTERS])
    if WordsGraph.SHAPES in sizes:
        parts[WordsGraph.SHAPES] = keras.layers.Embedding(
            sizes[WordsGraph.SHAPES], config.shapes.size, name=WordsGraph.SHAPES
        )
    return parts


def _word_input(config: WordsConfig, sizes: dict[str, int]) -> keras.layers.Layer:
    if config.input == "one-hot":
        return OneHot(sizes[WordsGraph.WORD_IDS], name=WordsGraph.WORD_IDS)
    if config.input == "pretrained":  # what is added to the vectors begins at nothing
        return keras.layers.Embedding(
            sizes[WordsGraph.WORD_IDS], sizes[WordsGraph.VECTORS], "zeros", name=WordsGraph.WORD_IDS
        )
    return keras.layers.Embedding(sizes[WordsGraph.WORD_IDS], config.size, name=WordsGraph.WORD_IDS)


def _character_encoder(config: CharactersConfig, alphabet: int) -> keras.layers.Layer:
    if config.encoder == "bilstm":
        return CharacterBiLSTM(alphabet, size=config.size, units=config.units, name=WordsGraph.CHARACTERS)
    return CharacterCNN(alphabet, size=config.size, units=config.units, width=config.width, name=WordsGraph.CHARACTERS)
