"""What a notebook shows, in a kernel of its own: rows of progress, documents and scores."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient

from nertagger.evaluation import evaluate
from nertagger.text import Document, Entity

ROOT = Path(__file__).resolve().parents[2]
CELLS = [
    """
from time import sleep
from nertagger.progress import Display, is_watched

assert is_watched()
with Display() as shown:
    for done in range(3):
        shown.show("epoch", "epoch 1 <of> 2", done=done, total=2, unit="steps")
        shown.line(f"step {done} is done")
        sleep(0.11)  # rows are drawn ten times per second
""",
    "import nertagger; nertagger.evaluate([['B-PER', 'O']], [['B-PER', 'O']])",
    "from nertagger.text import Document, Entity; Document('Ann ran', (), (Entity('PER', 0, 3, 'Ann', 0.9),))",
]


class Client(NotebookClient):
    """Keeps every message, of which the notebook itself keeps the last state alone."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.messages: list[dict[str, Any]] = []

    def process_message(self, msg: dict[str, Any], *args: Any) -> Any:
        self.messages.append(msg)
        return super().process_message(msg, *args)

    def drawn(self) -> list[str]:
        """Return the HTML of the output that is drawn again and again."""
        kinds = ("display_data", "update_display_data")
        return [msg["content"]["data"]["text/html"] for msg in self.messages if msg["msg_type"] in kinds]


@pytest.mark.filterwarnings("default")  # of the notebook's own packages
def test_a_notebook_shows_progress_scores_and_documents() -> None:
    book = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(code) for code in CELLS])
    client = Client(book, timeout=120, kernel_name="python3", resources={"metadata": {"path": str(ROOT)}})
    client.execute()
    first, *rows, last = client.drawn()
    assert first == last == ""  # nothing is left of it
    assert all("epoch 1 &lt;of&gt; 2" in row for row in rows)
    assert [f"{done}/2 steps" in row for done, row in enumerate(rows)] == [True] * 3
    progress, scores, document = (cell.outputs for cell in book.cells)
    assert "".join(one.text for one in progress if one.output_type == "stream") == "".join(
        f"step {done} is done\n" for done in range(3)
    )
    assert scores[0].data["text/html"] == evaluate([["B-PER", "O"]], [["B-PER", "O"]])._repr_html_()
    assert document[0].data["text/html"] == Document("Ann ran", (), (Entity("PER", 0, 3, "Ann", 0.9),))._repr_html_()
