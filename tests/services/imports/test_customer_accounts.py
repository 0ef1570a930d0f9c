"""A customer with the account behind every balance (F090, F091)."""

from datetime import UTC, date, datetime, timedelta

import pytest

from faktura.domain.account import AccountHead, recorded
from faktura.kernel.errors import NotFound
from faktura.kernel.money import Money
from faktura.kernel.terms import AccountFact
from faktura.services.customers import AccountOrder, show_customer
from faktura.store.customers import read_customer
from faktura.store.facts import Facts, write_facts


@pytest.fixture
def billed(peopled):
    """35.70 of 15 October billed on the clock's day, 10.00 of 5 October paid in a day later."""
    peopled.take(
        "contracts",
        [
            {
                "customerNumber": "K-1",
                "start": "2026-10-15",
                "billingInterval": {"unit": "MONTH"},
                "activate": True,
                "subscriptions": [{"items": [{"articleNumber": "WEB-M", "quantity": "1"}]}],
            }
        ],
    )
    peopled.bill(date(2026, 10, 15))
    peopled.database.clock.advance(timedelta(days=1))
    customer = peopled.read(read_customer, "K-1")
    payment, _ = recorded(
        AccountHead(1, Money(3_570, "EUR")),
        customer.id,
        AccountFact.PAYMENT,
        Money(-1_000, "EUR"),
        value_date=date(2026, 10, 5),
        text="Zahlung",
        source="test",
    )
    peopled.write(write_facts, Facts(transactions=[payment]))
    return peopled


def test_the_account_shows_both_dates_and_the_balance_in_recording_order(billed):
    """F090, F091: a payment of 05.10. entered on 01.11. shows both."""
    found = billed.read(show_customer, "K-1", AccountOrder.RECORDED)

    (account,) = found.accounts
    assert account.balance == Money(2_570, "EUR")
    assert [
        (row.transaction.value_date, row.recorded_at, row.balance.minor) for row in account.rows
    ] == [
        (date(2026, 10, 15), datetime(2026, 10, 31, 8, tzinfo=UTC), 3_570),
        (date(2026, 10, 5), datetime(2026, 11, 1, 8, tzinfo=UTC), 2_570),
    ]


def test_the_account_by_value_date_has_balances_of_its_own(billed):
    """F091: in value-date order the payment comes first, -10.00, then 25.70."""
    found = billed.read(show_customer, "K-1", AccountOrder.VALUE)

    (account,) = found.accounts
    assert account.balance == Money(2_570, "EUR")
    assert [(row.transaction.no, row.balance.minor) for row in account.rows] == [
        (2, -1_000),
        (1, 2_570),
    ]


def test_a_customer_without_transactions_has_no_account(peopled):
    """Nothing was ever billed in any currency."""
    assert peopled.read(show_customer, "K-2", AccountOrder.VALUE).accounts == ()


def test_an_unknown_customer_is_named(peopled):
    """Nothing of that name exists for the tenant."""
    with pytest.raises(NotFound, match="K-9"):
        peopled.read(show_customer, "K-9", AccountOrder.VALUE)
