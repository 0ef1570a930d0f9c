"""The statement of a customer's account, by value date between two days (F090, F091)."""

from datetime import date

import pytest
from tests.services.company import bill

from faktura.domain.account import opened, recorded
from faktura.kernel.errors import FieldMissing, NotFound, OutOfRange, RenderRefused
from faktura.kernel.money import Money
from faktura.kernel.terms import AccountFact
from faktura.plugin import StatementEntry
from faktura.store.accounts import account_heads
from faktura.store.facts import Facts, write_facts


def rows(statement):
    """Day, text, amount and balance of each entry."""
    return [(one["on"], one["text"], one["amount"], one["balance"]) for one in statement["entries"]]


def test_it_goes_from_the_balance_before_to_the_balance_after(scene):
    """71.40 on 1 October, 10.00 paid on the 20th."""
    statement = scene.statement("K-1", "2026-10-01", "2026-10-31")

    assert statement["opening"] == "0.00"
    assert rows(statement) == [
        ("2026-10-01", "Rechnung RE-000001", "71.40", "71.40"),
        ("2026-10-20", "Zahlung RE-000001", "-10.00", "61.40"),
    ]
    assert statement["closing"] == "61.40"
    assert statement["period"] == {"start": "2026-10-01", "end": "2026-10-31"}


@pytest.mark.parametrize(
    ("first", "last", "opening", "days", "closing"),
    [
        ("2026-10-01", "2026-10-19", "0.00", ["2026-10-01"], "71.40"),
        ("2026-10-02", "2026-10-20", "71.40", ["2026-10-20"], "61.40"),
        ("2026-10-20", "2026-10-20", "71.40", ["2026-10-20"], "61.40"),
        ("2026-10-21", "2026-12-31", "61.40", [], "61.40"),
        ("2026-09-01", "2026-09-30", "0.00", [], "0.00"),
    ],
)
def test_both_days_are_inclusive(scene, first, last, opening, days, closing):
    """What lies before is the opening balance, what lies behind is not there."""
    statement = scene.statement("K-1", first, last)

    assert (statement["opening"], statement["closing"]) == (opening, closing)
    assert [one["on"] for one in statement["entries"]] == days


def test_what_was_recorded_late_stands_where_it_counts(scene):
    """F091: a payment of 5 October that was recorded after one of the 20th."""
    customer = scene.customer_id("K-1")
    with scene.database.write(scene.tenant.id) as tx:
        posted, _ = recorded(
            account_heads(tx, [customer])[customer, "EUR"],
            customer,
            AccountFact.PAYMENT,
            Money(-140, "EUR"),
            value_date=date(2026, 10, 5),
            text="Zahlung ohne Rechnung",
            source="late",
        )
        write_facts(tx, Facts(transactions=[posted]))

    statement = scene.statement("K-1", "2026-10-01", "2026-10-31")

    assert [(row[0], row[2], row[3]) for row in rows(statement)] == [
        ("2026-10-01", "71.40", "71.40"),
        ("2026-10-05", "-1.40", "70.00"),
        ("2026-10-20", "-10.00", "60.00"),
    ]


def test_it_speaks_the_customers_language_and_names_both_parties(scene):
    """The account keeps German texts; c/o stands below the name (F055)."""
    scene.settle("RE-000002", 1_200)

    statement = scene.statement("K-2", "2026-10-01", "2026-10-31")

    assert [row[1] for row in rows(statement)] == ["Invoice RE-000002", "Payment of RE-000002"]
    head = statement["head"]
    assert (head["language"], head["customer_number"], head["currency"]) == ("en", "K-2", "EUR")
    assert head["written_on"] == "2026-10-01"
    assert (head["seller"]["name"], head["customer"]["name"]) == ("Werk GmbH", "Ève SARL")
    assert head["customer"]["address"]["line1"] == "c/o M. Roux"
    assert head["customer"]["address"]["line2"] == "3 rue Bleue"


def test_a_customer_without_any_transaction_gets_an_empty_one(scene):
    """In the tenant's currency."""
    scene.company.customer()

    statement = scene.statement("K-3", "2026-10-01", "2026-10-31")

    assert (statement["opening"], statement["entries"], statement["closing"]) == (
        "0.00",
        [],
        "0.00",
    )
    assert statement["head"]["currency"] == "EUR"


def test_accounts_in_two_currencies_are_not_mixed(scene):
    """A statement has one currency; which one is asked, never guessed."""
    customer = scene.customer_id("K-1")
    with scene.database.write(scene.tenant.id) as tx:
        posted, _ = recorded(
            opened("USD"),
            customer,
            AccountFact.PAYMENT,
            Money(-500, "USD"),
            value_date=date(2026, 10, 7),
            text="Zahlung ohne Rechnung",
            source="usd",
        )
        write_facts(tx, Facts(transactions=[posted]))

    with pytest.raises(FieldMissing, match="several currencies: EUR, USD"):
        scene.statement("K-1", "2026-10-01", "2026-10-31")
    assert scene.statement("K-1", "2026-10-01", "2026-10-31", "USD")["closing"] == "-5.00"
    assert scene.statement("K-1", "2026-10-01", "2026-10-31", "EUR")["closing"] == "61.40"
    with pytest.raises(NotFound, match="nothing in CHF"):
        scene.statement("K-1", "2026-10-01", "2026-10-31", "CHF")


def test_what_cannot_be_written_is_named(scene):
    """Nobody of that number; days the wrong way round."""
    with pytest.raises(NotFound, match="K-99"):
        scene.statement("K-99", "2026-10-01", "2026-10-31")
    with pytest.raises(OutOfRange, match="2026-09-30 is before 2026-10-01"):
        scene.statement("K-1", "2026-10-01", "2026-09-30")


def test_another_tenants_transactions_stay_out(scene):
    """Both have a customer K-1 and an invoice RE-000001."""
    other = type(scene)(scene.database, key="other")
    other.two_customers()
    bill(scene.database, other.tenant)

    statement = other.statement("K-1", "2026-10-01", "2026-10-31")

    assert [row[1] for row in rows(statement)] == ["Rechnung RE-000001"]
    assert statement["closing"] == "71.40"


def test_a_format_that_finds_it_wrong_refuses_it(scene):
    """What the tests ask says no where the sums are wrong."""
    writer = scene.formats.only
    right = scene.read_statement("K-1", "2026-10-01", "2026-10-31")
    (first, second) = right.entries
    wrong = (
        right.model_copy(update={"closing": right.opening}),
        right.model_copy(update={"entries": (second, first)}),
        right.model_copy(update={"entries": (first, _dated(second, "2026-11-01"))}),
    )

    for one in wrong:
        with pytest.raises(RenderRefused):
            writer.write_statement(one)


def _dated(entry: StatementEntry, day: str) -> StatementEntry:
    return entry.model_copy(update={"on": date.fromisoformat(day)})
