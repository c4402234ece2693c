"""Every setting is used: another value of any field of the configuration changes the data, the network or the run."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import keras
import numpy as np
import pytest

from nertagger.config import Config
from nertagger.config.language_model import LanguageModelConfig
from nertagger.errors import NerTaggerError
from nertagger.modelfile.writer import write_model
from nertagger.training.data import load_dataset
from nertagger.training.language_model import train_lm
from nertagger.training.loop.checkpoint import COMMAND
from nertagger.training.loop.reports import LoggingListener
from nertagger.training.loop.run_folder import RunFolder
from nertagger.training.loop.schedule import Schedule
from nertagger.training.loop.steps import AfterStep, make_optimizer
from nertagger.training.loop.weights import get_weights
from nertagger.training.model_writing import model_members
from nertagger.training.run import run_folder
from nertagger.training.selection.dev_scorer import DevScorer
from nertagger.training.splits import read_test
from nertagger.training.state import build_network
from nertagger.training.tagger_run import TaggerRun
from tests.training.encoder.small_encoders import encoder_members

CONLL = """\
Zoë\tB-PER
Ito\tI-PER
met\tO
Bo\tB-PER
in\tO
Oslo\tB-LOC
.\tO

Bo\tB-PER
saw\tO
Oslo\tB-LOC
in\tO
2020\tO
!\tO
"""
FILES = {
    "a.conll": CONLL,
    "b.conll": CONLL.replace("Oslo", "Rome"),
    "empty.conll": "No\tO\n\n" * 10,
    "ragged.conll": CONLL.replace("met\tO", "met\tO\tO"),
    "a.txt": "bo 1 2\nin 3 4\noslo 5 6\n",
    "names.tsv": "Bo\tPER\nZoë Ito\tPER\nOslo\tPLACE\n",
    "b.txt": "bo 1 2 3\nin 3 4 5\n",
}
SMALL = (
    'data.train=["{folder}/a.conll"]',
    'data.dev=["{folder}/a.conll"]',
    "encoder.source=none",
    "words.size=2",
    "words.min_count=1",
    "characters.size=2",
    "characters.units=2",
    "shapes.size=2",
    "shapes.min_count=1",
    "network.cell=simple",
    "network.direction=forward",
    "network.layers=1",
    "network.units=2",
    "network.dense=[]",
    "output.model={folder}/model.ner",
    "output.run={folder}/run",
)
ENCODER_SETTINGS = {
    "characters": {"size": 2, "units": 2},
    "shapes": {"size": 2},
    "network": {"cell": "simple", "direction": "forward", "layers": 1, "units": 2},
}
SCORES = (0.5, *[0.4] * 200)
Observer = Callable[[Config], Any]


def sentences(config: Config) -> Any:
    """Return the sentences that are read."""
    data = load_dataset(config)
    return [[(sentence.words, sentence.tags) for sentence in part] for part in (data.train, data.dev)]


def sentences_for_testing(config: Config) -> Any:
    """Return the test sentences."""
    return [(sentence.words, sentence.tags) for sentence in read_test(config, {})]


def tokenizer(config: Config) -> Any:
    """Return the tokenizer of raw text."""
    return load_dataset(config).tokenizer


def table(config: Config) -> Any:
    """Return the pretrained vectors."""
    vectors = load_dataset(config).vectors
    return None if vectors is None else vectors.numbers.tolist()


def inputs(config: Config) -> Any:
    """Return the network's inputs for the words."""
    words = load_dataset(config).encoded.batch([0, 1]).words
    return {name: array.tolist() for name, array in words.items()}


def weights(config: Config) -> Any:
    """Return the shapes of the network's weights."""
    data = load_dataset(config)
    network = build_network(data.config, data)
    return {name: array.shape for name, array in get_weights(network).items()}


def graph(config: Config) -> bytes:
    """Return the graph of the network in the model file, with initial weights from a fixed seed."""
    data = load_dataset(config)
    keras.utils.set_random_seed(1)
    return model_members(config, data, get_weights(build_network(config, data)), {})["network.onnx"]


def emissions(config: Config) -> Any:
    """Return the emissions in training mode, with a fixed seed."""
    data = load_dataset(config)
    keras.utils.set_random_seed(1)
    network = build_network(config, data)
    batch = data.encoded.batch([0, 1])
    keras.utils.set_random_seed(1)
    found = network({**batch.words, **batch.context, "index": batch.index, "lengths": batch.lengths}, training=True)
    return np.asarray(found).tolist()


def optimizer(config: Config) -> Any:
    """Return the optimizer and its settings."""
    made = make_optimizer(config.training)
    return type(made).__name__, {**made.get_config(), "name": ""}  # Keras numbers the names


def vocabulary(config: Config) -> Any:
    """Return the characters that are known."""
    return load_dataset(config).features.to_dict()


