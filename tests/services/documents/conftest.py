"""A billed company on both databases."""

from collections.abc import Iterator

import pytest
from tests.services.company import bill, opened, small_company

from faktura.domain.tenants import Tenant
from faktura.store.database import Database


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """An empty database with its schema."""
    database = opened(database_url)
    yield database
    database.close()


@pytest.fixture
def billed(database: Database) -> Tenant:
    """The small company after its first run: nine invoices."""
    tenant = small_company(database)
    bill(database, tenant)
    return tenant
