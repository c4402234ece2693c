"""POST /v1/convert."""

from __future__ import annotations

import io
import zipfile

import pytest

DOCUMENT = {
    "text": "Barack Obama flew to Paris.",
    "entities": [{"label": "PER", "start": 0, "end": 12, "text": "Barack Obama", "confidence": 0.9}],
}


def convert(client, format: str, **document) -> bytes:
    answer = client.post("/v1/convert", json={"format": format, "documents": [DOCUMENT | document]})
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-disposition"].startswith('attachment; filename="tagged.')
    return answer.content


def test_every_format_of_the_list_can_be_had(client):
    for format in client.get("/v1/models").json()["formats"]:
        assert convert(client, format["name"])


@pytest.mark.parametrize(
    ("format", "shown"),
    [
        ("conll", "Barack\tB-PER\nObama\tI-PER\nflew\tO\n"),
        ("text", "[Barack Obama|PER] flew to Paris."),
        ("jsonl", '"confidence": 0.9'),
    ],
)
def test_documents_are_written_in_a_format(client, format, shown):
    assert shown in convert(client, format).decode()


def test_what_a_browser_would_show_as_markup_is_escaped(client):
    assert b"<script>alert" not in convert(client, "html", text="Barack Obama<script>alert(1)</script>")


def test_formats_of_several_files_are_an_archive(client):
    archive = zipfile.ZipFile(io.BytesIO(convert(client, "brat")))
    assert archive.namelist() == ["tagged.ann", "tagged.txt"]
    assert archive.read("tagged.ann").startswith(b"T1\tPER 0 12\tBarack Obama")


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ({"format": "word", "documents": [DOCUMENT]}, "no format 'word' that can be written"),
        ({"format": "conll", "documents": [{"text": "a", "entities": [{"start": 0}]}]}, "label: field required"),
        ({"format": "conll", "documents": [DOCUMENT | {"text": "Ann"}]}, "documents:1"),
    ],
)
def test_what_cannot_be_written_is_said(client, body, message):
    answer = client.post("/v1/convert", json=body)
    assert answer.status_code == 422
    assert message in answer.json()["error"]
