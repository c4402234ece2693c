"""Make the English tagger from open corpora.

    python data/recipes/english [--data ../shared/data] [--out nertagger/english/tagger.ner]

It takes an hour on two cores. `--without CORPUS...` leaves out corpora, to measure a tagger on a corpus
that it has never seen; it then writes a usual model file. `--float FILE` writes the trained model too, as it is before
its probabilities are corrected, from which `--trained FILE` makes the tagger again without training. `--left-out FILE`
writes the sentences that are not trained on because they are, or nearly are, in a dev or test split, and stops;
`--text FILE` writes the training text, and stops.
"""

from __future__ import annotations

import argparse
import logging
from functools import partial
from pathlib import Path

from distillation import distilled, raw_sentences
from leakage import ScoredText
from merging import complete, merged, read_corpora, unused
from sources import SOURCES
from storing import store
from temperature import with_temperature
from training import train_helper

from nertagger.corpus import write
from nertagger.modelfile.reader import read_model
from nertagger.runtime import Tagger

ROOT = Path(__file__).resolve().parents[3]
ENGLISH = ROOT / "nertagger" / "english"
CARD = Path(__file__).parent / "card.md"
RAW = "raw/enwiki2015-200mb.txt.xz"
"""Text of English Wikipedia, below the folder of corpora."""


def options() -> argparse.Namespace:
    """Return the options of the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=ROOT.parent / "shared" / "data", help="the folder of corpora")
    parser.add_argument("--encoder", type=Path, default=ENGLISH / "english.enc")
    parser.add_argument("--out", type=Path, default=ENGLISH / "tagger.ner")
    parser.add_argument(
        "--without", nargs="+", default=[], choices=SOURCES, metavar="CORPUS", help="corpora to leave out"
    )
    parser.add_argument("--float", type=Path, metavar="FILE", help="write the trained model here too")
    parser.add_argument("--trained", type=Path, metavar="FILE", help="store this model, of --float, and train nothing")
    parser.add_argument("--left-out", type=Path, metavar="FILE", help="write the sentences that are left out, and stop")
    parser.add_argument("--text", type=Path, metavar="FILE", help="write the training text, and stop")
    return parser.parse_args()


def main() -> None:
    """Make what the options ask for."""
    chosen = options()
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    card = CARD.read_text(encoding="utf-8")
    if chosen.trained:
        store(with_temperature(read_model(chosen.trained)), chosen.out, card=card)
        return
    corpora, left_out = read_corpora(chosen.data, without=chosen.without)
    if chosen.left_out:
        write(chosen.left_out, [sentence for sentences in left_out.values() for sentence in sentences])
        return
    corpora = complete(corpora, partial(train_helper, encoder=chosen.encoder))
    text = merged(corpora)
    if chosen.text:
        write(chosen.text, text)
        return
    raw = raw_sentences(chosen.data / RAW, ScoredText.of_corpora(chosen.data))
    trained = distilled(text, [unused(corpora, text), raw], chosen.encoder)
    if chosen.float:
        trained.save(chosen.float)
    model = with_temperature(trained.model)
    if chosen.without:
        Tagger(model).save(chosen.out)
    else:
        store(model, chosen.out, card=card)


if __name__ == "__main__":
    main()
