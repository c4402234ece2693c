"""8-bit weights: close to the float weights, and loaded by the same runtime."""

from __future__ import annotations

import numpy as np
import onnx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from safetensors.numpy import save

from nertagger.errors import ModelFileError
from nertagger.export.quantization import int8_members, quantize_rows
from nertagger.features import WordIndex
from nertagger.features.vectors.columns import quantize_columns
from nertagger.features.vectors.stored import scale_of
from nertagger.modelfile.reader import read_model
from nertagger.modelfile.tensors import read_tensors
from nertagger.modelfile.writer import write_model
from nertagger.runtime import Tagger

TAGS = ["O", "B-X", "I-X", "E-X", "S-X"]
K, D, H, V = 5, 8, 16, 300
WORDS = [f"w{i}" for i in range(V)]


@pytest.fixture(scope="module")
def float_members(model_parts) -> dict[str, bytes]:
    """The members of a model with pretrained and learned word vectors and a bidirectional LSTM."""
    rng = np.random.default_rng(3)
    node = onnx.helper.make_node
    words = model_parts.graph_bytes(
        [node("Gather", ["learned", "word_ids"], ["l"]), node("Concat", ["vectors", "l"], ["words"], axis=1)],
        [model_parts.float_info("vectors", "W", D), model_parts.int_info("word_ids", "W")],
        [model_parts.float_info("words", "W", 2 * D)],
        {"learned": rng.normal(size=(V + 1, D)).astype(np.float32)},
    )
    weights = {"W": (2, 4 * H, 2 * D), "R": (2, 4 * H, H), "bias": (2, 8 * H), "out": (2 * H, K)}
    network = model_parts.graph_bytes(
        [
            node("LSTM", ["words", "W", "R", "bias", "lengths"], ["y"], hidden_size=H, direction="bidirectional"),
            node("Transpose", ["y"], ["z"], perm=[0, 2, 1, 3]),
            node("Reshape", ["z", "flat"], ["h"]),
            node("MatMul", ["h", "out"], ["emissions"]),
        ],
        [model_parts.float_info("words", "T", "B", 2 * D), model_parts.int_info("lengths", "B")],
        [model_parts.float_info("emissions", "T", "B", K)],
        {name: rng.normal(0, 0.4, shape).astype(np.float32) for name, shape in weights.items()}
        | {"flat": np.array([0, 0, 2 * H])},
    )
    index, order = WordIndex.build(WORDS)
    tensors = model_parts.crf_weights(rng.normal(size=(K, K)), rng.normal(size=K), rng.normal(size=K))
    tensors["word_vectors"] = rng.normal(size=(V + 1, D)).astype(np.float16)[[0, *(order + 1)]]
    tensors |= {"tag_keys": index.keys, "tag_counts": rng.integers(0, 9, (V + 1, K)).astype(np.int32)}
    tensors |= {"word_keys": index.keys, "stack/layer0_forward/kernel": rng.normal(size=(9, 9)).astype(np.float32)}
    return model_parts.members_of({"tags": TAGS, "output": "crf", "words": WORDS}, tensors, words, network)


@pytest.fixture
def models(tmp_path, float_members) -> tuple[Tagger, Tagger]:
    """The float model and its int8 version, both loaded from files."""
    write_model(tmp_path / "float.ner", float_members)
    write_model(tmp_path / "int8.ner", int8_members(read_model(tmp_path / "float.ner")))
    return Tagger.load(tmp_path / "float.ner"), Tagger.load(tmp_path / "int8.ner")


def test_int8_emissions_are_close_to_the_float_emissions(models):
    rng = np.random.default_rng(0)
    sentences = [[WORDS[i] for i in rng.integers(0, V, length)] for length in rng.integers(1, 30, 40)]
    pairs = list(zip(*(tagger.emissions(sentences) for tagger in models), strict=True))
    scale = max(np.abs(expected).max() for expected, _ in pairs)
    assert max(np.abs(expected - found).max() for expected, found in pairs) < 0.05 * scale
    expected, found = (tagger.tag_tokens(sentences) for tagger in models)
    same = [a == b for one, other in zip(expected, found, strict=True) for a, b in zip(one, other, strict=True)]
    assert np.mean(same) > 0.97


def test_tensors_for_training_only_are_removed(models):
    float_model, int8_model = (tagger.model for tagger in models)
    assert set(int8_model.tensors) == set(float_model.tensors) - {"stack/layer0_forward/kernel"} | {"word_scales"}
    assert int8_model.tensors["word_vectors"].dtype == np.int8
    assert int8_model.tensors["word_keys"].dtype == np.int32
    for name in ("tag_keys", "tag_counts"):
        np.testing.assert_array_equal(int8_model.tensors[name], float_model.tensors[name])
    for name in ("words.onnx", "network.onnx"):
        assert len(int8_model.members[name]) < 0.6 * len(float_model.members[name])


def test_vectors_of_8_bits_and_their_keys_stay_as_they_are(tmp_path, float_members, models):
    tensors = dict(models[0].model.tensors)
    tensors["word_vectors"], tensors["vector_scales"] = quantize_columns(tensors["word_vectors"])
    write_model(tmp_path / "float.ner", float_members | {"weights.safetensors": save(tensors)})
    before = Tagger.load(tmp_path / "float.ner")
    write_model(tmp_path / "int8.ner", int8_members(before.model))
    after = Tagger.load(tmp_path / "int8.ner")
    for name in ("word_vectors", "vector_scales", "word_keys"):
        np.testing.assert_array_equal(after.model.tensors[name], tensors[name])
    assert set(after.model.tensors) == set(tensors) - {"stack/layer0_forward/kernel"}
    (expected,), (found,) = (tagger.emissions([WORDS[:20]]) for tagger in (before, after))
    assert np.abs(expected - found).max() < 0.05 * np.abs(expected).max()


def test_quantizing_twice_is_an_error(models):
    with pytest.raises(ModelFileError, match=r"int8\.ner: has int8 weights already"):
        int8_members(models[1].model)


@given(
    arrays(
        np.float16,
        st.tuples(st.integers(1, 5), st.integers(1, 6)),
        elements=st.floats(width=16, allow_nan=False, allow_infinity=False),
    )
)
def test_each_row_is_rounded_with_its_own_scale(table):
    numbers, codes = quantize_rows(table)
    assert numbers.dtype == np.int8
    assert codes.dtype == np.uint8
    restored = numbers * scale_of(codes)[:, None]
    step = 2 ** (1 / 9) * np.abs(table.astype(np.float32)).max(axis=1, keepdims=True) / 127
    assert (np.abs(restored - table) <= 0.501 * step + 2e-6).all()
    assert (numbers[table == 0] == 0).all()


@pytest.mark.parametrize("scales", [np.ones(V, np.uint8), np.ones(V + 1, np.float16), np.ones((V + 1, 1), np.uint8)])
def test_scales_that_do_not_match_the_vectors_are_an_error(tmp_path, models, model_parts, scales):
    members = dict(models[1].model.members)
    tensors = dict(read_tensors(members["weights.safetensors"])) | {"word_scales": scales}
    content = model_parts.members_of({}, tensors, b"", b"")["weights.safetensors"]
    write_model(tmp_path / "bad.ner", {**members, "weights.safetensors": content})
    with pytest.raises(ModelFileError, match=r"word_scales is .* expected uint8, one for each of 301 rows"):
        Tagger.load(tmp_path / "bad.ner")
