"""Figures on both engines: an SQLite file, and a PostgreSQL database that is dropped behind them."""

import tempfile
from collections.abc import Callable

import postgresql
import psycopg
from figure import Figure


def on_both(name: str, measured: Callable[[str, str], list[Figure]]) -> list[Figure]:
    """What `measured` finds for "sqlite" and for "postgresql", each with the URL of an empty database.

    PostgreSQL is left out, with a line that says so, where none answers.
    """
    with tempfile.TemporaryDirectory() as folder:
        figures = measured("sqlite", f"sqlite:///{folder}/faktura.db")
    if not postgresql.answers():
        print(f"{name}-postgresql: left out, no PostgreSQL answers")
        return figures
    database = f"faktura_bench_{name}"
    with psycopg.connect(postgresql.ADMIN, autocommit=True) as admin:
        postgresql.drop(admin, [database])
        admin.execute(f"CREATE DATABASE {database}")
        try:
            return figures + measured("postgresql", postgresql.address(database))
        finally:
            postgresql.drop(admin, [database])
