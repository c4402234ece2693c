"""Runs the notebooks of this folder and keeps what they print and draw.

    python notebooks/run.py [NOTEBOOK ...]

A notebook's settings stand in its cell tagged ``parameters``; the smaller ones that the tests take instead (`code_of`)
are in its metadata, ``nertagger.small``.
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path
from typing import Any

import nbformat

FOLDER = Path(__file__).resolve().parent
_TIMEOUT = 600  # seconds of a cell


def notebooks() -> list[Path]:
    """The notebooks, in order."""
    return sorted(FOLDER.glob("[0-9][0-9]_*.ipynb"))


def code_of(path: Path, *, small: bool = False) -> list[str]:
    """The code of each cell; if `small`, with the settings for tests after those of the notebook."""
    book = nbformat.read(path, as_version=4)
    cells = [cell for cell in book.cells if cell.cell_type == "code"]
    code = []
    for cell in cells:
        code.append(cell.source)
        if small and "parameters" in cell.metadata.get("tags", []):
            code += [f"{name} = {value!r}" for name, value in book.metadata["nertagger"]["small"].items()]
    return code


def execute(path: Path) -> None:
    """Run a notebook as a whole and write it with its outputs, without what differs from one run to the next."""
    from nbclient import NotebookClient

    book = nbformat.read(path, as_version=4)
    client = NotebookClient(book, timeout=_TIMEOUT, kernel_name="python3", record_timing=False, coalesce_streams=True)
    client.execute(cwd=str(FOLDER))
    for cell in book.cells:
        if cell.cell_type == "code":
            cell.outputs = [output for output in cell.outputs if not _is_noise(output)]
    nbformat.write(book, path)


def _is_noise(output: Any) -> bool:
    """Whether an output is what libraries say on standard error."""
    return output.get("output_type") == "stream" and output.get("name") == "stderr"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("notebooks", nargs="*", type=Path, default=notebooks(), metavar="NOTEBOOK")
    for path in parser.parse_args().notebooks:
        began = time.perf_counter()
        execute(path)
        print(f"{path.name:40} {time.perf_counter() - began:5.0f} s", flush=True)


if __name__ == "__main__":
    main()
