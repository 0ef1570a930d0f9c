"""Entries by hand: balanced, on known accounts, once for a reference, taken back once (P24, P25)."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from tests.services.company import bill, settle
from tests.services.verify.books import violations

from faktura.kernel.errors import (
    Conflict,
    EntryUnbalanced,
    FieldInvalid,
    FieldMissing,
    NotFound,
    OutOfRange,
    TooPrecise,
    TransitionRefused,
    UnknownTerm,
)
from faktura.kernel.terms import Side
from faktura.services.balances import trial_balances
from faktura.services.entry_reversals import Reversing, reverse_entry
from faktura.services.ledger_accounts import add_account
from faktura.services.manual_entries import ManualEntry, ManualLine, post_manual
from faktura.services.period_locks import Locking, lock_period
from faktura.store.journal import JournalFilter, read_entries

DEBIT, CREDIT = Side.DEBIT, Side.CREDIT
FEES = ManualEntry(
    "2026-17",
    date(2026, 10, 20),
    "Kontoführung",
    (
        ManualLine("4970", DEBIT, Decimal("12.50"), "100", "Nord 1"),
        ManualLine("1200", CREDIT, Decimal("12.50")),
    ),
    "Jo",
)


@pytest.fixture
def tenant(company):
    """RE-000001 of 1 October over 35.70, of which 10.00 are paid; 1200 is set up; 15 November."""
    company.contract(company.customer(), "A-1")
    bill(company.database, company.tenant)
    settle(company.database, company.tenant, "RE-000001", 1000)
    company.database.clock.advance(timedelta(days=45))
    with company.database.write(company.tenant.id) as tx:
        add_account(tx, "1200", "Hausbank", by="Jo")
    return company.tenant


def post(database, tenant, given=FEES):
    """Post an entry by hand."""
    with database.write(tenant.id) as tx:
        return post_manual(tx, given)


def reverse(database, tenant, key="man:2026-17", on=date(2026, 11, 2), reason="Falsches Konto"):
    """Take an entry back."""
    with database.write(tenant.id) as tx:
        return reverse_entry(tx, key, Reversing(on, reason, "Ada"))


def test_an_entry_by_hand_is_posted_with_all_that_was_given(database, tenant):
    """Under a key of its own; the books hold."""
    done = post(database, tenant)

    entry = done.entry
    with database.read(tenant.id) as tx:
        proved = violations(tx)
    assert (done.is_new, done.is_late) == (True, False)
    assert (entry.key, entry.kind, entry.text) == ("man:2026-17", "MANUAL", "Kontoführung")
    assert (entry.value_date, entry.booked_on, entry.created_by) == (
        date(2026, 10, 20),
        date(2026, 10, 20),
        "Jo",
    )
    assert [
        (leg.account, leg.slot, leg.side, str(leg.amount), leg.cost_centre, leg.cost_object)
        for leg in entry.legs
    ] == [
        ("4970", "MANUAL", "D", "12.50", "100", "Nord 1"),
        ("1200", "MANUAL", "C", "12.50", None, None),
    ]
    assert proved == []


def test_the_same_entry_again_is_the_one_that_was_posted(database, tenant):
    """Posting twice is posting once; who repeats it does not matter."""
    first = post(database, tenant)
    again = post(database, tenant, replace(FEES, by="Ada"))

    assert (again.is_new, again.entry) == (False, first.entry)


@pytest.mark.parametrize(
    "changes",
    [
        {"text": "Porto"},
        {"value_date": date(2026, 10, 21)},
        {"currency": "CHF"},
        {"lines": (FEES.lines[0], replace(FEES.lines[1], cost_centre="200"))},
        {"lines": tuple(replace(line, amount=Decimal("12.51")) for line in FEES.lines)},
    ],
)
def test_another_entry_under_the_same_reference_is_a_conflict(database, tenant, changes):
    """Nothing is overwritten."""
    first = post(database, tenant)

    with pytest.raises(Conflict, match="2026-17 stands for another entry of 2026-10-20"):
        post(database, tenant, replace(FEES, **changes))

    assert post(database, tenant).entry == first.entry


def lines(*given: tuple[str, Side, str]):
    """Lines of (account, side, amount)."""
    return {"lines": tuple(ManualLine(a, side, Decimal(text)) for a, side, text in given)}


@pytest.mark.parametrize(
    ("changes", "error", "place", "problem"),
    [
        (
            lines(("4970", DEBIT, "12.50"), ("1200", CREDIT, "12.00")),
            EntryUnbalanced,
            "lines",
            "debits of 12.50 EUR stand against credits of 12.00 EUR: they differ by 0.50 EUR",
        ),
        (
            lines(("4970", DEBIT, "1"), ("1200", DEBIT, "1")),
            EntryUnbalanced,
            "lines",
            "debits of 2.00 EUR stand against credits of 0.00 EUR: they differ by 2.00 EUR",
        ),
        (
            lines(("4711", DEBIT, "1"), ("1200", CREDIT, "1")),
            FieldInvalid,
            "lines.1.account",
            "there is no account 4711",
        ),
        (
            lines(("4970", DEBIT, "1"), ("980", CREDIT, "1")),
            FieldInvalid,
            "lines.2.account",
            "980 has 3 digits, a ledger account has 4",
        ),
        (
            lines(("4970", DEBIT, "1"), ("10001", CREDIT, "1")),
            FieldInvalid,
            "lines.2.account",
            "10001 is a personal account",
        ),
        (
            lines(("4970", DEBIT, "1"), ("497O", CREDIT, "1")),
            FieldInvalid,
            "lines.2.account",
            "“497O” is not a ledger account",
        ),
        (
            lines(("1400", DEBIT, "1"), ("1200", CREDIT, "1")),
            FieldInvalid,
            "lines.1.account",
            "1400 collects the customers' accounts",
        ),
        (
            lines(("4970", DEBIT, "0"), ("1200", CREDIT, "0")),
            OutOfRange,
            "lines.1.amount",
            "0 is not above 0",
        ),
        (
            lines(("4970", DEBIT, "1"), ("1200", CREDIT, "-1")),
            OutOfRange,
            "lines.2.amount",
            "-1 is not above 0",
        ),
        (
            lines(("4970", DEBIT, "1.005"), ("1200", CREDIT, "1.005")),
            TooPrecise,
            "lines.1.amount",
            "1.005 is no whole amount of EUR",
        ),
        (lines(("4970", DEBIT, "1")), FieldInvalid, "lines", "an entry has at least two lines"),
        ({"reference": "a b"}, FieldInvalid, "reference", "“a b” cannot be a number"),
        ({"text": " "}, FieldMissing, "text", "what is booked is not said"),
        (
            {"value_date": date(2027, 11, 17)},
            OutOfRange,
            "valueDate",
            "2027-11-17 is more than a year ahead",
        ),
        (
            {"value_date": date(206, 11, 2)},
            OutOfRange,
            "valueDate",
            "0206-11-02 is more than eleven years ago",
        ),
        ({"currency": "XXX"}, UnknownTerm, "", "currency “XXX” is not known"),
        (
            {"lines": (replace(FEES.lines[0], cost_centre="Nord-Ost"), FEES.lines[1])},
            FieldInvalid,
            "lines.1.costCentre",
            "“Nord-Ost” names no cost centre or cost object",
        ),
        (
            {"lines": (FEES.lines[0], replace(FEES.lines[1], cost_object="P.1"))},
            FieldInvalid,
            "lines.2.costObject",
            "“P.1” names no cost centre or cost object",
        ),
    ],
)
def test_what_cannot_be_booked_is_named(database, tenant, changes, error, place, problem):
    """By its place; nothing is posted."""
    with pytest.raises(error) as refused:
        post(database, tenant, replace(FEES, **changes))

    assert (refused.value.place, refused.value.problem) == (place, problem)
    with database.read(tenant.id) as tx:
        assert len(list(read_entries(tx, JournalFilter()))) == 2


def test_an_entry_of_a_locked_month_is_booked_on_the_first_open_day(database, tenant):
    """P24: and its reversal too, though both are dated in October."""
    with database.write(tenant.id) as tx:
        lock_period(tx, Locking(date(2026, 10, 1), "Voranmeldung", "Jo"))

    done = post(database, tenant)
    back = reverse(database, tenant, on=date(2026, 10, 21))

    assert (done.is_late, done.entry.value_date, done.entry.booked_on) == (
        True,
        date(2026, 10, 20),
        date(2026, 11, 1),
    )
    assert (back.is_late, back.entry.booked_on) == (True, date(2026, 11, 1))


def test_an_entry_by_hand_is_taken_back_once_with_its_cost_centres(database, tenant):
    """Entry and reversal come to nothing on every account; both stay readable."""
    with database.read(tenant.id) as tx:
        before = {row.account: row.balance for row in trial_balances(tx)[0].accounts}
    post(database, tenant)

    entry = reverse(database, tenant, key="2026-17").entry

    with database.read(tenant.id) as tx:
        after = {row.account: row.balance for row in trial_balances(tx)[0].accounts}
        proved = violations(tx)
    assert (entry.key, entry.kind, entry.reverses_key) == (
        "rev:man:2026-17",
        "REVERSAL",
        "man:2026-17",
    )
    assert (entry.text, entry.created_by) == ("Storno: Falsches Konto", "Ada")
    assert [(leg.account, leg.side, leg.cost_centre, leg.cost_object) for leg in entry.legs] == [
        ("4970", "C", "100", "Nord 1"),
        ("1200", "D", None, None),
    ]
    assert not after.pop("4970")
    assert after == before
    assert proved == []
    with pytest.raises(Conflict, match="man:2026-17 is taken back already, on 2026-11-02"):
        reverse(database, tenant)


@pytest.mark.parametrize(
    ("changes", "error", "problem"),
    [
        ({"key": "inv:RE-000001"}, TransitionRefused, "inv:RE-000001 was not posted by hand"),
        ({"key": "pay:RE-000001:1"}, TransitionRefused, "pay:RE-000001:1 was not posted by hand"),
        ({"key": "man:none"}, NotFound, "there is no entry man:none"),
        ({"reason": " "}, FieldMissing, "why it is taken back is not said"),
        ({"on": date(2026, 10, 19)}, OutOfRange, "2026-10-19 is before the entry, 2026-10-20"),
        ({"on": date(2999, 1, 1)}, OutOfRange, "2999-01-01 is more than a year ahead"),
    ],
)
def test_what_cannot_be_taken_back_by_hand_is_named(database, tenant, changes, error, problem):
    """Documents and payments have acts of their own, which the mend names."""
    post(database, tenant)

    with pytest.raises(error) as refused:
        reverse(database, tenant, **changes)

    assert refused.value.problem == problem


def test_each_refused_reversal_says_which_act_takes_the_entry_back(database, tenant):
    """P25: an invoice is corrected, a payment set unpaid."""
    mends = []
    for key in ("inv:RE-000001", "pay:RE-000001:1"):
        with pytest.raises(TransitionRefused) as refused:
            reverse(database, tenant, key)
        mends.append(refused.value.mend)

    assert mends == [
        "Correct or cancel the document",
        "Set the document unpaid, or assign the movement that takes it back",
    ]
