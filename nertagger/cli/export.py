"""``nertagger export``: a trained model in another form."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

from nertagger.cli.common.inputs import expect_model, find_inputs
from nertagger.cli.common.parser import Argument, Option, UsageError
from nertagger.cli.common.progress import display
from nertagger.cli.common.scores import warn_of_learned
from nertagger.cli.common.terminal import show, to_json
from nertagger.corpus import read
from nertagger.evaluation import evaluate
from nertagger.modelfile.reader import read_model
from nertagger.modelfile.schema import Member, MetricsKey
from nertagger.modelfile.writer import json_member, write_model
from nertagger.runtime import ModelFile, Tagger
from nertagger.text.document import Sentence


def export(
    model: Annotated[Path, Argument(help="the model file NAME.ner")],
    output: Annotated[Path, Option("--output", "-o", help="the model file to write")],
    int8: Annotated[bool, Option("--int8", help="weights of eight bits: less than half the size")] = False,
    dev: Annotated[list[str] | None, Option(help="annotated file to score both models on; may come again")] = None,
    as_json: Annotated[bool, Option("--json", help="print one JSON object")] = False,
) -> None:
    """Write a trained model in another form: with weights of eight bits.

    Sizes and, with --dev, the F1 of both models are printed and kept in the new file's metrics and card. The new file
    is for tagging: its float weights are gone.
    """
    if not int8:
        raise UsageError("there is one form to export to; pass --int8")
    expect_model(model)
    sentences = [sentence for path in find_inputs(dev or []) for sentence in read(path) if len(sentence)]
    original = read_model(model)
    original.expect_tagger()
    from nertagger.export.quantization import int8_members  # Keras takes seconds to load, and is not always there

    members = int8_members(original)
    report: dict[str, Any] = {"bytes": _size(members), "float_bytes": _size(original.members)}
    if sentences:
        warn_of_learned(original, sentences)
        small = ModelFile(output, original.version, {}, {name: memoryview(m) for name, m in members.items()})
        report |= {"dev": dev, "dev_f1": _f1(small, "8-bit", sentences)}
        report["float_dev_f1"] = _f1(original, "float", sentences)
    metrics = {**original.metrics, MetricsKey.INT8: report}
    members[Member.METRICS] = json_member(metrics)
    members[Member.CARD] += f"\n## Eight bits\n\n{_describe(report)}\n".encode()
    write_model(output, members, version=original.version)
    show(to_json({"model": str(output), **report}) if as_json else f"{output}: {_describe(report)}")


def _size(members: Mapping[str, bytes | memoryview]) -> int:
    return sum(map(len, members.values()))


def _f1(model: ModelFile, name: str, sentences: list[Sentence]) -> float:
    with display() as shown:
        watched = shown.each(f"scoring the {name} model", sentences, unit="sentences")
        found = Tagger(model).tag_tokens(sentence.words for sentence in watched)
    return evaluate(sentences, [tuple(tags) for tags in found]).micro.f1


def _describe(report: Mapping[str, Any]) -> str:
    """The report in one line."""
    share = report["bytes"] / report["float_bytes"]
    text = f"weights of eight bits, {report['bytes'] / 1e6:.1f} MB, {100 * share:.0f} % of the float model's size"
    if "dev_f1" not in report:
        return text
    before, after = 100 * report["float_dev_f1"], 100 * report["dev_f1"]
    return f"{text}; F1 {after:.2f} on {', '.join(report['dev'])}, where the float model has {before:.2f}"
