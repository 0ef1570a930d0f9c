"""A large upgrade from the start of a contract against billing the same periods once.

The contract has 10 items and 24 billed months: the upgrade takes 240 periods back with 24
corrections, ends the contract, and bills the successor the same 240 periods. SQLite works in this
process, so its CPU seconds count; of PostgreSQL wall seconds, for its own work counts.
"""

import tempfile
from collections.abc import Callable
from datetime import date
from pathlib import Path
from statistics import median
from time import perf_counter, process_time

import psycopg
from billing import NoFormats
from company import TENANT, fill, open_empty
from figure import ROUNDS, Figure, at_most
from postgresql import ADMIN, address, answers, drop

from faktura.domain.addresses import Address
from faktura.domain.contracts import Contract
from faktura.domain.customers import Customer
from faktura.flows.billing import run_billing
from faktura.services.imports.change_fields import LargeUpgradeFields
from faktura.services.imports.contract_file import ContractFields
from faktura.services.imports.contracts import create_contract
from faktura.services.imports.entries import Form
from faktura.services.imports.validation import fields_of
from faktura.services.issuing import Desk
from faktura.services.large_upgrades import upgrade_large
from faktura.services.upgrades import Asked
from faktura.store.billing import Scope
from faktura.store.customers import write_customers
from faktura.store.database import Database

_START, _RUN = date(2024, 11, 1), date(2026, 10, 1)
_MONTHS, _ITEMS, _LIMIT = 24, 10, 4
_NAME = "faktura_bench_changes"
_SUBSCRIPTIONS = [
    {"items": [{"articleNumber": f"A-{no}", "quantity": "2"} for no in range(1, _ITEMS + 1)]}
]


def measure() -> list[Figure]:
    """The upgrade's seconds with those of billing beside them, on both engines."""
    with tempfile.TemporaryDirectory() as folder:
        figures = [
            _measured("upgrade-sqlite", f"sqlite:///{Path(folder, 'changes.db')}", process_time)
        ]
    if not answers():
        return figures
    with psycopg.connect(ADMIN, autocommit=True) as admin:
        drop(admin, [_NAME])
        admin.execute(f"CREATE DATABASE {_NAME}")
        figures.append(_measured("upgrade-postgresql", address(_NAME), perf_counter))
        drop(admin, [_NAME])
    return figures


def _measured(name: str, url: str, clock: Callable[[], float]) -> Figure:
    database = open_empty(url)
    fill(database, 0)
    billed: list[float] = []
    upgraded: list[float] = []
    for turn in range(ROUNDS + 1):
        contract = _contract(database, turn)
        began = clock()
        _bill(database, contract)
        between = clock()
        _upgrade(database, contract)
        billed.append(between - began)
        upgraded.append(clock() - between)
    database.close()
    # The first turn warms both up.
    return at_most(name, median(upgraded[1:]), "s", median(billed[1:]), _LIMIT)


def _contract(database: Database, no: int) -> Contract:
    customer = Customer(
        database.new_id(),
        f"K-{no}",
        f"Kundin {no} GmbH",
        is_business=True,
        address=Address("Hauptstraße 1", "10115", "Musterstadt"),
        debtor_account=str(10_000 + no),
        email=f"kundin{no}@example.com",
    )
    given = {
        "customerNumber": customer.number,
        "start": str(_START),
        "billingInterval": {"count": 1, "unit": "MONTH"},
        "subscriptions": _SUBSCRIPTIONS,
        "activate": True,
    }
    with database.write(TENANT.id) as tx:
        write_customers(tx, [customer])
        return create_contract(tx, TENANT, fields_of(ContractFields, given, Form.REST))


def _bill(database: Database, contract: Contract) -> None:
    scope = Scope(contract_id=contract.id)
    receipt = run_billing(database, TENANT, NoFormats(), _RUN, scope=scope)
    if receipt.totals.documents != _MONTHS:
        raise ValueError(f"{receipt.totals.documents} invoices, not {_MONTHS}")


def _upgrade(database: Database, contract: Contract) -> None:
    given = fields_of(
        LargeUpgradeFields, {"date": str(_START), "subscriptions": _SUBSCRIPTIONS}, Form.REST
    )
    with database.write(TENANT.id) as tx:
        asked = Asked(contract.number, _RUN)
        done = upgrade_large(tx, Desk(TENANT, NoFormats()), asked, given)
    lines = sum(len(frozen.draft.charges) for frozen in done.documents)
    if lines != 2 * _MONTHS * _ITEMS:
        raise ValueError(f"{lines} lines, not {2 * _MONTHS * _ITEMS}")
