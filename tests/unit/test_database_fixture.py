"""The databases that tests stand on."""

import sqlite3
from contextlib import closing

import psycopg


def test_every_test_gets_an_empty_database(empty_database_url):
    """What an earlier test left is gone; both engines pass here twice."""
    _leave_a_table(empty_database_url)


def test_what_an_earlier_test_left_is_gone(empty_database_url):
    """The same statement again: the table must not exist yet."""
    _leave_a_table(empty_database_url)


def _leave_a_table(url):
    statement = "CREATE TABLE left_over (id INTEGER)"
    if url.startswith("sqlite:///"):
        with closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as embedded:
            embedded.execute(statement)
        return
    with psycopg.connect(url.replace("+psycopg", "")) as server:
        server.execute(statement)
