"""The trial balance over a large journal on PostgreSQL against a bare SUM ... GROUP BY.

The bare one sums the very legs by account and side, and knows neither days nor currencies; only that
of one year looks up the days, without which there is no year, and no openings. Postings are made by
the server itself: invoices of three legs over ten years, one customer after another. Wall seconds,
for the work is the server's. Run as a script it takes the number of postings.
"""

import sys
from collections.abc import Callable
from datetime import date
from statistics import median
from time import perf_counter

import psycopg
from company import TENANT, fill, open_empty
from figure import Figure, at_most
from postgresql import ADMIN, address, answers, drop
from sqlalchemy import TextClause, text

from faktura.services.balances import trial_balances
from faktura.store.database import Database

_NAME = "faktura_bench_trial_balance"
_POSTINGS, _LEGS, _LIMIT, _ROUNDS = 5_000_000, 3, 3, 5
_YEAR = (date(2025, 1, 1), date(2025, 12, 31))
_ENTRIES = """
INSERT INTO journal_entry (tenant_id, seq, entry_key, kind, value_date, recorded_at, currency, text,
                           content_hash, seal_seq)
SELECT 1, no, 'inv:RE-' || no, 'INVOICE', day, day, 'EUR', 'Rechnung RE-' || no,
       sha256(no::text::bytea), 1 + no / 500
FROM (SELECT no, date '2017-01-01' + (no::bigint * 3650 / :entries)::int AS day
      FROM generate_series(1, :entries) AS no) AS made
"""
# 19 % of whole amounts of 100.00; revenue lies on 40 accounts.
_POSTED = """
INSERT INTO leg (tenant_id, entry_seq, no, slot, account, side, minor, debtor)
SELECT 1, entry, no, slot, account, side, minor, debtor
FROM generate_series(1, :entries) AS entry
CROSS JOIN LATERAL (VALUES
    (1, 'RECEIVABLES', '1400', 'D', 119 * (100 + entry % 900), (10000 + entry % 5000)::text),
    (2, 'REVENUE', (8400 + entry % 40)::text, 'C', 100 * (100 + entry % 900), NULL),
    (3, 'VAT', '1776', 'C', 19 * (100 + entry % 900), NULL)
) AS made (no, slot, account, side, minor, debtor)
"""
_BARE = text("SELECT account, side, SUM(minor) FROM leg WHERE tenant_id = 1 GROUP BY account, side")
_BARE_YEAR = text(
    "SELECT account, side, SUM(minor) FROM leg JOIN journal_entry AS entry"
    " ON entry.tenant_id = leg.tenant_id AND entry.seq = leg.entry_seq WHERE leg.tenant_id = 1"
    f" AND coalesce(booked_on, value_date) <= '{_YEAR[1]}' GROUP BY account, side"
)


def measure(postings: int = _POSTINGS) -> list[Figure]:
    """The trial balance of everything, and of one year with its openings."""
    if not answers():
        return []
    with psycopg.connect(ADMIN, autocommit=True) as admin:
        drop(admin, [_NAME])
        admin.execute(f"CREATE DATABASE {_NAME}")
        database = open_empty(address(_NAME))
        fill(database, 0)
        _post(database, postings // _LEGS)
        figures = [
            _measured("trial-balance", database, _BARE, trial_balances),
            _measured(
                "trial-balance-year",
                database,
                _BARE_YEAR,
                lambda tx: trial_balances(tx, _YEAR[1], start=_YEAR[0]),
            ),
        ]
        database.close()
        drop(admin, [_NAME])
    return figures


def _post(database: Database, entries: int) -> None:
    with database.write(TENANT.id) as tx:
        # Neither the triggers that guard facts nor foreign keys are asked.
        tx.connection.execute(text("SET LOCAL session_replication_role = replica"))
        for made in (_ENTRIES, _POSTED):
            tx.connection.execute(text(made), {"entries": entries})
    with database.engine.connect() as connection:
        options = connection.execution_options(isolation_level="AUTOCOMMIT")
        options.execute(text("VACUUM ANALYZE journal_entry, leg"))


def _measured(
    name: str, database: Database, bare_sum: TextClause, balance: Callable[..., object]
) -> Figure:
    ours: list[float] = []
    bare: list[float] = []
    for _ in range(_ROUNDS + 1):
        with database.read(TENANT.id) as tx:
            began = perf_counter()
            tx.connection.execute(bare_sum).all()
            between = perf_counter()
            balance(tx)
            ours.append(perf_counter() - between)
            bare.append(between - began)
    # The first turn warms both up.
    return at_most(name, median(ours[1:]), "s", median(bare[1:]), _LIMIT)


if __name__ == "__main__":
    for figure in measure(int(sys.argv[1]) if len(sys.argv) > 1 else _POSTINGS):
        print(figure.line())
