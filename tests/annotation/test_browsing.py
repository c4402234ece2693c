from __future__ import annotations

import pytest

from nertagger.annotation.browsing import Search, search
from nertagger.annotation.store.decisions import Answer
from nertagger.text.document import Span


@pytest.fixture
def decided(project):
    project.decisions.record(Answer(1, "ann", [Span("PER", 0, 1)]))
    project.decisions.record(Answer(2, "bob", [Span("LOC", 0, 1)]))
    project.decisions.record(Answer(3, "ann", kind="skip"))
    return project


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        (Search(), [1, 2, 3, 4]),
        (Search(query="OSLO"), [1, 2]),
        (Search(query="%"), []),
        (Search(query="Rome. "), []),
        (Search(label="LOC"), [2]),
        (Search(state="answered"), [1, 2]),
        (Search(state="skipped"), [3]),
        (Search(state="undecided"), [4]),
        (Search(annotator="ann"), [1, 3]),
        (Search(annotator="ann", state="answered"), [1]),
        (Search(source="texts.txt", query="bo"), [1, 3, 4]),
        (Search(source="other.txt"), []),
    ],
)
def test_search(decided, wanted, found):
    assert search(decided, wanted, first=0, number=10) == (found, len(found))


def test_a_page_of_what_was_found(decided):
    assert search(decided, Search(), first=1, number=2) == ([2, 3], 4)
