"""Keeps the double's records in a file, so that an audit outlives every process."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel

from braintree_double.records import Charge

R = TypeVar("R", bound=BaseModel)


class Ledger:
    """A SQLite file of records as JSON; written through at once."""

    def __init__(self, path: Path) -> None:
        self._path = path
        with closing(self._open()) as connection:
            connection.execute(
                "CREATE TABLE IF NOT EXISTS record"
                " (kind TEXT, id TEXT, body TEXT, PRIMARY KEY (kind, id))"
            )
            connection.commit()

    def _open(self) -> sqlite3.Connection:
        return sqlite3.connect(self._path, timeout=30)

    def put(self, kind: str, key: str, record: BaseModel) -> None:
        """Keep a record under its kind and id."""
        with closing(self._open()) as connection:
            connection.execute(
                "INSERT OR REPLACE INTO record VALUES (?, ?, ?)",
                (kind, key, record.model_dump_json()),
            )
            connection.commit()

    def drop(self, kind: str, key: str) -> None:
        """Forget a record."""
        with closing(self._open()) as connection:
            connection.execute("DELETE FROM record WHERE kind = ? AND id = ?", (kind, key))
            connection.commit()

    def records(self, kind: str, model: type[R]) -> Iterator[R]:
        """All records of a kind, in the order of their making."""
        with closing(self._open()) as connection:
            rows = connection.execute(
                "SELECT body FROM record WHERE kind = ? ORDER BY rowid", (kind,)
            ).fetchall()
        return (model.model_validate_json(body) for (body,) in rows)


def charges_in(path: Path) -> list[Charge]:
    """All charges of a file, also while a double writes it."""
    return list(Ledger(path).records("charge", Charge))
