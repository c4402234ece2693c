from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from safetensors.numpy import load, save

from nertagger.config import Config, EncoderConfig, layer_directions
from nertagger.decoding.transitions import legal_transitions
from nertagger.errors import ModelFileError
from nertagger.modelfile.model_file import ModelFile
from nertagger.network.tagger import TaggerNetwork
from nertagger.runtime.encoder.contents import open_encoder, weight_shapes
from nertagger.text.schemes import bioes_tags
from nertagger.training.loop.weights import get_weights
from tests.small_models import ENCODER_WORDS, encoder_members

Tensors = dict[str, np.ndarray]


def with_tensors(change: Callable[[Tensors], object]) -> ModelFile:
    members = encoder_members()
    tensors = load(members["weights.safetensors"])
    change(tensors)
    return ModelFile.in_memory(members | {"weights.safetensors": save(tensors)})


def test_an_encoder_has_config_features_vectors_and_weights():
    contents = open_encoder(ModelFile.in_memory(encoder_members()))
    assert contents.config.network.directions == layer_directions("both", 2)
    inputs = contents.features.encode([*ENCODER_WORDS, "PARIS", "ab"])
    assert sorted(inputs["vector_rows"][:4]) == [1, 2, 3, 4]
    assert inputs["vector_rows"][4:].tolist() == [inputs["vector_rows"][0], 0]
    assert contents.vectors is not None
    assert contents.vectors.lookup(inputs["vector_rows"]).shape == (6, 5)
    assert (contents.vectors.lookup(np.array([0])) == 0).all()
    assert contents.weights["stack/layer1_backward/kernel"].dtype == np.float16
    assert not {"word_vectors", "word_keys", "vector_scales"} & set(contents.weights)


def test_an_encoder_without_vectors_is_as_much_narrower():
    def drop(tensors: Tensors) -> None:
        for name in ("word_vectors", "word_keys", "vector_scales"):
            del tensors[name]
        for direction in ("forward", "backward"):
            tensors[f"stack/layer0_{direction}/kernel"] = tensors[f"stack/layer0_{direction}/kernel"][5:].copy()

    assert open_encoder(with_tensors(drop)).vectors is None


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda t: t.pop("stack/layer1_forward/bias"), r"lacks stack/layer1_forward/bias, expected of shape \(16,\)"),
        (lambda t: t.update({"words/shapes/embeddings": np.ones((3, 3), np.float16)}), r"expected .* of shape \(3, 2"),
        (lambda t: t.update({"stack/layer0_forward/bias": np.ones(16, np.int32)}), "expected float16 or float32"),
        (lambda t: t["stack/layer0_forward/bias"].fill(np.nan), "layer0_forward/bias has numbers that are not finite"),
        (lambda t: t.pop("word_keys"), "word_keys is missing"),
        (lambda t: t.update(word_keys=t["word_keys"].astype(np.int32)), "word_keys is int32 .*, expected int64"),
    ],
)  # fmt: skip
def test_parts_that_do_not_fit(change, message):
    with pytest.raises(ModelFileError, match=message):
        open_encoder(with_tensors(change))


@pytest.mark.parametrize(
    ("config", "message"),
    [
        ("[network]\nlayers = 3\n", r"lacks|is float16"),
        ("[network]\nlayers = 1000000000\n", "config.toml says 1000000000 layers, there are 19 tensors"),
        ("[network]\nunit = 3\n", "config.toml: there is no setting network.unit"),
        ("[", "config.toml: not valid TOML"),
    ],
)
def test_settings_that_do_not_fit(config, message):
    with pytest.raises(ModelFileError, match=message) as caught:
        open_encoder(ModelFile.in_memory(encoder_members() | {"config.toml": config.encode()}))
    assert str(caught.value).startswith("(in memory): ")


def test_a_tagger_is_no_encoder(good_members):
    with pytest.raises(ModelFileError, match="is a tagger, expected an encoder; nertagger pretrain makes one"):
        open_encoder(ModelFile.in_memory(good_members))


@pytest.mark.parametrize("cell", ["simple", "simplified-gru", "gru", "lstm", "peephole"])
@pytest.mark.parametrize("characters", ["cnn", "bilstm"])
def test_the_shapes_are_those_of_the_network(cell, characters):
    contents = open_encoder(ModelFile.in_memory(encoder_members()))
    settings = {"network.cell": cell, "network.layers": 2, "network.direction": ["both", "forward"]}
    settings |= {"network.units": 3, "characters.encoder": characters, "characters.units": 4, "shapes.size": 2}
    sizes = {"vectors": 5, "characters": len(contents.features.characters or ()), "shapes": 3}
    config = Config().updated(settings | {"words.vectors": "any.txt"})
    network = TaggerNetwork(config, sizes=sizes, legal=legal_transitions(bioes_tags(["X"])), name="tagger")
    words = contents.features.encode(["a", "b"]) | {"vectors": np.zeros((2, 5), np.float32)}
    network({**words, "index": np.array([[0], [1]], np.int32), "lengths": np.array([2], np.int32)})
    built = {name: w.shape for name, w in get_weights(network).items() if name.startswith(("words/", "stack/"))}
    assert weight_shapes(EncoderConfig().updated(settings), contents.features, width=5) == built
