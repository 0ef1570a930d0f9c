"""Each invariant of the simulator is broken once, by plain SQL or in the books outside, and is seen."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

import pytest
from tests.services.company import opened
from tests.services.simulation.evening import (
    Evening,
    looked,
    opened_books,
)
from tests.services.verify.books import tampering

from faktura.store.transaction import Tx
from faktura.testing.simulation.invariants import Invariant
from faktura.testing.simulation.invariants_billing import BilledOnce
from faktura.testing.simulation.invariants_watch import Watch


@dataclass(frozen=True)
class Pinned:
    """A database of which only one open transaction is seen."""

    tx: Tx

    @contextmanager
    def read(self, _tenant_id: int) -> Iterator[Tx]:
        """That transaction."""
        yield self.tx


@pytest.fixture(scope="module")
def evening(tmp_path_factory) -> Iterator[Evening]:
    """The books, written once: what tests change in them is rolled back."""
    folder = tmp_path_factory.mktemp("evening")
    database = opened(f"sqlite:///{folder}/books.db")
    yield opened_books(database, folder / "content")
    database.close()


def test_true_books_break_nothing(evening):
    """Otherwise every other test here would prove nothing."""
    with evening.database.read(evening.tenant.id) as tx:
        found = looked(tx, evening.day())

    assert found == set()


DOCUMENT = "(SELECT id FROM document WHERE number = 'RE-000001')"
ITEM = (
    "(SELECT id FROM subscription_item WHERE contract_id ="
    " (SELECT id FROM contract WHERE number = 'V-1'))"
)


def test_a_day_that_is_billed_twice_is_seen(evening):
    """BILLED_AT_MOST_ONCE: November's part reaches back into October."""
    found = evening.said(
        "UPDATE activity SET service_start = '2026-10-30'"
        f" WHERE item_id = {ITEM} AND service_start = '2026-11-01'"
    )

    assert {name for name, _ in found} == {"BILLED_AT_MOST_ONCE"}
    assert next(iter(found))[1].startswith("contract V-1, item ")


@pytest.mark.parametrize("start", ["2026-10-01", "2026-11-01"])
def test_a_period_that_is_due_and_not_billed_is_seen_the_next_evening(evening, start):
    """BILLED_WHEN_DUE: the first evening it may wait for the morning's run, the second it may not."""
    gone = f"DELETE FROM activity WHERE item_id = {ITEM} AND service_start = '{start}'"
    with tampering(evening.database, evening.tenant) as tx:
        tx.connection.exec_driver_sql(gone)
        check = BilledOnce()
        first = list(check.look(tx, evening.day()))
        second = list(check.look(tx, replace(evening.day(), date=date(2026, 11, 3))))

    assert first == []
    assert [(one.invariant, one.place, one.problem) for one in second] == [
        ("BILLED_WHEN_DUE", "contract V-1", f"{start} was due on {start} and is not billed")
    ]


def test_a_contract_in_quarantine_may_wait(evening):
    """BILLED_WHEN_DUE: a person knows of it, so its days are not missed."""
    held = (
        "INSERT INTO quarantine (tenant_id, contract_id, run_id, run_date, code, problem, place,"
        " mend, since) SELECT tenant_id, id, id, '2026-11-01', 'PriceMissing', 'no price', '', '', 0"
        " FROM contract WHERE number = 'V-1'"
    )
    gone = f"DELETE FROM activity WHERE item_id = {ITEM} AND service_start = '2026-11-01'"
    with tampering(evening.database, evening.tenant) as tx:
        tx.connection.exec_driver_sql(gone)
        tx.connection.exec_driver_sql(held)
        check = BilledOnce()
        found = [
            *check.look(tx, evening.day()),
            *check.look(tx, replace(evening.day(), date=date(2026, 11, 3))),
        ]

    assert found == []


