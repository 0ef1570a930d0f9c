"""The customer account in both orders: as recorded and by value date."""

from dataclasses import replace

from tests.unit.domain.builders import COMPANY, day, eur

from faktura.domain.account import balances_by_value_date, opened, recorded
from faktura.kernel.terms import AccountFact


def statement():
    """Invoice of 01.03., payment of 05.03. entered after the invoice of 10.03., a return."""
    head = opened("EUR")
    rows = []
    for fact, amount, on in (
        (AccountFact.INVOICE, "119.00", "01.03.2027"),
        (AccountFact.INVOICE, "59.50", "10.03.2027"),
        (AccountFact.PAYMENT, "-119.00", "05.03.2027"),
        (AccountFact.RETURN, "119.00", "12.03.2027"),
    ):
        row, head = recorded(
            head,
            COMPANY.id,
            fact,
            eur(amount),
            value_date=day(on),
            text=fact.value,
            source="statement 7",
            remittance="R-1" if fact is AccountFact.PAYMENT else None,
        )
        rows.append(row)
    return rows, head


def test_each_transaction_keeps_the_balance_after_it_in_recording_order():
    """F091: 119.00, 178.50, 59.50, 178.50; transactions count from 1."""
    rows, head = statement()

    assert [row.balance_after for row in rows] == [
        eur("119.00"),
        eur("178.50"),
        eur("59.50"),
        eur("178.50"),
    ]
    assert [row.no for row in rows] == [1, 2, 3, 4]
    assert (head.last_no, head.balance) == (4, eur("178.50"))


def test_the_value_date_view_sums_for_itself():
    """F090: the payment of 05.03. stands before the invoice of 10.03.: 119, 0, 59.50, 178.50."""
    rows, _ = statement()

    view = balances_by_value_date(reversed(rows), "EUR")

    assert [(row.no, balance) for row, balance in view] == [
        (1, eur("119.00")),
        (3, eur("0.00")),
        (2, eur("59.50")),
        (4, eur("178.50")),
    ]


def test_transactions_of_one_day_keep_their_recording_order():
    """Two facts of one value date: the number decides, whatever order they are read in."""
    rows, _ = statement()
    same_day = [replace(row, value_date=day("01.03.2027")) for row in rows]

    view = balances_by_value_date(reversed(same_day), "EUR")

    assert [row.no for row, _ in view] == [1, 2, 3, 4]


def test_the_payers_text_is_kept():
    """F092: the original remittance text stands on the transaction."""
    rows, _ = statement()

    assert [row.remittance for row in rows] == [None, None, "R-1", None]
