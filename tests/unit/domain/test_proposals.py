"""What may explain a movement that is not certain: each by a number or by who paid (P36-P38)."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from tests.unit.domain.movement_builder import (
    ANNA,
    ANNAS_IBAN,
    BERT,
    BERTS_IBAN,
    CARLA,
    credit,
    invoice,
)

from faktura.domain.bank_policies import BankPolicy
from faktura.domain.matches import Book, OpenDocument, Outcome, Proposal
from faktura.domain.matching import decide
from faktura.domain.movements import Movement
from faktura.domain.number_index import NumberIndex

ONE = invoice("RE-2026-000001", "100.00", due=date(2026, 11, 1))
TWO = invoice("RE-2026-000002", "60.00", due=date(2026, 10, 1))
THREE = invoice("RE-2026-000003", "30.00", due=date(2026, 12, 1))
BERTS = invoice("RE-2026-000009", "45.00", BERT)
CREDIT = invoice("GS-2026-000004", "-20.00")


def propose(movement: Movement, *items: OpenDocument, **facts: Any) -> tuple[Proposal, ...]:
    """The proposals; those who own documents pay from their accounts."""
    index = NumberIndex.of(items)
    settled = facts.pop("settled", {})
    for number in settled:
        index.add(number)
    own: dict[Any, list[str]] = {}
    for one in items:
        own.setdefault(one.customer_id, []).append(one.number)
    book = Book(
        open={one.number: one for one in items},
        settled=settled,
        payers={ANNAS_IBAN: [ANNA], BERTS_IBAN: [BERT]},
        names={"ANNAALT": [ANNA], "MEIER": [ANNA, BERT]},
        own=own,
    )
    decision = decide(movement, index.find(movement), book, BankPolicy())
    assert decision.outcome is (Outcome.PROPOSED if decision.proposals else Outcome.OPEN)
    if decision.proposals:
        assert (decision.rule, decision.reason) == (
            decision.proposals[0].rule,
            decision.proposals[0].reason,
        )
    for proposal in decision.proposals:
        parts = sum(part.minor for _, part in proposal.parts)
        assert parts + proposal.rest.minor == movement.amount.minor
    return decision.proposals


def short(one: Proposal) -> tuple[str, dict[str, str], str, str]:
    """Rule, parts, rest and what is given up, without the currency."""
    parts = {number[-6:].lstrip("0"): str(part.decimal) for number, part in one.parts}
    return one.rule, parts, str(one.rest.decimal), str(one.given_up.decimal)


def test_one_of_the_named_is_the_amount():
    """“folgt separat”: only the first was paid."""
    best, *others = propose(credit("100.00", "RE-2026-000001, RE-2026-000002 folgt"), ONE, TWO)

    assert short(best) == ("one-of-named", {"1": "100.00"}, "0.00", "0.00")
    assert short(others[0]) == ("underpaid", {"1": "40.00", "2": "60.00"}, "0.00", "0.00")


def test_some_of_the_named_are_the_amount():
    """Two of three, in one way."""
    text = "RE-2026-000001 RE-2026-000002 RE-2026-000003"

    best = propose(credit("130.00", text), ONE, TWO, THREE)[0]

    assert short(best) == ("part-of-named", {"1": "100.00", "3": "30.00"}, "0.00", "0.00")


def test_weak_numbers_may_complete_the_sum():
    """The second stands there without letters and year."""
    other = invoice("A26-00123", "60.00")

    best = propose(credit("160.00", "RE-2026-000001 mit 00123"), ONE, other)[0]

    assert [(number, str(part.decimal)) for number, part in best.parts] == [
        ("RE-2026-000001", "100.00"),
        ("A26-00123", "60.00"),
    ]
    assert (best.rule, best.reason) == ("list", "numbers that are not whole complete the sum")


def test_a_weak_number_alone_does_not_replace_the_named():
    """60.00 is open as A26-00123, but the text names RE-2026-000001 with letters and year."""
    rules = [
        one.rule
        for one in propose(
            credit("60.00", "RE-2026-000001 mit 00123"), ONE, invoice("A26-00123", "60.00")
        )
    ]

    assert rules == ["underpaid"]


def test_named_and_exactly_one_other_of_the_same_customer():
    """“und weitere”: 100.00 + 60.00; of somebody else's only where he pays."""
    best = propose(credit("160.00", "RE-2026-000001 und weitere"), ONE, TWO, THREE, BERTS)[0]
    assert short(best) == ("named-and-one-more", {"1": "100.00", "2": "60.00"}, "0.00", "0.00")

    movement = credit("145.00", "RE-2026-000001 und weitere", counterparty_iban=BERTS_IBAN)
    assert propose(movement, ONE, BERTS)[0].rule == "named-and-one-more"
    assert propose(credit("145.00", "RE-2026-000001 und mehr"), ONE, BERTS)[0].rule == "overpaid"


