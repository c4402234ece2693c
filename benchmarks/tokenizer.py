"""Measures the tokenizer against gold tokens of the English Web Treebank, beside spaCy's where spaCy is installed.

    python benchmarks/tokenizer.py [test.iob2] > benchmarks/results/tokenizer.txt

Quality is the F1 of token boundaries: a token counts as found if both its offsets in the raw sentence (``# text = ``)
are those of a gold token. Speed is that of the best of several passes over the same sentences, given one by one as raw
strings; `token_spans` and `segment` are also given the sentences joined by spaces, as tagging a file does.
"""

from __future__ import annotations

import platform
import sys
import time
from collections.abc import Callable
from pathlib import Path

from nertagger.text.segment import segment
from nertagger.text.tokenization.tokenizer import token_spans

Spans = list[tuple[int, int]]
DEFAULT_FILE = Path(__file__).resolve().parents[2] / "shared" / "data" / "uner_ewt" / "test.iob2"
PASSES = 50


def read_gold(path: Path) -> list[tuple[str, Spans]]:
    """Return each raw sentence of an ``.iob2`` file with the spans of its gold tokens, found from left to right."""
    gold: list[tuple[str, Spans]] = []
    for block in path.read_text(encoding="utf-8").split("\n\n"):
        rows = block.strip("\n").split("\n")
        texts = [row.removeprefix("# text = ") for row in rows if row.startswith("# text = ")]
        if not texts:
            continue
        spans: Spans = []
        for word in [row.split("\t")[1] for row in rows if not row.startswith("#")]:
            start = texts[0].index(word, spans[-1][1] if spans else 0)
            spans.append((start, start + len(word)))
        gold.append((texts[0], spans))
    return gold


def boundary_scores(gold: list[tuple[str, Spans]], tokenize: Callable[[str], Spans]) -> tuple[float, float, float]:
    """Precision, recall and F1 of the spans, in percent."""
    found = correct = 0
    for text, spans in gold:
        predicted = tokenize(text)
        found += len(predicted)
        correct += len(set(spans).intersection(predicted))
    precision, recall = correct / found, correct / sum(len(spans) for _, spans in gold)
    return 100 * precision, 100 * recall, 200 * precision * recall / (precision + recall)


def tokens_per_second(texts: list[str], count_tokens: Callable[[str], int]) -> float:
    """Return the speed of the fastest of several passes, so that one-time work does not count."""
    seconds = []
    for _ in range(PASSES):
        begun = time.process_time()
        tokens = sum(map(count_tokens, texts))
        seconds.append(time.process_time() - begun)
    return tokens / min(seconds)


def spacy_tokenizer() -> tuple[str, Callable[[str], Spans], Callable[[str], int]] | None:
    """Return the name, spans and count of tokens of spaCy's English tokenizer, or None if it is not installed."""
    try:
        import spacy
    except ImportError:
        return None
    tokenizer = spacy.blank("en").tokenizer

    def spans(text: str) -> Spans:
        return [(token.idx, token.idx + len(token)) for token in tokenizer(text) if not token.is_space]

    # Its speed is that of its own objects: asking them for offsets would cost more than its users pay.
    return f"spaCy {spacy.__version__} blank('en')", spans, lambda text: len(tokenizer(text))


def main() -> None:
    """Print the table."""
    path = Path(sys.argv[1]) if len(sys.argv) > 1 else DEFAULT_FILE
    gold = read_gold(path)
    texts = [text for text, _ in gold]
    print(f"token boundaries on {path.parent.name}/{path.name}: ", end="")
    print(f"{len(gold):,} sentences, {sum(len(spans) for _, spans in gold):,} gold tokens")
    print(f"speed: tokens per second of processor time, one thread, best of {PASSES} passes; ", end="")
    print(f"Python {platform.python_version()}, {platform.machine()}\n")
    print(f"{'tokenizer':<28}{'precision':>10}{'recall':>10}{'F1':>10}{'tokens/s':>14}")
    rivals = [("nertagger", token_spans, lambda text: len(token_spans(text))), spacy_tokenizer()]
    for name, tokenize, count in filter(None, rivals):
        scores = boundary_scores(gold, tokenize)
        speed = tokens_per_second(texts, count)
        print(f"{name:<28}" + "".join(f"{score:>10.2f}" for score in scores) + f"{speed:>14,.0f}")
    if rivals[1] is None:
        print("spaCy is not installed: its row is left out")
    joined = [" ".join(texts[first : first + 100]) for first in range(0, len(texts), 100)]
    speed = tokens_per_second(joined, lambda text: len(token_spans(text)))
    print(f"\n{'token_spans, 100 sentences per text':<58}{speed:>14,.0f}")
    speed = tokens_per_second(joined, lambda text: sum(map(len, segment(text).sentences)))
    print(f"{'segment (tokens, sentences), 100 sentences per text':<58}{speed:>14,.0f}")


if __name__ == "__main__":
    main()
