"""Measures which part of the time from words to tags the network takes: `Tagger.tag_tokens` beside ONNX Runtime alone.

    python benchmarks/bare_network.py MODEL CONLL

The bare network runs the same batches that the tagger makes, as many at a time as the tagger runs, without look-ups,
decoding and tags. The two take turns; each time the tagger is newly loaded, with an empty cache of words.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor

import numpy as np

import nertagger
from nertagger.runtime import Tagger
from nertagger.runtime.session import Session, default_threads

ROUNDS = 7


def batches_of(model: str, sentences: list[list[str]]) -> tuple[Session, list[Mapping[str, np.ndarray]]]:
    """Return the network of the model, and the inputs that the tagger gives it for these sentences."""
    tagger = Tagger.load(model)
    session = tagger.engine._network
    kept: list[Mapping[str, np.ndarray]] = []
    run = session.run

    def keep(inputs: Mapping[str, np.ndarray]) -> np.ndarray:
        kept.append(inputs)
        return run(inputs)

    session.run = keep  # type: ignore[method-assign]
    tagger.tag_tokens(sentences)
    session.run = run  # type: ignore[method-assign]
    return session, kept


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model")
    parser.add_argument("conll")
    options = parser.parse_args()
    sentences = [list(sentence.words) for sentence in nertagger.read(options.conll)]
    session, batches = batches_of(options.model, sentences)
    bare, whole = [], []
    with ThreadPoolExecutor(default_threads()) as pool:
        for _ in range(ROUNDS):
            began = time.perf_counter()
            list(pool.map(session.run, batches))
            bare.append(time.perf_counter() - began)
            tagger = Tagger.load(options.model)
            began = time.perf_counter()
            tagger.tag_tokens(sentences)
            whole.append(time.perf_counter() - began)
    tokens = sum(map(len, sentences))
    seconds = statistics.median(bare), statistics.median(whole)
    print(f"bare network    {tokens / seconds[0]:10,.0f} tokens/s, median of {ROUNDS}")
    print(f"words to tags   {tokens / seconds[1]:10,.0f} tokens/s, {100 * seconds[0] / seconds[1]:.0f} % of it")


if __name__ == "__main__":
    main()
