"""Formats by name, by suffix and by content."""

from __future__ import annotations

import io
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from pkgutil import resolve_name

import pytest

from nertagger.corpus import FORMATS, Format, read, read_documents, register, registry, write, write_documents
from nertagger.corpus.detection import detect_format
from nertagger.corpus.formats.builtin import BUILTIN_FORMATS
from nertagger.corpus.interface import LazyFunction
from nertagger.corpus.registry import format_of_name
from nertagger.errors import DataError, NerTaggerError
from nertagger.text import Document, Entity, Sentence

SENTENCE = Sentence.from_words(("Ann", "ran"), tags=("B-PER", "O"))


@pytest.mark.parametrize(("text", "name"), [
    ("", "text"),
    ("Ann ran home.\nIt was late, she said.\n", "text"),
    ("Title\n\nOne two three four.\n", "text"),
    ("Ann\tB-PER\n", "conll"),
    ("-DOCSTART- -X- O O\n\nAnn NNP - B-PER\n", "conll"),
    ("-DOCSTART-\n\nAnn\n", "conll"),
    ("Ann I-PER\nran O\n", "conll"),
    ('\n{"text": "a"}\n', "jsonl"),
    ("Sentence #,Word,POS,Tag\n1,a,b,O\n", "csv"),
    ("Word, however, is a word.\nAnd so on.\n", "text"),
    ("Sentence #;Word;POS;Tag\n1;a;b;O\n", "csv"),
    ("Ann;B-PER\nran;O\n;\nBo;B-PER\n", "csv"),
    ("TOKEN\tTAG\nAnn\tB-PER\n", "conll"),
    ("Ann B_PER\nran O\n", "conll"),
    ("Ann PER\nran O\n", "conll"),
    ("1 Ann B\n2 ran O\n", "conll"),
    ("Ann took the U-Bahn\n", "text"),
    ("Ann took the U-Bahn\nBo took the bus\nTom took the S-Bahn\n", "text"),
    ("Vitamin B\nVitamin C\nplan O\n", "text"),
    ("\tAnn ran home.\n\tBo sat.\n", "text"),
    ("Ann ran.\tBo sat, and so on.\nNo tab here\n", "text"),
])  # fmt: skip
def test_detect_format(text: str, name: str) -> None:
    assert detect_format(text.splitlines(keepends=True)) == name


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("a.conll", "conll"),
        ("a.iob2.gz", "conll"),
        ("A.TSV", "conll"),
        ("x.csv.xz", "csv"),
        ("x.ndjson", "jsonl"),
        ("x.html", "html"),
        ("x.txt", None),
        ("-", None),
    ],
)
def test_format_of_name(path: str, name: str | None) -> None:
    assert format_of_name(path) == name


def test_importing_the_registry_imports_no_format() -> None:
    code = "import sys, nertagger.corpus; print([m for m in sys.modules if m.startswith('nertagger.corpus.formats.')])"
    process = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert process.stdout == "['nertagger.corpus.formats.builtin']\n"


def test_every_builtin_format_has_its_functions() -> None:
    for entry in BUILTIN_FORMATS:
        functions = [entry.read, entry.write, entry.read_file, entry.write_file]
        targets = [function.target for function in functions if isinstance(function, LazyFunction)]
        assert targets
        assert all(callable(resolve_name(target)) for target in targets)


def test_every_format_has_a_description() -> None:
    for name, entry in FORMATS.items():
        assert entry.name == name
        assert entry.description
        assert "\n" not in entry.description
        assert entry.readable or entry.writable


def test_unknown_formats_raise_before_any_file_is_opened(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="no format 'nope' that can be read; there are: conll, "):
        read_documents(tmp_path / "absent", format="nope")
    with pytest.raises(DataError, match=r"x\.html: the format html cannot be read; save it as plain text"):
        read_documents("x.html")
    with pytest.raises(DataError, match=r"no format 'JSON' that can be read; did you mean jsonl\? there are: conll, "):
        read(tmp_path / "absent", format="JSON")
    with pytest.raises(DataError, match="no format 'lines' that can be written"):
        write(tmp_path / "x", [SENTENCE], format="lines")
    with pytest.raises(DataError, match="the name tells no format"):
        write(tmp_path / "x", [SENTENCE])
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["x.conll", "x.conll.gz", "x.jsonl.xz", "x.csv.bz2", "x.iob2"])
def test_write_then_read(tmp_path: Path, name: str) -> None:
    write(tmp_path / name, [SENTENCE, SENTENCE])
    assert [(sentence.words, sentence.tags) for sentence in read(tmp_path / name)] == [
        (SENTENCE.words, SENTENCE.tags)
    ] * 2


