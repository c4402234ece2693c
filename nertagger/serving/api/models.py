"""The taggers of a service by name, each replaced while it runs when its file or one of its rules is replaced."""

from __future__ import annotations

import asyncio
import logging
import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from nertagger.errors import NerTaggerError, one_line
from nertagger.files import file_identity
from nertagger.modelfile.schema import ENGLISH
from nertagger.rules import Rules
from nertagger.runtime import Tagger, load
from nertagger.serving.api.rules import RuleSource, ServedRules

logger = logging.getLogger(__name__)

_LOOK_SECONDS = 1.0
_Signature = tuple[int, int, int]


@dataclass(frozen=True)
class Served:
    """A tagger that is served.

    Attributes:
        name: what requests call it.
        source: the path of its file, or the name of a model of the package.
        tagger: the tagger.
        signature: identity, size and time of the file that it was read from; None if it is of the package.
    """

    name: str
    source: str
    tagger: Tagger
    signature: _Signature | None


class Models:
    """Taggers by name; the first is the default.

    Args:
        sources: the path of each model file, or the name of a model of the package, by the name for requests.
        threads: batches that each network runs at a time; None for the default of `load`.
        rules: names and patterns beside every model, or their files.

    Raises:
        ModelFileError: if a file cannot be loaded.
        DataError: if the rules cannot be read.
    """

    def __init__(
        self, sources: Mapping[str, str], *, threads: int | None = None, rules: Rules | RuleSource | None = None
    ) -> None:
        self._threads, self._rules = threads, ServedRules(rules)
        self._served = {name: self._load(name, source) for name, source in sources.items()}
        self._failed: dict[str, _Signature | None] = {}
        self.reloads = 0
        """How often a file has been loaded again."""

    def __iter__(self) -> Iterator[Served]:
        return iter(self._served.values())

    def find(self, name: str | None) -> Served:
        """Return a tagger, the default one for None; raises KeyError if there is none of this name."""
        return self._served[next(iter(self._served)) if name is None else name]

    @property
    def names(self) -> list[str]:
        """The names, the default first."""
        return list(self._served)

    async def watch(self, is_forced: asyncio.Event) -> None:
        """Load files again that are replaced, until cancelled.

        Args:
            is_forced: once set, all files are loaded again.
        """
        while True:
            try:
                await asyncio.wait_for(is_forced.wait(), _LOOK_SECONDS)
            except TimeoutError:
                names = [served.name for served in self._served.values() if self._is_replaced(served)]
                has_new_rules = self._rules.are_replaced
            else:
                is_forced.clear()
                names, has_new_rules = self.names, bool(self._rules.files)
            if has_new_rules:
                await asyncio.to_thread(self._reload_rules)
            for name in names:
                await asyncio.to_thread(self._reload, name)

    def _is_replaced(self, served: Served) -> bool:
        now = _signature(served.source)
        return now is not None and now != served.signature and now != self._failed.get(served.name)

    def _reload(self, name: str) -> None:
        """Replace a tagger by what its file holds now; one that cannot be loaded is logged, and the former stays."""
        source = self._served[name].source
        signature = _signature(source)
        try:
            self._served[name] = self._load(name, source)
        except NerTaggerError as error:
            self._failed[name] = signature
            logger.error("%s; the model that was loaded before is still served", one_line(error))
        else:
            self.reloads += 1
            logger.warning("%s: loaded again as %s", source, name)

    def _reload_rules(self) -> None:
        """Give all taggers the rules that their files hold now; faulty ones are logged, and the former stay."""
        try:
            self._rules.read_again()
        except NerTaggerError as error:
            logger.error("%s; the rules that were read before are still used", one_line(error))
            return
        for name, served in self._served.items():
            self._served[name] = replace(served, tagger=served.tagger.with_rules(self._rules.rules))
        self.reloads += 1
        logger.warning("%s: rules read again", ", ".join(self._rules.files))

    def _load(self, name: str, source: str) -> Served:
        signature = _signature(source)  # before the file is read: if it is replaced meanwhile, it is read again
        tagger = load(source, threads=self._threads).with_rules(self._rules.rules)
        return Served(name, source, tagger, signature)


def read_sources(arguments: Iterable[str]) -> dict[str, str]:
    """Return the sources of models by name: ``NAME=SOURCE``, or ``SOURCE`` alone, whose name is that of the file.

    Raises:
        NerTaggerError: if two have the same name.

    >>> read_sources(["models/news.ner", "mail=models/m2.ner"])
    {'news': 'models/news.ner', 'mail': 'models/m2.ner'}
    """
    sources: dict[str, str] = {}
    for argument in arguments:
        name, is_named, source = argument.partition("=")
        if not is_named or os.path.exists(argument):
            name, source = Path(argument).stem, argument
        if name in sources:
            raise NerTaggerError(f"{argument}: another model is called {name!r} already; name this one: NAME={source}")
        sources[name] = source
    return sources


def _signature(source: str) -> _Signature | None:
    """Return what changes when a file is replaced; None if there is no file."""
    return None if source == ENGLISH else file_identity(source)
