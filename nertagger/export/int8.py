"""A tagger with 8-bit weights, written to a model file of its own, with a record of its size and accuracy."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from nertagger.evaluation.tagger import TokenTagger, evaluate_tagger
from nertagger.modelfile.model_file import ModelFile
from nertagger.modelfile.schema import Member, MetricsKey
from nertagger.modelfile.writer import json_member, write_model
from nertagger.runtime.tagger import Tagger
from nertagger.text.document import Sentence


@dataclass(frozen=True, slots=True)
class Int8Export:
    """The size and accuracy of a tagger with 8-bit weights, beside those of the float model.

    Attributes:
        bytes: the size of its members.
        float_bytes: the size of the members of the float model.
        dev: the files that both were scored on; may be empty.
        dev_f1: micro F1, a fraction of one; None if there are no files.
        float_dev_f1: that of the float model.
    """

    bytes: int
    float_bytes: int
    dev: tuple[str, ...] = ()
    dev_f1: float | None = None
    float_dev_f1: float | None = None

    def to_dict(self) -> dict[str, Any]:
        """Return what is stored in the metrics of the model; without scores if there are none."""
        known = {name: value for name, value in asdict(self).items() if value is not None}
        return known if self.dev else {name: value for name, value in known.items() if name != "dev"}

    def __str__(self) -> str:
        fraction = self.bytes / self.float_bytes
        text = f"8-bit weights, {self.bytes / 1e6:.1f} MB, {100 * fraction:.0f} % of the size of the float model"
        if self.dev_f1 is None or self.float_dev_f1 is None:
            return text
        before, after = 100 * self.float_dev_f1, 100 * self.dev_f1
        return f"{text}; F1 {after:.2f} on {', '.join(self.dev)}, {before:.2f} of the float model"


def export_int8(
    model: ModelFile,
    output: str | Path,
    *,
    dev: Mapping[str, Sequence[Sentence]] | None = None,
    make_tagger: Callable[[ModelFile], TokenTagger] = Tagger,
) -> Int8Export:
    """Write a tagger with 8-bit weights, which is for tagging only, and return its size and accuracy.

    They are stored in the metrics and the card of the new file as well.

    Args:
        model: the tagger, with float weights.
        output: the model file to write.
        dev: annotated sentences to score both models on, by the name of their file.
        make_tagger: makes the tagger that is scored.

    Raises:
        ModelFileError: if the model is not a tagger with float weights.
        MissingExtraError: if onnx is not installed.
    """
    from nertagger.export.quantization import int8_members  # takes seconds to import

    members = int8_members(model)
    small = ModelFile(Path(output), model.version, {}, {name: memoryview(member) for name, member in members.items()})
    sentences = [sentence for some in (dev or {}).values() for sentence in some]
    scores = [evaluate_tagger(make_tagger(one), sentences).micro.f1 for one in (small, model)] if sentences else []
    export = Int8Export(small.size, model.size, tuple(dev or ()), *scores)
    members[Member.METRICS] = json_member({**model.metrics, MetricsKey.INT8: export.to_dict()})
    members[Member.CARD] += f"\n## 8-bit weights\n\n{export}\n".encode()
    write_model(output, members, version=model.version)
    return export
