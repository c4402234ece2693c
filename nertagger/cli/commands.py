"""The commands of ``nertagger``: the module and the summary of each; the function has the name of the module."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple


class Command(NamedTuple):
    """A command.

    Attributes:
        module: its module below `nertagger.cli`.
        summary: what it does, in one line of ``nertagger --help``.
    """

    module: str
    summary: str


COMMANDS = {
    "init": Command("init", "write the commented default configuration"),
    "check": Command("data.check", "find what is wrong or odd in annotated files"),
    "split": Command("data.split", "split an annotated file into train, dev and test files, or folds"),
    "convert": Command("data.convert", "write an annotated file in another format or tag scheme"),
    "train": Command("train", "train a tagger on annotated text"),
    "cross-validate": Command("experiments.cross_validate", "score a configuration on each fold of a corpus"),
    "tune": Command("experiments.tune", "search for the settings with the best dev F1"),
    "tag": Command("tag", "find the entities in text"),
    "serve": Command("serve", "serve taggers over HTTP, with a web page"),
    "annotate": Command("annotate", "label text in the browser, with a tagger that learns from the answers"),
    "evaluate": Command("evaluate", "score a model on annotated files"),
    "score": Command("score", "score the output of any tagger against gold tags"),
    "compare": Command("compare", "compare the output of two taggers, with significance tests"),
    "inspect": Command("inspect", "show a model's card, labels, sizes, settings and metrics"),
    "activations": Command("activations", "show the states of hidden units over a text"),
    "bench": Command("experiments.bench", "measure a model's speed and memory on this machine"),
    "export": Command("export", "write a model as one complete file, or with 8-bit weights"),
    "pretrain": Command("pretrain", "train an encoder, from which the training of taggers starts"),
    "lm train": Command("lm.train", "train a language model"),
    "lm score": Command("lm.score", "score text under a language model"),
    "lm sample": Command("lm.sample", "sample text from a language model"),
}


def overview(names: Iterable[str]) -> str:
    """Return what ``nertagger --help`` prints, for the commands of these names."""
    summaries = {name: COMMANDS[name].summary for name in names}
    width = max(map(len, summaries))
    lines = [
        "usage: nertagger COMMAND ...",
        "",
        "Train, run and score named-entity taggers. To begin: nertagger tag english FILE",
        "",
        "commands:",
    ]
    lines += [f"  {name:{width}}  {summary}" for name, summary in summaries.items()]
    lines += ["", "global options:"]
    lines += ["  --help       show the arguments of a command", "  --version    show the version (without a command)"]
    lines += ["  --quiet      no warnings and no progress", "  --traceback  show the traceback of an error"]
    return "\n".join(lines)
