"""Connections that are kept: none of them is used on a file that is no longer the database."""

import shutil

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from faktura.kernel.errors import DatabaseUnreachable
from faktura.store import database as module
from faktura.store.database import open_database


def test_a_database_put_in_place_of_another_is_the_one_that_is_read(tmp_path, clock, ids):
    """A backup is put back while a process runs: what it would write to the old file is lost."""
    file, backup = tmp_path / "faktura.db", tmp_path / "backup.db"
    database = open_database(f"sqlite:///{file}", clock, ids)
    with database.write(1) as tx:
        tx.connection.execute(text("CREATE TABLE seen (n INTEGER)"))
    database.close()
    shutil.copy(file, backup)
    with database.write(1) as tx:
        tx.connection.execute(text("INSERT INTO seen VALUES (1)"))

    for kept in tmp_path.glob("faktura.db*"):
        kept.unlink()
    backup.rename(file)

    with database.read(1) as tx:
        rows = tx.connection.execute(text("SELECT n FROM seen")).all()
    assert rows == []
    database.close()


def test_a_database_that_does_not_answer_is_told_apart_from_one_that_refuses(clock, ids):
    """The caller may repeat: nothing was wrong with what was asked."""
    database = open_database("postgresql://nobody@127.0.0.1:1/none", clock, ids)

    for transaction in (database.read(1), database.write(1)):
        with pytest.raises(DatabaseUnreachable, match="does not answer"), transaction:
            pass


def test_who_waits_too_long_for_another_writer_may_repeat(tmp_path, clock, ids, monkeypatch):
    """SQLite has one writer; who comes in between reads all the same."""
    monkeypatch.setattr(module, "_BUSY_TIMEOUT_MS", 1)
    first, second = (
        open_database(f"sqlite:///{tmp_path / 'faktura.db'}", clock, ids) for _ in range(2)
    )

    with first.write(1):
        with pytest.raises(DatabaseUnreachable, match="is locked"), second.write(1):
            pass
        with second.read(1) as tx:
            read = tx.connection.execute(text("SELECT 1")).scalar_one()

    assert read == 1
    first.close()
    second.close()


def test_an_error_does_not_say_what_was_asked(empty_database_url, clock, ids):
    """It is logged; the values belong to customers, or are secrets."""
    database = open_database(empty_database_url, clock, ids)

    with pytest.raises(DBAPIError) as refused, database.read(1) as tx:
        tx.connection.execute(text("SELECT x FROM nowhere WHERE x = :x"), {"x": "hunter2"})

    assert "nowhere" in str(refused.value)
    assert "hunter2" not in str(refused.value)
    database.close()
