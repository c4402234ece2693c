"""Files given in the wrong place: an error of one line says what to do."""

from __future__ import annotations

import json
import shutil
import tarfile
import zipfile
from pathlib import Path

import pytest

from nertagger.cli import main
from nertagger.config.language_model import LanguageModelConfig
from nertagger.features.vocabulary import Vocabulary
from nertagger.modelfile.writer import write_model
from nertagger.network.language_model import LanguageNetwork
from nertagger.training.language_model.model_writing import language_members
from nertagger.training.loop.weights import get_weights

CONFIGURATION = "expected a configuration (see nertagger init)"


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, lexicon_model: Path) -> Path:
    """A model, annotated and raw text, a folder and an archive, in the working folder."""
    monkeypatch.chdir(tmp_path)
    shutil.copy(lexicon_model, tmp_path / "model.ner")
    (tmp_path / "train.conll").write_text("Ann B-PER\nran O\n")
    (tmp_path / "text.txt").write_text("Ann ran.\n")
    (tmp_path / "nothing.txt").touch()
    (tmp_path / "config.toml").write_text('[data]\ntrain = ["train.conll"]\n')
    (tmp_path / "folder").mkdir()
    (tmp_path / "model.run").mkdir()
    (tmp_path / "model.run" / "config.toml").write_text("")
    with zipfile.ZipFile(tmp_path / "some.zip", "w") as archive:
        archive.writestr("a.txt", "hello")
    shutil.copy("some.zip", "report.docx")
    zipfile.ZipFile(tmp_path / "empty.zip", "w").close()
    with tarfile.open(tmp_path / "some.tar.gz", "w:gz") as archive:
        archive.add("text.txt")
    return tmp_path


@pytest.mark.parametrize(("line", "message"), [
    ("train train.conll", "train.conll: is not a configuration (see nertagger init); did you mean --train train"),
    ("train text.txt", "text.txt: is not a configuration (see nertagger init); did you mean --train text.txt?"),
    ("train model.ner", f"model.ner: is a model file, {CONFIGURATION}"),
    ("train some.zip", f"some.zip: is a zip archive or office document, {CONFIGURATION}"),
    ("train folder", f"folder: is a folder, {CONFIGURATION}; name the file in it"),
    ("train model.run", f"model.run: is a folder, {CONFIGURATION}; did you mean --resume model.run?"),
    ("cross-validate train.conll", "train.conll: is not a configuration (see nertagger init); did you mean --train"),
    ("tune train.conll --search network.units=1,2", "train.conll: is not a configuration (see nertagger init); did"),
    ("tag text.txt", "text.txt: is not a model file; nertagger train makes one"),
    ("tag text.txt model.ner", "text.txt: is not a model file; model.ner is one: name it first"),
    ("tag folder text.txt", "folder: is a folder, expected a model file, such as model.ner"),
    ("tag some.zip text.txt", "some.zip: is not a model file (a zip without manifest.json)"),
    ("tag model.ner model.ner", "model.ner: is a model file, expected text"),
    ("tag model.ner report.docx", "report.docx: is a zip archive or office document, expected text; unpack it, or"),
    ("evaluate train.conll model.ner", "train.conll: is not a model file; model.ner is one: name it first"),
    ("evaluate model.ner model.ner", "model.ner: is a model file, expected words with tags; a model is scored on"),
    ("score train.conll model.ner", "model.ner: is a model file, expected words with tags; a model is scored by:"),
    ("score model.ner train.conll", "model.ner: is a model file, expected words with tags; a model is scored by:"),
    ("score train.conll folder", "folder: is a folder, expected a file; name the file in it"),
    ("evaluate model.ner empty.zip", "empty.zip: is a zip archive or office document, expected text; unpack it, or"),
    ("evaluate model.ner some.tar.gz", "some.tar.gz: is a tar archive, expected text; unpack it, or"),
    ("evaluate model.ner nothing.txt", "nothing.txt: got no sentence, expected annotated text"),
    ("score train.conll some.zip", "some.zip: is a zip archive or office document, expected text; unpack it, or"),
    ("compare train.conll model.ner model.ner", "model.ner: is a model file, expected words with tags; let each model"),
    ("convert model.ner out.conll", "model.ner: is a model file, expected text"),
    ("split model.ner --out parts", "model.ner: is a model file, expected text"),
    ("tag model.ner config.toml", "config.toml: is a configuration, expected text or annotated sentences; nertagger"),
    ("convert config.toml out.conll", "config.toml: is a configuration, expected text or annotated sentences; nertag"),
    ("evaluate model.ner config.toml", "config.toml: is a configuration, expected text or annotated sentences; nertag"),
    ("inspect train.conll", "train.conll: is not a model file; nertagger train makes one"),
    ("inspect folder", "folder: is a folder, expected a model file, such as model.ner"),
    ("bench text.txt model.ner", "text.txt: is not a model file; model.ner is one: name it first"),
    ("bench model.ner model.ner", "model.ner: is a model file, expected text"),
    ("export train.conll --int8 -o x.ner", "train.conll: is not a model file; nertagger train makes one"),
    ("export model.ner --int8 -o model.ner", "model.ner: is read here, and would be lost; give the name of another"),
    ("activations text.txt model.ner", "text.txt: is not a model file; model.ner is one: name it first"),
    ("activations model.ner text.txt", 'text.txt: is a file, expected the text itself: "$(cat text.txt)"'),
    ("lm score model.ner text.txt", "model.ner: is not a language model; nertagger lm train makes one"),
    ("lm score text.txt model.ner", "text.txt: is not a model file; model.ner is one: name it first"),
    ("lm sample text.txt", "text.txt: is not a model file; nertagger lm train makes one"),
])  # fmt: skip
def test_files_in_the_wrong_place(files: Path, capsys, line: str, message: str) -> None:
    assert main(line.split()) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err.startswith(f"error: {message}")
    assert printed.err.count("\n") == 1


