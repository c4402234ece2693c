"""Taggers, language models and the date normalizer copied, pickled, forked and shared."""

from __future__ import annotations

import copy
import pickle
import subprocess
import sys
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import pytest

from nertagger.dates.normalizer import load_normalizer
from nertagger.errors import ModelFileError
from nertagger.modelfile.model_file import ModelFile
from nertagger.modelfile.reader import read_model
from nertagger.runtime import Tagger

TEXT = "Barack Obama met Michelle in New York."
FOUND = ["Barack Obama", "Michelle", "New York"]
# Run in a separate process, without the threads of other tests. Children are forked after the first use of the pools
# and while another thread is tagging.
FORKS = """
import os, sys, threading
import nertagger
from nertagger.dates.normalizer import load_normalizer
tagger, normalizer, stop = nertagger.load(sys.argv[1], threads=2), load_normalizer(), threading.Event()
sentences = [["Paris", *map(str, range(i, i + 40))] for i in range(200)]
expected = tagger.tag_tokens(sentences), normalizer(["May 2009"])
def work():
    while not stop.is_set():
        tagger.tag_tokens(sentences)
thread = threading.Thread(target=work)
thread.start()
children = []
for _ in range(5):
    child = os.fork()
    if not child:
        os._exit(0 if (tagger.tag_tokens(sentences), normalizer(["May 2009"])) == expected else 1)
    children.append(child)
codes = [os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children]
stop.set()
thread.join()
assert (tagger.tag_tokens(sentences), normalizer(["May 2009"])) == expected
print(codes)
"""


def entities(tagger: Tagger, text: str = TEXT) -> list[str]:
    return [entity.text for entity in tagger(text).entities]


@pytest.mark.parametrize("copied", [copy.deepcopy, copy.copy, lambda tagger: pickle.loads(pickle.dumps(tagger))])
def test_a_copy_tags(lexicon_model: Path, copied) -> None:
    tagger = Tagger.load(lexicon_model, threads=2)
    again = copied(tagger)
    assert entities(again) == entities(tagger) == FOUND
    assert again.model.path == lexicon_model
    assert again.model.tensors.keys() == tagger.model.tensors.keys()


def test_a_pickle_does_not_need_the_file(make_lexicon_model, tmp_path: Path) -> None:
    path = make_lexicon_model({"Paris": "S-LOC"})
    content = pickle.dumps(Tagger.load(path))
    make_lexicon_model({"is": "S-LOC"})
    assert entities(pickle.loads(content), "Paris is") == ["Paris"]
    path.unlink()
    assert entities(pickle.loads(content), "Paris is") == ["Paris"]


def test_pickling_a_model_whose_file_was_changed_in_place_is_an_error(lexicon_model: Path) -> None:
    model = read_model(lexicon_model)
    changed = {**model.members, "README.md": memoryview(b"another card")}
    with pytest.raises(ModelFileError, match=r"README\.md has changed since the file was read; load the file again"):
        pickle.dumps(ModelFile(model.path, model.version, model.hashes, changed))


def test_spawned_processes_tag(lexicon_model: Path) -> None:
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        found = pool.submit(Tagger.load(lexicon_model), TEXT).result(timeout=60)
    assert [entity.text for entity in found.entities] == FOUND


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no fork")
def test_forked_processes_tag(lexicon_model: Path) -> None:
    command = [sys.executable, "-W", "ignore", "-c", FORKS, str(lexicon_model)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout == "[0, 0, 0, 0, 0]\n"


def test_the_date_normalizer_is_pickled() -> None:
    assert pickle.loads(pickle.dumps(load_normalizer()))(["May 2009"]) == ["2009-05"]
