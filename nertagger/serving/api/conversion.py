"""Tagged documents as a file in any format that nertagger writes."""

from __future__ import annotations

import asyncio
import io
import json
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from starlette.responses import Response

from nertagger.corpus import FORMATS, save_documents
from nertagger.corpus.registry import find_reader, find_writer
from nertagger.corpus.source import Source
from nertagger.runtime import Tagger
from nertagger.serving.api.schemas import FormatInfo

_STEM = "tagged"
_SUFFIXES = {"jsonl-tokens": ".jsonl", "doccano": ".jsonl", "prodigy": ".jsonl", "text": ".txt", "brat": ".zip"}


def writable_formats() -> list[FormatInfo]:
    """Return the formats that can be written."""
    return [
        FormatInfo(name=entry.name, description=entry.description, suffix=_suffix(entry.name))
        for entry in FORMATS.values()
        if entry.writable
    ]


async def convert_documents(records: Sequence[Mapping[str, Any]], format: str, tagger: Tagger) -> Response:
    """Return the answer with a file to download; raises 422 for an unknown format or records that cannot be read."""
    content = await asyncio.to_thread(_convert, records, format, tagger)
    headers = {"Content-Disposition": f'attachment; filename="{_STEM}{_suffix(format)}"'}
    return Response(content, media_type="application/octet-stream", headers=headers)


def _convert(records: Sequence[Mapping[str, Any]], format: str, tagger: Tagger) -> bytes:
    find_writer(format)
    read = find_reader("jsonl").read
    assert read is not None
    source = Source("documents", segment=tagger.segment)
    documents = read((json.dumps(record) for record in records), source)
    with TemporaryDirectory(prefix="nertagger-") as folder:
        path = Path(folder) / f"{_STEM}{'.ann' if format == 'brat' else _suffix(format)}"
        save_documents(path, documents, format=format)
        files = sorted(Path(folder).iterdir())
        return files[0].read_bytes() if len(files) == 1 else _zip(files)


def _zip(files: Sequence[Path]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in files:
            archive.write(file, file.name)
    return stream.getvalue()


def _suffix(format: str) -> str:
    entry = FORMATS.get(format)
    return _SUFFIXES.get(format) or (entry.suffixes[0] if entry and entry.suffixes else f".{format}")
