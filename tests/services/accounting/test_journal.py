"""The journal as it is read: balances, entries for exporters, filters."""

from datetime import date
from decimal import Decimal

import pytest
from tests.services.company import bill, fill, settle
from tests.services.verify.books import tampering

from faktura.kernel.errors import IntegrityBroken, OutOfRange
from faktura.kernel.terms import EntryKind
from faktura.services.balances import trial_balances
from faktura.store.journal import JournalFilter, journal_page, read_entries, read_entry


@pytest.fixture
def tenant(company):
    """Nine invoices of October and a payment of 20 October."""
    fill(company)
    bill(company.database, company.tenant)
    settle(company.database, company.tenant, "RE-000001", 7140)
    return company.tenant


def entries(database, tenant, wanted=None):
    """The entries a filter finds."""
    with database.read(tenant.id) as tx:
        return list(read_entries(tx, wanted or JournalFilter()))


def test_debits_and_credits_are_equal_in_sum(database, tenant):
    """SKR03: 1400 holds what customers owe, 1200 what the bank received."""
    with database.read(tenant.id) as tx:
        (balance,) = trial_balances(tx)

    rows = {row.account: str(row.balance) for row in balance.accounts}
    # Revenue at 19 %: 60.00 + 27.00 + 16.45 + 12.00 + 200.00 with VAT of 11.40 + 5.13 + 3.13 +
    # 2.28 + 38.00. Open: 41.66 + 30 + 250 + 30 + 250 + 74.42 + 14.28 + 238.00; the first is paid.
    assert rows == {
        "1200": "71.40 EUR",
        "1400": "928.36 EUR",
        "1771": "-0.62 EUR",
        "1776": "-59.94 EUR",
        "8100": "-54.84 EUR",
        "8120": "-250.00 EUR",
        "8125": "-250.00 EUR",
        "8300": "-8.91 EUR",
        "8336": "-30.00 EUR",
        "8338": "-30.00 EUR",
        "8400": "-315.45 EUR",
    }
    assert balance.debit == balance.credit


def test_balances_up_to_a_day_leave_later_facts_out(database, tenant):
    """The end is inclusive: the payment has the value date 20 October."""
    with database.read(tenant.id) as tx:
        (before,) = trial_balances(tx, date(2026, 10, 19))
        (on,) = trial_balances(tx, date(2026, 10, 20))
        nothing = trial_balances(tx, date(2026, 9, 30))

    assert "1200" not in {row.account for row in before.accounts}
    assert "1200" in {row.account for row in on.accounts}
    assert nothing == []


def test_a_balance_between_two_days_begins_with_what_lies_before(database, tenant):
    """35.70, no: 999.76 owed on 1 October, 71.40 of it paid on the 20th; both ends are inclusive."""
    with database.read(tenant.id) as tx:
        (period,) = trial_balances(tx, date(2026, 10, 20), start=date(2026, 10, 20))
        (later,) = trial_balances(tx, start=date(2026, 10, 21))

    moved = {
        row.account: (str(row.opening.decimal), str(row.debit.decimal), str(row.credit.decimal))
        for row in period.accounts
    }
    assert moved["1400"] == ("999.76", "0.00", "71.40")
    assert moved["1200"] == ("0.00", "71.40", "0.00")
    assert moved["8400"] == ("-315.45", "0.00", "0.00")
    assert not period.opening
    assert {row.account: row.balance for row in later.accounts} == {
        row.account: row.balance for row in period.accounts
    }
    assert {row.debit.minor + row.credit.minor for row in later.accounts} == {0}


def test_days_the_wrong_way_round_are_refused(database, tenant):
    """Nothing lies between them."""
    with database.read(tenant.id) as tx, pytest.raises(OutOfRange, match="2026-10-01 is before"):
        trial_balances(tx, date(2026, 10, 1), start=date(2026, 10, 2))


def test_openings_that_do_not_come_to_nothing_are_never_shown(database, tenant):
    """They are the balances of the days before."""
    with tampering(database, tenant) as tx:
        tx.connection.exec_driver_sql(
            "UPDATE leg SET minor = minor + 1 WHERE entry_seq = 1 AND no = 1"
        )

        with pytest.raises(IntegrityBroken, match=r"the openings come to 0.01 EUR"):
            trial_balances(tx, start=date(2026, 10, 20))