def factors(config: Config) -> Any:
    """Return what the learning rate is multiplied by for each weight; None without an encoder."""
    data = load_dataset(config)
    return getattr(build_network(data.config, data).optimizer, "factors", None)


def schedule(config: Config) -> list[float]:
    """Return the learning rate of each epoch when the first one scores best."""
    course = Schedule.begin(config.training, steps=1, refit_steps=1)
    rates = []
    for epoch, score in enumerate(SCORES, start=1):
        rates.append(course.learning_rate)
        course.epoch_done(epoch, score, config.training)
        if course.is_over(epoch, config.training):
            break
    return rates


def begin(config: Config, listener: LoggingListener | None = None) -> TaggerRun:
    """Return a run before its first step."""
    path = run_folder(config)
    path.mkdir(parents=True, exist_ok=True)
    return TaggerRun(config, listener or LoggingListener(), RunFolder(path, config.output.model, [], COMMAND))


def run(config: Config) -> Any:
    """Return weights, batches, average and learning rate of a run before its first step."""
    begun = begin(config)
    return {
        "weights": {name: array.tolist() for name, array in get_weights(begun.state.network).items()},
        "batches": [{name: array.tolist() for name, array in batch.words.items()} for batch in begun._batches(0)],
        "decay": begun.state.average.decay,
        "learning_rate": begun.state.progress.schedule.learning_rate,
    }


def first_epoch(config: Config) -> int:
    """Return the number of sentences in an epoch."""
    return len(begin(config)._members(np.random.default_rng(0)))


def only_report(network: Any, batches: Any, *, steps: int, after: AfterStep, **_: Any) -> None:
    """Report the steps of an epoch without doing them, in place of `run_epoch`."""
    after.set_model(network)
    for step in range(steps):
        after.on_train_batch_end(step, {"loss": 1.0})


def rates(config: Config) -> list[float]:
    """Return the learning rate at each step of the run."""
    found = []
    listener = LoggingListener()
    begun = begin(config, listener)
    listener.on_step = lambda *_: found.append(float(begun.state.network.optimizer.learning_rate))  # type: ignore[method-assign]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("nertagger.training.tagger_run.run_epoch", only_report)
        begun.finish()
    return found


def biases(config: Config) -> dict[str, float]:
    """Return the biases for a network that scores the tag S-LOC of every word a little too low."""
    data = load_dataset(config)
    start = get_weights(build_network(config, data))
    start["emit/kernel"][:] = 0
    start["emit/bias"][:] = [{"O": 0.0, "S-LOC": -1.2}.get(tag, -9.0) for tag in data.tags]
    return DevScorer(config, data).score(start).biases


class Case(NamedTuple):
    """Another value of a field, the observer whose result must differ, and settings under which the field matters."""

    value: str
    observe: Observer
    given: tuple[str, ...] = ()


