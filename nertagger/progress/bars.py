"""The look of progress rows: text, a bar, the amount done and the total, the time elapsed and the time left."""

from __future__ import annotations

from rich.console import Console, ConsoleOptions, RenderResult
from rich.filesize import decimal
from rich.progress import BarColumn, Progress, ProgressColumn, Task, TextColumn
from rich.segment import Segment
from rich.table import Column
from rich.text import Text

from nertagger.progress.records import BYTES

_REFRESHES_PER_SECOND = 5  # each takes some milliseconds from the work
_BAR_WIDTH = 20


class _Amount(ProgressColumn):
    """The amount done and the total, as far as they are known."""

    def render(self, task: Task) -> Text:
        """Return the amounts in the unit of the row."""
        unit = task.fields["unit"]
        if not task.completed and task.total is None:
            return Text("")
        amounts = [task.completed] if task.total is None else [task.completed, task.total]
        if unit == BYTES:
            return Text("/".join(decimal(int(amount)) for amount in amounts))
        return Text("/".join(f"{amount:,.0f}" for amount in amounts) + (f" {unit}" if unit else ""))


class _Times(ProgressColumn):
    """The time elapsed, and the time left if that can be estimated."""

    def render(self, task: Task) -> Text:
        """Return both as hours, minutes and seconds."""
        left = task.time_remaining if task.total is not None else None
        return Text(_clock(task.elapsed or 0) + ("" if left is None else f", {_clock(left)} left"))


class Verbatim:
    """Text that Rich neither wraps nor colours."""

    def __init__(self, text: str) -> None:
        self._text = text

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Yield the text and a line end."""
        yield Segment(self._text)
        yield Segment.line()


def _clock(seconds: float) -> str:
    """Return a time as minutes and seconds, with hours if there are any.

    >>> _clock(3725)
    '1:02:05'
    """
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def bar_columns() -> list[ProgressColumn]:
    """Return the columns of the rows."""
    text = TextColumn("{task.description}", markup=False, table_column=Column(overflow="fold"))
    return [text, BarColumn(_BAR_WIDTH), _Amount(), _Times()]


def make_bars(*, auto_refresh: bool) -> Progress:
    """Return an empty table of rows on standard error, gone when stopped; its clock runs if `auto_refresh`."""
    return Progress(
        *bar_columns(),
        console=Console(stderr=True, highlight=False, markup=False, emoji=False),
        transient=True,
        auto_refresh=auto_refresh,
        refresh_per_second=_REFRESHES_PER_SECOND,
        redirect_stdout=False,
        redirect_stderr=False,
    )