def test_unequal_sums_are_never_shown(database, tenant):
    """Whoever reads balances must be able to trust them."""
    with tampering(database, tenant) as tx:
        tx.connection.exec_driver_sql("UPDATE leg SET minor = minor + 1 WHERE no = 1")

        with pytest.raises(IntegrityBroken, match="stand against credits"):
            trial_balances(tx)


def test_an_invoice_comes_with_all_an_exporter_needs(database, tenant):
    """Document, customer, due date, tax data, buyer's VAT id (§ 18a UStG)."""
    entry = entries(database, tenant)[2]

    receivable, revenue = entry.legs
    assert (entry.key, entry.kind, entry.document_number) == (
        "inv:RE-000003",
        "INVOICE",
        "RE-000003",
    )
    assert (entry.customer_number, entry.customer_name) == ("K-3", "Kunde 3 GmbH")
    assert (entry.document_kind, entry.due_on, entry.mandate) == (
        "INVOICE",
        date(2026, 10, 15),
        None,
    )
    assert (receivable.account, receivable.debtor, receivable.side, receivable.amount) == (
        "1400",
        "10003",
        "D",
        Decimal("30.00"),
    )
    assert (revenue.account, revenue.tax_case, revenue.tax_rate) == ("8336", "REVERSE_CHARGE", 0)
    assert (revenue.tax_country, revenue.buyer_vat_id) == ("FR", "FR40303265045")
    assert receivable.buyer_vat_id is None


def test_a_mandate_goes_with_the_claim_that_is_collected(database, tenant):
    """Only where the invoice is paid by direct debit."""
    found = {entry.document_number: entry.mandate for entry in entries(database, tenant)}

    assert found["RE-000007"] == "M-1"
    assert found["RE-000001"] is None


def test_a_payment_has_no_due_date_of_its_own(database, tenant):
    """Due date and mandate belong to the claim, not to what settles it."""
    payment = entries(database, tenant)[-1]

    assert (payment.key, payment.kind) == ("pay:RE-000001:1", "PAYMENT")
    assert (payment.document_number, payment.due_on) == ("RE-000001", None)
    assert [(leg.account, leg.side) for leg in payment.legs] == [("1200", "D"), ("1400", "C")]


@pytest.mark.parametrize(
    ("wanted", "keys"),
    [
        (JournalFilter(start=date(2026, 10, 2)), ["pay:RE-000001:1"]),
        (JournalFilter(end=date(2026, 10, 1), account="8336"), ["inv:RE-000003"]),
        (JournalFilter(account="10001"), ["inv:RE-000001", "pay:RE-000001:1"]),
        (JournalFilter(start=date(2026, 10, 1), account="4711"), []),
        (JournalFilter(kinds=(EntryKind.PAYMENT, EntryKind.RETURN)), ["pay:RE-000001:1"]),
        (JournalFilter(document="RE-000001"), ["inv:RE-000001", "pay:RE-000001:1"]),
        (JournalFilter(customer="K-3"), ["inv:RE-000003"]),
        (JournalFilter(document="RE-000001", customer="K-3"), []),
        (JournalFilter(cost_centre="100"), []),
        (JournalFilter(late=True), []),
        (JournalFilter(late=False, customer="K-3"), ["inv:RE-000003"]),
    ],
)
def test_entries_are_found_by_what_they_are_and_touch(database, tenant, wanted, keys):
    """Both ends are inclusive."""
    assert [entry.key for entry in entries(database, tenant, wanted)] == keys


def test_pages_follow_the_order_of_the_journal(database, tenant):
    """By number, whatever the dates; each page goes on behind the one before."""
    with database.read(tenant.id) as tx:
        first = journal_page(tx, JournalFilter(), 4)
        rest = journal_page(tx, JournalFilter(after_seq=first[-1].seq), 100)

    assert [entry.seq for entry in [*first, *rest]] == list(range(1, 11))
    assert [*first, *rest] == sorted(entries(database, tenant), key=lambda entry: entry.seq)


def test_an_entry_is_found_by_its_key(database, tenant):
    """There is one of it, or none."""
    with database.read(tenant.id) as tx:
        found, none = read_entry(tx, "pay:RE-000001:1"), read_entry(tx, "pay:RE-000001:2")

    assert found is not None
    assert (found.document_number, none) == ("RE-000001", None)
