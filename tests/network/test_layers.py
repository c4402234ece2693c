"""The contract of Keras layers: each is rebuilt from its configuration, and its outputs have the promised shape."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import keras
import numpy as np
import pytest

from nertagger.config import Config
from nertagger.config.language_model import LanguageModelConfig
from nertagger.decoding.transitions import legal_transitions
from nertagger.network.cells import CELLS
from nertagger.network.crf import CRF
from nertagger.network.language_model import ContextReader, LanguageNetwork, LanguageReader
from nertagger.network.recurrent import RecurrentLayer, RecurrentStack
from nertagger.network.shapes import EncoderDecoder, SequenceNetwork, Stack, VectorNetwork
from nertagger.network.tagger import TaggerNetwork
from nertagger.network.words import CharacterBiLSTM, CharacterCNN, InputDropout, OneHot, UnknownDropout, WordEncoder
from nertagger.text.schemes import bioes_tags

LEGAL = legal_transitions(bioes_tags(["X"]))
LANGUAGE = LanguageModelConfig(units=5, size=4, layers=2)
SIZES = {"vectors": 3, "word_ids": 7, "characters": 9, "shapes": 4, "tag_shares": 5, "gazetteer": 8, "context": 10}


def word_encoder() -> WordEncoder:
    parts = {
        "word_ids": keras.layers.Embedding(7, 3, name="word_ids"),
        "characters": CharacterCNN(9, size=3, units=4, width=3, name="characters"),
        "shapes": OneHot(4, name="shapes"),
    }
    return WordEncoder(parts, vectors=3, tag_shares=5, gazetteer=8, gazetteer_rate=0.4, unknown_rate=0.2, name="words")


def tagger(*, fine_tuned: bool = False, **network: Any) -> TaggerNetwork:
    config = Config(network={"units": 4, "dense": [3], **network}, words={"input": "pretrained", "vectors": "v.txt"})
    return TaggerNetwork(
        config, sizes=SIZES, legal=LEGAL, language=(LANGUAGE, 8) if fine_tuned else None, name="tagger"
    )


MAKERS: dict[str, Callable[[], keras.layers.Layer]] = {
    **{name: lambda cell=cell: cell(4, precision="bfloat16", name="c") for name, cell in CELLS.items()},
    "layer": lambda: RecurrentLayer("gru", 4, backward=True, memory=9.0, precision="bfloat16", name="r"),
    "stack": lambda: RecurrentStack("lstm", 4, layers=2, direction=("both", "forward"), dropout=0.1, name="s"),
    "crf": lambda: CRF(*LEGAL, name="crf"),
    "one-hot": lambda: OneHot(4, name="o"),
    "unknown": lambda: UnknownDropout(0.3, name="u"),
    "input": lambda: InputDropout(0.3, name="i"),
    "cnn": lambda: CharacterCNN(9, size=3, units=4, width=3, name="c"),
    "bilstm": lambda: CharacterBiLSTM(9, size=3, units=4, name="c"),
    "words": word_encoder,
    "reader": lambda: LanguageReader(LANGUAGE, 8, name="reader"),
    "language": lambda: LanguageNetwork(LANGUAGE, 8, name="forward"),
    "context": lambda: ContextReader(LANGUAGE, 8, name="context"),
    "tagger": tagger,
    "tagger-softmax": lambda: tagger(output="softmax"),
    "tagger-fine-tuned": lambda: tagger(fine_tuned=True),
    "one-to-one": lambda: VectorNetwork(Stack("gru", 4, dense=[3]), outputs=2),
    "many-to-one": lambda: SequenceNetwork(Stack(units=4), symbols=5, outputs=2, at_end=True, name="many_to_one"),
    "encoder-decoder": lambda: EncoderDecoder(Stack(units=4, direction="both"), symbols=5, outputs=6),
}


@pytest.mark.parametrize("make", MAKERS.values(), ids=MAKERS)
def test_a_layer_is_rebuilt_from_its_configuration(make: Callable[[], keras.layers.Layer]) -> None:
    layer = make()
    config = json.loads(json.dumps(layer.get_config()))
    rebuilt = type(layer).from_config(config)
    assert json.loads(json.dumps(rebuilt.get_config())) == config
    assert rebuilt.name == layer.name


@pytest.mark.parametrize("name", ["words", "reader", "language", "context"])
def test_a_rebuilt_layer_has_the_same_weights(name: str) -> None:
    layer = MAKERS[name]()
    rebuilt = type(layer).from_config(layer.get_config())
    layer.build()
    rebuilt.build()
    shapes = [[(v.path, tuple(v.shape)) for v in each.trainable_variables] for each in (layer, rebuilt)]
    assert shapes[0] == shapes[1]
    assert shapes[0]


@pytest.mark.parametrize(
    ("name", "inputs"),
    [
        ("layer", [np.zeros((3, 2, 5), np.float32), np.arange(6, dtype=np.int32)]),
        ("stack", [np.zeros((3, 2, 5), np.float32), np.array([3, 1], np.int32)]),
        ("cnn", [np.ones((3, 5), np.int32)]),
        ("bilstm", [np.ones((3, 5), np.int32)]),
        ("one-hot", [np.ones((3, 5), np.int32)]),
        ("unknown", [np.ones((3,), np.int32)]),
    ],
)
def test_outputs_have_the_promised_shape(name: str, inputs: list[np.ndarray]) -> None:
    layer = MAKERS[name]()
    assert tuple(layer(*inputs).shape) == tuple(layer.compute_output_shape(*(x.shape for x in inputs)))


def word_inputs() -> dict[str, np.ndarray]:
    return {
        "vectors": np.zeros((2, 3), np.float32),
        "word_ids": np.zeros((2,), np.int32),
        "characters": np.ones((2, 4), np.int32),
        "shapes": np.zeros((2,), np.int32),
        "tag_shares": np.zeros((2, 5), np.float32),
        "gazetteer": np.ones((2, 8), np.float32),
    }


def test_the_word_encoder_has_the_promised_width() -> None:
    encoder = word_encoder()
    assert encoder(word_inputs()).shape[-1] == encoder.compute_output_shape()[-1] == 3 + 4 + 4 + 5 + 8


def test_the_input_dropout_hides_whole_words_and_changes_nothing_else() -> None:
    ones = np.ones((2000, 3), np.float32)
    dropped = np.array(InputDropout(0.3)(ones, training=True))
    np.testing.assert_allclose(dropped, np.repeat(dropped[:, :1], 3, axis=1))
    np.testing.assert_allclose(np.unique(dropped), [0, 1], atol=1e-6)
    assert dropped[:, 0].mean() == pytest.approx(0.7, abs=0.05)
    np.testing.assert_array_equal(InputDropout(0.3)(ones), ones)


def test_masks_pass_through_layers_that_keep_time_steps() -> None:
    masked = keras.layers.Masking()(np.ones((4, 3, 5), np.float32))
    for layer in (RecurrentStack("gru", 4), keras.layers.Dropout(0.1)):
        arguments = [np.array([4, 4, 4], np.int32)] if isinstance(layer, RecurrentStack) else []
        assert layer(masked, *arguments)._keras_mask.shape == (4, 3)


def tagger_inputs() -> dict[str, np.ndarray]:
    return {
        **word_inputs(),
        "index": np.array([[0], [1], [0]], np.int32),
        "lengths": np.array([3], np.int32),
        "context": np.zeros((3, 1, 10), np.float32),
    }


def test_a_rebuilt_tagger_has_the_same_weights_by_the_same_names() -> None:
    network = tagger()
    rebuilt = TaggerNetwork.from_config(network.get_config())
    for each in (network, rebuilt):
        assert each(tagger_inputs()).shape == (3, 1, len(LEGAL[1]))
    shapes = [[(v.path, tuple(v.shape)) for v in each.trainable_variables] for each in (network, rebuilt)]
    assert shapes[0] == shapes[1]
    assert {"tagger/crf/transitions", "tagger/stack/layer0_forward/loop/cell/recurrent"} <= {n for n, _ in shapes[0]}


def test_computing_the_loss_creates_no_layers_or_variables() -> None:
    network = tagger()
    network(tagger_inputs())
    layers, variables = list(network._flatten_layers()), list(network.variables)
    loss = network.compute_loss(tagger_inputs(), np.zeros((3, 1), np.int32), network(tagger_inputs()))
    assert np.isfinite(float(loss))
    assert list(network._flatten_layers()) == layers
    assert [v.path for v in network.variables] == [v.path for v in variables]