def test_a_credit_that_is_not_named_may_be_the_one_other():
    """100.00 - 20.00: short by the customer's own credit note."""
    best = propose(credit("80.00", "RE-2026-000001"), ONE, CREDIT)[0]

    assert short(best) == ("named-and-one-more", {"1": "100.00", "4": "-20.00"}, "0.00", "0.00")


def test_a_document_of_nobody_known_is_paid_with_nothing_else():
    """Its customer is not known, so neither are other documents of his."""
    alone = OpenDocument(ONE.number, ONE.open)

    best = propose(credit("110.00", "RE-2026-000001"), alone, TWO)[0]

    assert short(best) == ("overpaid", {"1": "100.00"}, "10.00", "0.00")
    assert best.customer_id is None


def test_cash_discount_in_time_is_given_up():
    """98.00 = 100.00 - 2.00, until the 8th and three days of grace; reason and sums say so."""
    item = invoice("RE-2026-000001", "100.00", discount=("2.00", date(2026, 11, 8)))

    best, *others = propose(credit("98.00", "RE-2026-000001 abzgl. Skonto"), item)

    assert short(best) == ("cash-discount", {"1": "98.00"}, "0.00", "2.00")
    assert best.reason == "cash discount of 2.00 EUR, in time"
    assert [short(one) for one in others] == [("underpaid", {"1": "98.00"}, "0.00", "0.00")]


def test_cash_discount_too_late_leaves_the_rest_open():
    """Until the 1st and three days of grace: the 10th is six days late, nothing is given up."""
    item = invoice("RE-2026-000001", "100.00", discount=("2.00", date(2026, 11, 1)))

    (one,) = propose(credit("98.00", "RE-2026-000001 abzgl. Skonto"), item)

    assert short(one) == ("cash-discount-late", {"1": "98.00"}, "0.00", "0.00")
    assert one.reason == "short by the cash discount, 6 days too late"


def test_a_late_discount_of_another_sum_is_just_too_little():
    """97.00 is not 98.00."""
    item = invoice("RE-2026-000001", "100.00", discount=("2.00", date(2026, 11, 1)))

    assert propose(credit("97.00", "RE-2026-000001"), item)[0].rule == "underpaid"


@pytest.mark.parametrize(
    "facts",
    [
        {"charges": Decimal("15.00")},
        {"instructed": Decimal("100.00"), "instructed_currency": "EUR"},
    ],
)
def test_charges_that_banks_took_are_what_is_missing(facts):
    """85.00 came of 100.00: the bank states 15.00, or what was sent."""
    best = propose(credit("85.00", "RE-2026-000001", **facts), ONE)[0]

    assert short(best) == ("charges", {"1": "85.00"}, "0.00", "15.00")


@pytest.mark.parametrize(
    "facts",
    [
        {"charges": Decimal("1.00")},
        {"instructed": Decimal("100.00"), "instructed_currency": "USD"},
        {},
    ],
)
def test_other_charges_do_not_explain_what_is_missing(facts):
    """A dollar sum says nothing about euros."""
    assert propose(credit("85.00", "RE-2026-000001", **facts), ONE)[0].rule == "underpaid"


def test_a_counter_in_two_years_is_two_proposals():
    """“Rechnung 4643” of 816.90: 2025 and 2026 are both open with it."""
    found = propose(
        credit("816.90", "Rechnung 4643"),
        invoice("2025/4643", "816.90"),
        invoice("2026/4643", "816.90"),
        invoice("2024/4643", "16.90"),
    )

    assert [(one.rule, one.parts[0][0]) for one in found] == [
        ("weak-number", "2025/4643"),
        ("weak-number", "2026/4643"),
    ]


