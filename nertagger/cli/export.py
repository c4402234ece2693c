"""``nertagger export``: a model as a complete file, or with 8-bit weights."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from nertagger.cli.common.inputs import expect_model, find_inputs
from nertagger.cli.common.options import Model
from nertagger.cli.common.parser import Option, UsageError
from nertagger.cli.common.scores import warn_of_leakage
from nertagger.cli.common.tagger_progress import TaggerProgress
from nertagger.cli.common.terminal import show, to_json
from nertagger.corpus import read
from nertagger.english.files import open_model
from nertagger.files import check_output
from nertagger.modelfile.model_file import ModelFile
from nertagger.modelfile.writer import write_model
from nertagger.runtime import Tagger


def export(
    model: Model,
    output: Annotated[Path, Option("--output", "-o", help="the model file to write")],
    int8: Annotated[bool, Option("--int8", help="8-bit weights: less than half the size")] = False,
    dev: Annotated[
        list[str] | None, Option(metavar="FILE", help="annotated file to score both models on; may be repeated")
    ] = None,
    as_json: Annotated[bool, Option("--json", help="print one JSON object")] = False,
) -> None:
    """Write a trained model as a file of its own, for other programs, or with 8-bit weights.

    Without --int8 the model itself is written: nertagger export english -o english.ner makes a complete file of the
    English tagger, whose word vectors are in another file of the package. With --int8, sizes and, with --dev, the F1 of
    both models are printed and stored in the metrics and card of the new file, which is for tagging only: it has no
    float weights.
    """
    expect_model(model)
    check_output(output, inputs=[model] if int8 else [])  # the float weights would be lost
    if not int8:
        if dev:
            raise UsageError("--dev is for 8-bit weights, which it scores; pass --int8")
        _write(open_model(model), output, as_json=as_json)
        return
    gold = {path: [sentence for sentence in read(path) if len(sentence)] for path in find_inputs(dev or [])}
    original = open_model(model)
    original.expect("tagger")
    warn_of_leakage(original, [sentence for sentences in gold.values() for sentence in sentences])
    from nertagger.export.int8 import export_int8  # imports onnx, which is not always installed

    result = export_int8(original, output, dev=gold, make_tagger=lambda one: TaggerProgress(Tagger(one), "scoring"))
    show(to_json({"model": str(output), **result.to_dict()}) if as_json else f"{output}: {result}")


def _write(model: ModelFile, output: Path, *, as_json: bool) -> None:
    """Write a model as it is."""
    model.expect("tagger")
    write_model(output, {name: bytes(content) for name, content in model.members.items()})
    size = output.stat().st_size
    show(to_json({"model": str(output), "bytes": size}) if as_json else f"{output}: {size / 1e6:.1f} MB")
