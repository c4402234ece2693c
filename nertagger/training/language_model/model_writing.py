"""A trained language model as the members of a model file."""

from __future__ import annotations

import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import safetensors.numpy

from nertagger._version import __version__
from nertagger.config.language_model import LanguageModelConfig
from nertagger.export.language_model import export_language_network
from nertagger.features.vocabulary import Vocabulary
from nertagger.modelfile.schema import Member, MetricsKey, VocabularyKey
from nertagger.modelfile.tensors import below
from nertagger.modelfile.writer import compact_json_member, json_member, write_model
from nertagger.training.language_model.checkpoint import LanguageProgress
from nertagger.training.loop.weights import Weights


def save_language_model(
    config: LanguageModelConfig, symbols: Vocabulary, weights: Weights, progress: LanguageProgress
) -> Path:
    """Write the model file of a run; `weights` are by direction and name. Returns its path."""
    path = Path(config.model)
    members = language_members(config, symbols, weights, _metrics(progress))
    write_model(path, members)
    return path


def language_members(
    config: LanguageModelConfig, symbols: Vocabulary, weights: Weights, metrics: Mapping[str, Any]
) -> dict[str, bytes]:
    """Return the members of the model file; the same arguments give the same bytes."""
    vocabulary = {
        VocabularyKey.LEVEL: config.level,
        VocabularyKey.TOKENS: config.tokens,
        VocabularyKey.SYMBOLS: symbols.items,
    }
    graphs = {
        Member.language(name): export_language_network(config, below(weights, name)) for name in config.directions
    }
    return {
        Member.CONFIG: config.to_toml().encode(),
        Member.VOCABULARY: compact_json_member(vocabulary),
        Member.METRICS: json_member(metrics),
        Member.CARD: _card(config, symbols, metrics).encode(),
        **graphs,
        Member.WEIGHTS: safetensors.numpy.save({name: np.asarray(w, order="C") for name, w in weights.items()}),
    }


def _metrics(progress: LanguageProgress) -> dict[str, Any]:
    held_out = {
        name: {
            MetricsKey.NATS: nats,
            MetricsKey.BITS: nats / math.log(2),
            MetricsKey.PERPLEXITY: math.exp(nats),
        }
        for name, nats in progress.held_out.items()
    }
    return {MetricsKey.STEP: progress.best_step, MetricsKey.HELD_OUT: held_out}


def _card(config: LanguageModelConfig, symbols: Vocabulary, metrics: Mapping[str, Any]) -> str:
    """Return a description in Markdown for the users of the file."""
    unit, step = config.level.removesuffix("s"), metrics.get(MetricsKey.STEP, 0)
    lines = [
        "# A language model",
        "",
        f"Says which {unit} comes next, {' and '.join(config.directions)}. Made by nertagger {__version__}.",
        "",
        "- Licence: not stated (the text decides what may be done with this model)",
        f"- Network: {config.layers} x {config.units} {config.cell} units in each direction",
        f"- Symbols: {len(symbols):,} {config.level}" + (", text as tokens set apart by spaces" * config.tokens),
        f"- Trained on: {', '.join(config.text)}",
        f"- Steps: the best of {config.steps:,} at {step:,}, each of {config.batch_size} x {config.window} symbols",
        f"- Seed: {config.seed}",
    ]
    for name, loss in metrics.get(MetricsKey.HELD_OUT, {}).items():
        bits, perplexity = loss[MetricsKey.BITS], loss[MetricsKey.PERPLEXITY]
        lines.append(f"- Held-out text, {name}: {bits:.4f} bits per {unit}, perplexity {perplexity:.3f}")
    return "\n".join(lines) + "\n"
