"""The weights that training starts with: which are the encoder's, and which are not."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from nertagger.errors import ModelFileError
from nertagger.training.encoder.weights import is_of_encoder, starting_weights
from nertagger.training.loop.weights import Weights
from tests.training.encoder.small_encoders import small_encoder

TAGS = ["O", "B-X", "E-X"]


def random_weights(*, vectors: int = 2, tags: int = 3, characters: int = 14, shapes: int = 6) -> Weights:
    """Return weights of a network from the small encoder, all of them -1."""
    weights = {name: -np.ones_like(array) for name, array in small_encoder().weights.items()}
    weights["words/characters/table/embeddings"] = -np.ones((characters, 3), np.float32)
    weights["words/shapes/embeddings"] = -np.ones((shapes, 2), np.float32)
    weights["words/word_ids/embeddings"] = np.zeros((4, vectors), np.float32)
    for direction in ("forward", "backward"):
        weights[f"stack/layer0_{direction}/kernel"] = -np.ones((vectors + 4 + 2 + tags, 20), np.float32)
    weights["emit/kernel"], weights["emit/bias"] = -np.ones((10, tags), np.float32), -np.ones(tags, np.float32)
    return weights


def widths(vectors: int = 2, tags: int = 3) -> dict[str, int]:
    return {"words": vectors, "characters": 4, "shapes": 2, "tag_shares": tags}


def test_known_ids_keep_their_rows_and_new_ones_start_as_unknown() -> None:
    encoder = small_encoder()
    begun = starting_weights(random_weights(), encoder, widths=widths(), tags=TAGS)
    for name, unknown in {"words/characters/table/embeddings": 1, "words/shapes/embeddings": 0}.items():
        known = encoder.weights[name]
        np.testing.assert_array_equal(begun[name], [*known, known[unknown], known[unknown]])


def test_inputs_that_the_encoder_lacks_start_at_random() -> None:
    encoder = small_encoder()
    begun = starting_weights(random_weights(vectors=3), encoder, widths=widths(vectors=3), tags=TAGS)
    for direction in ("forward", "backward"):
        known = encoder.weights[f"stack/layer0_{direction}/kernel"]
        kernel = begun[f"stack/layer0_{direction}/kernel"]
        np.testing.assert_array_equal(kernel[[0, 1, *range(3, 9)]], known)
        assert (kernel[[2, *range(9, 12)]] == -1).all()
    assert (begun["stack/layer1_forward/bias"] == encoder.weights["stack/layer1_forward/bias"]).all()
    assert (begun["emit/kernel"] == -1).all()


def tagger_of(tags: list[str]):
    """Return the small encoder with an output layer of which the weights of tag n are n."""
    encoder = small_encoder()
    numbers = np.arange(len(tags), dtype=np.float32)
    output = {"emit/kernel": np.tile(numbers, (10, 1)), "emit/bias": numbers}
    kernels = {
        name: np.concatenate([array, np.tile(numbers[:, None], (1, 20))])
        for name, array in encoder.weights.items()
        if "layer0" in name and name.endswith("kernel")
    }
    return replace(encoder, tags=tags, has_tag_shares=True, weights={**encoder.weights, **kernels, **output})


def test_the_output_of_known_tags_is_kept() -> None:
    encoder = tagger_of(["O", "B-A", "E-A", "B-X", "E-X"])
    tags = ["O", "B-X", "E-X", "S-New"]
    begun = starting_weights(random_weights(tags=4), encoder, widths=widths(tags=4), tags=tags)
    np.testing.assert_array_equal(begun["emit/bias"], [0, 3, 4, -1])
    np.testing.assert_array_equal(begun["emit/kernel"][0], [0, 3, 4, -1])
    np.testing.assert_array_equal(begun["stack/layer0_forward/kernel"][8:, 0], [0, 3, 4, -1])


def test_no_output_is_kept_if_no_label_is_the_same() -> None:
    begun = starting_weights(random_weights(), tagger_of(["O", "B-A", "E-A"]), widths=widths(), tags=TAGS)
    assert (begun["emit/bias"] == -1).all()


@pytest.mark.parametrize("change", ["missing", "shape"])
def test_weights_that_do_not_fit_are_an_error(change: str) -> None:
    encoder = small_encoder()
    name = "stack/layer1_forward/kernel"
    weights = {key: array for key, array in encoder.weights.items() if key != name}
    if change == "shape":
        weights[name] = np.zeros((3, 20), np.float32)
    with pytest.raises(ModelFileError, match=r"small\.enc: .*stack/layer1_forward/kernel is .*, expected \(10, 20\)"):
        starting_weights(random_weights(), replace(encoder, weights=weights), widths=widths(), tags=TAGS)


def test_the_weights_of_the_encoder() -> None:
    names = random_weights()
    others = {"words/word_ids/embeddings", "emit/kernel", "emit/bias"}
    assert {name for name in names if not is_of_encoder(name)} == others
