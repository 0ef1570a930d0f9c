"""States of a contract, terms of a subscription, recipients, payment terms, numbers."""

from dataclasses import replace
from decimal import Decimal

import pytest
from tests.unit.domain.builders import (
    COMPANY,
    MONTHLY,
    QUARTERLY,
    TENANT,
    YEARLY,
    contract,
    day,
    item,
)

from faktura.domain.articles import service_cycle, unit_allowed
from faktura.domain.contracts import moved
from faktura.domain.customers import Recipient
from faktura.domain.discounts import Discount
from faktura.domain.numbering import NumberFormat, checked_number
from faktura.domain.payment_terms import PaymentTerm
from faktura.kernel.errors import FieldInvalid, OutOfRange, TransitionRefused
from faktura.kernel.periods import Interval
from faktura.kernel.terms import (
    ArticleUnit,
    ContractState,
    IntervalUnit,
    RecipientUse,
    Renewal,
)

ALLOWED = {
    ("DRAFT", "ACTIVE"),
    ("DRAFT", "VOIDED"),
    ("ACTIVE", "TERMINATED"),
    ("TERMINATED", "ENDED"),
}


@pytest.mark.parametrize("before", ContractState)
@pytest.mark.parametrize("after", ContractState)
def test_a_contract_moves_only_along_its_states(before, after):
    """F004, F012: draft to active or voided, active to terminated, terminated to ended."""
    frame = contract("01.11.2026", state=before)

    if (before, after) in ALLOWED:
        assert moved(frame, after) == replace(frame, state=after)
    else:
        with pytest.raises(TransitionRefused, match=f"is {before} and cannot become {after}"):
            moved(frame, after)


def test_a_refused_move_says_what_is_possible():
    """An active contract is never voided (F012); a final state is final."""
    with pytest.raises(TransitionRefused) as active:
        moved(contract("01.11.2026"), ContractState.VOIDED)
    with pytest.raises(TransitionRefused) as ended:
        moved(contract("01.11.2026", state=ContractState.ENDED), ContractState.ACTIVE)

    assert active.value.mend == "Possible from here: TERMINATED"
    assert ended.value.mend == "Possible from here: nothing: the state is final"


def test_contracts_are_billed_in_advance_unless_said_otherwise():
    """F015: a missing tick was the cause of most missing invoices."""
    assert contract("01.11.2026").in_advance


@pytest.mark.parametrize(
    ("unit", "interval", "allowed"),
    [
        (ArticleUnit.MONTH, MONTHLY, True),
        (ArticleUnit.MONTH, QUARTERLY, True),
        (ArticleUnit.MONTH, YEARLY, False),
        (ArticleUnit.YEAR, YEARLY, True),
        (ArticleUnit.YEAR, Interval(12, IntervalUnit.MONTH), False),
        (ArticleUnit.HOUR, MONTHLY, False),
        (ArticleUnit.PIECE, MONTHLY, True),
        (ArticleUnit.NONE, YEARLY, True),
    ],
)
def test_a_subscription_article_has_the_unit_of_the_interval(unit, interval, allowed):
    """F024, F025: the same unit, or piece, or none."""
    assert unit_allowed(unit, interval) is allowed


@pytest.mark.parametrize(
    ("unit", "cycle"),
    [
        (ArticleUnit.DAY, Interval(1, IntervalUnit.DAY)),
        (ArticleUnit.WEEK, Interval(1, IntervalUnit.WEEK)),
        (ArticleUnit.MONTH, Interval(1, IntervalUnit.MONTH)),
        (ArticleUnit.YEAR, Interval(1, IntervalUnit.YEAR)),
        (ArticleUnit.PIECE, QUARTERLY),
        (ArticleUnit.NONE, QUARTERLY),
    ],
)
def test_the_service_cycle_is_the_articles_unit(unit, cycle):
    """domain.md: piece and none use the billing interval."""
    assert service_cycle(unit, QUARTERLY) == cycle


def test_service_ends_with_the_minimum_term_only_without_renewal():
    """F027: 12 months from 31.01.2027 end on 31.01.2028; without a minimum term nothing ends."""
    year = {"minimum_term": Interval(12, IntervalUnit.MONTH)}

    none = item("31.01.2027", term=year | {"renewal": Renewal.NONE})
    fixed = item("31.01.2027", term=year | {"renewal": Renewal.FIXED, "renewal_term": MONTHLY})
    open_ended = item("31.01.2027", term={"renewal": Renewal.NONE})

    assert none.subscription.service_end == day("31.01.2028")
    assert fixed.subscription.service_end is None
    assert open_ended.subscription.service_end is None