def test_documents_are_written_as_they_are(tmp_path: Path) -> None:
    document = Document("Ann  ran", (), (Entity("PER", 0, 3, "Ann", 0.5),), meta={"id": 3})
    write(tmp_path / "x.jsonl", [document, SENTENCE])
    first, second = read_documents(tmp_path / "x.jsonl")
    assert (first.text, first.entities, first.meta) == (document.text, document.entities, {"id": 3})
    assert second.text == " ".join(SENTENCE.words)
    with pytest.raises(DataError, match=r"^sentence 1: got a list, expected a Sentence or Document; make one of words"):
        write(tmp_path / "y.jsonl", [["Ann"]])  # type: ignore[list-item]


def test_read_and_write_standard_streams(monkeypatch: pytest.MonkeyPatch, capfdbinary) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BufferedReader(io.BytesIO(b"Ann\tB-PER\nran\tO"))))
    sentences = read("-")
    assert sentences[0].source == "-:1"
    write("-", sentences, format="conll")
    assert capfdbinary.readouterr().out == b"Ann\tB-PER\nran\tO\n\n"


def test_an_interrupted_write_keeps_the_old_file(tmp_path: Path) -> None:
    def sentences():
        yield SENTENCE
        raise NerTaggerError("stop")

    (tmp_path / "x.conll").write_text("old")
    with pytest.raises(NerTaggerError, match="stop"):
        write(tmp_path / "x.conll", sentences())
    assert (tmp_path / "x.conll").read_text() == "old"


def test_register_adds_a_format(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def write_shouting(stream, documents, scheme=None):
        stream.writelines(document.text.upper() for document in documents)

    monkeypatch.setattr("nertagger.corpus.registry.FORMATS", dict(FORMATS))
    monkeypatch.setattr("nertagger.corpus.registry._NAME_OF_SUFFIX", {})
    register(Format("shouting", "capitals", (".loud",), write=write_shouting))
    write(tmp_path / "x.loud", [SENTENCE])
    assert (tmp_path / "x.loud").read_text() == "ANN RAN"
    with pytest.raises(DataError, match="the format shouting cannot be read"):
        read_documents("x.loud")


def test_formats_of_files_cannot_be_written_to_a_stream() -> None:
    with pytest.raises(DataError, match="the format brat is not a stream of text; write jsonl, then run: nertagger"):
        write_documents(io.StringIO(), [], format="brat")


@pytest.fixture
def install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str, str], None]:
    """Return a function that installs a package of one module with its metadata; no format remains registered."""
    monkeypatch.setattr("nertagger.corpus.registry.FORMATS", dict(FORMATS))
    monkeypatch.setattr("nertagger.corpus.registry._NAME_OF_SUFFIX", dict(registry._NAME_OF_SUFFIX))

    def install(name: str, module: str) -> None:
        folder = tmp_path / name
        metadata = folder / f"{name}-1.0.dist-info"
        metadata.mkdir(parents=True)
        (folder / f"{name}.py").write_text(module)
        (metadata / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
        (metadata / "entry_points.txt").write_text(f"[nertagger.formats]\n{name} = {name}:FORMAT\n")
        monkeypatch.syspath_prepend(folder)

    return install


MIRROR = """
from nertagger.corpus import Document, Format

def read(lines, source):
    yield from (Document(line.strip()[::-1], ()) for line in lines)

def write(stream, documents, scheme=None):
    stream.writelines(document.text[::-1] for document in documents)

FORMAT = Format("mirror", "reversed", (".mirror", ".conll"), read, write)
"""


def test_formats_of_installed_packages_are_found_by_name(tmp_path: Path, install) -> None:
    install("mirror_by_name", MIRROR)
    write(tmp_path / "x", [SENTENCE], format="mirror")
    assert (tmp_path / "x").read_text() == "nar nnA"


def test_formats_of_installed_packages_are_found_by_suffix(tmp_path: Path, install) -> None:
    install("mirror_by_suffix", MIRROR)
    write(tmp_path / "x.mirror.gz", [SENTENCE])
    assert [document.text for document in read_documents(tmp_path / "x.mirror.gz")] == ["Ann ran"]
    assert format_of_name("x.conll") == "conll"


@pytest.mark.parametrize("module", ["raise RuntimeError('broken')", "import no_such_module", "FORMAT = 1", "", "1 +"])
def test_a_broken_package_is_logged_and_ignored(install, caplog, module: str) -> None:
    name = f"broken{abs(hash(module))}"
    install(name, module)
    assert format_of_name("x.odd") is None
    [message] = caplog.messages
    assert name in message
    with pytest.raises(DataError, match="no format 'odd' that can be read"):
        read_documents("x", format="odd")
    assert format_of_name("x.conll") == "conll"
