"""``nertagger activations``."""

from __future__ import annotations

from pathlib import Path

import pytest

from nertagger.cli import main
from nertagger.config.language_model import LanguageModelConfig
from nertagger.features.vocabulary import Vocabulary
from nertagger.modelfile.writer import write_model
from nertagger.network.language_model import LanguageNetwork
from nertagger.training.language_model.model_writing import language_members
from nertagger.training.loop.weights import get_weights

TEXT = 'she said "no (not yet)" to him'


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    config = LanguageModelConfig(units=7, size=4, direction="forward")
    symbols = Vocabulary(["\n", *sorted(set(TEXT))])
    network = LanguageNetwork(config, len(symbols), name="forward")
    network.build()
    weights = {f"forward/{name}": array for name, array in get_weights(network).items()}
    path = tmp_path_factory.mktemp("lm") / "m.lm"
    write_model(path, language_members(config, symbols, weights, {}))
    return path


def test_units_that_follow_a_mark(model: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    page, picture = tmp_path / "a.html", tmp_path / "a.png"
    arguments = ["--follow", "brackets", "--count", "2", "-o", str(page), "-o", str(picture)]
    assert main(["activations", str(model), TEXT, *arguments]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 2
    assert all("for inside brackets" in line for line in lines)
    assert all(line in page.read_text() for line in lines)
    assert picture.read_bytes().startswith(b"\x89PNG")


def test_units_chosen_by_number(model: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["activations", str(model), TEXT, "--unit", "5", "--unit", "1"]) == 0
    assert capsys.readouterr().out == "unit 5\nunit 1\n"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--unit", "7"], "there is no unit 7; the layer has units 0 to 6"),
        (["--follow", "names"], "--follow names needs a tagger"),
        (["-o", "a.pdf"], "a.pdf: cannot be written, expected a name that ends in .html, .png or .svg"),
        (["--layer", "3"], "got layer 3, expected one from 0 to 0"),
        (["--direction", "backward"], "has no direction 'backward', only forward"),
    ],
)
def test_wrong_requests(model: Path, arguments: list[str], message: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["activations", str(model), TEXT, *arguments]) == 2
    assert message in capsys.readouterr().err


def test_a_tagger_without_recurrent_layer(lexicon_model: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A tagger without a recurrent layer has no hidden units."""
    assert main(["activations", str(lexicon_model), "Michelle spoke."]) == 2
    assert "no recurrent layer" in capsys.readouterr().err
