"""An installation with two tenants, Mia who sees the first one, and a clock to be moved."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from tests.services.company import TENANT

from faktura.domain.users import User
from faktura.kernel.clock import FixedClock
from faktura.kernel.ids import Uuid7Source
from faktura.services.passwords import PasswordCost, Passwords
from faktura.services.users import add_member, create_user
from faktura.store.database import Database, open_database
from faktura.store.migrations import upgrade
from faktura.store.tenants import create_tenant

MIA = "mia@verlag.example"
PASSWORD = "four words make one"  # noqa: S105 - of nobody
FIRST, SECOND = 1, 2


@pytest.fixture
def passwords() -> Passwords:
    """Cheap ones."""
    return Passwords(PasswordCost(1, 8, 1))


@pytest.fixture
def database(database_url: str, clock: FixedClock, ids: Uuid7Source) -> Iterator[Database]:
    """On SQLite and PostgreSQL."""
    opened = open_database(database_url, clock, ids)
    upgrade(opened)
    for key in ("first", "second"):
        with opened.write(0) as tx:
            create_tenant(tx, replace(TENANT, key=key))
    yield opened
    opened.close()


@pytest.fixture
def mia(database: Database, passwords: Passwords) -> User:
    """A member of the first tenant."""
    with database.write(FIRST) as tx:
        user = create_user(tx, MIA, name="Mia Meier", password_hash=passwords.hash(PASSWORD))
        add_member(tx, MIA)
    return user
