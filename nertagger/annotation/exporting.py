"""The decisions of a project as a file in any format."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from tempfile import TemporaryDirectory

from nertagger.annotation.project import Project
from nertagger.corpus import read_documents
from nertagger.corpus.conversion import convert
from nertagger.corpus.registry import find_writer


def exported(project: Project, format: str) -> tuple[str, bytes]:
    """Return the name and the content of a file with the decisions; several files are zipped.

    Raises:
        DataError: if there is no such format, or it cannot be written.
    """
    suffix = next(iter(find_writer(format).suffixes), ".jsonl" if format != "text" else ".txt")
    with TemporaryDirectory(prefix="nertagger-") as folder:
        path = Path(folder) / f"{project.name}{suffix}"
        convert(read_documents(project.folder), path, format=format)
        files = sorted(Path(folder).iterdir())
        if len(files) == 1:
            return path.name, files[0].read_bytes()
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
            for file in files:
                archive.write(file, file.name)
    return f"{project.name}.zip", packed.getvalue()
