"""Scopes of billing runs that were stored while a run had one project or all of them."""

import json

import pytest
from alembic.migration import MigrationContext
from alembic.operations import Operations
from sqlalchemy import select

from faktura.store.alembic.versions import v0021_billing
from faktura.store.database import open_database
from faktura.store.migrations import upgrade
from faktura.store.tables import billing_run

PROJECT = "018f0000-0000-7000-8000-000000000001"


@pytest.fixture
def database(empty_database_url, clock, ids):
    """A set up database."""
    opened = open_database(empty_database_url, clock, ids)
    upgrade(opened)
    yield opened
    opened.close()


def test_a_run_of_one_project_stays_one_of_that_project(database, clock):
    """A run that was interrupted before the upgrade is found again by its scope after it."""
    stored = {
        1: '{"contract":null,"customer":null,"project":null}',
        2: f'{{"contract":null,"customer":null,"project":"{PROJECT}"}}',
        3: '{"contract":null,"customer":null,"projects":null}',
    }
    with database.write(1) as tx:
        for no, scope in stored.items():
            tx.connection.execute(
                billing_run.insert().values(
                    tenant_id=no, id=tx.new_id(), run_date=clock.now().date(), scope=scope,
                    input_hash=bytes(32), state="RUNNING", planned_contracts=0, planned_chunks=0,
                    started_at=tx.now(),
                )
            )  # fmt: skip

        with Operations.context(MigrationContext.configure(tx.connection)):
            v0021_billing.upgrade()

    with database.read(1) as tx:
        rows = tx.connection.execute(select(billing_run.c.tenant_id, billing_run.c.scope)).all()
    assert {no: json.loads(scope)["projects"] for no, scope in rows} == {
        1: None,
        2: [PROJECT],
        3: None,
    }
    assert dict(rows)[1] == dict(rows)[3]
