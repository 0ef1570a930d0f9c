"""`faktura verify` finds what is not posted as it was planned (P45)."""

from datetime import date

import pytest
from tests.services.accounting.deferred import deferring, invoice, release
from tests.services.company import Company
from tests.services.verify.books import tampering

from faktura.services.proof_of_deferrals import deferrals_are_true

DOCUMENT = "(SELECT id FROM document WHERE number = 'RE-000001')"


@pytest.fixture
def books(company: Company) -> Company:
    """Two invoices of 1,000.00 for a year; one entry of each waits, or is posted, up to December."""
    deferring(company)
    invoice(company, "A-1")
    invoice(company, "A-6")
    release(company, date(2027, 1, 1))
    return company


def said(books: Company, *statements: str) -> list[tuple[str, str]]:
    """What the proof says once this is changed behind the core's back."""
    with tampering(books.database, books.tenant) as tx:
        for statement in statements:
            tx.connection.exec_driver_sql(statement)
        return [(one.place, one.problem) for one in deferrals_are_true(tx)]
    raise AssertionError("tampering ends with its block")


SHORT = f"WHERE document_id = {DOCUMENT}"
CASES = [
    (
        f"UPDATE deferral SET next_month = '2026-12-01' {SHORT}",
        ("document RE-000001",
         "2026-12 moves 84.93 EUR of revenue, its schedule says 0.00 EUR"),
    ),
    (
        f"UPDATE deferral SET next_month = NULL {SHORT}",
        ("document RE-000001",
         "2027-11 moves 0.00 EUR of revenue, its schedule says 38.36 EUR"),
    ),
    (
        f"UPDATE deferral SET next_month = '2031-05-01' {SHORT}",
        ("document RE-000001", "no month of its line 1 is 2031-05-01, which is posted next"),
    ),
    (
        f"UPDATE deferral SET net = 100001 {SHORT}",
        ("document RE-000001", "the deferral of its line 1 is not that of the line"),
    ),
    (
        f"UPDATE deferral SET booked_month = '2026-10-01' {SHORT}",
        ("document RE-000001", "the deferral of its line 1 is not that of the line"),
    ),
    (
        "UPDATE leg SET minor = 8494 WHERE minor = 8493 AND slot = 'DEFERRED_REVENUE'",
        ("document RE-000001",
         "2026-12 moves -84.94 EUR of deferred revenue, its schedule says -84.93 EUR"),
    ),
    (
        "UPDATE leg SET cost_centre = '7' WHERE minor = 8493 AND slot = 'REVENUE'",
        ("document RE-000001",
         "2026-12 moves 84.93 EUR of revenue at 7, its schedule says 0.00 EUR"),
    ),
    (
        "UPDATE journal_entry SET service_month = NULL WHERE kind = 'RELEASE'",
        ("document RE-000001",
         "a month without a name moves 84.93 EUR of revenue, its schedule says 0.00 EUR"),
    ),
    (
        "DELETE FROM draft_entry WHERE entry_key = 'prap:RE-000002:202612'",
        ("document RE-000002",
         "2026-12 moves 0.00 EUR of revenue, its schedule says 84.93 EUR"),
    ),
]  # fmt: skip


def test_books_with_deferrals_hold_and_any_change_is_named(books):
    """Each by the document, the month and both amounts."""
    assert said(books) == []
    for statement, expected in CASES:
        assert expected in said(books, statement), statement


def test_postings_without_a_plan_are_named(books):
    """By the id of their document: posted ones and those that wait, before and behind others."""
    with books.database.read(books.tenant.id) as tx:
        ids = [
            str(one)
            for one in tx.connection.exec_driver_sql(
                "SELECT number FROM document ORDER BY number"
            ).scalars()
        ]
    assert ids == ["RE-000001", "RE-000002"]
    problem = "it posts deferred revenue, but defers none"

    assert [one[1] for one in said(books, "DELETE FROM deferral")] == [problem, problem]
    assert [one[1] for one in said(books, f"DELETE FROM deferral {SHORT}")] == [problem]
