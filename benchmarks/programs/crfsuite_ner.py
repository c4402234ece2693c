"""CRFsuite with the hand-made features usual for named entities, 100 iterations of L-BFGS.

They were chosen on the dev split of WNUT-17: F1 24.2 there, where the word's lower case, case, digits and suffixes, and
its neighbours', the tutorial's features that need no parts of speech, have 15.6.
"""

from __future__ import annotations

import pickle
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from typing import Any

import sklearn_crfsuite
from program import Program, Sentences, main, read

_WINDOW = 2
_LONGEST_AFFIX = 4
_EDGE = "EDGE"


def features(words: list[str]) -> list[list[str]]:
    """Return the features of each word: its own, those up to two words away, and pairs with adjacent words."""
    surfaces = [list(surface(word)) for word in words]
    edge = [[_EDGE]] * _WINDOW
    around = [*edge, *surfaces, *edge]
    lower = [_EDGE, *map(str.lower, words), _EDGE]
    shapes = [_EDGE, *(short_shape(word) for word in words), _EDGE]
    rows = []
    for i, word in enumerate(words):
        row = ["bias", *surfaces[i], *spelling(word)]
        for step in range(-_WINDOW, _WINDOW + 1):
            row += [f"{step:+d}:{one}" for one in around[i + _WINDOW + step] if step]
        for kind, values in (("lower", lower), ("shape", shapes)):
            row += [f"{kind}-1|0={values[i]}|{values[i + 1]}", f"{kind}0|+1={values[i + 1]}|{values[i + 2]}"]
        rows.append(row)
    return rows


def surface(word: str) -> Iterator[str]:
    """Yield the features used of neighbours too: lower-cased word, case, shape in full and shortened."""
    yield f"lower={word.lower()}"
    yield from (name for name in ("isupper", "istitle", "isdigit") if getattr(word, name)())
    yield f"shape={shape(word)}"
    yield f"short={short_shape(word)}"


def spelling(word: str) -> Iterator[str]:
    """Yield the features of the word alone: prefixes, suffixes, and which signs are in it."""
    for length in range(1, min(_LONGEST_AFFIX, len(word)) + 1):
        yield f"prefix={word[:length].lower()}"
        yield f"suffix={word[-length:].lower()}"
    if word[0] in "@#":
        yield f"sign={word[0]}"
    marks = {"hyphen": "-" in word, "digits": any(c.isdigit() for c in word), "address": word.startswith("http")}
    marks["punctuation"] = not any(c.isalnum() for c in word)
    yield from (name for name, there in marks.items() if there)


def shape(word: str) -> str:
    """``X``, ``x`` and ``d`` for capitals, small letters and digits; other characters as they are."""
    return "".join("X" if c.isupper() else "x" if c.islower() else "d" if c.isdigit() else c for c in word)


def short_shape(word: str) -> str:
    """Return the shape with each run of one character as one."""
    return "".join(character for character, _ in groupby(shape(word)))


def train(folder: Path, vectors: str | None, train_on_dev: bool) -> None:
    """Fit to the training split; the dev split chooses nothing, and `vectors` are not used."""
    sentences = read(folder, "train", *(["dev"] if train_on_dev else []))
    crf = sklearn_crfsuite.CRF(algorithm="lbfgs", c1=0.1, c2=0.1, max_iterations=100, all_possible_transitions=True)
    crf.fit([features(words) for words, _ in sentences], [tags for _, tags in sentences])
    (folder / "model").mkdir(exist_ok=True)
    (folder / "model" / "model.pickle").write_bytes(pickle.dumps(crf))


def load(folder: Path) -> Any:
    """Load the model that `train` has written."""
    return pickle.loads((folder / "model" / "model.pickle").read_bytes())


def tag_tokens(crf: Any, sentences: Sentences) -> list[list[str]]:
    """Return the tags of each sentence."""
    return [list(tags) for tags in crf.predict([features(words) for words in sentences])]


if __name__ == "__main__":
    main(Program(train, load, tag_tokens))
