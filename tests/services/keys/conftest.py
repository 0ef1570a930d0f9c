"""A company whose project is switched on for keys, on both databases."""

from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import count

import pytest
from tests.services.company import Company

from faktura.domain.api_keys import RandomBytes
from faktura.kernel.clock import FixedClock
from faktura.kernel.ids import Uuid7Source
from faktura.services.api_keys import switch_api
from faktura.store.database import Database, open_database


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """A database with its schema; its clock stands at 1 October 2026, 06:00 UTC."""
    clock = FixedClock(datetime(2026, 10, 1, 6, tzinfo=UTC))
    database = open_database(database_url, clock, Uuid7Source(clock))
    yield database
    database.close()


@pytest.fixture
def company(database: Database) -> Company:
    """The tenant `werk` with the project `main`, switched on."""
    company = Company(database)
    with database.write(company.tenant.id) as tx:
        switch_api(tx, "main", on=True)
    return company


@pytest.fixture
def random() -> RandomBytes:
    """Secrets 00…01, 00…02 and so on: a test can repeat them."""
    numbers = count(1)
    return lambda size: next(numbers).to_bytes(size, "big")
