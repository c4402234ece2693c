"""``nertagger split``: split an annotated file into train, dev and test files, or into folds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any

from nertagger.cli.common.options import AS_DETECTED, ReadingOptions
from nertagger.cli.common.parser import Argument, Option, UsageError
from nertagger.cli.common.progress import reading
from nertagger.cli.common.terminal import show, to_json
from nertagger.corpus import open_source
from nertagger.corpus.conversion import convert
from nertagger.corpus.registry import FORMATS, find_writer, format_of_name
from nertagger.corpus.source import Source
from nertagger.corpus.splitting import SplitUnit, split_documents, split_into_folds
from nertagger.errors import DataError
from nertagger.files import make_folder
from nertagger.printable import counted, printable
from nertagger.text.document import Document
from nertagger.text.entities import document_entities


def split(
    source: Annotated[str, Argument(metavar="IN", help="the annotated file")],
    out: Annotated[Path, Option("--out", "-o", metavar="DIR", help="folder of the parts; made if it does not exist")],
    dev: Annotated[float, Option(min=0, max=1, help="fraction of the dev part; 0 for none")] = 0.1,
    test: Annotated[float, Option(min=0, max=1, help="fraction of the test part; 0 for none")] = 0.1,
    folds: Annotated[int | None, Option(min=2, help="write this many pairs of train and test files instead")] = None,
    by: Annotated[SplitUnit, Option(help="what is never divided between parts")] = SplitUnit.SENTENCE,
    seed: Annotated[int, Option(min=0, help="random seed")] = 0,
    source_format: Annotated[
        str | None, Option("--from", metavar="FORMAT", help="format of IN; detected by default")
    ] = None,
    target_format: Annotated[
        str | None, Option("--to", metavar="FORMAT", help="format of the parts; by default that of IN, else conll")
    ] = None,
    read_as: ReadingOptions = AS_DETECTED,
    as_json: Annotated[bool, Option("--json", help="print the sizes of the parts as one JSON object")] = False,
) -> None:
    """Split an annotated file into parts with similar label frequencies and no sentence in common.

    The same seed gives the same parts.
    """
    if folds is None and dev + test >= 1:
        raise UsageError(f"--dev {dev} and --test {test} leave nothing to train on; they must add up to less than 1")
    written = target_format or _like(source_format or format_of_name(source))
    find_writer(written)
    file = Source(source, **vars(read_as))
    with reading([source], "reading"):
        documents = list(open_source(file, source_format))
    if not documents:
        raise DataError(f"{source}: got no sentence, expected annotated text")
    if folds is None:
        fractions = {"train": 1 - dev - test, "dev": dev, "test": test}
        kept = {name: fraction for name, fraction in fractions.items() if fraction}
        parts = dict(zip(kept, split_documents(documents, list(kept.values()), by=by, seed=seed), strict=True))
    else:
        parts = {}
        for number, (rest, fold) in enumerate(split_into_folds(documents, folds, by=by, seed=seed), 1):
            parts |= {f"fold{number}.train": rest, f"fold{number}.test": fold}
    _write(parts, out, written)
    contents = {name: _content(part) for name, part in parts.items()}
    show(to_json(contents) if as_json else "\n".join(_table(contents)))


def _like(name: str | None) -> str:
    """Return the format of the source if it can be written and has a suffix of its own, else conll."""
    return name if name in FORMATS and FORMATS[name].writable and FORMATS[name].suffixes else "conll"


def _write(parts: Mapping[str, Sequence[Document]], folder: Path, format: str) -> None:
    suffix = (FORMATS[format].suffixes or (f".{format}",))[0]
    make_folder(folder)
    for name, documents in parts.items():
        convert(documents, folder / f"{name}{suffix}", format=format)


def _content(documents: Sequence[Document]) -> dict[str, Any]:
    sentences = [sentence for document in documents for sentence in document.sentences]
    labels = Counter(entity.label for document in documents for entity in document_entities(document))
    return {"sentences": len(sentences), "tokens": sum(map(len, sentences)), "entities": dict(sorted(labels.items()))}


def _table(contents: Mapping[str, dict[str, Any]]) -> Iterator[str]:
    width = max(map(len, contents))
    for name, content in contents.items():
        labels = "  ".join(f"{printable(label)} {count:,}" for label, count in content["entities"].items())
        sizes = f"{counted(content['sentences'], 'sentence'):>20}  {counted(content['tokens'], 'token'):>18}"
        yield f"{name:{width}} {sizes}  {labels}"