@pytest.mark.parametrize(
    ("facts", "reason"),
    [
        ({"counterparty_iban": ANNAS_IBAN}, "the amount and the payer's account"),
        ({"counterparty_name": "Anna Alt"}, "the amount and the payer's name"),
    ],
)
def test_who_paid_and_the_amount_are_a_proposal(facts, reason):
    """No number at all: by the account or the exact name."""
    (one,) = propose(credit("60.00", "Danke", **facts), ONE, TWO, BERTS)

    assert short(one) == ("payer-and-amount", {"2": "60.00"}, "0.00", "0.00")
    assert (one.reason, one.customer_id) == (reason, ANNA)


def test_all_who_have_the_name_may_have_paid():
    """Two customers of one name, those known by the account first."""
    twin = invoice("RE-2026-000010", "60.00", BERT)

    both = propose(credit("60.00", "Danke", counterparty_name="Meier"), TWO, twin)
    assert [one.customer_id for one in both] == [ANNA, BERT]

    movement = credit("60.00", "x", counterparty_name="Meier", counterparty_iban=BERTS_IBAN)
    assert [one.customer_id for one in propose(movement, TWO, twin)] == [BERT, ANNA]


def test_an_amount_without_a_payer_or_a_number_is_no_proposal():
    """Amounts are equal by accident."""
    assert propose(credit("60.00", "Kaution"), ONE, TWO) == ()


def test_another_customers_number_while_payer_and_amount_point_elsewhere():
    """A slip of the hand that names somebody else's document: the payer's own comes first."""
    movement = credit("45.00", "RE-2026-000001", counterparty_iban=BERTS_IBAN)

    best, other = propose(movement, ONE, BERTS)

    assert short(best) == ("payer-and-amount", {"9": "45.00"}, "0.00", "0.00")
    assert short(other) == ("underpaid", {"1": "45.00"}, "0.00", "0.00")


def test_one_of_two_is_paid_already():
    """The open one is settled, the rest is credit of the customer (P37)."""
    movement = credit("160.00", "RE-2026-000001 RE-2026-000005")

    (one,) = propose(movement, ONE, settled={"RE-2026-000005": CARLA})

    assert short(one) == ("already-paid", {"1": "100.00"}, "60.00", "0.00")
    assert one.customer_id == CARLA
    assert one.reason == "RE-2026-000005: paid already, the rest is credit"


def test_one_of_two_is_paid_already_and_the_other_not_wholly():
    """Less than is open: there is no rest to be credit."""
    movement = credit("90.00", "RE-2026-000001 RE-2026-000005")

    (one,) = propose(movement, ONE, settled={"RE-2026-000005": CARLA})

    assert short(one) == ("underpaid", {"1": "90.00"}, "0.00", "0.00")


def test_a_settled_document_of_which_money_goes_out_is_no_proposal():
    """What it is for a person knows."""
    movement = credit("-100.00", "RE-2026-000005")

    assert propose(movement, settled={"RE-2026-000005": CARLA}) == ()


def test_a_document_in_another_currency_is_proposed_with_the_money_that_came():
    """The same figure in CHF and EUR is not the same money."""
    francs = invoice("RE-2026-000001", "100.00", currency="CHF")

    (one,) = propose(credit("100.00", "RE-2026-000001"), francs)

    assert (one.rule, one.reason) == ("other-currency", "RE-2026-000001 is open with 100.00 CHF")
    assert [(number, str(part)) for number, part in one.parts] == [("RE-2026-000001", "100.00 EUR")]


def test_too_little_goes_to_the_oldest_of_the_named():
    """P36: 60.00 is due in October, 100.00 in November, 30.00 in December."""
    text = "RE-2026-000001 RE-2026-000002 RE-2026-000003"

    (one,) = propose(credit("70.00", text), ONE, TWO, THREE)

    assert short(one) == ("underpaid", {"1": "10.00", "2": "60.00"}, "0.00", "0.00")
    assert one.reason == "120.00 EUR less than is open"


def test_credit_among_the_named_is_set_off_first():
    """100.00 - 20.00 = 80.00, and 75.00 came."""
    (one, *_) = propose(credit("75.00", "RE-2026-000001 GS-2026-000004"), ONE, CREDIT)

    assert short(one) == ("underpaid", {"1": "95.00", "4": "-20.00"}, "0.00", "0.00")