VECTORS = ("words.vectors={folder}/a.txt",)
PLATEAU = ("training.schedule=plateau", "training.epochs=20")
ENCODER = ("encoder.source={folder}/a.enc",)
NAMES = 'features.gazetteers=["{folder}/names.tsv"]'
LANGUAGE = ("features.language_model={folder}/a.lm",)
CASES = {
    "data.train": Case('["{folder}/b.conll"]', sentences),
    "data.dev": Case('["{folder}/b.conll"]', sentences),
    "data.test": Case('["{folder}/b.conll"]', sentences_for_testing),
    "data.format": Case("jsonl", sentences),
    "data.word_column": Case("1", sentences),
    "data.tag_column": Case("0", sentences),
    "data.encoding": Case("latin-1", sentences),
    "data.lenient": Case("true", sentences, ('data.train=["{folder}/ragged.conll"]',)),
    "text.tokenizer": Case("character", tokenizer),
    "encoder.source": Case("{folder}/a.enc", weights),
    "encoder.replay": Case('["{folder}/b.conll"]', vocabulary),
    "encoder.replay_share": Case("0.9", first_epoch, (f"encoder.replay={['{folder}/empty.conll']}",)),
    "encoder.learning_rate": Case("0.5", factors, ENCODER),
    "words.input": Case("one-hot", weights),
    "words.vectors": Case("{folder}/b.txt", table, VECTORS),
    "words.max_vectors": Case("1", table, VECTORS),
    "words.size": Case("3", weights),
    "words.fine_tune": Case("1", weights, VECTORS),
    "words.unknown_rate": Case("0.9", emissions, ("network.dropout=0", "network.word_dropout=0")),
    "words.min_count": Case("2", inputs),
    "words.max_words": Case("1", inputs),
    "words.tag_shares": Case("false", weights),
    "characters.encoder": Case("bilstm", weights),
    "characters.size": Case("3", weights),
    "characters.units": Case("4", weights),
    "characters.width": Case("2", weights),
    "characters.max_length": Case("2", inputs),
    "shapes.size": Case("3", weights),
    "shapes.min_count": Case("9", inputs),
    "features.gazetteers": Case('["{folder}/names.tsv"]', weights),
    "features.gazetteer_dropout": Case("0.9", emissions, ("network.word_dropout=0", "network.dropout=0", NAMES)),
    "features.language_model": Case("{folder}/a.lm", weights),
    "features.projection": Case("3", weights, LANGUAGE),
    "features.fine_tune": Case("true", weights, LANGUAGE),
    "features.dropout": Case("0.9", emissions, ("network.word_dropout=0", "network.dropout=0", *LANGUAGE)),
    "network.cell": Case("gru", weights),
    "network.direction": Case("both", weights),
    "network.layers": Case("2", weights),
    "network.units": Case("3", weights),
    "network.dense": Case("[3]", weights),
    "network.output": Case("softmax", weights),
    "network.precision": Case("float32", graph, ("network.cell=lstm",)),
    "network.dropout": Case("0.8", emissions, ("network.word_dropout=0",)),
    "network.word_dropout": Case("0.8", emissions, ("network.dropout=0",)),
    "training.epochs": Case("3", schedule),
    "training.patience": Case("7", schedule),
    "training.refit": Case("1", rates, ("training.epochs=1", "output.model={folder}/m.ner")),
    "training.members": Case("2", rates, ("training.epochs=1", "output.model={folder}/m.ner")),
    "training.batch_size": Case("1", run),
    "training.lower_case": Case("0.9", run),
    "training.skip_empty": Case("0.9", first_epoch, (f"data.train={['{folder}/a.conll', '{folder}/empty.conll']}",)),
    "training.optimizer": Case("sgd", optimizer),
    "training.learning_rate": Case("0.5", run),
    "training.weight_decay": Case("0.1", optimizer, ("training.optimizer=adamw",)),
    "training.schedule": Case("plateau", schedule),
    "training.anneal_factor": Case("0.25", schedule, PLATEAU),
    "training.anneal_patience": Case("1", schedule, PLATEAU),
    "training.clip": Case("value", optimizer),
    "training.clip_at": Case("0.5", optimizer),
    "training.average": Case("0.5", run),
    "training.entity_bias": Case("false", biases, (f"data.dev={['{folder}/a.conll'] * 4}",)),
    "training.seed": Case("2", run),
    "output.model": Case("{folder}/other.ner", run_folder, ("output.run=",)),
    "output.run": Case("{folder}/elsewhere", run_folder),
}


def field_names() -> Iterator[str]:
    for section in Config.model_fields:
        yield from (f"{section}.{key}" for key in type(getattr(Config(), section)).model_fields)


def test_every_field_has_a_case() -> None:
    assert sorted(CASES) == sorted(field_names())


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("files")
    for name, text in FILES.items():
        (made / name).write_text(text, encoding="utf-8")
    (made / "lines.txt").write_text("Bo saw Oslo .\n\n" * 40, encoding="utf-8")
    write_model(made / "a.enc", encoder_members(settings=ENCODER_SETTINGS))
    small = {"units": 2, "size": 2, "batch_size": 2, "window": 9, "steps": 1, "evaluate_every": 1, "min_count": 1}
    train_lm(LanguageModelConfig.from_values({**small, "text": [str(made / "lines.txt")], "model": str(made / "a.lm")}))
    return made


@pytest.fixture(scope="module")
def observe(folder: Path) -> Callable[..., Any]:
    """Return a function that calls an observer on the small configuration with these settings; results are cached."""
    seen: dict[tuple[Observer, str], Any] = {}

    def observe(observer: Observer, *settings: str) -> Any:
        config = Config.from_values({}, [text.replace("{folder}", folder.as_posix()) for text in (*SMALL, *settings)])
        key = (observer, config.to_toml())
        if key not in seen:
            try:
                seen[key] = observer(config)
            except NerTaggerError as error:
                seen[key] = str(error)
        return seen[key]

    return observe


@pytest.mark.parametrize("name", CASES)
def test_another_value_changes_the_result(name: str, observe: Callable[..., Any]) -> None:
    value, observer, given = CASES[name]
    before = observe(observer, *given)
    assert name == "data.lenient" or not isinstance(before, str), before
    assert observe(observer, *given, f"{name}={value}") != before


@pytest.mark.parametrize("observer", sorted({case.observe for case in CASES.values()}, key=lambda f: f.__name__))
def test_the_same_value_gives_the_same_result(observer: Observer, folder: Path) -> None:
    """Without this, the test above would prove nothing."""
    settings = [text.replace("{folder}", folder.as_posix()) for text in (*SMALL, "training.epochs=2")]
    assert observer(Config.from_values({}, settings)) == observer(Config.from_values({}, settings))
