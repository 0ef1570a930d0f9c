"""Locked months never change: later facts keep their value date and are booked later (P24)."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from typing import Any

import pytest
from tests.services.company import XRechnung, bill, settle
from tests.services.verify.books import places, tampering, violations
from tests.services.waiting import until_it_waits

from faktura.domain.bank_accounts import BankAccount
from faktura.domain.line_parts import LinePart
from faktura.kernel.errors import Conflict, FieldMissing, OutOfRange, TransitionRefused
from faktura.services.accounting_events import ledger_id
from faktura.services.balances import trial_balances
from faktura.services.correcting import Correcting, correct_invoice
from faktura.services.issuing import Desk
from faktura.services.period_locks import Locking, lock_period
from faktura.services.posting import set_account
from faktura.store.bank_accounts import write_bank_account
from faktura.store.event_lists import events_of
from faktura.store.journal import JournalFilter, read_entries
from faktura.store.period_locks import read_locks

OCTOBER, NOVEMBER = date(2026, 10, 1), date(2026, 11, 1)
IBAN = "DE02120300000000202051"
COPY = """
INSERT INTO period_lock
SELECT tenant_id, 2, locked_to, locked_by, reason, recorded_at FROM period_lock
"""


@pytest.fixture
def tenant(company):
    """RE-000001 of 1 October over 35.70; today is 15 November."""
    company.contract(company.customer(), "A-1")
    bill(company.database, company.tenant)
    company.database.clock.advance(timedelta(days=45))
    return company.tenant


def lock(database, tenant, month=OCTOBER, **changes: bool):
    """Lock a month."""
    with database.write(tenant.id) as tx:
        return lock_period(tx, Locking(month, "Voranmeldung abgegeben", "Jo", **changes))


def booked(database, tenant, **wanted: Any):
    """Key, value date and accounting date of entries."""
    with database.read(tenant.id) as tx:
        return [
            (entry.key, str(entry.value_date), str(entry.booked_on))
            for entry in read_entries(tx, JournalFilter(**wanted))
        ]


def test_a_lock_is_kept_with_who_set_it_and_why(database, tenant):
    """Any day of the month will do; the event stands under a seal, verify finds nothing."""
    done = lock(database, tenant, date(2026, 10, 17))

    with database.read(tenant.id) as tx:
        (kept,) = read_locks(tx)
        (told,) = events_of(tx, ledger_id(tx))
        proved = violations(tx)
    assert kept == done.lock
    assert (kept.no, kept.locked_to, kept.locked_by) == (1, date(2026, 10, 31), "Jo")
    assert (done.opens_on, done.drafts) == (NOVEMBER, ())
    assert (told.type, told.data["lockedTo"], told.data["reason"]) == (
        "PERIOD_LOCKED",
        "2026-10-31",
        "Voranmeldung abgegeben",
    )
    assert proved == []


def test_later_facts_of_a_locked_month_are_booked_on_the_first_open_day(company, database, tenant):
    """An invoice, a payment and a correction with value dates in October; none moves a balance of it."""
    with database.read(tenant.id) as tx:
        (before,) = trial_balances(tx, date(2026, 10, 31))
    lock(database, tenant)
    company.contract(company.customer(), "A-1", start=date(2026, 10, 5))

    bill(database, tenant, date(2026, 10, 5))
    settle(database, tenant, "RE-000001", 1000)
    with database.write(tenant.id) as tx:
        correct_invoice(
            tx,
            Desk(tenant, XRechnung()),
            "RE-000002",
            Correcting((LinePart(1),), "Kulanz", date(2026, 10, 20)),
        )

    with database.read(tenant.id) as tx:
        (after,) = trial_balances(tx, date(2026, 10, 31))
        proved = violations(tx)
    assert booked(database, tenant) == [
        ("inv:RE-000001", "2026-10-01", "2026-10-01"),
        ("inv:RE-000002", "2026-10-05", "2026-11-01"),
        ("pay:RE-000001:1", "2026-10-20", "2026-11-01"),
        ("cor:RK-000001", "2026-10-20", "2026-11-01"),
    ]
    assert booked(database, tenant, late=True) == booked(database, tenant)[1:]
    assert after == before
    assert proved == []


def test_a_second_lock_reaches_further_and_moves_later_facts_on(company, database, tenant):
    """On 15 December November is over: what has October's date comes on 1 December."""
    lock(database, tenant)
    settle(database, tenant, "RE-000001", 1000)
    database.clock.advance(timedelta(days=30))
    lock(database, tenant, NOVEMBER)

    settle(database, tenant, "RE-000001", 500)

    with database.read(tenant.id) as tx:
        proved = violations(tx)
    assert booked(database, tenant, late=True) == [
        ("pay:RE-000001:1", "2026-10-20", "2026-11-01"),
        ("pay:RE-000001:2", "2026-10-20", "2026-12-01"),
    ]
    assert proved == []


