"""Checkpoints: everything is restored exactly, or the error says what is wrong with the file."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import safetensors.numpy

from nertagger.errors import TrainingError
from nertagger.training.language_model.checkpoint import LanguageCheckpoint
from nertagger.training.loop.checkpoint import COMMAND, Checkpoint, Member, Progress
from nertagger.training.loop.checkpoint_file import FILE_NAME, write_checkpoint
from nertagger.training.loop.schedule import Schedule


def checkpoint(*, best: bool = True) -> Checkpoint:
    rng = np.random.default_rng(0)
    weights = {"a/kernel": rng.normal(size=(3, 2)).astype(np.float32), "b": np.zeros(0, np.float32)}
    # More than ten, of several types: by name, "10" would come before "9".
    variables: list[np.ndarray] = [np.full((2, i), i, np.float32) for i in range(12)]
    variables += [np.array(7, np.int64), np.array([1, 2], np.uint32), weights["a/kernel"].T]
    progress = Progress(Schedule(0.1 + 0.2, 9, 5, 1 / 3, 4, 1), 5, 6, 0.7, 8.9)
    average = {name: array + 1 for name, array in weights.items()}
    members = [Member(weights, average, {"PER": 0.5}, {"micro": {"f1": 0.7}}, 3, 9)] * (2 if best else 0)
    return Checkpoint(progress, variables, average, 11, weights if best else {}, {"the settings": "ab"}, members)


@pytest.mark.parametrize("best", [True, False])
def test_round_trip(tmp_path: Path, best: bool) -> None:
    saved = checkpoint(best=best)
    saved.save(tmp_path)
    found = Checkpoint.load(tmp_path)
    assert found.progress == saved.progress
    assert (found.average_steps, found.fingerprint) == (saved.average_steps, saved.fingerprint)
    pairs = [(found.variables, saved.variables)]
    assert [member.facts for member in found.members] == [member.facts for member in saved.members]
    groups = [(found.average, saved.average), (found.best, saved.best)]
    for member, expected_member in zip(found.members, saved.members, strict=True):
        groups += [(member.best, expected_member.best), (member.final, expected_member.final)]
    for weights, expected in groups:
        assert set(weights) == set(expected)
        pairs.append(([weights[name] for name in expected], list(expected.values())))
    for arrays, expected_arrays in pairs:
        for array, expected_array in zip(arrays, expected_arrays, strict=True):
            assert array.dtype == expected_array.dtype
            np.testing.assert_array_equal(array, expected_array)


def test_saving_again_replaces_the_checkpoint_and_leaves_no_other_file(tmp_path: Path) -> None:
    checkpoint().save(tmp_path)
    later = checkpoint()
    later.progress.epoch = 77
    later.save(tmp_path)
    assert Checkpoint.load(tmp_path).progress.epoch == 77
    assert [path.name for path in tmp_path.iterdir()] == [FILE_NAME]


def test_arrays_can_be_written_to(tmp_path: Path) -> None:
    checkpoint().save(tmp_path)
    found = Checkpoint.load(tmp_path)
    found.average["a/kernel"] += 1  # the running average is updated in place


def test_a_missing_checkpoint_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(TrainingError, match=rf"has no {FILE_NAME} to resume from: the run had not begun"):
        Checkpoint.load(tmp_path)


@pytest.mark.parametrize("kept", [0, 4, 8, 100, -1])
def test_a_truncated_checkpoint_is_damaged(tmp_path: Path, kept: int) -> None:
    checkpoint().save(tmp_path)
    path = tmp_path / FILE_NAME
    path.write_bytes(path.read_bytes()[:kept])
    assert_damaged(tmp_path)


@pytest.mark.parametrize("content", [b"not a checkpoint at all", b"\xff" * 500, b"\0" * 500])
def test_another_file_is_damaged(tmp_path: Path, content: bytes) -> None:
    (tmp_path / FILE_NAME).write_bytes(content)
    assert_damaged(tmp_path)


@pytest.mark.parametrize("bit", range(8))
def test_every_bit_flip_is_detected(tmp_path: Path, bit: int) -> None:
    checkpoint().save(tmp_path)
    path = tmp_path / FILE_NAME
    content = path.read_bytes()
    for place in range(bit, len(content), 13):
        path.write_bytes(content[:place] + bytes([content[place] ^ 1 << bit]) + content[place + 1 :])
        assert_damaged(tmp_path)


@pytest.mark.parametrize(
    "progress", ["{}", "[]", "3", '{"schedule": 3}', '{"schedule": {"learning_rate": 1}, "new": 2}']
)
def test_a_state_of_another_version_is_damaged(tmp_path: Path, progress: str) -> None:
    state = {"progress": progress, "average_steps": "1", "fingerprint": "{}"}
    write_checkpoint(tmp_path, {"variable/0000": np.zeros(2, np.float32)}, state, command=COMMAND)
    assert_damaged(tmp_path)


def test_safetensors_of_other_programs_are_damaged(tmp_path: Path) -> None:
    tensors = {"variable/0000": np.zeros(2, np.float32)}
    for state in (None, {}, {"progress": "{}"}):
        (tmp_path / FILE_NAME).write_bytes(safetensors.numpy.save(tensors, state))
        assert_damaged(tmp_path)


def test_the_run_of_another_command_is_named(tmp_path: Path) -> None:
    checkpoint().save(tmp_path)
    with pytest.raises(TrainingError, match="is a run of nertagger train; resume it with: nertagger train --resume"):
        LanguageCheckpoint.load(tmp_path)


def assert_damaged(folder: Path) -> None:
    with pytest.raises(TrainingError, match=r"is damaged, or of another version .*train anew") as caught:
        Checkpoint.load(folder)
    assert str(caught.value).startswith(f"{folder / FILE_NAME}: ")
    assert "\n" not in str(caught.value)
