"""Checks of annotated files: errors and oddities, each with its place, severity, count and remedy."""

from __future__ import annotations

from collections.abc import Iterable

from nertagger.corpus import open_source
from nertagger.corpus.checks.characters import check_characters
from nertagger.corpus.checks.findings import Finding, Findings, Kind, Severity
from nertagger.corpus.checks.lines import check_lines
from nertagger.corpus.checks.reading import EMPTY, NO_ENTITY, UNANNOTATED, UNREADABLE, CheckedFile, RecordingSource
from nertagger.corpus.checks.sentences import check_sentence_content
from nertagger.corpus.checks.splits import HasVector, check_vectors, compare_schemes, compare_splits
from nertagger.corpus.checks.tags import check_tags
from nertagger.corpus.detection import detect_format_of_file
from nertagger.corpus.source import Column
from nertagger.errors import DataError

__all__ = ["Finding", "Findings", "HasVector", "Kind", "Severity", "check_files"]

_ROW_FORMATS = ("conll", "conllu", "csv")


def check_files(
    files: Iterable[tuple[str, str]],
    *,
    format: str | None = None,
    word_column: Column | None = None,
    tag_column: Column | None = None,
    encoding: str | None = None,
    has_vector: HasVector | None = None,
) -> Findings:
    """Check files, each on its own and all together.

    Args:
        files: path and split of each; a split is ``train``, ``dev``, ``test`` or empty.
        format: the format of all files; None to detect it from each file's suffix, else from its first lines.
        word_column: column of words in tables, by index or name; None to detect it.
        tag_column: column of tags in tables, likewise.
        encoding: the encoding of all files; None for UTF-8 or the encoding of a byte order mark.
        has_vector: function from words to whether each has a word vector; None to skip this check.
    """
    findings = Findings()
    sources = [
        (RecordingSource(path, word_column, tag_column, lenient=True, encoding=encoding, findings=findings), split)
        for path, split in files
    ]
    checked = [file for source, split in sources if (file := _read(source, split, format))]
    schemes = {}
    for file in checked:
        check_characters(file, findings)
        schemes[file.name] = check_tags(file, findings)
    compare_schemes(schemes, findings)
    check_sentence_content(checked, findings)
    compare_splits(checked, findings)
    if has_vector:
        check_vectors(checked, has_vector, findings)
    return findings


def _read(source: RecordingSource, split: str, format: str | None) -> CheckedFile | None:
    """Read a file and check its annotation; a file that cannot be read is a finding, and None is returned."""
    path, findings = source.name, source.findings
    try:
        name = format or detect_format_of_file(path, encoding=source.encoding)
        if name in ("conll", "conllu"):
            check_lines(path, findings, encoding=source.encoding)
        documents = tuple(open_source(source, name))
    except DataError as error:
        detail = ": ".join(filter(None, (error.part, error.message))) if error.path == path else str(error)
        findings.add(UNREADABLE, path, error.line or 1, detail)
        return None
    file = CheckedFile(path, split, documents, rows=name in _ROW_FORMATS)
    _check_annotation(file, findings)
    return file


def _check_annotation(file: CheckedFile, findings: Findings) -> None:
    if not any(True for _ in file.sentences):
        findings.add(EMPTY, file.name)
    elif not any(tag != "O" for sentence in file.sentences for tag in sentence.tags or ()):
        findings.add(NO_ENTITY, file.name)
    for sentence in file.sentences:
        if sentence.tags is None:
            findings.add(UNANNOTATED, file.name, file.line(sentence))
