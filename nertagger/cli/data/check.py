"""``nertagger check``: report what is wrong or odd in annotated files."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Annotated

from nertagger.cli.common.inputs import find_inputs, refuse_streams
from nertagger.cli.common.options import Encoding, Format, TagColumn, WordColumn
from nertagger.cli.common.parser import Argument, Option, UsageError
from nertagger.cli.common.progress import reading
from nertagger.cli.common.terminal import show, to_json
from nertagger.corpus.checks import Finding, Findings, HasVector, Severity, check_files
from nertagger.printable import printable


def check(
    files: Annotated[list[str] | None, Argument(metavar="FILE", help="annotated files, folders or patterns")] = None,
    train: Annotated[list[str] | None, Option(metavar="FILE", help="training file; may be repeated")] = None,
    dev: Annotated[list[str] | None, Option(metavar="FILE", help="dev file; may be repeated")] = None,
    test: Annotated[list[str] | None, Option(metavar="FILE", help="test file; may be repeated")] = None,
    vectors: Annotated[
        str | None, Option(metavar="FILE", help="word vectors, to report how many of the words have one")
    ] = None,
    format: Format = None,
    word_column: WordColumn = None,
    tag_column: TagColumn = None,
    encoding: Encoding = None,
    as_json: Annotated[bool, Option("--json", help="print one JSON object")] = False,
) -> int:
    """Report what is wrong or odd in annotated files, with place, count and remedy.

    The exit status is 1 if there are errors.
    """
    splits = {"": files, "train": train, "dev": dev, "test": test}
    named = [(path, split) for split, paths in splits.items() for path in find_inputs(paths or [])]
    if not named:
        raise UsageError("nothing to check; name FILE, --train, --dev or --test (see nertagger check --help)")
    refuse_streams((path for path, _ in named), "a check reads twice")
    has_vector = _lookup(vectors) if vectors else None
    with reading([path for path, _ in named], "checking"):
        findings = check_files(
            named,
            format=format,
            encoding=encoding,
            word_column=word_column,
            tag_column=tag_column,
            has_vector=has_vector,
        )
    if as_json:
        show(to_json(_as_object(findings)))
    else:
        show("\n".join(_lines(findings)))
    return int(findings.number_of(Severity.ERROR) > 0)


def _lookup(path: str) -> HasVector:
    """Return a function from words to whether each has a vector in the file, looked up as a model does."""
    from nertagger.features import WordIndex, read_vectors

    with reading([path], "reading word vectors"):
        index, _ = WordIndex.build(read_vectors(path).words)

    def has_vector(words: Sequence[str]) -> Sequence[bool]:
        return [bool(row) for row in index.rows(words)]

    return has_vector


def _as_object(findings: Findings) -> dict[str, object]:
    numbers = {severity.value: findings.number_of(severity) for severity in Severity}
    return {**numbers, "findings": [finding.to_dict() for finding in findings]}


def _lines(findings: Findings) -> Iterator[str]:
    for finding in findings:
        yield from map(printable, _finding_lines(finding))
    counts = [(findings.number_of(severity), severity) for severity in (Severity.ERROR, Severity.WARNING)]
    yield ", ".join(f"{number:,} {severity}{'' if number == 1 else 's'}" for number, severity in counts)


def _finding_lines(finding: Finding) -> Iterator[str]:
    kind = finding.kind
    place = f"{finding.file}:{finding.line}"
    times = f"{finding.count:,} x " if finding.count > 1 else ""
    detail = f": {finding.places[0][1]}" if finding.places[0][1] else ""
    yield f"{place}: {kind.severity}: {times}{kind.title} [{kind.code}]{detail}"
    if kind.severity is not Severity.NOTE:
        yield f"    {kind.remedy}"
