from __future__ import annotations

import json
import sqlite3
from pathlib import Path

import pytest

from nertagger.annotation.project import Import, Project
from nertagger.annotation.store.database import ProjectError
from nertagger.annotation.store.decisions import IMPORTED, Answer
from nertagger.cli import main
from nertagger.corpus import read, read_documents
from nertagger.text import Document, Entity
from nertagger.text.document import Span
from nertagger.text.segment import segment


def test_texts_are_added_once(project):
    again = [segment("Anna met Bo in Oslo. Oslo is cold! Nobody came to Paris. Bo likes Rome."), segment("New text.")]
    assert project.add(again, source="texts.txt") == Import(texts=1, sentences=1, repeated=1)
    assert project.texts.count() == 5


def test_the_same_sentence_twice_in_a_file_is_two_sentences(make_project):
    assert make_project("Yes.", "Yes.").texts.count() == 2


def test_a_compressed_or_edited_file_adds_its_new_texts_alone(make_project):
    project = make_project("Yes.", "No.", "Yes.")
    edited = [segment(text) for text in ("New.", "Yes.", "Yes.", "No.")]
    assert project.add(edited, source="texts.txt.xz") == Import(texts=1, sentences=1, repeated=3)


def test_texts_of_another_file_are_added_and_counted(make_project):
    project = make_project("Yes.", "No.")
    added = project.add([segment("No."), segment("Never.")], source="other.txt")
    assert added == Import(texts=2, sentences=2, copied=1, copied_from="texts.txt")


def test_tokens_are_those_of_the_text_with_its_surroundings(project):
    sentence = project.texts.get(2)
    assert sentence.text == "Oslo is cold!"
    assert [sentence.text[token.start : token.end] for token in sentence.tokens] == ["Oslo", "is", "cold", "!"]
    assert sentence.before == "Anna met Bo in Oslo. "
    assert sentence.after.startswith(" Nobody")


def test_offsets_count_characters_outside_the_basic_plane(make_project):
    sentence = make_project("😢 Anna is in 東京. 😢").texts.get(1)
    assert [sentence.text[token.start : token.end] for token in sentence.tokens] == [
        one.text for one in sentence.tokens
    ]


def test_annotated_sentences_become_decisions_and_their_labels_those_of_the_project(tmp_path, bundled):
    project = Project.open(tmp_path / "p", create=True)
    added = project.add(list(read_documents(bundled / "dev.conll"))[:30], source="dev.conll")
    assert added == Import(30, 30, 30)
    assert {one.annotator for one in project.decisions.gold()} == {IMPORTED}
    assert {"PER", "LOC"} <= set(project.settings.load().labels)


def test_predicted_entities_become_proposals_not_decisions(make_project):
    document = segment("Anna is here.")
    predicted = Document(document.text, document.sentences, (Entity("PER", 0, 4, "Anna", 0.7),), predicted=True)
    project = make_project(predicted)
    assert project.decisions.counts()["answered"] == 0
    assert [proposal.span for proposal in project.models.propose(1)[1]] == [Span("PER", 0, 1)]


def test_a_project_is_a_corpus(project, tmp_path, capsys):
    project.decisions.record(Answer(1, "ann", [Span("PER", 0, 1), Span("LOC", 4, 5)]))
    project.decisions.record(Answer(3, "ann", []))
    project.decisions.record(Answer(2, "ann", kind="skip"))
    assert main(["convert", str(project.folder), str(tmp_path / "out.conll"), "--quiet"]) == 0
    assert [sentence.tags for sentence in read(tmp_path / "out.conll")] == [
        ("B-PER", "O", "O", "O", "B-LOC", "O"),
        ("O",) * 5,
    ]
    assert read(project.folder) == [one for document in read_documents(project.folder) for one in document.sentences]


