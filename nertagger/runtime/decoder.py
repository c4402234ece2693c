"""The tags and the decoder of a model, from its file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from nertagger.decoding.outputs import CrfOutput, SoftmaxOutput
from nertagger.decoding.predictions import Decoder
from nertagger.decoding.transitions import Transitions
from nertagger.modelfile.model_file import ModelFile
from nertagger.modelfile.schema import Layer, Tensor, VocabularyKey, tensor_name
from nertagger.text.schemes import OUTSIDE


def read_tags(vocabulary: Mapping[str, object], model: ModelFile) -> tuple[str, ...]:
    """Return the K tags of a vocabulary.

    Raises:
        ModelFileError: if they are not distinct BIOES tags, ``O`` first.
    """
    tags = vocabulary.get(VocabularyKey.TAGS)
    if not isinstance(tags, list) or not tags or tags[0] != OUTSIDE or len(set(map(str, tags))) != len(tags):
        raise model.vocabulary_error(f"has the tags {tags!r:.60}, expected distinct BIOES tags, O first")
    for tag in tags:
        if not isinstance(tag, str) or (tag != OUTSIDE and (tag[:2] not in {"B-", "I-", "E-", "S-"} or not tag[2:])):
            raise model.vocabulary_error(f"has the tag {tag!r:.60}, expected O or one of B- I- E- S- and a label")
    return tuple(tags)


def labels_of(tags: Sequence[str]) -> tuple[str, ...]:
    """Return the labels of entities in the tags of a model, each once, in their order."""
    return tuple(dict.fromkeys(tag[2:] for tag in tags[1:]))


def open_decoder(model: ModelFile, vocabulary: Mapping[str, object], tags: Sequence[str]) -> Decoder:
    """Return the decoder of a model with these K tags.

    Raises:
        ModelFileError: if the kind of output layer is unknown, or the weights of the CRF do not fit K tags.
    """
    output = vocabulary.get(VocabularyKey.OUTPUT)
    if output == "softmax":
        return Decoder(SoftmaxOutput(tags), tags)
    if output != "crf":
        raise model.vocabulary_error(f"has the output {output!r:.60}, expected crf or softmax")
    K = len(tags)
    shapes = {Tensor.TRANSITIONS: (K, K), Tensor.START: (K,), Tensor.END: (K,)}
    scores = [_scores(model, tensor_name(Layer.CRF, name), shape) for name, shape in shapes.items()]
    return Decoder(CrfOutput(tags, Transitions.masked(tags, *scores)), tags)


def _scores(model: ModelFile, name: str, shape: tuple[int, ...]) -> np.ndarray:
    tensor = model.tensors.get(name)
    if tensor is None or tensor.shape != shape or tensor.dtype != np.float32 or not np.isfinite(tensor).all():
        got = "missing" if tensor is None else f"{tensor.dtype} of shape {tensor.shape}"
        raise model.tensor_error(f"{name} is {got}, expected finite float32 of shape {shape}")
    return tensor
