"""A trained language model as the members of a model file."""

from __future__ import annotations

import json
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
from nertagger.modelfile import model_file
from nertagger.training.language_model.checkpoint import LanguageProgress
from nertagger.training.loop.weights import Weights


def save_language_model(
    config: LanguageModelConfig, symbols: Vocabulary, weights: Weights, progress: LanguageProgress
) -> Path:
    """Write the model file of a run; `weights` are by direction and name. Returns its path."""
    path = Path(config.model)
    members = language_members(config, symbols, weights, _metrics(progress))
    model_file.write(path, members)
    return path


def language_members(
    config: LanguageModelConfig, symbols: Vocabulary, weights: Weights, metrics: Mapping[str, Any]
) -> dict[str, bytes]:
    """The members of the model file; the same arguments give the same bytes."""
    vocabulary = {"level": config.level, "tokens": config.tokens, "symbols": symbols.items}
    graphs = {f"{name}.onnx": export_language_network(config, _below(weights, name)) for name in config.directions}
    return {
        "config.toml": config.to_toml().encode(),
        "vocabulary.json": json.dumps(vocabulary, ensure_ascii=False, separators=(",", ":")).encode(),
        "metrics.json": (json.dumps(metrics, indent=2) + "\n").encode(),
        "README.md": _card(config, symbols, metrics).encode(),
        **graphs,
        "weights.safetensors": safetensors.numpy.save({name: np.asarray(w, order="C") for name, w in weights.items()}),
    }


def _below(weights: Weights, direction: str) -> Weights:
    prefix = f"{direction}/"
    return {name.removeprefix(prefix): w for name, w in weights.items() if name.startswith(prefix)}


def _metrics(progress: LanguageProgress) -> dict[str, Any]:
    held_out = {
        name: {"nats": nats, "bits": nats / math.log(2), "perplexity": math.exp(nats)}
        for name, nats in progress.held_out.items()
    }
    return {"step": progress.best_step, "held_out": held_out}


def _card(config: LanguageModelConfig, symbols: Vocabulary, metrics: Mapping[str, Any]) -> str:
    """A description in Markdown for whoever is given the file."""
    unit = config.level.removesuffix("s")
    lines = [
        "# A language model",
        "",
        f"Says which {unit} comes next, {' and '.join(config.directions)}. Made by nertagger {__version__}.",
        "",
        "- Licence: not stated (the text decides what may be done with this model)",
        f"- Network: {config.layers} x {config.units} {config.cell} units in each direction",
        f"- Symbols: {len(symbols):,} {config.level}" + (", text as tokens set apart by spaces" * config.tokens),
        f"- Trained on: {', '.join(config.text)}",
        f"- Steps: the best of {config.steps:,} at {metrics.get('step', 0):,}, "
        f"each of {config.batch_size} x {config.window} symbols",
        f"- Seed: {config.seed}",
    ]
    for name, loss in metrics.get("held_out", {}).items():
        lines.append(f"- Held-out text, {name}: {loss['bits']:.4f} bits a {unit}, perplexity {loss['perplexity']:.3f}")
    return "\n".join(lines) + "\n"
