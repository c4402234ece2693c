"""The contents of a model file, as plain values and as text."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from nertagger.features import Features
from nertagger.modelfile.model_file import Kind, ModelFile
from nertagger.modelfile.schema import DIRECTIONS, Member, VocabularyKey
from nertagger.printable import printable
from nertagger.runtime.decoder import read_tags
from nertagger.runtime.encoder.contents import open_encoder
from nertagger.runtime.features import open_features
from nertagger.runtime.language_model.model import read_symbols
from nertagger.runtime.session import check_member
from nertagger.runtime.tokenizing import read_tokenizer, tokenizer_record
from nertagger.text.tokenization.profiles import Agreement


def describe(model: ModelFile) -> dict[str, Any]:
    """Return the contents of a model file as JSON-ready values, after checking every member.

    They are its path and version; the labels, output layer, tokenizer and vocabulary sizes of a tagger, the vocabulary
    sizes of an encoder, or the directions, level and vocabulary size of a language model; the number of parameters, the
    shapes of tensors, the sizes and hashes of members, the settings, metrics and card.

    Raises:
        ModelFileError: if a member is invalid.
    """
    for member in model.members:
        if member.endswith(".onnx"):
            check_member(model, member)
    vocabulary = model.vocabulary
    return {
        "path": str(model.path),
        "nertagger": model.version,
        **_DESCRIBE[model.kind](model, vocabulary),
        "parameters": sum(tensor.size for tensor in model.tensors.values()),
        "tensors": {name: list(tensor.shape) for name, tensor in model.tensors.items()},
        "bytes": {name: len(content) for name, content in model.members.items()},
        "sha256": dict(model.hashes),
        "settings": model.toml(Member.CONFIG),
        "metrics": model.metrics,
        "card": model.text(Member.CARD),
    }


def _describe_tagger(model: ModelFile, vocabulary: Mapping[str, Any]) -> dict[str, Any]:
    tags = read_tags(vocabulary, model)
    return {
        "labels": list(dict.fromkeys(tag[2:] for tag in tags[1:])),
        "output": vocabulary.get(VocabularyKey.OUTPUT),
        "tokenizer": tokenizer_record(read_tokenizer(vocabulary, model)),
        "vocabulary": _vocabulary_sizes(vocabulary, open_features(model, tags=len(tags))),
    }


def _describe_encoder(model: ModelFile, vocabulary: Mapping[str, Any]) -> dict[str, Any]:
    return {"vocabulary": _vocabulary_sizes(vocabulary, open_encoder(model).features)}


def _describe_language_model(model: ModelFile, vocabulary: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "directions": [name for name in DIRECTIONS if Member.language(name) in model.members],
        "level": vocabulary.get(VocabularyKey.LEVEL),
        "vocabulary": {"symbols": len(read_symbols(vocabulary, model).items)},
    }


_DESCRIBE: Mapping[Kind, Callable[[ModelFile, Mapping[str, Any]], dict[str, Any]]] = {
    "tagger": _describe_tagger,
    "encoder": _describe_encoder,
    "language model": _describe_language_model,
}


def _vocabulary_sizes(vocabulary: Mapping[str, Any], features: Features) -> dict[str, int]:
    """Return the sizes of the vocabularies, including words of which the file has hashes only."""
    sizes = {name: len(items) for name, items in vocabulary.items() if isinstance(items, list)}
    if features.vectors is not None:
        sizes["pretrained_words"] = len(features.vectors)
    if features.tag_counts is not None:
        sizes["words_with_tag_counts"] = len(features.tag_counts.index)
    if features.gazetteer is not None:
        sizes["gazetteer_names"] = len(features.gazetteer)
    return sizes


def to_text(content: Mapping[str, Any]) -> str:
    """Return what `describe` found as text for a terminal: the card, then one line or table per kind of content."""
    return "\n".join([content["card"].rstrip("\n"), *_facts(content), *_tables(content)])


def _facts(content: Mapping[str, Any]) -> Iterator[str]:
    size = sum(content["bytes"].values())
    yield f"\nfile        {content['path']}, {size:,} bytes, written by nertagger {content['nertagger']}"
    for name in ("labels", "directions"):
        if name in content:
            yield f"{name:10}  {printable(' '.join(content[name]))}"
    for name in ("output", "level"):
        if name in content:
            yield f"{name:10}  {printable(str(content[name]))}"
    if (tokenizer := content.get("tokenizer")) is not None:
        yield f"tokenizer   {Agreement(tokenizer[VocabularyKey.PROFILE], tokenizer[VocabularyKey.AGREEMENT])}"
    yield f"parameters  {content['parameters']:,}"


def _tables(content: Mapping[str, Any]) -> Iterator[str]:
    yield from _table("vocabulary", {name: f"{size:,} items" for name, size in content["vocabulary"].items()})
    yield from _table("settings", dict(_flatten(content["settings"])))
    yield from _table("metrics", dict(_flatten(content["metrics"])))
    sizes, hashes = content["bytes"], content["sha256"]
    yield from _table("members", {name: f"{sizes[name]:>12,} bytes  sha256 {hashes[name]}" for name in sizes})


def _table(title: str, rows: Mapping[str, object]) -> Iterator[str]:
    shown = [(printable(name), printable(str(value))) for name, value in rows.items()]
    width = max((len(name) for name, _ in shown), default=0)
    yield f"\n{title}"
    yield from (f"  {name:{width}}  {value}" for name, value in shown)


def _flatten(values: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, str]]:
    """``{"a": {"b": 1}}`` as ``("a.b", "1")``."""
    for name, value in values.items():
        if isinstance(value, Mapping):
            yield from _flatten(value, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}", f"{value:.4f}" if isinstance(value, float) else str(value)
