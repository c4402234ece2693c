"""The files of the encoders of the package, made of what a run has written."""

from __future__ import annotations

import json
import re
from pathlib import Path

from pretraining import SOURCES
from table import Table

from nertagger.config import EncoderConfig
from nertagger.english.joining import VECTOR_TENSORS
from nertagger.modelfile.model_file import ModelFile
from nertagger.modelfile.reader import read_model
from nertagger.modelfile.schema import Member, Tensor
from nertagger.modelfile.tensors import write_tensors
from nertagger.modelfile.writer import write_model

_FOLDER = Path(__file__).parent
_WORDS = re.compile(r"- Word vectors: [\d,]+ words")


def store(path: Path, table: Table) -> None:
    """Give the file of a run the table in four bits, and the card of english.enc."""
    write_model(path, with_table(_described(read_model(path), "english_card.md"), table))


def store_without_vectors(path: Path) -> None:
    """Take the word vectors out of the file of a run, since english.enc has them, and give it the card of fast.enc."""
    model = _described(read_model(path), "fast_card.md")
    kept = {name: tensor for name, tensor in model.tensors.items() if name not in VECTOR_TENSORS}
    write_model(path, _members(model) | {Member.WEIGHTS: write_tensors(kept)})


def with_table(model: ModelFile, table: Table) -> dict[str, bytes]:
    """Return the members of an encoder with other word vectors."""
    replaced = {*VECTOR_TENSORS, Tensor.PACKED_VECTORS}
    weights = {name: tensor for name, tensor in model.tensors.items() if name not in replaced}
    words = len(table.words)
    return _members(model) | {
        Member.CONFIG: _config(model).updated({"data.max_vectors": words}).to_toml().encode(),
        Member.CARD: _WORDS.sub(f"- Word vectors: {words:,} words", model.text(Member.CARD)).encode(),
        Member.WEIGHTS: write_tensors(weights | dict(table.tensors)),
    }


def _described(model: ModelFile, card: str) -> ModelFile:
    """Return a model with a card of this folder, and with names in place of the paths of one machine."""
    config = _config(model)
    names = {
        "data.text": ["English Wikipedia, May 2015"] if config.data.text else [],
        "data.annotated": [source.title for source in SOURCES.values()] if config.data.annotated else [],
        "data.vectors": ["GloVe 6B 50d", "GloVe 6B 100d"],
        "data.exclude": ["the dev and test splits of all corpora"],
        "output.encoder": "encoder.enc",
    }
    (figures,) = json.loads(model.text(Member.METRICS)).values()  # of the only stage
    members = _members(model) | {
        Member.CONFIG: config.updated(names).to_toml().encode(),
        Member.CARD: (_FOLDER / card).read_text(encoding="utf-8").format(**figures).encode(),
    }
    return ModelFile.in_memory(members)


def _config(model: ModelFile) -> EncoderConfig:
    return EncoderConfig.from_stored(model.text(Member.CONFIG), source=str(model.path))


def _members(model: ModelFile) -> dict[str, bytes]:
    return {name: bytes(content) for name, content in model.members.items()}
