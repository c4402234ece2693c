"""The network of a tagger: word encoder, recurrent stack, output layer and loss."""

from __future__ import annotations

from typing import Any, Self

import keras
import numpy as np
from keras import ops
from numpy.typing import ArrayLike

from nertagger.config import Config, WordsConfig
from nertagger.config.language_model import LanguageModelConfig
from nertagger.modelfile.schema import Layer, NetworkGraph, WordsGraph
from nertagger.network.crf import CRF, softmax_log_likelihood
from nertagger.network.language_model import ContextReader
from nertagger.network.recurrent import RecurrentStack, variational_dropout, word_dropout
from nertagger.network.tensors import Tensor
from nertagger.network.words import OneHot, WordEncoder, spelling_parts


class TaggerNetwork(keras.Model):
    """Words to emissions, trained on the log-likelihood of their tags.

    Inputs: a dict of the inputs of the word encoder for W distinct words, ``index`` int32 (T, B) into them, ``lengths``
    int32 (B,) and, with a language model, its states ``context`` float32 (T, B, C) or, if it is fine-tuned, its own
    inputs. Output: emissions (T, B, K), meaningless after the end of a sentence. Targets: tag ids int32 (T, B).

    Args:
        config: the configuration of the run.
        sizes: the number of ids of each input (``word_ids``, ``characters``, ``shapes``) and the widths of ``vectors``,
            ``tag_shares``, ``gazetteer`` and ``context``. The network has only the inputs that are named here.
        legal: the arrays of `legal_transitions` for the K tags.
        language: the settings and the number of symbols of a language model that is fine-tuned.
    """

    def __init__(
        self,
        config: Config,
        *,
        sizes: dict[str, int],
        legal: tuple[ArrayLike, ArrayLike, ArrayLike],
        language: tuple[LanguageModelConfig, int] | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        net = config.network
        self.arguments: dict[str, Any] = {
            "config": config,
            "sizes": dict(sizes),
            "legal": tuple(legal),
            "language": language,
        }
        self.words = WordEncoder(
            _word_parts(config, sizes),
            vectors=sizes.get(WordsGraph.VECTORS, 0),
            tag_shares=sizes.get(WordsGraph.TAG_SHARES, 0),
            gazetteer=sizes.get(WordsGraph.GAZETTEER, 0),
            gazetteer_rate=config.features.gazetteer_dropout,
            unknown_rate=config.words.unknown_rate,
            name=Layer.WORDS,
        )
        self.context = ContextReader(*language, name=Layer.CONTEXT) if language is not None else None
        has_context = NetworkGraph.CONTEXT in sizes
        self.project = keras.layers.Dense(config.features.projection, name=Layer.PROJECT) if has_context else None
        self.context_dropout = variational_dropout(config.features.dropout, name="context_dropout")
        self.word_dropout = word_dropout(net.word_dropout, name="word_dropout")
        self.stack = RecurrentStack(
            net.cell, net.units, layers=net.layers, direction=net.direction, dropout=net.dropout, name=Layer.STACK
        )
        self.dense = [
            keras.layers.Dense(width, activation="relu", name=Layer.dense(level))
            for level, width in enumerate(net.dense)
        ]
        self.emit = keras.layers.Dense(len(np.asarray(legal[1])), name=Layer.EMIT)
        self.crf = CRF(*legal, name=Layer.CRF) if net.output == "crf" else None

    def call(self, inputs: dict[str, Tensor], training: bool = False) -> Tensor:
        """Return the emissions of each token, (T, B, K)."""
        words: Tensor = self.words(inputs, training=training)  # (W, D)
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
        return emissions if self.crf is None else self.crf(emissions)

    def compute_loss(
        self,
        x: dict[str, Tensor],
        y: Tensor,
        y_pred: Tensor,
        sample_weight: Tensor | None = None,
        training: bool = True,
    ) -> Tensor:
        """Return minus the log-likelihood of the tags, as a mean over tokens, times the weight of the batch."""
        likelihood = self.crf.log_likelihood if self.crf is not None else softmax_log_likelihood
        tokens = ops.cast(ops.sum(x[NetworkGraph.LENGTHS]), y_pred.dtype)
        loss = -ops.sum(likelihood(y_pred, y, x[NetworkGraph.LENGTHS])) / tokens
        return loss if sample_weight is None else loss * sample_weight

    def get_config(self) -> dict[str, Any]:
        """Return the arguments to rebuild this network."""
        config, language = self.arguments["config"], self.arguments["language"]
        arguments = {
            "config": config.model_dump(mode="json"),
            "sizes": self.arguments["sizes"],
            "legal": [np.asarray(mask).tolist() for mask in self.arguments["legal"]],
            "language": None if language is None else [language[0].model_dump(mode="json"), language[1]],
        }
        return {**super().get_config(), **arguments}

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> Self:
        """Rebuild the network from `get_config`."""
        language = config["language"]
        if language is not None:
            language = LanguageModelConfig.model_validate(language[0]), language[1]
        return cls(**{**config, "config": Config.model_validate(config["config"]), "language": language})


def _word_parts(config: Config, sizes: dict[str, int]) -> dict[str, keras.layers.Layer]:
    ids = {WordsGraph.WORD_IDS: _word_input(config.words, sizes)} if WordsGraph.WORD_IDS in sizes else {}
    return {**ids, **spelling_parts(config.characters, config.shapes, sizes)}


def _word_input(config: WordsConfig, sizes: dict[str, int]) -> keras.layers.Layer:
    if config.input == "one-hot":
        return OneHot(sizes[WordsGraph.WORD_IDS], name=WordsGraph.WORD_IDS)
    if config.input == "pretrained":  # the correction of the vectors starts at zero
        return keras.layers.Embedding(
            sizes[WordsGraph.WORD_IDS], sizes[WordsGraph.VECTORS], "zeros", name=WordsGraph.WORD_IDS
        )
    return keras.layers.Embedding(sizes[WordsGraph.WORD_IDS], config.size, name=WordsGraph.WORD_IDS)