@pytest.mark.parametrize(
    "change",
    [
        f"UPDATE document_line SET net = net + 1 WHERE document_id = {DOCUMENT} AND no = 1",
        f"DELETE FROM document_line WHERE document_id = {DOCUMENT}",
        "UPDATE document SET tax = tax + 1, gross = gross + 1 WHERE number = 'RE-000001'",
        "UPDATE document SET gross = gross + 1 WHERE number = 'RE-000001'",
    ],
)
def test_totals_that_are_not_lines_and_tax_are_seen(evening, change):
    """DOCUMENTS_ADD_UP: to the cent."""
    assert ("DOCUMENTS_ADD_UP", "document RE-000001") in evening.said(change)


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ("UPDATE document SET number = 'RE-000099' WHERE number = 'RE-000004'", "INVOICE RE-"),
        ("UPDATE number_range SET next = next + 1 WHERE name = 'INVOICE'", "INVOICE RE-"),
        ("UPDATE number_range SET next = next - 1 WHERE name = 'INVOICE'", "INVOICE RE-"),
    ],
)
def test_a_gap_in_the_numbers_is_seen(evening, change, place):
    """NUMBERS_GAPLESS: among the documents, and between them and the range's counter."""
    assert ("NUMBERS_GAPLESS", f"number range {place}") in evening.said(change)


def test_a_number_of_no_range_is_seen(evening):
    """NUMBERS_GAPLESS: a foreign prefix."""
    found = evening.said("UPDATE document SET number = 'XX-4' WHERE number = 'RE-000004'")

    assert ("NUMBERS_GAPLESS", "document XX-4") in found


@pytest.mark.parametrize(
    ("change", "place"),
    [
        (
            (
                "UPDATE account_transaction SET balance_after = balance_after + 1 WHERE no = 1"
                f" AND document_id = {DOCUMENT}"
            ),
            "account_transaction 1 of debtor 10001",
        ),
        (
            (
                "UPDATE open_item SET open = open + 1 WHERE customer_id ="
                " (SELECT customer_id FROM document WHERE number = 'RE-000012') AND number = 'RE-000012'"
            ),
            "account of debtor 10003 in EUR",
        ),
        ("DELETE FROM open_item WHERE number = 'RE-000012'", "document RE-000012"),
    ],
)
def test_an_account_that_is_not_its_open_items_is_seen(evening, change, place):
    """ACCOUNTS_AGREE: balances follow, and are what is open less credit."""
    assert ("ACCOUNTS_AGREE", place) in evening.said(change)


def test_more_allocated_than_a_document_is_over_is_seen(evening):
    """ALLOCATED_WITHIN_BOUNDS: both sides say so, the document and the payment."""
    found = evening.said("UPDATE allocation SET amount = amount + 100000 WHERE no = 1")

    assert ("ALLOCATED_WITHIN_BOUNDS", "document RE-000001") in found
    assert ("ALLOCATED_WITHIN_BOUNDS", "account_transaction 3 of debtor 10001") in found


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ("UPDATE leg SET minor = minor + 1 WHERE entry_seq = 1 AND no = 2", "journal_entry"),
        ("DELETE FROM leg WHERE entry_seq = 1", "journal_entry"),
        ("DELETE FROM journal_entry WHERE seq = 3", "journal_entry"),
        ("UPDATE leg SET debtor = '10002' WHERE debtor = '10001'", "receivables of debtor 10001"),
    ],
)
def test_a_journal_that_does_not_balance_is_seen(evening, change, place):
    """JOURNAL_BALANCED: each entry, their numbers, and the receivables of each account."""
    places = [where for name, where in evening.said(change) if name == "JOURNAL_BALANCED"]

    assert any(where.startswith(place) for where in places)


