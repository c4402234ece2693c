"""The real corpora that the figures of the README are measured on."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

DATA = Path(__file__).resolve().parents[2] / "shared" / "data"
VECTORS = DATA / "vectors" / "glove.6B.50d.txt.gz"


@dataclass(frozen=True)
class Corpus:
    """The files of a corpus below `DATA`."""

    name: str
    train: tuple[str, ...]
    dev: str
    test: str


CORPORA = {
    "wnut17": Corpus("WNUT-17", ("wnut17/train.conll",), "wnut17/dev.conll", "wnut17/test.conll"),
    "wikigold": Corpus("WikiGold", ("wikigold/train.conll",), "wikigold/dev.conll", "wikigold/test.conll"),
    "ewt": Corpus("UNER EWT", ("uner_ewt/train.conll",), "uner_ewt/dev.iob2", "uner_ewt/test.iob2"),
    "btc": Corpus("BTC", tuple(f"btc/{part}.conll" for part in "abeg"), "btc/h.conll", "btc/f.conll"),
    "ncbi": Corpus("NCBI-disease", ("ncbi_disease/train.tsv",), "ncbi_disease/dev.tsv", "ncbi_disease/test.tsv"),
    "gmb": Corpus("GMB", ("gmb/train.conll.gz",), "gmb/dev.conll.gz", "gmb/test.conll.gz"),
}
