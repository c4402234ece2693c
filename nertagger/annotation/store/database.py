"""A SQLite database of a project: connections, transactions and migrations.

The standard library's sqlite3 is enough: the queries are few and fixed, SQLite is the only database that a folder can
hold, and an object-relational mapper would add a dependency, and seconds to the start, to hide a dozen tables.
"""

from __future__ import annotations

import json
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote

from nertagger.annotation.store.schema import MIGRATIONS, VERSION
from nertagger.errors import NerTaggerError, one_line
from nertagger.files import check_output

_BUSY_SECONDS = 20  # how long a writer waits for another one

Row = sqlite3.Row


class ProjectError(NerTaggerError):
    """A project that cannot be opened or used as asked."""


class Database:
    """A database that threads and processes share; every thread has a connection of its own.

    Args:
        path: the file; it is made if it does not exist.
        read_only: whether to open it without ever writing.
    """

    def __init__(self, path: Path, *, read_only: bool = False) -> None:
        self.path, self.read_only = path, read_only
        self._local = threading.local()
        with self._explained():
            self._migrate()

    @contextmanager
    def read(self) -> Iterator[sqlite3.Connection]:
        """Provide a connection whose reads all see the same state."""
        connection = self._connection()
        if connection.in_transaction:  # inside another block of this thread
            yield connection
            return
        with self._explained():
            connection.execute("BEGIN")
            try:
                yield connection
            finally:
                connection.execute("ROLLBACK")

    @contextmanager
    def write(self) -> Iterator[sqlite3.Connection]:
        """Provide a connection in a transaction that is committed, on the disk, at the end, or undone by an error.

        Raises:
            ProjectError: if the database was opened for reading.
        """
        if self.read_only:
            raise ProjectError(f"{self.path.parent}: was opened with --read-only, nothing can be changed")
        connection = self._connection()
        with self._explained():
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield connection
            except BaseException:
                connection.execute("ROLLBACK")
                raise
            connection.execute("COMMIT")

    def backup(self, target: Path) -> None:
        """Write a compact copy of the state of this moment to a file that does not exist yet."""
        if target.exists():
            raise ProjectError(f"{target}: exists, expected the name of a new file")
        check_output(target)
        with self._explained(target):
            self._connection().execute("VACUUM INTO ?", (str(target),))

    def check(self) -> str:
        """Return ``ok``, or what is wrong with the file, as SQLite's integrity check says it."""
        return str(self._connection().execute("PRAGMA integrity_check").fetchone()[0])

    def close(self) -> None:
        """Close the connection of this thread."""
        connection = getattr(self._local, "connection", None)
        if connection is not None:
            connection.close()
            self._local.connection = None

    def _connection(self) -> sqlite3.Connection:
        connection: sqlite3.Connection | None = getattr(self._local, "connection", None)
        if connection is None:
            connection = self._local.connection = self._connect()
        return connection

    def _connect(self) -> sqlite3.Connection:
        if self.read_only:
            return self._opened_to_read()
        connection = self._opened(str(self.path))
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")  # a decision that was confirmed survives a power cut
        connection.execute("PRAGMA foreign_keys = ON")
        return connection

    def _opened_to_read(self) -> sqlite3.Connection:
        address = f"file:{quote(str(self.path))}?mode=ro"
        try:
            connection = self._opened(address)
            connection.execute("SELECT count(*) FROM sqlite_master")
        except sqlite3.OperationalError:  # in a folder that cannot be written, the files beside it cannot be made
            connection = self._opened(f"{address}&immutable=1")
        return connection

    def _opened(self, address: str) -> sqlite3.Connection:
        connection = sqlite3.connect(
            address, timeout=_BUSY_SECONDS, isolation_level=None, uri=self.read_only, check_same_thread=False
        )
        connection.row_factory = sqlite3.Row
        connection.create_function("folded", 1, _folded, deterministic=True)
        return connection

    def _migrate(self) -> None:
        """Bring the tables to the version of this program.

        Raises:
            ProjectError: if they are of a newer version, or the file is opened for reading and of an older one.
        """
        with closing(self._connect()) as connection:
            (found,) = connection.execute("PRAGMA user_version").fetchone()
            if found > VERSION:
                expected = f"expected at most {VERSION}; install a newer nertagger"
                raise ProjectError(f"{self.path}: is of version {found} of projects, {expected}")
            if found < VERSION and self.read_only:
                raise ProjectError(f"{self.path}: is of an older version; open it once without --read-only")
            for version in range(found, VERSION):
                script = f"BEGIN IMMEDIATE; {MIGRATIONS[version]}; PRAGMA user_version = {version + 1}; COMMIT;"
                connection.executescript(script)

    @contextmanager
    def _explained(self, path: Path | None = None) -> Iterator[None]:
        try:
            yield
        except sqlite3.DatabaseError as error:
            if isinstance(error, sqlite3.IntegrityError):
                raise
            raise ProjectError(f"{path or self.path}: {one_line(error)}") from error


def now() -> str:
    """Return the time as text, in UTC."""
    return datetime.now(UTC).isoformat(timespec="milliseconds")


def to_json(value: Any) -> str:
    """Return a value as compact JSON."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _folded(text: str) -> str:
    return text.casefold()
