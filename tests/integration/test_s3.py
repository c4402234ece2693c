"""Paths of S3 with s3fs, against the S3 server of moto."""

from __future__ import annotations

import gzip
import json
import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from nertagger.cli import main

moto = pytest.importorskip("moto.server")
s3fs = pytest.importorskip("s3fs")


@pytest.fixture(scope="module")
def s3() -> Iterator[Any]:
    """Return the file system of a server with a bucket, ``corpus``, which paths s3://... name meanwhile."""
    logging.getLogger("werkzeug").disabled = True
    server = moto.ThreadedMotoServer(ip_address="127.0.0.1", port=0)
    server.start()
    host, port = server.get_host_and_port()
    values = {"ENDPOINT_URL": f"http://{host}:{port}", "ACCESS_KEY_ID": "test", "SECRET_ACCESS_KEY": "test"}
    with pytest.MonkeyPatch.context() as patch:
        for name, value in (values | {"DEFAULT_REGION": "us-east-1"}).items():
            patch.setenv(f"AWS_{name}", value)
        system = s3fs.S3FileSystem()
        system.mkdir("corpus")
        yield system
    s3fs.S3FileSystem.clear_instance_cache()
    server.stop()


@pytest.mark.parametrize(("given", "workers"), [("in/", "1"), ("in/*", "2")])
def test_inputs_rules_and_outputs_on_s3(
    s3: Any, lexicon_model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, given: str, workers: str
) -> None:
    monkeypatch.setattr("nertagger.cli.tagging.pieces.PIECE_BYTES", 500)
    text = b"Obama in Paris.\n\n" * 100
    for name, content in {"1.txt.gz": gzip.compress(text), "2.jsonl": b'{"id": 7, "text": "Paris"}\n'}.items():
        (tmp_path / "in").mkdir(exist_ok=True)
        (tmp_path / "in" / name).write_bytes(content)
        s3.pipe(f"corpus/in/{name}", content)
    s3.pipe("corpus/names.tsv", b"Obama\tPER\tQ76\n")
    options = ["--gazetteer", "s3://corpus/names.tsv", "--workers", workers]
    assert main(["tag", str(lexicon_model), str(tmp_path / "in"), *options, "-o", str(tmp_path / "out.jsonl")]) == 0
    wanted = (tmp_path / "out.jsonl").read_text().replace(str(tmp_path), "s3://corpus")
    assert wanted.count('"rule": "Q76"') == 100
    output = f"s3://corpus/new/{workers}/found.jsonl.gz"
    assert main(["tag", str(lexicon_model), f"s3://corpus/{given}", *options, "-o", output]) == 0
    assert gzip.decompress(s3.cat(output)).decode() == wanted


def test_a_parquet_table_on_s3(s3: Any, lexicon_model: Path, tmp_path: Path) -> None:
    pyarrow, parquet = pytest.importorskip("pyarrow"), pytest.importorskip("pyarrow.parquet")
    with s3.open("corpus/a.parquet", "wb") as stream:
        parquet.write_table(pyarrow.table({"text": ["Barack Obama in Paris", None]}), stream)
    output = tmp_path / "out.jsonl"
    assert main(["tag", str(lexicon_model), "s3://corpus/a.parquet", "--column", "text", "-o", str(output)]) == 0
    found = [json.loads(line)["entities"] for line in output.read_text().splitlines()]
    assert [entity["label"] for entity in found[0]] == ["PER", "LOC"]
    assert found[1] is None


@pytest.mark.parametrize(("path", "output", "message"), [
    ("s3://corpus/none.txt", "-", "s3://corpus/none.txt: there is no such file or folder"),
    ("s3://nobody/*.txt", "-", "s3://nobody/*.txt: there is no such file or folder"),
    ("IN", "s3://nobody/out.jsonl", "s3://nobody/out.jsonl: cannot be written: The specified bucket does not exist"),
])  # fmt: skip
def test_what_is_not_there_is_one_line(
    s3: Any, lexicon_model: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str],
    path: str, output: str, message: str,
) -> None:  # fmt: skip
    (tmp_path / "a.txt").write_text("Paris\n")
    assert main(["tag", str(lexicon_model), path.replace("IN", str(tmp_path / "a.txt")), "-o", output]) == 2
    assert capsys.readouterr().err == f"error: {message}\n"
