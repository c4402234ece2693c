"""Pipelines of spaCy as taggers that are scored."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
import spacy
from spacy.language import Language
from spacy.tokens import Doc

from nertagger.errors import NerTaggerError
from nertagger.evaluation import evaluate_tagger
from nertagger.integrations.spacy import SpacyPipeline
from nertagger.text import Sentence


@pytest.fixture
def nlp() -> Language:
    nlp = spacy.blank("en")
    patterns = [{"label": "PER", "pattern": "Ann Lee"}, {"label": "LOC", "pattern": "Oslo"}]
    nlp.add_pipe("entity_ruler").add_patterns(patterns)
    return nlp


def test_tags_and_labels(nlp: Language) -> None:
    pipeline = SpacyPipeline(nlp)
    assert pipeline.labels == {"PER", "LOC"}
    assert pipeline.tag_tokens([["Ann", "Lee", "left", "Oslo"], [], ["cold", "."]]) == [
        ["B-PER", "I-PER", "O", "B-LOC"], [], ["O", "O"]]  # fmt: skip
    gold = [Sentence.from_words(("Ann", "Lee", "left"), tags=("B-PER", "I-PER", "O"))]
    assert evaluate_tagger(pipeline, gold).micro.f1 == 1.0


def test_words_are_tokens_with_spaces_as_in_text(nlp: Language) -> None:
    seen: list[tuple[str, int]] = []

    @Language.component("watcher")
    def watch(doc: Doc) -> Doc:
        seen.append((doc.text, len(doc)))
        return doc

    nlp.add_pipe("watcher")
    SpacyPipeline(nlp).tag_tokens([["Do", "n't", "(", "go", ")", "!"], ["two words", "here"]])
    assert seen == [("Don't (go)!", 6), ("two words here", 2)]


def test_merged_tokens_have_the_tags_of_their_words(nlp: Language) -> None:
    nlp.add_pipe("merge_entities")
    assert SpacyPipeline(nlp).tag_tokens([["Ann", "Lee", "left"]]) == [["B-PER", "I-PER", "O"]]


def test_pipeline_that_does_not_exist(tmp_path: Path) -> None:
    for name in ("no_such_pipeline", str(tmp_path)):
        with pytest.raises(NerTaggerError, match=rf"{name}: spaCy cannot load this pipeline: .*(Can't|Could not)"):
            SpacyPipeline.load(name)


def test_without_spacy_the_error_names_the_extra() -> None:
    code = "import sys; sys.modules['spacy'] = None; from nertagger.cli import main; sys.exit(main(sys.argv[1:]))"
    command = [sys.executable, "-c", code, "evaluate", "spacy:en_core_web_sm", __file__]
    done = subprocess.run(command, stderr=subprocess.PIPE, text=True)
    assert done.returncode == 2
    assert done.stderr == (
        "error: working with spaCy needs packages that are not installed; run: pip install 'nertagger[spacy]'\n"
    )