def test_the_first_paid_day_is_the_latest_of_three():
    """F035: the item's start, the term's start, the payment's start."""
    assert item("10.11.2026").first_paid_day == day("10.11.2026")
    added_later = replace(item("10.11.2026"), start=day("15.11.2026"))
    assert added_later.first_paid_day == day("15.11.2026")
    paid_later = item("10.11.2026", term={"payment_start": day("01.12.2026")})
    assert paid_later.first_paid_day == day("01.12.2026")
    paid_earlier = item("10.11.2026", term={"payment_start": day("01.10.2026")})
    assert paid_earlier.first_paid_day == day("10.11.2026")


def test_a_recipient_of_its_own_use_wins_over_the_customers_address():
    """F085, F126: dunning goes to its address, invoices to the customer's own."""
    dunned = replace(
        COMPANY, recipients=(Recipient("mahnung@beispielhaus.example", RecipientUse.DUNNING),)
    )

    assert dunned.recipients_for(RecipientUse.DUNNING) == ("mahnung@beispielhaus.example",)
    assert dunned.recipients_for(RecipientUse.INVOICE) == ("rechnung@beispielhaus.example",)
    assert replace(dunned, email="").recipients_for(RecipientUse.INVOICE) == ()


@pytest.mark.parametrize(
    ("term", "due"),
    [
        (PaymentTerm(), "14.11.2026"),
        (PaymentTerm(0), "31.10.2026"),
        (PaymentTerm(2, IntervalUnit.WEEK), "14.11.2026"),
        (PaymentTerm(4, IntervalUnit.MONTH), "28.02.2027"),
        (PaymentTerm(1, IntervalUnit.YEAR), "31.10.2027"),
    ],
)
def test_the_due_date_is_invoice_date_plus_term(term, due):
    """F011: counted from 31.10.2026; a month that is too short ends the term on its last day."""
    assert term.due_on(day("31.10.2026")) == day(due)


def test_a_payment_term_is_not_negative():
    """Nothing is due before it is billed."""
    with pytest.raises(OutOfRange, match="not negative: -1"):
        PaymentTerm(-1)


@pytest.mark.parametrize(
    ("values", "problem"),
    [
        ({}, "either per cent or a fixed amount"),
        ({"percent": Decimal(5), "amount": Decimal(5)}, "either per cent or a fixed amount"),
        ({"percent": Decimal(-1)}, "not negative: -1"),
        ({"amount": Decimal("-0.01")}, "not negative: -0.01"),
        ({"percent": Decimal("100.5")}, "at most 100 per cent: 100.5"),
    ],
)
def test_a_discount_that_is_none_is_refused(values, problem):
    """F040: per cent or fixed, and never a surcharge."""
    with pytest.raises(FieldInvalid, match=problem):
        Discount(**values)


def test_a_number_is_prefix_and_counter():
    """F062: the prefix stands directly before the counter, which may outgrow its width."""
    invoices = NumberFormat("R-2026-", 5)

    assert [invoices.write(n) for n in (1, 42, 123_456)] == [
        "R-2026-00001",
        "R-2026-00042",
        "R-2026-123456",
    ]
    assert NumberFormat("K", 0).write(7) == "K7"


@pytest.mark.parametrize(
    ("prefix", "width"), [("R/", 5), ("Ä-", 5), ("R 2026-", 5), ("R" * 36, 1), ("R-", -1)]
)
def test_a_number_format_that_makes_no_numbers_is_refused(prefix, width):
    """Numbers stand in URLs, remittance texts and DATEV: 1 to 36 of A-Z a-z 0-9 . _ and -."""
    with pytest.raises(FieldInvalid):
        NumberFormat(prefix, width)


def test_any_prefix_is_accepted_for_a_given_number():
    """F063: what was imported keeps its number; what cannot stand in a number is refused."""
    assert checked_number("alt.K_0815-b", field="customer.number") == "alt.K_0815-b"
    with pytest.raises(FieldInvalid, match="cannot be a number") as refused:
        checked_number("R-1\n", field="customer.number")

    assert refused.value.place == "customer.number"


def test_the_tenants_country_is_the_sellers():
    """Home is where the seller is."""
    assert TENANT.country == "DE"
