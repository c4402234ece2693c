"""Word vectors: every published layout, and an error message with the place of every fault."""

from __future__ import annotations

import bz2
import gzip
import logging
import lzma
import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from nertagger.errors import DataError
from nertagger.features import read_vectors

GLOVE = "the 0.5 -1\ncat 2 3e-1\n"
HEADED = "2 2\n" + GLOVE
FASTTEXT = "2 2\nthe 0.5 -1 \ncat 2 3e-1 \n"
EXPECTED = np.array([[0.5, -1.0], [2.0, 0.3]], np.float16)


def binary(rows: list[tuple[bytes, list[float]]], *, promised: int | None = None, end: bytes = b"\n") -> bytes:
    """Return the bytes of a word2vec binary file as its C program writes it."""
    head = b"%d %d\n" % (len(rows) if promised is None else promised, len(rows[0][1]))
    return head + b"".join(word + b" " + np.array(numbers, "<f4").tobytes() + end for word, numbers in rows)


def write(folder: Path, content: str | bytes, name: str = "v.txt") -> Path:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


@pytest.fixture(params=[1 << 24, 1, 7, 64], ids=lambda size: f"block{size}")
def block_bytes(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> int:
    """Read in blocks of this many bytes, so that rows are divided between blocks."""
    monkeypatch.setattr("nertagger.features.vectors.blocks._BLOCK_BYTES", request.param)
    monkeypatch.setattr("nertagger.features.vectors.reading._SNIFFED_BYTES", min(max(request.param, 16), 1024))
    return int(request.param)


@pytest.mark.parametrize("text", [GLOVE, HEADED, FASTTEXT], ids=["glove", "word2vec", "fasttext"])
@pytest.mark.parametrize("change", ["", "crlf", "no last newline", "byte order mark", "tabs", "a tab after the word"])
@pytest.mark.usefixtures("block_bytes")
def test_text_layouts(tmp_path: Path, text: str, change: str) -> None:
    changed = {
        "": text,
        "crlf": text.replace("\n", "\r\n"),
        "no last newline": text.removesuffix("\n"),
        "byte order mark": f"\ufeff{text}",
        "tabs": text.replace(" ", "\t"),
        "a tab after the word": text.replace("the ", "the\t").replace("cat ", "cat\t"),
    }[change]
    found = read_vectors(write(tmp_path, changed))
    assert found.words == ["the", "cat"]
    assert found.table.dtype == np.float16
    np.testing.assert_array_equal(found.table, EXPECTED)


@pytest.mark.parametrize("end", [b"", b"\n"], ids=["bare", "line feeds"])
def test_binary_layout(tmp_path: Path, end: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    generator = np.random.default_rng(1)
    rows = [(f"wörd{i}".encode(), generator.normal(size=20).tolist()) for i in range(100)]
    path = write(tmp_path, binary(rows, end=end), "v.bin")
    for size in (1, 13, 1000, 1 << 24):
        monkeypatch.setattr("nertagger.features.vectors.blocks._BLOCK_BYTES", size)
        found = read_vectors(path)
        assert found.words == [word.decode() for word, _ in rows]
        np.testing.assert_allclose(found.table, [numbers for _, numbers in rows], rtol=1e-3, atol=1e-6)


def gzipped(path: Path, data: bytes) -> None:
    path.write_bytes(gzip.compress(data))


def zipped(path: Path, data: bytes) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("folder/", b"")
        archive.writestr("folder/glove.txt", data)


COMPRESSIONS: dict[str, Callable[[Path, bytes], object]] = {
    "v.txt.gz": gzipped,
    "v.txt.xz": lambda path, data: path.write_bytes(lzma.compress(data)),
    "v.txt.bz2": lambda path, data: path.write_bytes(bz2.compress(data)),
    "V.ZIP": zipped,
}


@pytest.mark.parametrize("name", COMPRESSIONS)
@pytest.mark.parametrize("content", [GLOVE.encode(), binary([(b"the", [0.5, -1]), (b"cat", [2, 0.3])])])
def test_compressed(tmp_path: Path, name: str, content: bytes) -> None:
    COMPRESSIONS[name](tmp_path / name, content)
    found = read_vectors(tmp_path / name)
    assert found.words == ["the", "cat"]
    np.testing.assert_array_equal(found.table, EXPECTED)


@pytest.mark.parametrize("name", COMPRESSIONS)
def test_truncated_compressed_files_are_reported(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    COMPRESSIONS[name](path, GLOVE.encode() * 1000)
    path.write_bytes(path.read_bytes()[:-30])
    with pytest.raises(DataError, match=name):
        read_vectors(path)


def test_damage_in_a_zip_file_is_reported(tmp_path: Path) -> None:
    path = tmp_path / "v.zip"
    zipped(path, GLOVE.encode() * 1000)
    content = bytearray(path.read_bytes())
    content[110:120] = b"\xff" * 10
    path.write_bytes(content)
    with pytest.raises(DataError, match=r"v\.zip: cannot be read as a zip file"):
        read_vectors(path)


@pytest.mark.parametrize("count", [0, 2])
def test_zip_files_must_have_one_file(tmp_path: Path, count: int) -> None:
    with zipfile.ZipFile(tmp_path / "v.zip", "w") as archive:
        for number in range(count):
            archive.writestr(f"{number}.txt", GLOVE)
    with pytest.raises(DataError, match=rf"v\.zip: got {count} files, expected one; unpack it"):
        read_vectors(tmp_path / "v.zip")


ODD_WORDS = [
    "\x85",
    "\xa0",
    "a\xa0b",
    "\u2028",
    "\u3000",
    "é",
    "東京",
    "😀",
    "#",
    '"',
    "'",
    ",",
    "1",
    "-",
    "\x1c",
    "\x1f",
]


@pytest.mark.usefixtures("block_bytes")
def test_unusual_words_are_kept(tmp_path: Path) -> None:
    for header, words in (("", ODD_WORDS), ("14 2\n", ODD_WORDS[:14])):  # behind a header, \x1c looks like binary
        found = read_vectors(write(tmp_path, header + "".join(f"{word} {i} 1\n" for i, word in enumerate(words))))
        assert found.words == words
        assert found.table[:, 0].tolist() == list(range(len(words)))


@pytest.mark.parametrize(
    "word", [" ", "\t", "\x0b", "\x0c", "\r", "", "\x85", ". . .", "at name@domain.com", "1", "1 1/2"]
)
def test_unusual_words_in_first_and_later_rows(tmp_path: Path, word: str) -> None:
    for text in (f"{word} 1 2\nb 3 4\n", f"b 1 2\n{word} 3 4\n"):
        found = read_vectors(write(tmp_path, text))
        assert sorted(found.words) == sorted([word, "b"])
        assert found.table.tolist() == [[1, 2], [3, 4]]


def test_bytes_that_are_not_utf8_are_replaced(tmp_path: Path) -> None:
    assert read_vectors(write(tmp_path, b"a\xff 1 2\nb 3 4\n")).words == ["a\ufffd", "b"]


@pytest.mark.parametrize("number", ["3e-1", "3E-1", "+.3", "0.30000000000000000001", "300e-3"])
def test_notations_of_numbers(tmp_path: Path, number: str) -> None:
    assert read_vectors(write(tmp_path, f"a {number} 1\n")).table[0, 0] == np.float16(0.3)


@pytest.mark.parametrize(("text", "words", "column"), [
    ("a 1\nb 2\n", ["a", "b"], [1, 2]),
    ("2 1\na 1\nb 2\n", ["a", "b"], [1, 2]),
    ("1900 300\nb 2\nc 3", ["1900", "b", "c"], [300, 2, 3]),  # no header: the rows below are a word and one number
    ("7\t3\nb\t2\n", ["7", "b"], [3, 2]),
])  # fmt: skip
def test_one_dimension(tmp_path: Path, text: str, words: list[str], column: list[float]) -> None:
    found = read_vectors(write(tmp_path, text))
    assert found.words == words
    assert found.table.tolist() == [[number] for number in column]


def test_words_with_spaces_before_a_tab(tmp_path: Path) -> None:
    found = read_vectors(write(tmp_path, "route 66\t1\t2\nNew York\t3\t4\n"))
    assert found.words == ["route 66", "New York"]
    assert found.table.tolist() == [[1, 2], [3, 4]]


@pytest.mark.parametrize(("content", "message"), [
    ("a 1 2\nb 1\nc 1 2\n", ":2: got 1 number, expected 2; fix or remove the line"),
    ("a 1 2\nb 1\n", ":2: got 1 number, expected 2; fix or remove the line"),
    ("a 1 2\nb 1", ":2: got 1 number, expected 2; the file ends within this line: it was cut short, fetch it again"),
    ("a\t1\t2\nb\t1\n", ":2: got 1 number, expected 2; fix or remove the line"),
    ("a\t1\t2\nb 1 2\n", ":2: got 0 numbers, expected 2; fix or remove the line"),
    ("a 1 2\nb 1 x\n", ":2: got something that is not a finite number in the vector; fix or remove the line"),
    ("3 2\na 1 2\n", ": got 1 word, expected the 3 that its first line says; correct that number or, if the file was"),
    (b"\xba\x16\x4f\x2f\x0c\0\0\0rest\n", ": is a binary model of fastText, expected vectors as text; name the .vec"),
    (b"\x80\x04\x95\0\0gensim\n", ": is neither text nor vectors, expected lines of a word and its numbers"),
    (b"PK\x03\x04" + bytes(26) + b"manifest.json", ": is a model file, expected word vectors"),
    (b"PK\x03\x04" + bytes(26) + b"vectors.txt", ": is a zip archive or office document, expected word vectors; give"),
])  # fmt: skip
def test_remedies(tmp_path: Path, content: str | bytes, message: str) -> None:
    path = write(tmp_path, content)
    with pytest.raises(DataError) as caught:
        read_vectors(path)
    assert str(caught.value).startswith(f"{path}{message}")


def test_a_fasttext_model_is_recognised_even_if_compressed(tmp_path: Path) -> None:
    path = write(tmp_path, gzip.compress(b"\xba\x16\x4f\x2f" + bytes(2000)), "cc.en.300.bin.gz")
    with pytest.raises(DataError, match="is a binary model of fastText"):
        read_vectors(path)


def test_an_endless_line_is_read_up_to_a_limit(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="is neither text nor vectors"):
        read_vectors(write(tmp_path, b"a" * (1 << 20) + b" 1 2\n"))


def test_duplicates_are_counted_and_the_first_is_kept(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING):
        found = read_vectors(write(tmp_path, "a 1 1\nb 2 2\na 3 3\na 4 4\n"))
    assert found.words == ["a", "b"]
    assert found.table.tolist() == [[1, 1], [2, 2]]
    assert [record.getMessage().partition("v.txt")[2] for record in caplog.records] == [
        ": 2 repeated words; the first vector of each is kept"
    ]


def test_no_warning_without_duplicates(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    read_vectors(write(tmp_path, "a 1 1\nA 2 2\n"))
    assert not caplog.records


@pytest.mark.parametrize("text", ["a 1\nb 2\na 9\nc 3\nd 4\n", "5 1\na 1\nb 2\na 9\nc 3\nd 4\n"])
@pytest.mark.usefixtures("block_bytes")
def test_limit_counts_distinct_words(tmp_path: Path, text: str) -> None:
    path = write(tmp_path, text)
    assert read_vectors(path, limit=3).words == ["a", "b", "c"]
    assert read_vectors(path, limit=3).table.shape == (3, 1)
    assert read_vectors(path, limit=100).words == ["a", "b", "c", "d"]


def test_limit_stops_reading(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("nertagger.features.vectors.blocks._BLOCK_BYTES", 10)
    assert read_vectors(write(tmp_path, "a 1 2\n" + "b 1 2\n" * 5 + "damaged\n"), limit=2).words == ["a", "b"]


def test_progress_reports_the_words_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("nertagger.features.vectors.blocks._BLOCK_BYTES", 8)
    monkeypatch.setattr("nertagger.features.vectors.reading._SNIFFED_BYTES", 8)
    rows = "".join(f"{chr(97 + i)} {i} 0\n" for i in range(10))
    told: list[tuple[int, int | None]] = []
    for head, limit, total in [("", None, None), ("10 2\n", None, 10), ("10 2\n", 6, 6)]:
        told.clear()
        read_vectors(write(tmp_path, head + rows), limit=limit, progress=lambda *numbers: told.append(numbers))
        assert [words for words, _ in told] == sorted(words for words, _ in told)
        assert len(told) > 3
        assert told[-1] == (limit or 10, total)


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("bad 1 2", "got 2 numbers, expected 3"),
        ("bad 1 2 3 4", "got 4 numbers, expected 3"),
        ("bad", "got 0 numbers, expected 3"),
        ("", "got 0 numbers, expected 3"),
        ("bad 1  2 3", "got 4 numbers, expected 3"),
        ("bad\t1\t2\t3", "got 0 numbers, expected 3"),
        ("bad 1 x 3", "not a finite number"),
        ("bad 1 nan 3", "not a finite number"),
        ("bad 1 NaN 3", "not a finite number"),
        ("bad 1 inf 3", "not a finite number"),
        ("bad 1 -Infinity 3", "not a finite number"),
        ("bad 1 1e5 3", "not a finite number"),
        ("bad 1 1e39 3", "not a finite number"),
        ("bad 1 1e999 3", "not a finite number"),
        ("bad 1 1_0 3", "not a finite number"),
        ("bad 1 0x1 3", "not a finite number"),
        ('bad "1 2" 3', "not a finite number"),
        ('bad "1 2 3', "not a finite number"),
        ("bad 1 ١ 3", "not a finite number"),
        ("two words 1 2", "not a finite number"),
        ("two words 1 x 3", "got 4 numbers, expected 3"),
    ],
)
@pytest.mark.parametrize("header", [0, 1])
@pytest.mark.parametrize("position", [1, 4])
@pytest.mark.usefixtures("block_bytes")
def test_faults_have_a_line(tmp_path: Path, row: str, message: str, header: int, position: int) -> None:
    rows = [f"w{i} 1 2 3" for i in range(5)]
    rows[position] = row
    path = write(tmp_path, ("5 3\n" if header else "") + "\n".join(rows) + "\n")
    with pytest.raises(DataError) as caught:
        read_vectors(path)
    assert str(caught.value).startswith(f"{path}:{position + 1 + header}: got ")
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("first", ["bad 1 2", "bad 1", "bad", "bad 1 x 3", "bad 1 2 nan", "bad\t1 2 3", "bad\t1\t2\t3"])
def test_a_faulty_first_row_is_not_mistaken_for_words_with_spaces(tmp_path: Path, first: str) -> None:
    path = write(tmp_path, f"{first}\nw1 1 2 3\nw2 1 2 3\n")
    with pytest.raises(DataError, match=r"v\.txt:[12]: got "):
        read_vectors(path)


@pytest.mark.parametrize("content", ["", "\n", " \r\n"])
def test_empty_file(tmp_path: Path, content: str) -> None:
    with pytest.raises(DataError, match=r"v\.txt: got an empty file"):
        read_vectors(write(tmp_path, content))


@pytest.mark.parametrize(("content", "got"), [("3 2\n" + GLOVE, 2), ("400000 2\nthe 1 2", 1), ("2 50\n", 0)])
@pytest.mark.usefixtures("block_bytes")
def test_fewer_words_than_in_the_header_are_reported(tmp_path: Path, content: str, got: int) -> None:
    with pytest.raises(DataError, match=rf"v\.txt: got {got} words?, expected the "):
        read_vectors(write(tmp_path, content))


def test_fewer_words_than_in_the_header_are_enough_for_the_limit(tmp_path: Path) -> None:
    assert read_vectors(write(tmp_path, "300 2\n" + GLOVE), limit=2).words == ["the", "cat"]


def test_duplicates_count_as_words_of_the_header(tmp_path: Path) -> None:
    assert read_vectors(write(tmp_path, "3 2\n" + GLOVE + "the 1 1\n")).words == ["the", "cat"]


def test_a_header_of_no_words_is_reported(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"v\.txt: got no word"):
        read_vectors(write(tmp_path, "0 50\n"))


def test_missing_file(tmp_path: Path) -> None:
    for name in ("none.txt", "none.zip"):
        with pytest.raises(DataError, match=rf"{name}: cannot be read"):
            read_vectors(tmp_path / name)


@pytest.mark.parametrize("cut", [1, 2, 8, 9, 10, 12])
@pytest.mark.usefixtures("block_bytes")
def test_truncated_binary_files_are_reported(tmp_path: Path, cut: int) -> None:
    whole = binary([(b"the", [0.5, -1]), (b"cat", [2, 0.3])], end=b"")
    path = write(tmp_path, whole[:-cut])
    with pytest.raises(DataError, match=r"v\.txt: word 2 of 2 is cut short"):
        read_vectors(path)


@pytest.mark.parametrize("number", [np.nan, np.inf, -np.inf, 1e5])
def test_binary_with_a_number_that_is_not_finite(tmp_path: Path, number: float) -> None:
    rows = [(b"a", [0.5, 1]), (b"b", [0.5, 1]), (b"c", [number, 1])]
    with pytest.raises(DataError, match=r"v\.txt: word 3 has a number that is not finite"):
        read_vectors(write(tmp_path, binary(rows)))


@pytest.mark.parametrize("words", [["東京", "ñandú", "über"], ["\x85", "\u200b", "😀"], ["new york", "</s>", "a b c"]])
@pytest.mark.parametrize("width", [1, 2, 300])
def test_text_with_a_header_is_not_mistaken_for_binary(tmp_path: Path, words: list[str], width: int) -> None:
    numbers = " ".join(["-0.012345e-3"] * width)
    found = read_vectors(write(tmp_path, f"3 {width}\n" + "".join(f"{word} {numbers}\n" for word in words)))
    assert found.words == words
    assert found.table.shape == (3, width)


def test_text_in_latin_1_is_not_mistaken_for_binary(tmp_path: Path) -> None:
    assert read_vectors(write(tmp_path, b"2 2\n\xfcber 1 2\nb 3 4\n")).words == ["\ufffdber", "b"]


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("width", [8, 50, 300])
def test_binary_is_not_mistaken_for_text(tmp_path: Path, seed: int, width: int) -> None:
    generator = np.random.default_rng(seed)
    words = ["</s>", "in", "東京", "new_york"]
    rows = [(word.encode(), generator.normal(scale=0.1, size=width).tolist()) for word in words]
    found = read_vectors(write(tmp_path, binary(rows, end=b"")))
    assert found.words == words
    np.testing.assert_allclose(found.table, [numbers for _, numbers in rows], rtol=1e-3, atol=1e-6)


def check_glove(path: Path) -> None:
    """Check the first 1,000 vectors against the text itself."""
    found = read_vectors(path, limit=1000)
    with gzip.open(path, "rt", encoding="utf-8", newline="\n") as stream:
        lines = [stream.readline().rstrip("\n").split(" ") for _ in range(1000)]
    assert found.words == [line[0] for line in lines]
    assert found.words[:3] == ["the", ",", "."]
    assert found.table.shape == (1000, 50)
    np.testing.assert_allclose(
        found.table.astype(np.float64), [[float(part) for part in line[1:]] for line in lines], rtol=5e-4, atol=1e-7
    )


def test_a_file_like_glove(tmp_path: Path) -> None:
    generator = np.random.default_rng(0)
    words = ["the", ",", ".", *(f"w{n}" for n in range(1200))]
    rows = (f"{word} {' '.join(f'{x:.5f}' for x in generator.normal(scale=0.4, size=50))}\n" for word in words)
    (tmp_path / "glove.txt.gz").write_bytes(gzip.compress("".join(rows).encode()))
    check_glove(tmp_path / "glove.txt.gz")


def test_real_glove(shared_data: Path) -> None:
    check_glove(shared_data / "vectors" / "glove.6B.50d.txt.gz")
