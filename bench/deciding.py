"""Importing payments and deciding about them against 50,000 open invoices: booked, with their proof.

Of ten movements eight pay their invoice to the cent, one pays it short, one names nothing. What a
movement takes must not depend on how many there are: ten times as many, ten times the time.
"""

import logging
import tempfile
from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import BinaryIO, cast

import psycopg
from billing import bill, copied, prepare
from company import TENANT
from figure import Figure, Usage, run_alone
from postgresql import ADMIN, address, answers, drop
from sqlalchemy import select
from typing_extensions import override

from faktura.flows.statements import Bank, import_statements
from faktura.kernel.clock import FixedClock
from faktura.kernel.ids import Uuid7Source
from faktura.plugin import (
    AdapterSettings,
    BankTransaction,
    BookingStatus,
    Runtime,
    StatementEnd,
    StatementParser,
    StatementRecord,
    StatementStart,
    StateStore,
)
from faktura.services.bank_accounts import add_bank_account
from faktura.store import tables
from faktura.store.blobs import DirectoryStore, TableStore
from faktura.store.database import Database, open_database

INVOICES, FEW, MANY = 50_000, 1_000, 10_000
_ACCOUNT = "DE02500105170137075030"
_PAYER = "DE02120300000000202051"
_BOOKED_ON = date(2026, 11, 11)
_PREPARED, _DONE = "faktura_bench_deciding", "faktura_bench_deciding_run"


class Paying(StatementParser):
    """As many payments of the open invoices as the file says."""

    format_id = "bench-payments"

    def __init__(self, runtime: Runtime, database: Database) -> None:
        super().__init__(AdapterSettings(), runtime)
        self._database = database

    @override
    def recognises(self, head: bytes, filename: str) -> bool:
        return head.isdigit()

    @override
    def parse(self, source: BinaryIO, filename: str) -> Iterator[StatementRecord]:
        item = tables.open_item.c
        with self._database.read(TENANT.id) as tx:
            rows = tx.connection.execute(
                select(item.number, item.open).order_by(item.number).limit(int(source.read()))
            ).all()
        yield StatementStart(account_iban=_ACCOUNT, message_id="M", statement_id="S")
        for place, row in enumerate(rows):
            short, unnamed = place % 10 == 8, place % 10 == 9
            text = "Danke" if unnamed else f"Rechnung {row.number} vom 1.11.2026"
            yield BankTransaction(
                status=BookingStatus.BOOKED,
                booked_on=_BOOKED_ON,
                amount=Decimal(row.open - short) / 100,
                currency="EUR",
                source_ref=str(place),
                counterparty_name=f"Zahler {place}",
                counterparty_iban=_PAYER,
                remittance_lines=(text,),
                entry_index=place,
                place=str(place),
            )
        yield StatementEnd(entries=len(rows))


def measure() -> list[Figure]:
    """CPU of the deciding process a movement, and its memory, on each database."""
    with tempfile.TemporaryDirectory() as name:
        figures = _on_sqlite(Path(name))
    return figures + (_on_postgresql() if answers() else [])


def _on_sqlite(folder: Path) -> list[Figure]:
    prepared = folder / "prepared.db"
    prepare(f"sqlite:///{prepared}", INVOICES)
    bill(f"sqlite:///{prepared}")
    usages = []
    for movements in (FEW, MANY):
        target = folder / f"{movements}.db"
        copied(prepared, target)
        usages.append(_imported(f"sqlite:///{target}", movements))
    return _figures("sqlite", *usages)


def _on_postgresql() -> list[Figure]:
    with psycopg.connect(ADMIN, autocommit=True) as admin:
        drop(admin, [_PREPARED, _DONE])
        admin.execute(f"CREATE DATABASE {_PREPARED}")
        try:
            prepare(address(_PREPARED), INVOICES)
            bill(address(_PREPARED))
            usages = []
            for movements in (FEW, MANY):
                drop(admin, [_DONE])
                admin.execute(f"CREATE DATABASE {_DONE} TEMPLATE {_PREPARED}")
                usages.append(_imported(address(_DONE), movements))
        finally:
            drop(admin, [_PREPARED, _DONE])
    return _figures("postgresql", *usages)


def _imported(url: str, movements: int) -> Usage:
    return run_alone("deciding", "import_alone", url, str(movements))


def _figures(name: str, few: Usage, many: Usage) -> list[Figure]:
    # What a run reads once, the 50,000 invoices and their index, is the same in both.
    each = (many.cpu_seconds - few.cpu_seconds) / (MANY - FEW)
    once = few.cpu_seconds - FEW * each
    whole = many.cpu_seconds
    return [
        Figure(f"deciding-{name}", whole, "s CPU", None, None, "<= 60 s", whole <= 60),
        Figure(f"deciding-{name}-each", each * 1e3, "ms", None, None, "shown", ok=True),
        Figure(f"deciding-{name}-once", once, "s", None, None, "shown", ok=True),
        Figure(
            f"deciding-{name}-memory", many.above_imports_mb, "MB", None, None, "<= 300 MB",
            many.above_imports_mb <= 300,
        ),
    ]  # fmt: skip


def import_alone(url: str, movements: str) -> None:
    """Import that many payments and decide about them; run alone for CPU and memory."""
    database = _opened(url)
    with database.write(TENANT.id) as tx:
        add_bank_account(tx, _ACCOUNT, holder="Messwerk GmbH", ledger_account="1200")
    with tempfile.TemporaryFile() as file, tempfile.TemporaryDirectory() as folder:
        file.write(movements.encode())
        content = TableStore(database) if database.is_postgresql else DirectoryStore(Path(folder))
        bank = Bank(database, content, _Formats(database), TENANT)
        report = import_statements(bank, file, "payments", _ACCOUNT).matched
    waiting = int(movements) // 5
    assert (report.booked, report.open) == (int(movements) - waiting, waiting), report
    database.close()


class _Formats:
    """The one format that is enabled."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def parsers(self, tenant_id: int) -> Iterator[StatementParser]:
        """Its parser."""
        runtime = Runtime(_clock(), logging.getLogger("bench"), cast("StateStore", None))
        yield Paying(runtime, self._database)


def _clock() -> FixedClock:
    return FixedClock(datetime(2026, 12, 1, 6, tzinfo=UTC))


def _opened(url: str) -> Database:
    clock = _clock()
    return open_database(url, clock, Uuid7Source(clock))


if __name__ == "__main__":
    for figure in measure():
        print(figure.line())
