"""The model card that goes into every model file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from nertagger._version import __version__
from nertagger.config import Config, NetworkConfig, WordsConfig
from nertagger.modelfile.schema import MetricsKey
from nertagger.printable import counted
from nertagger.text.schemes import read_spans
from nertagger.training.dataset import Dataset
from nertagger.training.encoder.encoder import Encoder
from nertagger.training.selection.entity_bias import describe_bias
from nertagger.training.splits import IN_MEMORY

SCORE_HEADINGS = {
    MetricsKey.DEV: "Scores on the dev split at the best epoch, before any of it was trained on (it chose that epoch, "
    "so expect a little less on other text)",
    MetricsKey.TEST: "Scores of the final model on the test split, measured once",
}
"""The headings of the scores in the metrics of a model, by split."""


def model_card(config: Config, dataset: Dataset, metrics: Mapping[str, Any]) -> str:
    """Return a description of a model in Markdown: what it finds, what it was trained on, and its scores."""
    labels = dict.fromkeys(tag[2:] for tag in dataset.tags[1:])
    net = config.network
    bias = describe_bias(metrics.get(MetricsKey.ENTITY_BIAS, {}))
    lines = [
        "# A named-entity tagger",
        "",
        f"Finds {', '.join(labels)} in text. Made by nertagger {__version__}.",
        "",
        "- Licence: not stated (the annotated text and the word vectors decide what may be done with this model)",
        f"- Network: {_size(config)} {net.cell} units, {_directions(net)}, output {net.output}",
        *_encoder_lines(config, dataset.encoder),
        f"- Words: {_words(config.words)}",
        *_list_lines(config, dataset),
        *([f"- Language model: {config.features.language_model}"] if config.features.language_model else []),
        f"- Raw text: tokenizer {dataset.tokenizer}",
        f"- Trained on: {_amount(dataset.train)} from {_source(config.data.train)}",
        *([f"- Replayed: {_amount(dataset.replay)} from {_source(config.encoder.replay)}"] if dataset.replay else []),
        f"- Dev split: {_amount(dataset.dev)} from {_source(config.data.dev) or 'held-out training sentences'}",
        *([f"- Test split, scored once: {_source(config.data.test)}"] if MetricsKey.TEST in metrics else []),
        *([_refit_line(metrics[MetricsKey.REFIT])] if metrics.get(MetricsKey.REFIT) else []),
        f"- Seed: {config.training.seed}",
        f"- Trained by: {_command(config)}, with the member config.toml of this file",
        *([f"- Chosen on the dev split: {bias}"] if bias else []),
        *_score_lines(metrics),
    ]
    return "\n".join(lines) + "\n"


def _encoder_lines(config: Config, encoder: Encoder | None) -> list[str]:
    if encoder is None:
        return []
    licence = encoder.licence or "not stated"
    return [f"- Encoder: {config.encoder.source}, SHA-256 {encoder.digest[:12]}, licence: {licence}"]


def _list_lines(config: Config, dataset: Dataset) -> list[str]:
    gazetteer = dataset.features.gazetteer
    if gazetteer is None:
        return []
    labels = ", ".join(gazetteer.labels)
    return [
        f"- Lists: hashes of {counted(len(gazetteer), 'name')} ({labels}) from {', '.join(config.features.gazetteers)}"
    ]


def _size(config: Config) -> str:
    size = f"{config.network.layers} x {config.network.units}"
    return size if config.training.members == 1 else f"a committee of {config.training.members}, each {size}"


def _refit_line(epochs: int) -> str:
    return f"- Trained on the dev split too, in the last {epochs} epochs: scores on it say nothing about other text"


def _source(paths: Sequence[str]) -> str:
    return "sentences in memory" if paths == [IN_MEMORY] else ", ".join(paths)


def _command(config: Config) -> str:
    splits = {"train": config.data.train, "dev": config.data.dev, "test": config.data.test}
    passed = [f"{name}=..." for name, paths in splits.items() if paths == [IN_MEMORY]]
    return f"`nertagger.train({', '.join(['config', *passed])})`" if passed else "`nertagger train config.toml`"


def _words(words: WordsConfig) -> str:
    source = f" ({words.vectors})" if words.vectors else ""
    return words.input + source + (", and their tag frequencies in the training set" if words.tag_shares else "")


def _directions(net: NetworkConfig) -> str:
    if isinstance(net.direction, str):
        return f"direction {net.direction}"
    return f"directions {', '.join(net.direction)}"


def _amount(sentences: list[Any]) -> str:
    tokens = sum(map(len, sentences))
    entities = sum(len(read_spans(sentence.tags)) for sentence in sentences)
    parts = counted(len(sentences), "sentence"), counted(tokens, "token"), counted(entities, "entity", "entities")
    return ", ".join(parts)


def _score_lines(metrics: Mapping[str, Any]) -> list[str]:
    lines: list[str] = []
    for split, heading in SCORE_HEADINGS.items():
        if split in metrics:
            lines += ["", f"{heading}:", "", *_score_table(metrics[split])]
    return lines


def _score_table(scores: Mapping[str, Any]) -> list[str]:
    rows = [("all (micro)", scores["micro"], scores["gold"])]
    rows += [(label, rates, rates["support"]) for label, rates in scores["types"].items()]
    head = ["| entities | precision | recall | F1 | support |", "|---|---|---|---|---|"]
    return head + [
        f"| {name} | {100 * r['precision']:.2f} | {100 * r['recall']:.2f} | {100 * r['f1']:.2f} | {support} |"
        for name, r, support in rows
    ]
