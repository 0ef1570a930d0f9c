"""What the double keeps: objects by id and answers by key; in a SQLite file where one is named."""

import json
import sqlite3
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from stripe_double.problems import Json

_TABLES = (
    "CREATE TABLE IF NOT EXISTS object (id TEXT PRIMARY KEY, seq INTEGER, body TEXT)",
    "CREATE TABLE IF NOT EXISTS answer (key TEXT PRIMARY KEY, body TEXT)",
)


@dataclass
class Kept:
    """The first answer to a key; `status` 0 while the request runs."""

    path: str
    params: str
    at: float
    status: int = 0
    body: str = ""


class Store:
    """Objects in the order of their making; written to the file before an answer goes out."""

    def __init__(self, file: Path | None = None) -> None:
        self._objects: dict[str, Json] = {}
        self._by_kind: dict[str, list[str]] = {}
        self._numbers: dict[str, int] = {}
        self._dirty: set[str] = set()
        self.answers: dict[str, Kept] = {}
        self._dirty_answers: set[str] = set()
        self._database = None if file is None else _opened(file)
        self._load()

    def _load(self) -> None:
        if self._database is None:
            return
        for (body,) in self._database.execute("SELECT body FROM object ORDER BY seq"):
            self._add(json.loads(body))
        for key, body in self._database.execute("SELECT key, body FROM answer"):
            kept = Kept(**json.loads(body))
            # Whoever was asked has died: nobody finishes that request any more.
            if kept.status:
                self.answers[key] = kept
        self._dirty.clear()

    def _add(self, thing: Json) -> None:
        self._objects[thing["id"]] = thing
        self._numbers[thing["id"]] = len(self._numbers)
        self._by_kind.setdefault(thing["object"], []).append(thing["id"])
        self._dirty.add(thing["id"])

    def make(self, kind: str, prefix: str, **fields: Any) -> Json:
        """A new object; its id counts."""
        number = len(self._by_kind.get(kind, ())) + 1
        thing: Json = {"id": f"{prefix}_{number:08}", "object": kind} | fields
        self._add(thing)
        return thing

    def change(self, thing: Json, **fields: Any) -> None:
        """Change an object."""
        thing.update(fields)
        self._dirty.add(thing["id"])

    def find(self, kind: str, reference: object) -> Json | None:
        """The object of that id and kind."""
        thing = self._objects.get(str(reference))
        return thing if thing is not None and thing["object"] == kind else None

    def any(self, reference: object) -> Json | None:
        """The object of that id, whatever it is."""
        return self._objects.get(reference) if isinstance(reference, str) else None

    def of(self, kind: str) -> Iterator[Json]:
        """All of a kind, oldest first."""
        return (self._objects[one] for one in list(self._by_kind.get(kind, ())))

    def newest(self, kind: str) -> Iterator[Json]:
        """All of a kind, newest first."""
        return (self._objects[one] for one in reversed(self._by_kind.get(kind, ())))

    def keep(self, key: str, kept: Kept) -> None:
        """Keep the answer to a key."""
        self.answers[key] = kept
        self._dirty_answers.add(key)

    def forget(self, key: str) -> None:
        """Forget a key: it may be used again."""
        self.answers.pop(key, None)
        self._dirty_answers.add(key)

    def flush(self) -> None:
        """Write what changed, all of it or nothing."""
        if self._database is not None:
            with self._database:
                self._database.executemany(
                    "INSERT OR REPLACE INTO object VALUES (?, ?, ?)",
                    [
                        (one, self._numbers[one], json.dumps(self._objects[one]))
                        for one in self._dirty
                    ],
                )
                for key in self._dirty_answers:
                    self._write_answer(self._database, key)
        self._dirty.clear()
        self._dirty_answers.clear()

    def _write_answer(self, database: sqlite3.Connection, key: str) -> None:
        kept = self.answers.get(key)
        database.execute("DELETE FROM answer WHERE key = ?", (key,))
        if kept is not None:
            database.execute("INSERT INTO answer VALUES (?, ?)", (key, json.dumps(asdict(kept))))

    def close(self) -> None:
        """Close the file."""
        if self._database is not None:
            self._database.close()


def _opened(file: Path) -> sqlite3.Connection:
    # Killed processes leave what they gave to the system; only a power cut would not.
    database = sqlite3.connect(file, isolation_level="IMMEDIATE", check_same_thread=False)
    database.execute("PRAGMA synchronous = OFF")
    for table in _TABLES:
        database.execute(table)
    database.commit()
    return database
