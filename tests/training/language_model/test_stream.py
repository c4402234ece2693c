"""Windows of a text: every symbol is read once per pass, in order, and held-out text is never read."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path

import numpy as np
import pytest

from nertagger.config.language_model import LanguageModelConfig
from nertagger.errors import TrainingError
from nertagger.training.language_model import stream
from nertagger.training.language_model.stream import TextStream, Window

Make = Callable[..., LanguageModelConfig]


def runs(windows: Iterator[Window], direction: str) -> Iterator[np.ndarray]:
    """Yield the inputs (T, B) of each block, which begins with a fresh window."""
    parts: list[np.ndarray] = []
    for window in windows:
        if window.is_fresh and parts:
            yield np.concatenate(parts)
            parts = []
        parts.append(window.inputs[direction])


def decoded(text: TextStream, ids: np.ndarray) -> str:
    return "".join((["?", *text.symbols.items])[i] for i in ids)


@pytest.mark.parametrize("block", [40, 150, 1 << 22])
def test_a_pass_reads_the_text_in_order(
    block: int, small: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stream, "BLOCK", block)
    dev = tmp_path / "dev.txt"
    dev.write_text("the dog sat")
    config = small(dev=str(dev), batch_size=2)
    text = TextStream(config)
    lines = [line for line in Path(config.text[0]).read_text().splitlines() if line]
    wanted = "\n" + "".join(f"{line}\n" for line in lines)
    found = ""
    for ids in islice(runs(text.windows(), "forward"), 1 + len(wanted) // block):
        found += decoded(text, ids.T.ravel())
    found = found[: len(wanted)]
    known = {symbol: symbol for symbol in text.symbols.items}
    assert found == "".join(known.get(symbol, "?") for symbol in wanted)[: len(found)]
    assert len(found) >= len(wanted) - config.batch_size


def test_a_backward_model_reads_the_same_block_from_its_end(small: Make) -> None:
    text = TextStream(small())
    windows = list(islice(text.windows(), 60))
    stop = next(i for i, window in enumerate(windows) if i and window.is_fresh)
    block = [*windows[:stop], windows[0]]
    forward, backward = (next(runs(iter(block), direction)).T.ravel() for direction in ("forward", "backward"))
    assert forward[1:].tolist() == backward[::-1][:-1].tolist()


def test_targets_are_the_next_symbols(small: Make) -> None:
    for window in islice(TextStream(small()).windows(), 3):
        for name, inputs in window.inputs.items():
            assert (inputs[1:] == window.targets[name][:-1]).all()


def test_the_end_of_the_first_block_is_held_out(small: Make) -> None:
    text = TextStream(small())
    lines = [line for line in Path(small().text[0]).read_text().splitlines() if line]
    held_out = decoded(text, text.held_out)
    count = held_out.count("\n") - 1
    assert held_out == "\n" + "".join(f"{line}\n" for line in lines[len(lines) - count :])
    assert 0 < len(held_out) - 1 <= sum(map(len, lines)) / 20 + max(map(len, lines)) + 1
    first = next(runs(text.windows(), "forward"))
    assert first.size <= sum(len(line) + 1 for line in lines) - len(held_out) + 2


def test_the_vocabulary_excludes_the_held_out_text(small: Make, tmp_path: Path) -> None:
    path = tmp_path / "t.txt"
    path.write_text("ab ab\n" * 60 + "xyz xyz\n")
    assert "x" not in TextStream(small(text=[str(path)])).symbols.items


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "got 0 symbols of text"),
        ("a\n", "expected more than batch_size, 3"),
        ("abc " * 99, "got no line of held-out text"),
    ],
)
def test_too_little_text_is_rejected(content: str, message: str, small: Make, tmp_path: Path) -> None:
    path = tmp_path / "t.txt"
    path.write_text(content)
    with pytest.raises(TrainingError, match=message):
        TextStream(small(text=[str(path)], min_count=1))
