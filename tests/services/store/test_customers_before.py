"""Customers that were stored before they had a tax number: read as they are, without a migration."""

import json

import pytest
from sqlalchemy import select, update
from tests.services.company import Company

from faktura.store.customers import read_customer, replace_customers
from faktura.store.database import open_database
from faktura.store.tables import customer


@pytest.fixture
def database(database_url, clock, ids):
    """A set up database."""
    opened = open_database(database_url, clock, ids)
    yield opened
    opened.close()


def test_a_customer_without_the_key_has_no_tax_number(database):
    """The record is JSON; its other fields stay, and it is written whole again."""
    company = Company(database)
    stored = company.customer(eu_tax_id="DE136695976", register_number="HRB 1")
    with database.write(company.tenant.id) as tx:
        data = json.loads(tx.connection.execute(select(customer.c.data)).scalar_one())
        assert data.pop("tax_number") == ""
        tx.connection.execute(update(customer).values(data=json.dumps(data)))

    with database.write(company.tenant.id) as tx:
        found = read_customer(tx, "K-1")
        replace_customers(tx, [found])

    assert found == stored
    assert (found.tax_number, found.eu_tax_id, found.register_number) == (
        "",
        "DE136695976",
        "HRB 1",
    )
    with database.read(company.tenant.id) as tx:
        again = json.loads(tx.connection.execute(select(customer.c.data)).scalar_one())
    assert again["tax_number"] == ""
