"""Tasks that one architecture can learn and another cannot."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable
from pathlib import Path

from nertagger import training
from nertagger.config import Config
from nertagger.corpus import read
from nertagger.evaluation import evaluate

NAMES = ["Teddy", "Rose", "May", "Mark", "Will", "Grace", "Art", "Bill"]
SURNAMES = ["Roosevelt", "Hale", "Miller", "Stone", "Field", "Marsh", "Wood", "Kern"]
THINGS = ["bears", "petals", "flowers", "boxes", "powers", "periods", "shows", "boards"]
LEARN = [
    "training.epochs=8",
    "training.refit=5",
    "training.learning_rate=0.02",
    "training.batch_size=8",
    "network.units=16",
    "network.dropout=0",
    "network.word_dropout=0",
]


def write(path: Path, sentences: Iterable[list[tuple[str, str]]]) -> str:
    path.write_text("\n".join("".join(f"{word}\t{tag}\n" for word, tag in rows) for rows in sentences))
    return str(path)


def right_context(count: int, seed: int) -> list[list[tuple[str, str]]]:
    """Return sentences whose first word is a name if, and only if, a surname follows it."""
    rng = random.Random(seed)
    sentences = []
    for _ in range(count):
        if rng.random() < 0.5:
            sentences.append([(rng.choice(NAMES), "B-PER"), (rng.choice(SURNAMES), "I-PER"), ("spoke", "O")])
        else:
            sentences.append([(rng.choice(NAMES), "O"), (rng.choice(THINGS), "O"), ("came", "O")])
    return sentences


def far_transition(count: int, seed: int) -> list[list[tuple[str, str]]]:
    """Return sentences that repeat one word, each pair an entity of two tokens: a tag depends on the words before."""
    rng = random.Random(seed)
    sentences = []
    for _ in range(count):
        pairs = rng.randint(1, 4)
        tags = ["B-X", "I-X"] * pairs
        sentences.append([("go", "O")] * rng.randint(0, 2) + [("na", tag) for tag in tags])
    return sentences


def dev_f1(config: Config) -> float:
    tagger = training.train(config)
    gold = read(config.data.dev[0])
    return evaluate(gold, tagger.tag_tokens([sentence.words for sentence in gold])).micro.f1


def test_a_bidirectional_layer_sees_context_that_a_forward_layer_does_not(
    tiny: Callable[..., Config], tmp_path: Path
) -> None:
    train, dev = (write(tmp_path / f"{seed}.conll", right_context(150, seed)) for seed in (1, 2))
    data = [f"data.train=['{train}']", f"data.dev=['{dev}']", *LEARN]
    data.append("network.output=softmax")
    both, forward = (dev_f1(tiny(*data, f"network.direction={name}")) for name in ("both", "forward"))
    assert both > 0.95
    assert forward < 0.9


def test_a_crf_learns_transitions_that_a_softmax_cannot(tiny: Callable[..., Config], tmp_path: Path) -> None:
    train, dev = (write(tmp_path / f"{seed}.conll", far_transition(150, seed)) for seed in (1, 2))
    # Backward layers alone cannot count from the left; the features of the words are all equal.
    data = [f"data.train=['{train}']", f"data.dev=['{dev}']", *LEARN, "network.direction=backward"]
    crf, softmax = (dev_f1(tiny(*data, f"network.output={output}", "network.units=2")) for output in ("crf", "softmax"))
    assert crf > softmax + 0.05
