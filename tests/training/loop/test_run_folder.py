"""The folder of a run: checks before training, the files that remain, and its lock."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest

from nertagger import training
from nertagger.config import Config
from nertagger.errors import NerTaggerError, TrainingError
from nertagger.training import tagger_run
from nertagger.training.loop.checkpoint_file import FILE_NAME
from nertagger.training.loop.run_folder import RunFolder, Stopped

Make = Callable[..., Config]


@pytest.fixture
def folder(tmp_path: Path) -> RunFolder:
    data = tmp_path / "data.conll"
    data.write_text("Ann\tB-PER\n")
    return RunFolder(tmp_path / "new" / "m.run", str(tmp_path / "other" / "m.ner"), [str(data)], "nertagger train")


def names(path: Path) -> list[str]:
    return sorted(str(found.relative_to(path)) for found in path.rglob("*"))


def test_folders_left_empty_are_removed(folder: RunFolder, tmp_path: Path) -> None:
    with folder.held():
        assert names(tmp_path) == ["data.conll", "new", "new/m.run", "other"]
    assert names(tmp_path) == ["data.conll"]
    with pytest.raises(OSError, match="No space"), folder.held():
        full_disk()
    assert names(tmp_path) == ["data.conll"]
    with folder.held():
        (folder.path / "kept").touch()
    assert names(tmp_path) == ["data.conll", "new", "new/m.run", "new/m.run/kept"]
    (tmp_path / "other").mkdir()
    with folder.held():
        pass
    assert (tmp_path / "other").is_dir()  # existed before


def test_one_run_at_a_time(folder: RunFolder) -> None:
    with folder.held():
        problems: list[Exception] = []

        def other() -> None:
            try:
                with folder.held():
                    pass
            except NerTaggerError as error:
                problems.append(error)

        thread = threading.Thread(target=other)
        thread.start()
        thread.join()
        assert "m.run: another run is at work here; wait" in str(problems[0])
    with folder.held():
        pass


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such locks")
def test_the_lock_is_released_when_its_process_ends(tmp_path: Path) -> None:
    code = (
        "import sys, time; from pathlib import Path; from nertagger.files import locked\n"
        "with locked(Path(sys.argv[1])): print('locked', flush=True); time.sleep(60)"
    )
    folder = RunFolder(tmp_path, str(tmp_path / "m.ner"), [], "nertagger train")
    with subprocess.Popen([sys.executable, "-c", code, str(tmp_path)], stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        process.stdout.readline()
        with pytest.raises(NerTaggerError, match="another run is at work"), folder.held():
            pass
        process.kill()
    with folder.held():
        pass


def test_a_new_run_removes_the_files_of_an_earlier_one(folder: RunFolder) -> None:
    with folder.held():
        for name in (FILE_NAME, "log.jsonl", "notes.txt"):
            (folder.path / name).write_text("old")
        folder.begin("[data]\n")
        assert names(folder.path) == ["config.toml", "notes.txt"]


@pytest.mark.parametrize(("output", "problem"), [
    (".", r"\.: is a folder"), ("made", "made: is a folder"), ("no/", "no/: is a folder"),
    ("-", "-: is a stream"), ("/dev/null", "/dev/null: is a stream or device"),
    ("data.conll", r"data\.conll: is read here, and would be lost"),
    ("data.conll/m.ner", r"cannot be made a folder"),
    ("x" * 300 + ".ner", "cannot be written: File name too long"),
])  # fmt: skip
def test_an_invalid_output_is_rejected_before_training(
    output: str, problem: str, tiny: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "made").mkdir()
    (tmp_path / "data.conll").write_text("Ann\tB-PER\n")
    before = names(tmp_path)
    monkeypatch.setattr(tagger_run, "load_dataset", lambda *_, **__: pytest.fail("training has begun"))
    with pytest.raises(NerTaggerError, match=problem):
        training.train(tiny(f"output.model='{output}'", "data.train=['data.conll']", "output.run='r'"))
    assert names(tmp_path) == before


def test_unreadable_data_leave_no_folders(tiny: Make, tmp_path: Path) -> None:
    before = names(tmp_path)
    with pytest.raises(NerTaggerError, match="cannot be read"):
        training.train(tiny(f"output.model='{tmp_path}/a/b/m.ner'", "data.dev=['absent']"))
    assert names(tmp_path) == before


def test_too_little_disk_space_is_an_error(folder: RunFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    with folder.held():
        (folder.path / FILE_NAME).write_bytes(b"x" * 1000)
        folder.check_space(1000)
        monkeypatch.setattr("shutil.disk_usage", lambda _: SimpleNamespace(free=10))
        with pytest.raises(TrainingError, match=r"0\.0 MB are free"):
            folder.check_space(1000)


def full_disk(*_: object, **__: object) -> None:
    raise OSError(28, "No space left on device")


def test_the_error_of_a_full_disk_names_the_file_and_the_remedy(folder: RunFolder) -> None:
    with folder.held():
        alone = r"log\.jsonl: cannot be written: No space left on device; make room$"
        with pytest.raises(TrainingError, match=alone), folder.writing("log.jsonl"):
            full_disk()
        (folder.path / FILE_NAME).touch()
        going_on = rf"make room, then resume with: nertagger train --resume {folder.path}$"
        with pytest.raises(TrainingError, match=going_on), folder.writing("log.jsonl"):
            full_disk()
        elsewhere = rf"m\.ner: .* write it elsewhere with: nertagger train --resume {folder.path} --out OTHER$"
        with pytest.raises(TrainingError, match=elsewhere), folder.writing_output():
            full_disk()


@pytest.mark.parametrize(("change", "advice"), [
    ({}, "nertagger train --resume 'a run'"),
    ({"renamed": True}, "nertagger train --resume 'a run' --out 'my model.ner'"),
    ({"is_kept": False}, ""),
    ({"inputs": ["/dev/stdin"]}, ""), ({"inputs": ["-"]}, ""), ({"inputs": ["absent"]}, ""),
])  # fmt: skip
def test_resuming_is_advised_only_where_it_would_work(
    change: dict[str, object], advice: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    values: dict[str, object] = {"inputs": [], **change}
    run = RunFolder(Path("a run"), "my model.ner", command="nertagger train", **values)  # type: ignore[arg-type]
    run.path.mkdir()
    with pytest.raises(KeyboardInterrupt) as caught, run.stopping():
        raise KeyboardInterrupt
    assert not isinstance(caught.value, Stopped)  # there is no checkpoint yet
    (run.path / FILE_NAME).touch()
    with pytest.raises(KeyboardInterrupt) as caught, run.stopping():
        raise KeyboardInterrupt
    assert (str(caught.value) if isinstance(caught.value, Stopped) else "") == (
        f"stopped; resume with: {advice}" * bool(advice)
    )
