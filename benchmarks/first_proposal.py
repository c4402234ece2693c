"""The time from ``nertagger annotate demo data/raw.txt`` to the first proposal by a model of twenty own answers.

    python benchmarks/first_proposal.py [TEXT]

A client answers twenty sentences over HTTP as fast as it can, by a simple rule (runs of capitalised words inside a
sentence are names), then asks until the page is given a proposal of the model that was trained on them. What is printed
is the machine's time alone; somebody who labels takes longer than it, and labelling goes on while the model is trained.
"""

from __future__ import annotations

import argparse
import json
import re
import resource
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import groupby, pairwise
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import urlencode
from urllib.request import Request, urlopen

TEXT = Path(__file__).parents[1] / "data" / "raw.txt"
ANNOTATOR = "bench"
ANSWERS = 20
LABEL = "NAME"
LIMIT_SECONDS = 600


@contextmanager
def page_of(text: Path) -> Iterator[str]:
    """Run the command in an empty folder until the block ends; give its address."""
    with TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "nertagger", "annotate", "demo", str(text), "--labels", LABEL, "--port", "0"]
        with subprocess.Popen(command, cwd=folder, stderr=subprocess.PIPE, text=True) as process:
            try:
                assert process.stderr is not None
                address = (re.search(r"http://\S+:\d+/", line) for line in process.stderr)
                yield next(found[0] for found in address if found)
            finally:
                process.terminate()
                process.communicate()


def ask(url: str, body: object = None) -> Any:
    """Return the answer to a request: GET, or POST of a body."""
    data = None if body is None else json.dumps(body).encode()
    with urlopen(Request(url, data, {"Content-Type": "application/json"})) as answer:
        return json.load(answer)


def next_sentence(url: str) -> dict[str, Any]:
    """Return the sentence that the page would show."""
    found = ask(f"{url}api/next?{urlencode({'annotator': ANNOTATOR})}")["sentence"]
    assert found is not None, "every sentence is answered"
    return dict(found)


def names(words: Sequence[str]) -> Iterator[dict[str, object]]:
    """Yield the runs of capitalised words after the first word."""
    for is_name, run in groupby(range(1, len(words)), key=lambda place: words[place][:1].isupper()):
        places = list(run)
        if is_name:
            yield {"label": LABEL, "first": places[0], "stop": places[-1] + 1}


def answer_one(url: str) -> None:
    """Answer the next sentence by the rule."""
    sentence = next_sentence(url)
    entities = list(names([token["text"] for token in sentence["tokens"]]))
    ask(f"{url}api/decisions", {"sentence": sentence["id"], "annotator": ANNOTATOR, "entities": entities})


def wait_for_proposal(url: str) -> None:
    """Ask as the page does until a sentence has a proposal; one without is answered."""
    until = time.monotonic() + LIMIT_SECONDS
    while time.monotonic() < until:
        project = ask(f"{url}api/project")
        assert not (project["training"] and project["training"]["state"] == "failed"), project["training"]["message"]
        if project["model"] is None:
            time.sleep(0.2)
        elif next_sentence(url)["proposals"]:
            return
        else:
            answer_one(url)
    raise SystemExit(f"no proposal after {LIMIT_SECONDS} seconds")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("text", nargs="?", type=Path, default=TEXT, help="raw text (default: data/raw.txt)")
    text = parser.parse_args().text.resolve()
    times = [time.perf_counter()]
    with page_of(text) as url:
        times.append(time.perf_counter())
        for _ in range(ANSWERS):
            answer_one(url)
        times.append(time.perf_counter())
        wait_for_proposal(url)
        times.append(time.perf_counter())
    started, answered, proposed = (after - before for before, after in pairwise(times))
    print(f"{times[-1] - times[0]:.1f} seconds to the first proposal:", end=" ")
    print(f"{started:.1f} start, {answered:.1f} for {ANSWERS} answers, {proposed:.1f} training and prediction")
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    print(f"{used.ru_utime + used.ru_stime:.1f} seconds of processor time, which a busy machine does not lengthen")


if __name__ == "__main__":
    main()
