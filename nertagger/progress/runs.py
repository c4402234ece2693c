"""What training shows: what it is doing, the epoch with its loss and the best dev F1, and how far many runs are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from nertagger.progress.display import Display

if TYPE_CHECKING:
    from nertagger.training.language_model.reports import CheckRecord
    from nertagger.training.loop.reports import EpochRecord

_RUN = "run"


class _Row:
    """The last row of a display, which shows one kind of work after the other."""

    def __init__(self, display: Display) -> None:
        self._display, self._work = display, ""

    def show(self, work: str, text: str, *, done: float = 0, total: float | None = None, unit: str = "") -> None:
        """Show the row as `Display.show` does; with other work its time begins anew."""
        if work != self._work:
            self.hide()
            self._work = work
        self._display.show(_RUN, text, done=done, total=total, unit=unit)

    def hide(self) -> None:
        """Remove the row; the next one is below all others."""
        self._display.hide(_RUN)


class RunProgress:
    """Shows training runs on a display, for the length of a block; a listener of `nertagger.training.train`."""

    def __init__(self, display: Display | None = None, *, epoch_lines: bool = True) -> None:
        """Shows nothing before it is entered.

        Args:
            display: where to show; None for one that draws rows if somebody is watching.
            epoch_lines: whether each epoch leaves a line.
        """
        self._display = display or Display()
        self._epoch_lines = epoch_lines
        self._row = _Row(self._display)
        self._epochs, self._best = 0, ""

    def __enter__(self) -> Self:
        self._display.__enter__()
        return self

    def __exit__(self, *exc: object) -> None:
        self._display.__exit__(*exc)

    def on_part(self, name: str, number: int, total: int, facts: str) -> None:
        """Run `number` of `total` begins; `facts` are what the runs before have shown.

        Args:
            name: what a run is called: ``trial``, ``seed``, ``fold``.
            number: from 1.
            total: of all runs.
            facts: empty if there are none.
        """
        text = "  ".join(filter(None, [f"{name} {number} of {total}", facts]))
        self._row.hide()
        if self._display.is_live:
            self._display.show(name, text, done=number - 1, total=total, unit=f"{name}s")
        else:
            self._display.line(text)

    def on_stage(self, text: str) -> None:
        """Something begins whose steps are not counted."""
        self._row.show(text, text)

    def on_begin(self, epochs: int) -> None:
        """The first epoch of at most this many begins."""
        self._epochs, self._best = epochs, ""

    def on_vectors(self, words: int, total: int | None) -> None:
        """So many word vectors have been read, of a total where it is known."""
        self._row.show("word vectors", "reading word vectors", done=words, total=total, unit="words")

    def on_step(self, epoch: int, step: int, steps: int, loss: float) -> None:
        """`step` of `steps` is done; `loss` is the epoch's mean so far."""
        of = f" of at most {self._epochs}" if self._epochs else ""
        text = f"epoch {epoch}{of}  loss {loss:.4f}{self._best}"
        self._row.show(f"epoch {epoch}", text, done=step, total=steps, unit="steps")

    def on_epoch(self, record: EpochRecord, *, best: bool) -> None:
        """An epoch is over; `best` if no epoch before scored as high."""
        if best:
            self._best = f"  best dev F1 {100 * record['dev_f1']:.2f} (epoch {record['epoch']})"
        if self._epoch_lines:
            self._display.line(epoch_line(record, best=best))

    def on_search(self, label: int, labels: int) -> None:
        """`label` of `labels` have been looked at for an entity bias of their own."""
        self._row.show("entity bias", f"choosing the entity bias{self._best}", done=label, total=labels, unit="labels")


class LanguageRunProgress:
    """Shows the training of a language model, for the length of a block; a listener of `train_lm`."""

    def __init__(self, display: Display | None = None) -> None:
        """Shows nothing before it is entered; see `RunProgress`."""
        self._display = display or Display()
        self._row = _Row(self._display)
        self._best = ""

    def __enter__(self) -> Self:
        self._display.__enter__()
        return self

    def __exit__(self, *exc: object) -> None:
        self._display.__exit__(*exc)

    def on_stage(self, text: str) -> None:
        """Something begins whose steps are not counted."""
        self._row.show(text, text)

    def on_step(self, step: int, steps: int, bits: float) -> None:
        """`step` of `steps` is done, with so many bits per symbol."""
        self._row.show("steps", f"bits/symbol {bits:.3f}{self._best}", done=step, total=steps, unit="steps")

    def on_check(self, record: CheckRecord, *, best: bool) -> None:
        """The held-out text was looked at; `best` if no time before was as good."""
        if best:
            held_out = record["held_out_bits"].values()
            self._best = f"  best on held-out text {sum(held_out) / len(held_out):.3f} (step {record['step']:,})"
        self._display.line(check_line(record, best=best))


def epoch_line(record: EpochRecord, *, best: bool) -> str:
    """A line about an epoch for people, aligned with those of other epochs."""
    scored = f"dev F1 {100 * record['dev_f1']:6.2f}" if "dev_f1" in record else "trained on dev"
    return (
        f"epoch {record['epoch']:3d}  loss {record['loss']:.4f}  {scored:14}"
        f"{'*' if best else ' '} learning rate {record['learning_rate']:<7.2g}  "
        f"{record['tokens_per_second']:7,.0f} tokens/s  {record['seconds']:.0f} s"
    )


def check_line(record: CheckRecord, *, best: bool) -> str:
    """A line about a look at the held-out text for people."""
    held_out = "  ".join(f"{name} {value:.3f}" for name, value in record["held_out_bits"].items())
    return (
        f"step {record['step']:6d}  bits/symbol {held_out}{' *' if best else '  '} "
        f"learning rate {record['learning_rate']:.2g}  {record['symbols_per_second']:,.0f} symbols/s  "
        f"{record['seconds']:.0f} s"
    )
