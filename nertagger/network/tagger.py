"""The whole network: word encoder, recurrent stack, output, and its loss."""

from __future__ import annotations

from typing import Any

import keras
import numpy as np
from keras import ops

from nertagger.config import CharactersConfig, Config, WordsConfig
from nertagger.config.language_model import LanguageModelConfig
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
            vectors=sizes.get("vectors", 0),
            tag_shares="tag_shares" in sizes,
            unknown_rate=config.words.unknown_rate,
            name="words",
        )
        self.context = ContextReader(*language, name="context") if language is not None else None
        has_context = "context" in sizes
        self.project = keras.layers.Dense(config.features.projection, name="project") if has_context else None
        self.context_dropout = locked_dropout(config.features.dropout, name="context_dropout")
        self.word_dropout = word_dropout(net.word_dropout, name="word_dropout")
        self.stack = RecurrentStack(
            net.cell, net.units, layers=net.layers, direction=net.direction, dropout=net.dropout, name="stack"
        )
        self.dense = [
            keras.layers.Dense(width, activation="relu", name=f"dense{level}") for level, width in enumerate(net.dense)
        ]
        self.emit = keras.layers.Dense(len(legal[1]), name="emit")
        self.crf = CRF(*legal, name="crf") if net.output == "crf" else None

    def call(self, inputs: dict[str, Any], training: bool = False) -> Any:
        """The emissions of each token, (T, B, K), from inputs as of the class."""
        words = self.words(inputs, training=training)  # (W, D)
        sequences = ops.take(words, inputs["index"], axis=0)  # (T, B, D)
        if self.project is not None:
            states = inputs["context"] if self.context is None else self.context(inputs, training=training)
            states = self.context_dropout(states, training=training)
            sequences = ops.concatenate([sequences, self.project(states)], axis=-1)
        sequences = self.word_dropout(sequences, training=training)
        sequences = self.stack(sequences, inputs["lengths"], training=training)
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
        tokens = ops.cast(ops.sum(x["lengths"]), y_pred.dtype)
        return -ops.sum(likelihood(y_pred, y, x["lengths"])) / tokens


def _word_parts(config: Config, sizes: dict[str, int]) -> dict[str, keras.layers.Layer]:
    parts: dict[str, keras.layers.Layer] = {}
    if "word_ids" in sizes:
        parts["word_ids"] = _word_input(config.words, sizes)
    if "characters" in sizes:
        parts["characters"] = _character_encoder(config.characters, sizes["characters"])
    if "shapes" in sizes:
        parts["shapes"] = keras.layers.Embedding(sizes["shapes"], config.shapes.size, name="shapes")
    return parts


def _word_input(config: WordsConfig, sizes: dict[str, int]) -> keras.layers.Layer:
    if config.input == "one-hot":
        return OneHot(sizes["word_ids"], name="word_ids")
    if config.input == "pretrained":  # what is added to the vectors begins at nothing
        return keras.layers.Embedding(sizes["word_ids"], sizes["vectors"], "zeros", name="word_ids")
    return keras.layers.Embedding(sizes["word_ids"], config.size, name="word_ids")


def _character_encoder(config: CharactersConfig, alphabet: int) -> keras.layers.Layer:
    if config.encoder == "bilstm":
        return CharacterBiLSTM(alphabet, size=config.size, units=config.units, name="characters")
    return CharacterCNN(alphabet, size=config.size, units=config.units, width=config.width, name="characters")
