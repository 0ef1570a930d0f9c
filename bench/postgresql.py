"""The PostgreSQL server of the figures, and databases of their own on it."""

import psycopg

ADMIN = "postgresql://postgres@127.0.0.1:5432/postgres"


def answers() -> bool:
    """Whether there is a server."""
    try:
        psycopg.connect(ADMIN, connect_timeout=3).close()
    except psycopg.OperationalError:
        return False
    return True


def address(name: str) -> str:
    """Where the database of that name is."""
    return f"postgresql://postgres@127.0.0.1:5432/{name}"


def drop(admin: psycopg.Connection, names: list[str]) -> None:
    """Drop these databases as far as they exist, whoever is connected."""
    for name in names:
        admin.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