def test_check_says_what_a_file_is(files: Path, capsys) -> None:
    assert main(["check", "model.ner"]) == 1
    said = "1: error: the file cannot be read [unreadable]: is a"
    assert f"model.ner:{said} model file, expected" in capsys.readouterr().out
    assert main(["check", "config.toml"]) == 1
    assert f"config.toml:{said} configuration, expected" in capsys.readouterr().out


def test_a_configuration_is_read_as_text_if_that_is_asked_for(files: Path, capsys) -> None:
    assert main(["tag", "model.ner", "config.toml", "--format", "text"]) == 0
    assert "train.conll" in capsys.readouterr().out


@pytest.fixture
def language_model(files: Path) -> str:
    """An untrained language model of one word."""
    config = LanguageModelConfig(level="words", direction="forward", units=4, size=3)
    symbols = Vocabulary(["\n", "Ann"])
    network = LanguageNetwork(config, 4, name="forward")  # the end and unknown symbols too
    network.build()
    weights = {f"forward/{name}": array for name, array in get_weights(network).items()}
    write_model("m.lm", language_members(config, symbols, weights, {"step": 3}))
    return "m.lm"


def test_inspect_shows_a_language_model(language_model: str, capsys) -> None:
    assert main(["inspect", language_model]) == 0
    printed = capsys.readouterr().out
    for part in ("# A language model", "directions  forward", "level       words", "symbols  2 items", "step  3"):
        assert part in printed
    assert main(["inspect", language_model, "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["directions"], found["level"], found["vocabulary"]) == (["forward"], "words", {"symbols": 2})


@pytest.mark.parametrize("line", ["tag m.lm text.txt", "evaluate m.lm train.conll", "bench m.lm text.txt",
                                  "export m.lm --int8 -o x.ner"])  # fmt: skip
def test_a_language_model_is_no_tagger(language_model: str, capsys, line: str) -> None:
    assert main(line.split()) == 2
    assert capsys.readouterr().err == "error: m.lm: is a language model, expected a tagger; nertagger train makes one\n"
