"""Contextual embeddings: the runtime agrees with Keras, whatever else is in the batch."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nertagger import training
from nertagger.config import Config
from nertagger.config.language_model import LanguageModelConfig
from nertagger.errors import ConfigError
from nertagger.features.contextual import contextual_inputs
from nertagger.features.vocabulary import Vocabulary
from nertagger.modelfile.writer import write_model
from nertagger.network.language_model import ContextReader, LanguageNetwork, LanguageReader
from nertagger.progress.records import EpochRecord
from nertagger.runtime import Tagger
from nertagger.runtime.windows import LONGEST
from nertagger.training.contextual import Language, RememberedContexts, compute_states, load_language
from nertagger.training.data import load_dataset
from nertagger.training.language_model.model_writing import language_members
from nertagger.training.loop.reports import LoggingListener
from nertagger.training.loop.weights import get_weights, set_weights
from nertagger.training.model_writing import model_members
from nertagger.training.state import build_network

SYMBOLS = Vocabulary(["\n", *"abcdefghijklmnopqrstuvwxyzABKLMNOPR .,!2"])
SENTENCES = [["Anna", "Kern", "met", "Bo"], ["Oslo", "!"], ["x"], ["😀", "a" * 130, "Zürich"], ["Rome"] * 30]
Make = Callable[..., Config]


def write_language_model(path: Path, **values: object) -> Path:
    """Write a language model with random weights; return its path."""
    config = LanguageModelConfig.from_values({"units": 5, "size": 4, "dropout": 0.0, **values})
    weights = {}
    for number, name in enumerate(config.directions):
        network = LanguageNetwork(config, len(SYMBOLS), name=name)
        network.build()
        rng = np.random.default_rng(number)
        for key, array in get_weights(network).items():
            weights[f"{name}/{key}"] = rng.normal(0, 0.5, array.shape).astype(np.float32)
    write_model(path, language_members(config, SYMBOLS, weights, {}))
    return path


@pytest.fixture(params=["lstm", "gru"])
def language(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    return write_language_model(tmp_path / f"{request.param}.lm", cell=request.param, layers=2)


def keras_states(language: Language, words: list[str]) -> np.ndarray:
    """Return the states (T, D) of one sentence by itself, read character by character in each direction."""
    seen = [word if len(word) <= 100 else word[:50] + word[-50:] for word in words]
    text = " ".join(seen)
    found = []
    for name in ("forward", "backward"):
        reader = LanguageReader(language.config, len(language.symbols), name=name)
        reader.build()
        set_weights(reader, {k.removeprefix(f"{name}/"): w for k, w in language.weights.items() if k.startswith(name)})
        ids = [1, *map(language.symbols.id, text if name == "forward" else text[::-1])]
        states, _ = reader(np.array(ids, np.int32)[:, None], reader.start(1))
        read = [
            len(" ".join(seen[: i + 1])) if name == "forward" else len(" ".join(seen[i:])) for i in range(len(words))
        ]
        found.append(np.array(states)[read, 0])
    return np.concatenate(found, axis=1) / 10


def test_states_are_those_of_the_language_model(language: Path) -> None:
    loaded = load_language(str(language))
    states = loaded.encoder()(SENTENCES)
    for column, words in enumerate(SENTENCES):
        np.testing.assert_allclose(states[: len(words), column], keras_states(loaded, words), atol=1e-5)


def test_a_fine_tuned_reader_computes_the_same_states(language: Path) -> None:
    loaded = load_language(str(language))
    reader = ContextReader(loaded.config, len(SYMBOLS), name="context")
    reader.build()
    set_weights(reader, loaded.weights)
    found = np.array(reader(contextual_inputs(SENTENCES, loaded.symbols)))
    wanted = loaded.encoder()(SENTENCES)
    for column, words in enumerate(SENTENCES):
        np.testing.assert_allclose(found[: len(words), column], wanted[: len(words), column], atol=1e-5)


@pytest.mark.parametrize(
    "variant",
    [[], ["features.fine_tune=true"], ["words.input=one-hot", "network.cell=gru"], ["network.layers=2"]],
    ids=str,
)
def test_runtime_agrees_with_keras(variant: list[str], tiny: Make, language: Path, tmp_path: Path) -> None:
    config = tiny(f"features.language_model={language}", "features.projection=3", *variant)
    dataset = load_dataset(config)
    network = build_network(config, dataset)
    rng = np.random.default_rng(3)
    weights = {n: rng.normal(0, 0.4, w.shape).astype(np.float32) for n, w in get_weights(network).items()}
    set_weights(network, weights)
    write_model(tmp_path / "m.ner", model_members(config, dataset, weights, {}))
    tagger = Tagger.load(tmp_path / "m.ner")
    encoder = None if config.features.fine_tune else dataset.language.encoder()
    if encoder is not None:
        assert tagger.model.members["context.onnx"] == load_language(str(language)).graph({})
    for words, found in zip(SENTENCES, tagger.emissions(SENTENCES), strict=True):
        context = contextual_inputs([words], SYMBOLS) if encoder is None else {"context": encoder([words])}
        index = np.arange(len(words), dtype=np.int32)[:, None]
        inputs = {
            **dataset.features.encode(words),
            **context,
            "index": index,
            "lengths": np.array([len(words)], np.int32),
        }
        np.testing.assert_allclose(found, np.array(network(inputs))[:, 0], atol=1e-4)


@pytest.fixture
def tagger(tiny: Make, tmp_path: Path) -> Tagger:
    """A tagger with a language model; all weights are random."""
    path = write_language_model(tmp_path / "wiki.lm")
    config = tiny(f"features.language_model={path}")
    dataset = load_dataset(config)
    network = build_network(config, dataset)
    rng = np.random.default_rng(4)
    weights = {n: rng.normal(0, 0.3, w.shape).astype(np.float32) for n, w in get_weights(network).items()}
    write_model(tmp_path / "m.ner", model_members(config, dataset, weights, {}))
    return Tagger.load(tmp_path / "m.ner", threads=2)


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    lengths=st.lists(st.integers(1, 30), min_size=1, max_size=20),
    sizes=st.tuples(st.integers(1, 100), st.integers(1, 200)),
    seed=st.integers(0, 9),
)
def test_emissions_depend_on_the_sentence_alone(tagger: Tagger, lengths: list[int], sizes, seed: int) -> None:
    """Neither batch size, order nor padding make a difference beyond the rounding of float32."""
    rng = np.random.default_rng(seed)
    words = ["Anna", "met", "Bo", "x" * 40, "😀", ".", "Oslo"]
    sentences = [[words[i] for i in rng.integers(0, len(words), length)] for length in lengths]
    alone = [tagger.emissions([sentence])[0] for sentence in sentences]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("nertagger.runtime.engine._TOKENS_PER_RUN", sizes[0])
        patch.setattr("nertagger.runtime.engine._TOKENS_PER_BATCH", sizes[1])
        together = tagger.emissions(sentences[::-1])[::-1]
    for one, other in zip(alone, together, strict=True):
        np.testing.assert_allclose(one, other, atol=1e-4)


def test_windows_of_a_sentence_have_the_emissions_of_the_whole(tagger: Tagger, monkeypatch: pytest.MonkeyPatch) -> None:
    words = ["Anna", "met", "Bo", "in", "Oslo", "."] * 200
    assert len(words) < LONGEST
    (whole,) = tagger.emissions([words])
    monkeypatch.setattr("nertagger.runtime.windows.MARGIN", 128)
    for name in ("windows", "engine"):
        monkeypatch.setattr(f"nertagger.runtime.{name}.LONGEST", 512)
    (parts,) = tagger.emissions([words])
    np.testing.assert_allclose(parts, whole, atol=1e-4)


@pytest.mark.slow
def test_contextual_embeddings_distinguish_equal_words(tiny: Make, tmp_path: Path) -> None:
    """A word is a name only before "Inc"; words, characters and shapes are equal, and the network has no memory."""
    blocks = [f"{word}\t{tag}\n{after}\tO\n" for word in "abcdefgh" for after, tag in (("Inc", "B-X"), ("met", "O"))]
    path = tmp_path / "inc.conll"
    path.write_text("\n".join(blocks))
    language = write_language_model(tmp_path / "wiki.lm", units=64)
    files = [f"data.train=['{path}']", f"data.dev=['{path}']", "network.direction=forward", "network.output=softmax"]
    learn = ["training.epochs=40", "training.batch_size=4", "training.learning_rate=0.03", "training.patience=40"]
    exact = ["features.dropout=0", "network.dropout=0", "network.word_dropout=0", "words.unknown_rate=0"]
    exact += ["training.skip_empty=0", "training.lower_case=0"]
    f1 = []
    for extra in ([], [f"features.language_model={language}"]):
        tagger = training.train(tiny(*files, *learn, *exact, *extra))
        f1.append(tagger.model.json("metrics.json")["dev"]["micro"]["f1"])
    assert f1[0] < 0.8
    assert f1[1] > 0.9


class StopAfter(LoggingListener):
    """Stops the run right after the checkpoint of an epoch."""

    def __init__(self, epoch: int) -> None:
        self.epoch = epoch

    def on_epoch(self, record: EpochRecord, *, best: bool) -> None:
        if record["epoch"] == self.epoch:
            raise KeyboardInterrupt


@pytest.mark.parametrize(
    ("stopped", "fine_tune"),
    [(1, "true"), *(pytest.param(*pair, marks=pytest.mark.slow) for pair in ((3, "true"), (1, "false"), (3, "false")))],
)
def test_a_resumed_run_writes_the_file_of_an_uninterrupted_one(
    stopped: int, fine_tune: str, tiny: Make, tmp_path: Path
) -> None:
    path = write_language_model(tmp_path / "wiki.lm")
    config = tiny(f"features.language_model={path}", f"features.fine_tune={fine_tune}", "training.refit=2")
    tagger = training.train(config)
    initial = load_language(str(path)).graph({})
    assert (bytes(tagger.model.members["context.onnx"]) == initial) == (fine_tune == "false")
    uninterrupted = Path(config.output.model).read_bytes()
    Path(config.output.model).unlink()
    with pytest.raises(KeyboardInterrupt):
        training.train(config, listener=StopAfter(stopped))
    training.resume(training.run_folder(config))
    assert Path(config.output.model).read_bytes() == uninterrupted


def test_states_are_cached() -> None:
    calls: list[object] = []

    def contexts(sentences):
        calls.append(sentences)
        return np.arange(6, dtype=np.float32).reshape(3, 1, 2).repeat(len(sentences), axis=1)

    remembered = RememberedContexts(contexts)
    first = remembered([["a", "b", "c"], ["d"]])
    again = remembered([["d"]])
    assert len(calls) == 1
    assert first[:, 0].tolist() == [[0, 1], [2, 3], [4, 5]]
    assert again.tolist() == [[[0, 1]]]
    assert compute_states(contexts, [["a"], ["b", "c"]])[1].tolist() == [[0, 1], [2, 3]]


@pytest.mark.parametrize("values", [{"direction": "forward"}, {"level": "words"}])
def test_an_unsuitable_language_model_is_rejected(values: dict, tmp_path: Path) -> None:
    path = write_language_model(tmp_path / "m.lm", **values)
    with pytest.raises(ConfigError, match="expected one of characters in both directions"):
        load_language(str(path))
