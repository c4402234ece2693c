"""The files of the package, and the opening of a model by its path or as ``english``."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from difflib import get_close_matches
from pathlib import Path

from nertagger.english.joining import with_vectors
from nertagger.errors import ModelFileError
from nertagger.modelfile.model_file import ModelFile
from nertagger.modelfile.reader import ModelSource, checked_meanwhile, read_model
from nertagger.modelfile.schema import ENGLISH

FOLDER = Path(__file__).parent
_ENCODER, _TAGGER, _FAST = "english.enc", "tagger.ner", "fast.enc"


def encoder() -> ModelFile:
    """Return the English encoder: word vectors, characters, word shapes and two recurrent layers.

    Raises:
        ModelFileError: if its file is missing or damaged.
    """
    return read_model(_path(_ENCODER))


def tagger() -> ModelFile:
    """Return the English tagger; raises ModelFileError as `encoder`."""
    with _joined(_TAGGER, name=ENGLISH) as model:
        return model


def fast() -> ModelFile:
    """Return the English encoder of one smaller layer, for fast taggers; raises ModelFileError as `encoder`."""
    with _joined(_FAST, name=f"{ENGLISH}-fast") as model:
        return model


@contextmanager
def opened(source: ModelSource) -> Iterator[ModelFile]:
    """Give a model to a block of code while its hashes are checked, see `modelfile.reader.checked_meanwhile`.

    Args:
        source: ``"english"`` for the tagger of the package; otherwise the path of a model file, or its bytes. A
            file of that name is ``"./english"`` or ``Path("english")``.

    Raises:
        ModelFileError: if there is no such model, or its file is invalid.
    """
    if source == ENGLISH:
        with _joined(_TAGGER, name=ENGLISH) as model:
            yield model
        return
    if isinstance(source, str) and _is_misspelled(source):
        raise ModelFileError(f"{source}: there is no such file; did you mean {ENGLISH}?")
    with checked_meanwhile(source) as model:
        yield model


def open_model(source: ModelSource) -> ModelFile:
    """Return the model that `opened` gives, after checking all of it; raises ModelFileError as `opened`."""
    with opened(source) as model:
        return model


@contextmanager
def _joined(part: str, *, name: str) -> Iterator[ModelFile]:
    with checked_meanwhile(_path(_ENCODER)) as vectors, checked_meanwhile(_path(part)) as model:
        yield with_vectors(model, vectors, name=name)


def _path(name: str) -> Path:
    path = FOLDER / name
    if not path.is_file():
        raise ModelFileError(f"{path}: this file of the package is missing; install nertagger again")
    return path


def _is_misspelled(source: str) -> bool:
    """Return whether there is no file of this name, and it is nearly ``english``."""
    return bool(get_close_matches(source.lower(), [ENGLISH], cutoff=0.75)) and not Path(source).exists()
