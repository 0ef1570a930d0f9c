"""Laws of the books: any entries, locks and accounts, in any order, and the sums still hold.

They are the invariants 2, 10, 11 and 16 of the ledger, on a database; each example is rolled back.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from itertools import accumulate

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.services.company import Company, bill, opened

from faktura.kernel.clock import FixedClock
from faktura.kernel.errors import FakturaError
from faktura.kernel.money import Money
from faktura.kernel.terms import Side
from faktura.services.balances import trial_balances
from faktura.services.customers import AccountOrder
from faktura.services.debtor_statements import AskedAccount, debtor_statements
from faktura.services.entry_reversals import Reversing, reverse_entry
from faktura.services.manual_entries import ManualEntry, ManualLine, post_manual
from faktura.services.period_locks import Locking, lock_period
from faktura.services.posting import set_account
from faktura.services.proof_of_locks import locks_hold
from faktura.store.journal import JournalFilter, read_drafts, read_entries
from faktura.store.transaction import Tx

FIRST, LAST = date(2026, 9, 1), date(2027, 2, 28)
DAYS = st.dates(FIRST, LAST)
AMOUNTS = st.integers(1, 10_000_000).map(lambda minor: Money(minor, "EUR").decimal)
ACCOUNTS = st.sampled_from(["4970", "8400", "1776", "0990", "2400"])
FEW = settings(
    max_examples=max(10, settings().max_examples // 10),
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Company]:
    """Two months of three customers; what is taxed at 16 per cent misses two accounts."""
    database = opened(f"sqlite:///{tmp_path_factory.mktemp('books')}/books.db")
    built = Company(database)
    for articles in (("A-1",), ("A-2",), ("A-6",)):
        built.contract(built.customer(), *articles)
    bill(database, built.tenant)
    bill(database, built.tenant, date(2026, 11, 1))
    assert isinstance(database.clock, FixedClock)
    database.clock.advance(timedelta(days=170))
    yield built
    database.close()


def entry(no: int, day: date, parts: list[tuple[str, Decimal]]) -> ManualEntry:
    """Debits on many accounts against one credit."""
    lines = [ManualLine(account, Side.DEBIT, amount) for account, amount in parts]
    total = sum((amount for _account, amount in parts), Decimal(0))
    credit = ManualLine("4760", Side.CREDIT, total)
    return ManualEntry(f"R-{no}", day, "Umbuchung", [*lines, credit], "Jo")


ENTRIES = st.tuples(
    st.just("post"), DAYS, st.lists(st.tuples(ACCOUNTS, AMOUNTS), min_size=1, max_size=4)
)
LOCKS = st.tuples(st.just("lock"), DAYS, st.none())
REVERSALS = st.tuples(st.just("reverse"), DAYS, st.none())
ACTS = st.lists(st.one_of(ENTRIES, LOCKS, REVERSALS), max_size=12)


def act(tx: Tx, no: int, what: str, day: date, parts: list[tuple[str, Decimal]] | None) -> None:
    """Do it, or be refused: nothing is half done."""
    try:
        match what:
            case "post":
                post_manual(tx, entry(no, day, parts or []))
            case "lock":
                lock_period(tx, Locking(day, "Abgabe", "Jo", with_drafts=True))
            case _:
                reverse_entry(tx, f"man:R-{no - 1}", Reversing(day, "Falsch", "Jo"))
    except FakturaError:
        pass


@FEW
@given(ACTS, DAYS, DAYS)
def test_whatever_is_booked_and_locked_the_sums_hold(company, acts, one, other):
    """Debits equal credits between any two days; nothing is booked in a month after its lock."""
    # Before the first of October nothing is booked.
    start, until = sorted((one, max(other, date(2026, 10, 1))))
    with company.database.rehearse(company.tenant.id) as tx:
        locked: dict[int, date] = {}
        held: date | None = None
        for no, (what, day, parts) in enumerate(acts):
            act(tx, no, what, day, parts)
            found = tx.connection.exec_driver_sql(
                "SELECT locked_to, entry_seq FROM chain_head"
            ).one()
            held = held if found.locked_to is None else date.fromisoformat(str(found.locked_to))
            if held is not None:
                locked.setdefault(found.entry_seq, held)
        entries = list(read_entries(tx, JournalFilter()))
        (whole,), (period,) = trial_balances(tx), trial_balances(tx, until, start=start)
        before = {
            row.account: row.balance
            for balance in trial_balances(tx, start - timedelta(days=1))
            for row in balance.accounts
        }
        violations = list(locks_hold(tx))

    assert violations == []
    assert whole.debit == whole.credit
    assert period.debit == period.credit
    assert not period.opening
    assert {row.account: row.opening for row in period.accounts if row.opening} == {
        account: balance for account, balance in before.items() if balance
    }
    for seq, day in locked.items():
        assert all(one.booked_on > day for one in entries if one.seq > seq)
    assert all(one.booked_on >= one.value_date for one in entries)
    assert [one.seq for one in sorted(entries, key=lambda e: e.seq)] == list(
        range(1, len(entries) + 1)
    )


KEYS = ("REVENUE:STANDARD:16", "VAT:STANDARD:16", "REVENUE:OSS", "VAT:REDUCED:5")


@FEW
@given(st.permutations(KEYS), st.integers(0, 4), st.booleans())
def test_an_account_completes_exactly_the_drafts_that_missed_it(company, keys, count, locked):
    """In any order; value dates stay, and a locked month is not touched."""
    with company.database.rehearse(company.tenant.id) as tx:
        waiting = {draft.key: draft.entry.value_date for draft in read_drafts(tx)}
        if locked:
            lock_period(tx, Locking(date(2026, 10, 1), "Abgabe", "Jo", with_drafts=True))
        given_keys = set(keys[:count])
        posted = sum(set_account(tx, key, "8316").posted for key in keys[:count])
        left = {draft.key for draft in read_drafts(tx)}
        done = {
            one.key: (one.value_date, one.booked_on)
            for one in read_entries(tx, JournalFilter())
            if one.key in waiting
        }

    is_complete = {"REVENUE:STANDARD:16", "VAT:STANDARD:16"} <= given_keys
    assert len(waiting) == 2
    assert set(done) == (set(waiting) if is_complete else set())
    assert left == set(waiting) - set(done)
    assert posted == len(done)
    for key, (value_date, booked_on) in done.items():
        assert value_date == waiting[key]
        late = locked and value_date <= date(2026, 10, 31)
        assert booked_on == (date(2026, 11, 1) if late else value_date)


@FEW
@given(st.sampled_from(AccountOrder), DAYS, DAYS, st.sampled_from(["K-1", "K-2", "K-3"]))
def test_each_balance_is_the_opening_and_the_rows_up_to_it(company, order, one, other, number):
    """Whatever part of the account is shown, in whichever order."""
    first, last = sorted((one, other))
    with company.database.read(company.tenant.id) as tx:
        (part,) = debtor_statements(tx, company.tenant, AskedAccount(number, order, first, last))
        (whole,) = debtor_statements(tx, company.tenant, AskedAccount(number, order))

    amounts = [row.transaction.amount.minor for row in part.rows]
    sums = list(accumulate(amounts, initial=part.opening.minor))
    assert [row.balance.minor for row in part.rows] == sums[1:]
    assert part.closing.minor == sums[-1]
    assert set(part.rows) <= set(whole.rows)
    assert not whole.opening
