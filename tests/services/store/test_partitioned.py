"""The whole schema with every table of tenants partitioned by tenant, as Citus or PostgreSQL spread it.

All keys hold the tenant, so the same tables, foreign keys and triggers stand partitioned, and what a
tenant's billing run asks reads that tenant's partitions alone.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy import Connection, MetaData, Table, UniqueConstraint, event, text
from tests.databases import empty_server
from tests.services.billing.scene import TENANT, Scene

from faktura.flows.verification import verify
from faktura.kernel.clock import FixedClock
from faktura.kernel.ids import Uuid7Source
from faktura.kernel.money import Money
from faktura.services.ledger import open_ledger
from faktura.services.money_source import Source
from faktura.services.payments import pay
from faktura.store.blobs import TableStore
from faktura.store.database import Database, open_database
from faktura.store.procrastinate_schema import create_procrastinate
from faktura.store.schema.insert_only import guard
from faktura.store.tables import INSERT_ONLY, metadata

_DAY = date(2026, 9, 15)
_SECOND = replace(TENANT, id=2, key="zweigwerk")
# What stands outside: tenants, and the people who sign in for any of them; the same rows on every machine.
_OUTSIDE = {"tenant", "user_account", "sign_in_link", "web_session"}
# procrastinate's jobs are of all tenants; they carry ids alone.
_QUEUE = {"procrastinate_jobs"}
_PAID = Source(None, _DAY, _DAY, "DE02120300000000202051", "1800", None, None, None, 0, "bar-1")

OF_TENANTS = [table for table in metadata.sorted_tables if table.name not in _OUTSIDE]


def _create(connection: Connection) -> None:
    """All tables, those of tenants by LIST (tenant_id) with a partition for each of two."""
    partitioned = MetaData(naming_convention=metadata.naming_convention)
    for table in metadata.sorted_tables:
        table.to_metadata(partitioned)
    for table in OF_TENANTS:
        copy = partitioned.tables[table.name]
        copy.dialect_options["postgresql"]["partition_by"] = "LIST (tenant_id)"
    partitioned.create_all(connection)
    for table in OF_TENANTS:
        for tenant in (TENANT.id, _SECOND.id):
            made = f"CREATE TABLE {_part(table.name, tenant)} PARTITION OF {table.name}"
            connection.execute(text(f"{made} FOR VALUES IN ({tenant})"))
    for table in INSERT_ONLY:
        for statement in guard("postgresql", table.name):
            connection.exec_driver_sql(statement.replace("%", "%%"))
    create_procrastinate(connection)


def _part(table: str, tenant: int) -> str:
    return f"{table}_of_{tenant}"


@dataclass
class _Asked:
    """What a tenant's transactions ask the server, with what."""

    statements: dict[str, Any] = field(default_factory=dict)

    def note(self, *given: Any) -> None:
        """Keep one example of each statement that reads or changes rows."""
        statement, parameters, many = given[2], given[3], given[5]
        if statement.split(None, 1)[0] in {"SELECT", "UPDATE", "DELETE"}:
            self.statements[statement] = parameters[0] if many else parameters


@pytest.fixture
def database(postgres_url: str) -> Iterator[Database]:
    clock = FixedClock(datetime(2026, 10, 31, 8, tzinfo=UTC))
    opened = open_database(empty_server(postgres_url), clock, Uuid7Source(clock))
    with opened.engine.begin() as connection:
        _create(connection)
    yield opened
    opened.close()


def _pay(scene: Scene) -> None:
    """35.70 of the first invoice come in."""
    with scene.database.write(scene.tenant.id) as tx:
        ledger = open_ledger(tx, scene.tenant, ["RE-0001"])
        pay(ledger, _PAID, "RE-0001", Money(3570, "EUR"))
        ledger.write(tx)


def _read(plan: dict[str, Any]) -> Iterator[str]:
    """The tables that a plan scans; what it changes it has scanned, and names by the whole table."""
    if "Relation Name" in plan and plan["Node Type"] != "ModifyTable":
        yield plan["Relation Name"]
    for part in plan.get("Plans", ()):
        yield from _read(part)


def _uniques(table: Table) -> Iterator[list[str]]:
    yield [column.name for column in table.primary_key.columns]
    for constraint in table.constraints:
        if isinstance(constraint, UniqueConstraint):
            yield [column.name for column in constraint.columns]
    for index in table.indexes:
        if index.unique:
            yield [column.name for column in index.columns]


@pytest.mark.parametrize("table", OF_TENANTS, ids=lambda table: table.name)
def test_every_key_and_every_reference_holds_the_tenant(table: Table):
    """The tenant is a column of each unique key, and both sides of a reference are of one tenant."""
    for columns in _uniques(table):
        assert "tenant_id" in columns
    for reference in table.foreign_key_constraints:
        if reference.referred_table.name not in _OUTSIDE:
            assert reference.elements[0].target_fullname.endswith(".tenant_id")
            assert reference.column_keys[0] == "tenant_id"


@pytest.mark.postgres
def test_a_run_a_payment_and_the_proof_work_on_a_schema_partitioned_by_tenant(database: Database):
    """Two tenants bill and are paid; each one's rows lie in its partitions, and both are proven."""
    for no, tenant in enumerate((TENANT, _SECOND), 1):
        scene = Scene(database, tenant)
        for _ in range(no):
            scene.contract(scene.customer(), quantity=str(no))
        scene.bill(_DAY)
        _pay(scene)

    with database.engine.connect() as connection:
        counted = [
            [
                connection.execute(text(f"SELECT count(*) FROM {_part(table, tenant)}")).scalar()
                for table in ("document", "document_line", "activity", "seal")
            ]
            for tenant in (1, 2)
        ]
        open_ = connection.execute(
            text("SELECT tenant_id, open FROM open_item ORDER BY tenant_id, open")
        ).all()
    assert counted == [[1, 1, 1, 2], [2, 2, 2, 2]]
    # Two pieces: 71.40 each, and of one of them 35.70 are paid.
    assert [tuple(row) for row in open_] == [(2, 3570), (2, 7140)]
    for tenant in (TENANT, _SECOND):
        assert list(verify(database, TableStore(database), tenant.id)) == []


@pytest.mark.postgres
def test_whatever_a_run_asks_reads_its_own_tenants_partitions(database: Database):
    """EXPLAIN of every statement of a run and of the payment behind it: no other partition is named."""
    scene = Scene(database, _SECOND)
    scene.contract()
    asked = _Asked()
    event.listen(database.engine, "before_cursor_execute", asked.note)
    scene.bill(_DAY)
    _pay(scene)
    event.remove(database.engine, "before_cursor_execute", asked.note)

    found: dict[str, set[str]] = {}
    with database.engine.connect() as connection:
        for statement, parameters in asked.statements.items():
            plan = connection.exec_driver_sql(
                f"EXPLAIN (FORMAT JSON) {statement}", parameters
            ).scalar_one()
            listed = json.loads(plan) if isinstance(plan, str) else plan
            found[statement] = set(_read(listed[0]["Plan"]))

    ours = {_part(table.name, _SECOND.id) for table in OF_TENANTS}
    strangers = {
        statement: sorted(names - ours - _OUTSIDE - _QUEUE) for statement, names in found.items()
    }
    assert {statement: names for statement, names in strangers.items() if names} == {}
    read = set().union(*found.values())
    assert {_part(name, 2) for name in ("contract", "subscription_item", "activity")} <= read
    assert {_part(name, 2) for name in ("number_range", "chain_head", "billing_chunk")} <= read
