"""A billed company on both databases."""

import pytest
from tests.services.company import bill, small_company

from faktura.domain.tenants import Tenant
from faktura.store.database import Database


@pytest.fixture
def billed(database: Database) -> Tenant:
    """The small company after its first run: nine invoices."""
    tenant = small_company(database)
    bill(database, tenant)
    return tenant
