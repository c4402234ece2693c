"""Progress rows in a notebook: an output of the cell that the notebook's own display mechanism updates.

Rich draws in notebooks through ipywidgets, which many of them do not have; `IPython.display` is in all of them.
"""

from __future__ import annotations

from io import StringIO
from typing import Any

from IPython.display import HTML, display
from rich.console import Console
from rich.progress import Progress, ProgressColumn

_WIDTH = 100  # characters
_FORMAT = '<pre style="line-height: normal">{code}</pre>'


class NotebookBars(Progress):
    """A table of rows below the cell that runs, drawn when it is refreshed; it is empty once stopped."""

    def __init__(self, *columns: ProgressColumn) -> None:
        # What is printed above the rows goes to standard error, which notebooks show below.
        super().__init__(*columns, console=Console(stderr=True, highlight=False, force_jupyter=False))
        self._output: Any = None

    def start(self) -> None:
        """Open the output of the cell."""
        self._output = display(HTML(""), display_id=True)

    def refresh(self) -> None:
        """Draw all rows."""
        if self._output is not None:
            self._output.update(HTML(self._html()))

    def stop(self) -> None:
        """Empty the output."""
        if self._output is not None:
            self._output.update(HTML(""))
            self._output = None

    def _html(self) -> str:
        console = Console(
            file=StringIO(), record=True, width=_WIDTH, force_terminal=True, force_jupyter=False, highlight=False
        )
        console.print(self.get_renderable())
        return console.export_html(inline_styles=True, code_format=_FORMAT)
