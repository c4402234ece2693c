"""A trained encoder as the members of a model file."""

from __future__ import annotations

import shlex
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import safetensors.numpy

from nertagger._version import __version__
from nertagger.config import EncoderConfig
from nertagger.modelfile.schema import Member, MetricsKey, Tensor
from nertagger.modelfile.writer import compact_json_member, json_member
from nertagger.printable import counted
from nertagger.progress.records import EncoderRecord
from nertagger.training.loop.weights import Weights
from nertagger.training.pretraining.checkpoint import COMMAND
from nertagger.training.pretraining.data import PretrainingData


def encoder_members(
    config: EncoderConfig, data: PretrainingData, weights: Weights, records: Mapping[str, EncoderRecord]
) -> dict[str, bytes]:
    """Return the members of the model file; the same arguments give the same bytes.

    Args:
        config: the run.
        data: what it was trained on.
        weights: the weights by name, written as float16.
        records: the last record of each stage.
    """
    tensors = {name: array.astype(np.float16) for name, array in weights.items()}
    if data.vectors is not None and data.features.vectors is not None:
        tensors |= {**data.vectors.tensors, Tensor.WORD_KEYS: data.features.vectors.keys}
    metrics = {stage: _metrics(record) for stage, record in records.items()}
    return {
        Member.CONFIG: config.to_toml().encode(),
        Member.VOCABULARY: compact_json_member(data.features.to_dict()),
        Member.METRICS: json_member(metrics),
        Member.CARD: _card(config, data, records).encode(),
        Member.WEIGHTS: safetensors.numpy.save({name: np.asarray(a, order="C") for name, a in tensors.items()}),
    }


def _metrics(record: EncoderRecord) -> dict[str, Any]:
    held_out = {MetricsKey.HELD_OUT: record["held_out_loss"]} if "held_out_loss" in record else {}
    return {
        MetricsKey.STEP: record["stage_steps"],
        MetricsKey.SEEN: record["tokens"],
        MetricsKey.LOSS: record["loss"],
        **held_out,
    }


def _card(config: EncoderConfig, data: PretrainingData, records: Mapping[str, EncoderRecord]) -> str:
    """Return a description in Markdown for the users of the file."""
    net, vectors = config.network, data.vectors
    licence = config.data.licence or "not stated (the texts and the word vectors decide what may be done with it)"
    lines = [
        "# A pretrained encoder",
        "",
        f"Taggers are trained from it: `nertagger train --encoder FILE`. Made by nertagger {__version__}.",
        "",
        f"- Licence: {licence}",
        f"- Network: {net.layers} x {net.units} {net.cell} units",
    ]
    if vectors is not None:
        words, width = vectors.shape
        source = ", ".join(config.data.vectors) or config.data.start
        lines.append(f"- Word vectors: {words - 1:,} words, {width} dimensions in 8 bits, from {source}")
    if config.data.start:
        lines.append(f"- Started from: {config.data.start}")
    if data.text is not None:
        text = f"{counted(len(data.text.lengths), 'sentence')}, {counted(len(data.text.ids), 'token')}"
        lines.append(f"- Raw text: {', '.join(config.data.text)} ({text})")
    lines += [f"- Annotated text: {corpus.name} ({corpus.size})" for corpus in data.corpora]
    if config.data.exclude:
        removed = sum(1 for _ in data.removed)
        found, files = counted(removed, "sentence"), ", ".join(config.data.exclude)
        lines.append(f"- Left out: {found} with an exact or near copy in {files}")
    lines += [_stage_line(record) for record in records.values()]
    lines += [f"- Seed: {config.training.seed}", f"- Made by: `{_command(config)}`, with the settings in config.toml"]
    return "\n".join(lines) + "\n"


def _stage_line(record: EncoderRecord) -> str:
    held_out = f", {record['held_out_loss']:.3f} on sentences held out" if "held_out_loss" in record else ""
    return (
        f"- Stage of {record['stage']}: {record['stage_steps']:,} steps, {record['tokens']:,} tokens; loss "
        f"{record['loss']:.3f} nats in the last steps{held_out}"
    )


def _command(config: EncoderConfig) -> str:
    data = config.data
    options: Sequence[tuple[str, Sequence[str]]] = (
        ("--annotated", data.annotated),
        ("--vectors", data.vectors),
        ("--exclude", data.exclude),
        ("--start", [data.start] if data.start else []),
    )
    given = [part for name, values in options for value in values for part in (name, value)]
    return f"{COMMAND} {shlex.join([*data.text, *given])}"
