"""Tagging with model files through ONNX Runtime, without Keras or TensorFlow."""

from typing import TYPE_CHECKING, Any

from nertagger.decoding.predictions import Labelling
from nertagger.deprecation import renamed
from nertagger.modelfile.model_file import ModelFile
from nertagger.runtime.tagger import Tagger

load = Tagger.load

__all__ = ["Labelling", "ModelFile", "Tagger", "load"]


def _look_up(name: str) -> Any:
    if name == "Reading":
        return renamed(Labelling, old=f"{__name__}.Reading", new=f"{__name__}.Labelling")
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


if not TYPE_CHECKING:  # type checkers would accept every name
    __getattr__ = _look_up
