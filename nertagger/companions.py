"""Files and folders beside a file that a command names: how they are named, and that nothing else is overwritten.

A companion has the name of the file without the suffix that files of its kind have, and a suffix of its own::

    model.ner -> model.run    model.v1 -> model.v1.run    model.lm -> model.lm.run    a.b.ann -> a.b.txt
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Literal, Protocol, TextIO

from nertagger.errors import NerTaggerError, TrainingError
from nertagger.files import atomic_write_text, open_text
from nertagger.parsing import load_toml

RunKind = Literal["tagger", "encoder", "language model"]
_CONFIG = "config.toml"
PROJECT_FILE = "project.sqlite"
"""The database in the folder of an annotation project."""
_FIELD_OF_KIND: dict[RunKind, str] = {"tagger": "words", "encoder": "masked", "language model": "model"}


def companion(path: str | Path, suffix: str, *, own: str | tuple[str, ...]) -> Path:
    """Return the path of a companion with this suffix; only an `own` suffix of the file is removed first.

    >>> companion("a.b.ann", ".txt", own=(".ann", ".txt")).name
    'a.b.txt'
    >>> companion("corpus.v1", ".txt", own=(".ann", ".txt")).name
    'corpus.v1.txt'
    """
    file = Path(path)
    name = file.name[: -len(file.suffix)] if file.suffix and file.suffix.lower() in own else file.name
    return file.parent / f"{name}{suffix}"


def is_project(path: str | Path) -> bool:
    """Return whether a path is the folder of an annotation project."""
    return (Path(path) / PROJECT_FILE).is_file()


def tagger_run_folder(model: str | Path) -> Path:
    """Return the folder of log and checkpoint beside a tagger's model file: ``model.run``."""
    return companion(model, ".run", own=(".ner",))


def language_model_run_folder(model: str | Path) -> Path:
    """Return the folder of log and checkpoint beside a language model: ``model.lm.run``, never a tagger's."""
    return companion(model, ".lm.run", own=(".lm",))


def encoder_run_folder(model: str | Path) -> Path:
    """Return the folder of text, log and checkpoint beside an encoder: ``encoder.enc.run``, never a tagger's."""
    return companion(model, ".enc.run", own=(".enc",))


def checked_run_folder(folder: Path, kind: RunKind) -> Path:
    """Return the folder, unless it holds a run of another kind, which a new run would destroy.

    Raises:
        TrainingError: if the folder has a configuration of something else.
    """
    path = folder / _CONFIG
    if not path.is_file():
        return folder
    try:
        values = load_toml(path.read_text(encoding="utf-8"))
    except (ValueError, RecursionError):  # neither TOML nor text: no run wrote it
        values = {}
    if _FIELD_OF_KIND[kind] not in values:
        problem = f"the folder is used by something else ({path} is not the configuration of a {kind})"
        raise TrainingError(f"{folder}: {problem}; give the model file another name, or remove the folder")
    return folder


class Writable(Protocol):
    """Anything that text can be written to."""

    def write(self, text: str, /) -> object:
        """Write the text."""


@contextmanager
def write_together(paths: Sequence[Path], *, asked: Path) -> Iterator[list[Writable]]:
    """Open a stream for each path; the files appear together when the block ends without an error, else none does.

    The file that was `asked` for is replaced if it exists. Another file that exists stays as it is, and what is written
    must equal its content.

    Raises:
        NerTaggerError: if a file that exists and was not asked for has other content, or a file cannot be written.
    """
    kept = [path for path in paths if path.exists() and path != asked]
    with ExitStack() as stack:
        # Compared files come last and so are closed first: if one differs, no other file has appeared yet.
        streams: dict[Path, Writable] = {}
        for path in sorted(paths, key=kept.__contains__):
            manager = _compared(path, asked) if path in kept else atomic_write_text(path)
            streams[path] = stack.enter_context(manager)
        yield [streams[path] for path in paths]


@contextmanager
def _compared(path: Path, asked: Path) -> Iterator[Writable]:
    """Open a stream that accepts only what the file holds."""
    problem = f"{path}: exists already with other content, and was not named"
    refusal = NerTaggerError(f"{problem} ({asked} was); remove it, or write under another name")
    with open_text(path, encoding="utf-8") as stream:
        comparison = _Comparison(stream, refusal)
        yield comparison
        comparison.close()


class _Comparison:
    """A stream that rejects any text that does not continue a file."""

    def __init__(self, stream: TextIO, refusal: NerTaggerError) -> None:
        self._stream, self._refusal = stream, refusal

    def write(self, text: str, /) -> None:
        """Raise the refusal unless the file continues with the text."""
        if self._read(len(text)) != text:
            raise self._refusal

    def close(self) -> None:
        """Raise the refusal if the file continues."""
        if self._read(1):
            raise self._refusal

    def _read(self, size: int) -> str:
        try:
            return self._stream.read(size)
        except UnicodeDecodeError as error:
            raise self._refusal from error
