"""The place where several processes find the same study: a database or a journal file of Optuna."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

from nertagger.errors import ConfigError, MissingExtraError, NerTaggerError, one_line, requires_extra
from nertagger.files import check_output, make_folder

if TYPE_CHECKING:
    from sqlalchemy.engine import URL

_POSTGRESQL = "postgresql+psycopg"
_JOURNAL, _SUFFIXES = "journal:", (".log", ".journal")
_FIRST_BYTES = b'{"op_code"'  # of every line of Optuna's journal
_FORMS = "a database, such as postgresql://USER@HOST/DATABASE, or journal:FILE"
_TRIES = 5  # at the tables of a new database, which another process may be creating


@dataclass(frozen=True, slots=True)
class Shared:
    """A study that several processes share, on one machine or on many.

    Attributes:
        storage: the URL of a database, or ``journal:`` and the path of a file on a disk that all of them see.
        study: its name there.
        lease: seconds without a sign of life after which others take up again what a process has begun.
    """

    storage: str = field(repr=False)
    study: str
    lease: float = 120.0

    @property
    def place(self) -> str:
        """The storage and the study, for messages: without user, password and options."""
        if (path := self.journal) is not None:
            return f"study {self.study} in {path}"
        url = _url(self.storage)
        host = f"{url.host or ''}:{url.port}" if url.port else url.host or ""
        return f"study {self.study} in {url.get_backend_name()}://{host}/{url.database or ''}"

    @property
    def journal(self) -> Path | None:
        """The path of the journal; None for a database."""
        if self.storage.startswith(_JOURNAL):
            return Path(self.storage.removeprefix(_JOURNAL))
        return Path(self.storage) if "://" not in self.storage and self.storage.endswith(_SUFFIXES) else None

    def open(self, optuna: ModuleType) -> Any:
        """Return the Optuna storage, created if it does not exist.

        Raises:
            NerTaggerError: if it cannot be reached or written, or is something else.
        """
        if (path := self.journal) is not None:
            return _open_journal(optuna, path)
        with self.errors(optuna):
            return _open_database(optuna, _url(self.storage))

    @contextmanager
    def errors(self, optuna: ModuleType) -> Iterator[None]:
        """Turn an error of the storage into one line without its password.

        Raises:
            NerTaggerError: in place of the errors of Optuna and of the database.
        """
        from sqlalchemy.exc import SQLAlchemyError

        try:
            yield
        except (optuna.exceptions.OptunaError, SQLAlchemyError) as error:
            raise NerTaggerError(f"{self.place}: cannot be used: {self._reason(error)}") from None

    def _reason(self, error: BaseException) -> str:
        """Return the first cause of an error, without the password."""
        while error.__cause__ is not None:
            error = error.__cause__
        text = one_line(error)
        if self.journal is None:
            url = _url(self.storage)
            for secret in filter(None, [url.password, url.query.get("password")]):
                text = text.replace(str(secret), "***")
        return text


def mend_journal(path: Path, *, remedy: str) -> int:
    """Remove the last line of a journal if a process was killed while writing it; return the number of bytes left.

    Raises:
        ConfigError: if the file is something else; the message ends with `remedy`.
    """
    with path.open("r+b") as stream:
        content = stream.read()
        if content and not content.startswith(_FIRST_BYTES[: len(content)]):
            raise ConfigError(f"{path}: is not the file of a search; {remedy}")
        whole = content.rfind(b"\n") + 1
        if whole < len(content):
            stream.truncate(whole)
    return whole


def _open_journal(optuna: ModuleType, path: Path) -> Any:
    make_folder(path.parent)
    check_output(path)
    path.touch()
    remedy = "name another one by --storage"
    journal = optuna.storages.journal
    lock = journal.JournalFileSymlinkLock(str(path))  # by which Optuna's processes write one after another
    lock.acquire()
    try:
        mend_journal(path, remedy=remedy)
    finally:
        lock.release()
    try:
        return optuna.storages.JournalStorage(journal.JournalFileBackend(str(path)))
    except (ValueError, KeyError, TypeError) as error:
        raise ConfigError(f"{path}: is not the file of a search ({error}); {remedy}") from error


def _open_database(optuna: ModuleType, url: URL) -> Any:
    """Return the storage of a database; of processes that create its tables at the same time, all but one try again."""
    from sqlalchemy.exc import DBAPIError, NoSuchModuleError

    timeout = {"connect_timeout": 10} if url.get_backend_name() == "postgresql" else {}
    engine = {"pool_pre_ping": True, "hide_parameters": True, "connect_args": timeout}
    for tries in range(1, _TRIES + 1):
        try:
            return optuna.storages.RDBStorage(url.render_as_string(hide_password=False), engine_kwargs=engine)
        except (ImportError, NoSuchModuleError):
            if url.drivername == _POSTGRESQL:
                raise MissingExtraError("a study in PostgreSQL", "tune") from None
            raise ConfigError(f"--storage: the driver {url.drivername} is not installed; install it with pip") from None
        except DBAPIError as error:
            if error.statement is None or tries == _TRIES:  # the server could not be reached, or it is no race
                raise
        time.sleep(0.2 * tries)
    raise AssertionError("the last try returns or raises")


def _url(storage: str) -> URL:
    """Return the URL of a database; PostgreSQL is reached by psycopg unless another driver is named."""
    with requires_extra("tuning", "tune"):
        from sqlalchemy.engine import make_url
        from sqlalchemy.exc import ArgumentError
    with suppress(ArgumentError, ValueError):  # their messages may hold the password
        url = make_url(storage)
        if url.get_backend_name() == "sqlite":  # which ignores SELECT ... FOR UPDATE, by which Optuna hands out trials
            raise ConfigError("--storage: SQLite may hand the same run to two processes; use journal:FILE instead")
        return url.set(drivername=_POSTGRESQL) if url.drivername in ("postgresql", "postgres") else url
    raise ConfigError(f"--storage: got something else, expected {_FORMS}")


def load_optuna() -> ModuleType:
    """Return Optuna, which then prints warnings alone.

    Raises:
        MissingExtraError: if it is not installed.
    """
    with requires_extra("tuning", "tune"):
        import optuna
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    module: ModuleType = optuna
    return module