def test_a_text_that_is_decided_as_a_whole_keeps_its_other_fields(tmp_path):
    file = tmp_path / "in.jsonl"
    file.write_text(json.dumps({"text": "Anna is here. Bo is not.", "id": 7}) + "\n", encoding="utf-8")
    project = Project.open(tmp_path / "p", create=True)
    project.add(read_documents(file), source=str(file))
    project.decisions.record(Answer(1, "ann", [Span("PER", 0, 1)]))
    (part,) = read_documents(project.folder)
    assert (part.text, part.meta) == ("Anna is here.", {"id": 7})
    project.decisions.record(Answer(2, "ann", [Span("PER", 0, 1)]))
    (whole,) = read_documents(project.folder)
    assert (whole.text, len(whole.sentences), whole.meta) == ("Anna is here. Bo is not.", 2, {"id": 7})
    assert [entity.text for entity in whole.entities] == ["Anna", "Bo"]


def test_the_latest_answer_is_exported(project):
    for who, label in (("ann", "PER"), ("bob", "LOC")):
        project.decisions.record(Answer(4, who, [Span(label, 0, 1)]))
    assert [document.entities[0].label for document in read_documents(project.folder)] == ["LOC"]


def test_a_project_can_be_tagged_as_raw_text(project, lexicon_model, capsys):
    assert main(["tag", str(lexicon_model), str(project.folder), "--quiet"]) == 0
    rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [entity["text"] for row in rows for entity in row["entities"]] == ["Paris"]


def test_opening_says_what_is_wrong(tmp_path):
    with pytest.raises(ProjectError, match="is not a project; nertagger annotate"):
        Project.open(tmp_path / "none")
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "file").touch()
    with pytest.raises(ProjectError, match="a folder with other files"):
        Project.open(tmp_path / "other", create=True)
    with pytest.raises(ProjectError, match="is a file"):
        Project.open(tmp_path / "other" / "file", create=True)


def test_a_database_of_a_newer_version_is_refused(project):
    with sqlite3.connect(project.database.path) as connection:
        connection.execute("PRAGMA user_version = 99")
    with pytest.raises(ProjectError, match="version 99 of projects, expected at most 1; install a newer"):
        Project.open(project.folder)


def test_a_file_that_is_no_database_is_refused(tmp_path):
    folder = tmp_path / "p"
    folder.mkdir()
    (folder / "project.sqlite").write_bytes(b"not a database" * 100)
    with pytest.raises(ProjectError, match="not a database"):
        Project.open(folder)


def test_a_read_only_project_shows_and_changes_nothing(project):
    project.decisions.record(Answer(1, "ann"))
    reopened = Project.open(project.folder, read_only=True)
    assert reopened.decisions.counts()["answered"] == 1
    with pytest.raises(ProjectError, match="opened with --read-only"):
        reopened.decisions.record(Answer(2, "ann"))


def test_a_backup_is_a_whole_project_and_overwrites_nothing(project, tmp_path):
    project.decisions.record(Answer(1, "ann", [Span("PER", 0, 1)]))
    backup: Path = tmp_path / "copy" / "project.sqlite"
    backup.parent.mkdir()
    project.database.backup(backup)
    assert Project.open(backup.parent).decisions.gold() == project.decisions.gold()
    with pytest.raises(ProjectError, match="exists, expected the name of a new file"):
        project.database.backup(backup)


@pytest.mark.parametrize("label", ["", " a", "x" * 61, "a\nb"])
def test_labels_are_names(project, label):
    with pytest.raises(ProjectError, match="printable characters without spaces around them"):
        project.settings.update(labels=[label])


def test_hostile_strings_are_stored_as_they_are(make_project):
    text = "<script>alert(1)</script> '; DROP TABLE texts; -- % _ \\ \u202e"
    project = make_project(text)
    project.settings.update(labels=["<svg/onload=alert(1)>"])
    assert project.settings.load().labels == ("<svg/onload=alert(1)>",)
    assert "".join(one.text for one in project.texts.several(project.texts.numbers())).startswith("<script>alert(1)")