def test_too_much_is_credit_of_who_paid():
    """P37: of the customer, or of the payer where documents of his are among the named."""
    text = "RE-2026-000001 RE-2026-000009"
    movement = credit("150.00", text, counterparty_iban=BERTS_IBAN)

    (one,) = propose(movement, ONE, BERTS)
    assert short(one) == ("overpaid", {"1": "100.00", "9": "45.00"}, "5.00", "0.00")
    assert one.customer_id == BERT

    (one,) = propose(credit("150.00", text), ONE, BERTS)
    assert one.customer_id == ANNA
    stranger = credit("105.00", "RE-2026-000001", counterparty_iban=BERTS_IBAN)
    (one,) = propose(stranger, ONE)
    assert one.customer_id == ANNA


def test_a_payout_of_credit_may_be_too_little():
    """Signs are turned: -15.00 of -20.00."""
    (one,) = propose(credit("-15.00", "GS-2026-000004"), CREDIT)

    assert short(one) == ("underpaid", {"4": "-15.00"}, "0.00", "0.00")


def test_the_payers_only_weak_number_is_paid_in_part():
    """“Teilzahlung Rechnung 4643”, from the customer's account."""
    item = invoice("2026/4643", "816.90")
    movement = credit("400.00", "Teilzahlung Rechnung 4643", counterparty_iban=ANNAS_IBAN)

    (one,) = propose(movement, item)
    assert one.rule == "underpaid"
    assert propose(credit("400.00", "Teilzahlung Rechnung 4643"), item) == ()
    assert propose(movement, item, invoice("2025/4643", "500.00")) == ()


def test_the_payers_document_less_its_discount():
    """58.80 = 60.00 - 1.20 from the customer's account, in time."""
    item = invoice("RE-2026-000002", "60.00", discount=("1.20", date(2026, 11, 10)))

    (one,) = propose(credit("58.80", "Danke", counterparty_iban=ANNAS_IBAN), ONE, item)

    assert short(one) == ("payer-and-discount", {"2": "58.80"}, "0.00", "1.20")
    assert one.reason == "the amount less cash discount, and the payer's account"


def test_documents_of_the_payer_that_add_up():
    """130.00 = 100.00 + 30.00, within one customer only."""
    movement = credit("130.00", "wie besprochen", counterparty_iban=ANNAS_IBAN)

    (one,) = propose(movement, ONE, TWO, THREE, BERTS)

    assert short(one) == ("subset-of-payer", {"1": "100.00", "3": "30.00"}, "0.00", "0.00")
    assert one.reason == "2 of the payer's documents add up, in one way only"
    assert propose(credit("145.00", "x", counterparty_iban=ANNAS_IBAN), ONE, BERTS) == ()


def test_two_ways_to_add_up_are_both_told():
    """P38: 100.00 + 30.00 and 70.00 + 60.00."""
    more = invoice("RE-2026-000007", "70.00")
    movement = credit("130.00", "wie besprochen", counterparty_iban=ANNAS_IBAN)

    found = propose(movement, ONE, TWO, THREE, more)

    assert [one.reason[-21:] for one in found] == [" in more than one way"] * 2


def test_money_that_went_out_is_no_sum_of_documents():
    """-40.00 to the customer with two credits of -20.00 names nothing."""
    other = invoice("GS-2026-000005", "-20.00")

    assert propose(credit("-40.00", "x", counterparty_iban=ANNAS_IBAN), CREDIT, other) == ()


def test_ten_proposals_are_enough():
    """Twelve documents of the payer with the same amount."""
    items = [invoice(f"RE-2026-0001{n:02d}", "60.00") for n in range(12)]

    found = propose(credit("60.00", "x", counterparty_iban=ANNAS_IBAN), *items)

    assert len(found) == 10


def test_documents_of_the_payer_in_another_currency_or_gone_are_passed_over():
    """Only what money of this currency could settle now."""
    francs = invoice("RE-2026-000008", "60.00", currency="CHF")
    movement = credit("60.00", "Danke", counterparty_iban=ANNAS_IBAN)
    book = Book(
        open={francs.number: francs},
        payers={ANNAS_IBAN: [ANNA]},
        own={ANNA: [francs.number, "RE-2026-000077"]},
    )

    decision = decide(movement, NumberIndex().find(movement), book, BankPolicy())

    assert (decision.outcome, decision.proposals) == (Outcome.OPEN, ())
