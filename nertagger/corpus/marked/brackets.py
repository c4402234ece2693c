r"""Running text with entities in brackets: ``[Ann|PER] ran``, as nertagger writes it, ``[Ann](PER)`` or ``[PER Ann]``.

In the first form, a backslash escapes ``[``, ``]``, ``|`` and ``\`` (see `nertagger.corpus.formats.marks`). The tagger
of Illinois (CogComp) writes the last one.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain, islice

from nertagger.corpus.marked.bracket_forms import BracketForm, only_form
from nertagger.corpus.marked.building import MarkedText
from nertagger.corpus.marked.units import SAMPLE_LINES, are_wrapped, read_units
from nertagger.corpus.source import Source
from nertagger.text.document import Document


def read_brackets(lines: Iterator[str], source: Source) -> Iterator[Document]:
    """Yield one document per line or, if lines are wrapped, per paragraph.

    Brackets of another form than most marks are text.

    Raises:
        DataError: if a mark is nested or not closed.
    """
    sample = list(islice(lines, SAMPLE_LINES))
    text = "".join(sample)
    form = only_form(text)
    plain = [form.mark.sub(lambda mark: mark["text"] or "", line) for line in sample]
    wrapped = are_wrapped(plain) or any("\n" in mark.text for mark in form.marks(text))
    for number, unit in read_units(chain(sample, lines), wrapped=wrapped, is_open=form.is_open):
        yield from _documents(unit, form, MarkedText(number, source, edges="\r\n"))
    source.report()


def _documents(unit: str, form: BracketForm, marked: MarkedText) -> Iterator[Document]:
    end = 0
    for found in form.mark.finditer(unit):
        marked.add(unit[end : found.start()])
        end = found.end()
        if found["text"] is None:  # an escaped character
            marked.add(found.group()[1:])
        else:
            marked.mark(form.unescaped(found["text"]), form.unescaped(found["label"]))
    marked.add(unit[end:])
    if faulty := form.faulty_part(unit):
        marked.fail(f"the mark at {faulty!r} is nested or not closed")
    yield from marked.documents()
