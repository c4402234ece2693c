"""Progress of training: the stage, the epoch with its loss and the best dev F1, and how many runs are done."""

from __future__ import annotations

from typing import Self

from nertagger.progress.display import Display
from nertagger.progress.records import BYTES, CheckRecord, EncoderRecord, EpochRecord

_RUN = "run"


class _Row:
    """The last row of a display, which shows one kind of work after another."""

    def __init__(self, display: Display) -> None:
        self._display, self._work = display, ""

    def show(self, work: str, text: str, *, done: float = 0, total: float | None = None, unit: str = "") -> None:
        """Show the row as `Display.show` does; its clock starts again with other work."""
        if work != self._work:
            self.hide()
            self._work = work
        self._display.show(_RUN, text, done=done, total=total, unit=unit)

    def hide(self) -> None:
        """Remove the row; the next one will be below all others."""
        self._display.hide(_RUN)


class _Progress:
    """Shows work on a display while a block runs."""

    def __init__(self, display: Display | None = None) -> None:
        """Show on a display; None for one that draws rows in a terminal or notebook only."""
        self._display = display or Display()
        self._row = _Row(self._display)

    def __enter__(self) -> Self:
        self._display.__enter__()
        return self

    def __exit__(self, *exc: object) -> None:
        self._display.__exit__(*exc)

    def on_stage(self, text: str) -> None:
        """A stage begins whose steps are not counted."""
        self._row.show(text, text)


class RunProgress(_Progress):
    """Shows training runs on a display while a block runs; a listener of `nertagger.training.train`."""

    def __init__(self, display: Display | None = None, *, epoch_lines: bool = True) -> None:
        """
        Args:
            display: the display of the runs; None for one that draws rows in a terminal or notebook only.
            epoch_lines: whether to write a line per epoch.
        """
        super().__init__(display)
        self._epoch_lines = epoch_lines
        self._epochs, self._best, self._note = 0, "", ""

    def on_part(self, name: str, number: int, total: int, facts: str) -> None:
        """One of several runs begins.

        Args:
            name: what a run is called: ``trial``, ``seed``, ``fold``.
            number: its number, from 1.
            total: the number of all runs.
            facts: what the runs before have shown; may be empty.
        """
        text = "  ".join(filter(None, [f"{name} {number} of {total}", facts]))
        self._row.hide()
        if self._display.is_live:
            self._display.show(name, text, done=number - 1, total=total, unit=f"{name}s")
        else:
            self._display.line(text)

    def on_begin(self, epochs: int) -> None:
        """Training begins, with at most this many epochs."""
        self._epochs, self._best = epochs, ""

    def on_note(self, text: str) -> None:
        """A line about the run that is about to begin, written once for runs of which the same is true."""
        if text != self._note:
            self._display.line(text)
        self._note = text

    def on_vectors(self, words: int, total: int | None) -> None:
        """This many word vectors have been read, of a total if it is known."""
        self._row.show("word vectors", "reading word vectors", done=words, total=total, unit="words")

    def on_step(self, epoch: int, step: int, steps: int, loss: float) -> None:
        """A step of an epoch is done; `loss` is the mean of the epoch so far."""
        of = f" of at most {self._epochs}" if self._epochs else ""
        text = f"epoch {epoch}{of}  loss {loss:.4f}{self._best}"
        self._row.show(f"epoch {epoch}", text, done=step, total=steps, unit="steps")

    def on_epoch(self, record: EpochRecord, *, best: bool) -> None:
        """An epoch is done; `best` if its dev F1 is the highest so far."""
        if best:
            self._best = f"  best dev F1 {100 * record['dev_f1']:.2f} (epoch {record['epoch']})"
        if self._epoch_lines:
            self._display.line(epoch_line(record, best=best))

    def on_search(self, label: int, labels: int) -> None:
        """The entity bias of `label` of `labels` labels has been searched."""
        self._row.show("entity bias", f"choosing the entity bias{self._best}", done=label, total=labels, unit="labels")


class LanguageRunProgress(_Progress):
    """Shows the training of a language model while a block runs; a listener of `train_lm`."""

    def __init__(self, display: Display | None = None) -> None:
        """Show on a display; None for one that draws rows in a terminal or notebook only."""
        super().__init__(display)
        self._best = ""

    def on_step(self, step: int, steps: int, bits: float) -> None:
        """A step is done, with this many bits per symbol."""
        self._row.show("steps", f"bits/symbol {bits:.3f}{self._best}", done=step, total=steps, unit="steps")

    def on_check(self, record: CheckRecord, *, best: bool) -> None:
        """The held-out text was scored; `best` if its loss is the lowest so far."""
        if best:
            held_out = record["held_out_bits"].values()
            self._best = f"  best on held-out text {sum(held_out) / len(held_out):.3f} (step {record['step']:,})"
        self._display.line(check_line(record, best=best))


class EncoderRunProgress(_Progress):
    """Shows the training of an encoder while a block runs; a listener of `pretrain`."""

    def on_text(self, done: int, total: int) -> None:
        """This many bytes of the text have been tokenized."""
        self._row.show("text", "tokenizing the text", done=done, total=total, unit=BYTES)

    def on_vectors(self, words: int, total: int | None) -> None:
        """This many word vectors have been read, of a total if it is known."""
        self._row.show("word vectors", "reading word vectors", done=words, total=total, unit="words")

    def on_step(self, name: str, step: int, steps: int, *, loss: float, tokens_per_second: float) -> None:
        """A step of a stage is done, with this mean loss of the last ones."""
        text = f"{name}  loss {loss:.3f}  {tokens_per_second:,.0f} tokens/s"
        self._row.show(name, text, done=step, total=steps, unit="steps")

    def on_record(self, record: EncoderRecord) -> None:
        """A part of a stage is over."""
        self._display.line(encoder_line(record))


def epoch_line(record: EpochRecord, *, best: bool) -> str:
    """Return a line about an epoch, aligned with those of other epochs."""
    scored = f"dev F1 {100 * record['dev_f1']:6.2f}" if "dev_f1" in record else "trained on dev"
    return (
        f"epoch {record['epoch']:3d}  loss {record['loss']:.4f}  {scored:14}"
        f"{'*' if best else ' '} learning rate {record['learning_rate']:<7.2g}  "
        f"{record['tokens_per_second']:7,.0f} tokens/s  {record['seconds']:.0f} s"
    )


def check_line(record: CheckRecord, *, best: bool) -> str:
    """Return a line about the scores of the held-out text."""
    held_out = "  ".join(f"{name} {value:.3f}" for name, value in record["held_out_bits"].items())
    return (
        f"step {record['step']:6d}  bits/symbol {held_out}{' *' if best else '  '} "
        f"learning rate {record['learning_rate']:.2g}  {record['symbols_per_second']:,.0f} symbols/s  "
        f"{record['seconds']:.0f} s"
    )


def encoder_line(record: EncoderRecord) -> str:
    """Return a line about a part of a stage of an encoder."""
    held_out = f"  held out {record['held_out_loss']:.3f}" if "held_out_loss" in record else ""
    return (
        f"{record['stage']}  step {record['stage_step']:5d} of {record['stage_steps']}  loss {record['loss']:.3f}"
        f"{held_out}  learning rate {record['learning_rate']:.2g}  {record['tokens_per_second']:,.0f} tokens/s  "
        f"{record['seconds']:.0f} s"
    )