def _notice(
    level: int, minor: int, dunned_on: str = "2026-11-20", *, seal: int = 0
) -> tuple[str, ...]:
    run = notice = f"x'{UUID(int=level + 2**64).hex}'"
    of = "FROM document WHERE number = 'RE-000005'"
    return (
        (
            "INSERT INTO dunning_notice (tenant_id, id, run_id, customer_id, currency, dunned_on, level,"
            f" pay_by, open, fee, flat, interest, snapshot, recorded_at) SELECT tenant_id, {notice},"
            f" {run}, customer_id, 'EUR', '{dunned_on}', {level}, '2026-12-01', {minor}, 0, 0, 0, '', 9"
            f" {of}"
        ),
        (
            "INSERT INTO dunning_item (tenant_id, notice_id, document_id, level, open, interest, flat)"
            f" SELECT tenant_id, {notice}, id, {level}, {minor}, 0, 0 {of}"
        ),
        (
            "INSERT INTO event (tenant_id, object_id, sequence, object_type, type, occurred_at, data,"
            f" content_hash, seal_seq) VALUES (1, {notice}, 1, 'dunning', 'DUNNING_CREATED', 0, '{{}}',"
            f" x'00', {seal or 900 + level})"
        ),
    )


STOP = (
    "INSERT INTO dunning_stop (tenant_id, id, target, target_id, reason, set_by, set_at)"
    " SELECT tenant_id, x'01', 'CUSTOMER', customer_id, 'Streit', 'Jo', 1"
    " FROM document WHERE number = 'RE-000005'"
)


@pytest.mark.parametrize(
    ("changes", "is_sound"),
    [
        (_notice(1, 3000), True),
        ((*_notice(1, 3000), *_notice(2, 3000, "2026-12-04")), True),
        ((*_notice(1, 3000), *_notice(2, 3000, "2026-12-03")), False),
        (_notice(1, 3000, "2026-10-22"), True),
        (_notice(1, 3000, "2026-10-21"), False),
        (_notice(1, 3000, "2027-01-01"), False),
        (_notice(0, 3000), True),
        ((*_notice(1, 3000), *_notice(0, 3000, seal=990)), False),
        (_notice(2, 3000), False),
        ((*_notice(1, 3000), *_notice(3, 3000)), False),
        (_notice(1, 3001), False),
        (_notice(1, 0), False),
        (_notice(1, 3000, "2026-10-15"), False),
        ((STOP, *_notice(1, 3000)), False),
    ],
)
def test_dunning_of_what_is_not_due_or_skips_a_level_is_seen(evening, changes, is_sound):
    """DUNNED_RIGHTLY: over what is open, in time, level by level, never against a stop."""
    found = evening.said(*changes, day=replace(evening.day(), date=date(2026, 12, 31)))

    assert (("DUNNED_RIGHTLY", "document RE-000005") in found) is not is_sound


@pytest.mark.parametrize(
    ("error", "is_sound"),
    [
        ('{"code": "SmtpRefused", "problem": "550"}', True),
        ('{"code": "unexpected", "problem": "KeyError: 1"}', False),
        ("", False),
    ],
)
def test_a_job_in_quarantine_without_a_named_reason_is_seen(evening, error, is_sound):
    """REASONS_NAMED: a defect of ours is no reason that a person could do anything about."""
    job = (
        "INSERT INTO job (tenant_id, id, name, args, state, run_at, attempts, last_error,"
        f" created_at, place) VALUES (1, x'{UUID(int=8).hex}', 'TIDY_UP', '{{}}', 'QUARANTINED', 0,"
        f" 1, '{error}', 0, 99)"
    )
    place = ("REASONS_NAMED", f"job TIDY_UP {UUID(int=8)}")

    assert (place in evening.said(job)) is not is_sound


def test_a_broken_seal_is_seen_by_the_months_look(evening):
    """BOOKS_PROVED: `verify` finds what was changed behind the watch's back."""
    day = evening.day()
    watch = Watch()
    watch.see(day)
    assert (watch.findings.broken, watch.findings.invariants) == (0, [])
    with tampering(evening.database, evening.tenant) as tx:
        tx.connection.exec_driver_sql("UPDATE account_transaction SET text = 'anders' WHERE no = 1")
        watch.see_all(replace(day, database=Pinned(tx)))

    assert Invariant.BOOKS_PROVED in watch.findings.invariants
    assert watch.findings.broken == len(watch.findings.kept) > 0