@pytest.mark.parametrize(
    ("month", "reason", "error", "problem"),
    [
        (NOVEMBER, "x", OutOfRange, "2026-11 is not over on 2026-11-15"),
        (OCTOBER, "x", Conflict, "2026-10 is locked already"),
        (date(2026, 9, 1), "x", Conflict, "2026-09 is locked already"),
        (OCTOBER, " ", FieldMissing, "why the month is locked"),
    ],
)
def test_a_lock_that_cannot_be_is_refused(database, tenant, month, reason, error, problem):
    """Only months that are over, never back, never without a reason."""
    lock(database, tenant)

    with pytest.raises(error, match=problem), database.write(tenant.id) as tx:
        lock_period(tx, Locking(month, reason, "Jo"))

    with database.read(tenant.id) as tx:
        assert len(read_locks(tx)) == 1


@pytest.fixture
def waiting(company, tenant):
    """A payment of 20 October waits for the bank account's ledger account."""
    with company.database.write(tenant.id) as tx:
        write_bank_account(tx, BankAccount(tx.new_id(), IBAN, "Werk GmbH", "EUR", None, None))
    settle(company.database, tenant, "RE-000001", 1000, account=None)
    return tenant


def test_entries_that_wait_must_be_known_of_before_a_lock(database, waiting):
    """They are named; nothing is locked."""
    with pytest.raises(TransitionRefused, match=r"1 entry waits .* 2026-10-31: pay:RE-000001:1"):
        lock(database, waiting)

    with database.read(waiting.id) as tx:
        assert read_locks(tx) == []


def test_an_entry_that_is_completed_after_the_lock_comes_on_the_first_open_day(database, waiting):
    """F106, P24: its value date stays."""
    done = lock(database, waiting, with_drafts=True)

    with database.write(waiting.id) as tx:
        completed = set_account(tx, f"BANK:{IBAN}", "1200")

    with database.read(waiting.id) as tx:
        proved = violations(tx)
    assert done.drafts == ("pay:RE-000001:1",)
    assert completed.posted == 1
    assert booked(database, waiting, account="1200") == [
        ("pay:RE-000001:1", "2026-10-20", "2026-11-01")
    ]
    assert proved == []


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ("UPDATE period_lock SET locked_to = '2026-09-30'", "period_lock 1"),
        ("DELETE FROM period_lock", "period_lock 1"),
        ("UPDATE chain_head SET locked_to = NULL", "chain_head"),
        (
            "UPDATE journal_entry SET booked_on = NULL WHERE seq = 2",
            "journal_entry pay:RE-000001:1",
        ),
        (
            COPY,
            "period_lock 2",
        ),
    ],
)
def test_verify_finds_what_went_behind_a_lock(database, tenant, change, place):
    """A changed, missing or invented lock, and an entry that is booked in a month locked before."""
    lock(database, tenant)
    settle(database, tenant, "RE-000001", 1000)

    with tampering(database, tenant) as tx:
        tx.connection.exec_driver_sql(change)
        found = places(tx)

    assert place in found


@pytest.mark.parametrize("database_url", ["postgres"], indirect=True)
@pytest.mark.postgres
def test_who_posts_while_a_month_is_locked_posts_behind_the_lock(database, tenant):
    """The lock holds the chain's head until it is committed: no entry slips in between."""
    with ThreadPoolExecutor(1) as other:
        with database.write(tenant.id) as tx:
            lock_period(tx, Locking(OCTOBER, "Voranmeldung", "Jo"))
            payment = other.submit(settle, database, tenant, "RE-000001", 1000)
            until_it_waits(database, payment)
        payment.result(30)

    with database.read(tenant.id) as tx:
        assert violations(tx) == []
    assert booked(database, tenant, late=True) == [("pay:RE-000001:1", "2026-10-20", "2026-11-01")]


@pytest.mark.parametrize("database_url", ["postgres"], indirect=True)
@pytest.mark.postgres
def test_a_lock_waits_for_who_is_posting(database, tenant):
    """What a run has begun is in the month before it is locked."""
    with ThreadPoolExecutor(1) as other:
        with database.write(tenant.id) as tx:
            set_account(tx, "REVENUE:OSS", "8320")
            locking = other.submit(lock, database, tenant)
            until_it_waits(database, locking)
        done = locking.result(30)

    with database.read(tenant.id) as tx:
        assert violations(tx) == []
        assert [one.type for one in events_of(tx, ledger_id(tx))] == [
            "ACCOUNTING_CHANGED",
            "PERIOD_LOCKED",
        ]
    assert done.lock.no == 1
