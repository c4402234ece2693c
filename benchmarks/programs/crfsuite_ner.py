"""CRFsuite with the features that its Python package's tutorial uses, 100 iterations of L-BFGS."""

from __future__ import annotations

import pickle
from pathlib import Path
from typing import Any

import sklearn_crfsuite
from program import Program, Sentences, main, read


def features(words: list[str]) -> list[dict[str, Any]]:
    """Of each word and its neighbours."""
    own = [word_features(word) for word in words]
    rows = []
    for i, row in enumerate(own):
        before = {f"-1:{k}": v for k, v in own[i - 1].items()} if i else {"BOS": True}
        after = {f"+1:{k}": v for k, v in own[i + 1].items()} if i + 1 < len(own) else {"EOS": True}
        rows.append({"bias": 1.0, **row, "suffix3": words[i][-3:], "suffix2": words[i][-2:], **before, **after})
    return rows


def word_features(word: str) -> dict[str, Any]:
    return {"lower": word.lower(), "upper": word.isupper(), "title": word.istitle(), "digit": word.isdigit()}


def train(folder: Path, vectors: str | None) -> None:
    sentences = read(folder, "train")
    crf = sklearn_crfsuite.CRF(algorithm="lbfgs", c1=0.1, c2=0.1, max_iterations=100, all_possible_transitions=True)
    crf.fit([features(words) for words, _ in sentences], [tags for _, tags in sentences])
    (folder / "model").mkdir(exist_ok=True)
    (folder / "model" / "model.pickle").write_bytes(pickle.dumps(crf))


def load(folder: Path) -> Any:
    return pickle.loads((folder / "model" / "model.pickle").read_bytes())


def tag_tokens(crf: Any, sentences: Sentences) -> list[list[str]]:
    return [list(tags) for tags in crf.predict([features(words) for words in sentences])]


if __name__ == "__main__":
    main(Program(train, load, tag_tokens))
