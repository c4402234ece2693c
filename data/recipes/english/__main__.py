"""Make the English tagger from open corpora.

    python data/recipes/english [--data ../shared/data] [--out nertagger/english/tagger.ner] [--without wnut17 ...]

`--without` leaves out corpora, to measure a tagger on a corpus that it has never seen; `--left-out FILE` lists the
sentences that are not trained on because they are, or nearly are, in a dev or test split; `--text FILE` writes the
training text and trains nothing but the helper.
"""

from __future__ import annotations

import argparse
import logging
from functools import partial
from pathlib import Path

from merging import complete, merged, read_corpora
from sources import SOURCES
from training import HELPER, train

from nertagger.corpus import write

ROOT = Path(__file__).resolve().parents[3]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=ROOT.parent / "shared" / "data", help="the folder of corpora")
    parser.add_argument("--out", type=Path, default=ROOT / "nertagger" / "english" / "tagger.ner")
    parser.add_argument("--without", nargs="+", default=[], choices=SOURCES, help="corpora to leave out")
    parser.add_argument("--left-out", type=Path, metavar="FILE", help="list the sentences that are left out, and stop")
    parser.add_argument("--text", type=Path, metavar="FILE", help="write the training text, and stop")
    parser.add_argument("--set", nargs="+", default=[], metavar="K=V", help="settings of the training, for trials")
    options = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    corpora, left_out = read_corpora(options.data, without=options.without)
    if options.left_out:
        write(options.left_out, [sentence for sentences in left_out.values() for sentence in sentences])
        return
    settings = dict(setting.split("=", 1) for setting in options.set)
    text = merged(complete(corpora, partial(train, settings={**settings, **HELPER})))
    if options.text:
        write(options.text, text)
        return
    train(text, settings).save(options.out)


if __name__ == "__main__":
    main()
