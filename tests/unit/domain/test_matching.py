"""Which documents a bank movement settles: exact numbers and an exact sum, or a person."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from tests.unit.domain.movement_builder import (
    ANNA,
    ANNAS_IBAN,
    BERT,
    BERTS_IBAN,
    credit,
    invoice,
)

from faktura.domain.bank_policies import BankPolicy, DiscountTerms
from faktura.domain.matches import Book, Decision, OpenDocument, Outcome, Rejected
from faktura.domain.matching import RULE_VERSION, decide
from faktura.domain.movements import Movement
from faktura.domain.number_index import NumberIndex

OPEN = {"R-2026-00041": "119.00", "R-2026-00042": "59.50", "R-2026-00043": "35.70"}
TAKES = BankPolicy(discount=DiscountTerms(Decimal(2), 10), takes_discount=True)


def documents(**amounts: str) -> list[OpenDocument]:
    return [invoice(number, amount) for number, amount in {**OPEN, **amounts}.items()]


def settle(
    movement: Movement,
    items: list[OpenDocument] | None = None,
    policy: BankPolicy = BankPolicy(),  # noqa: B008 - a frozen value
    **facts: Any,
) -> Decision[OpenDocument]:
    """The decision where Anna owns the documents and pays from her account."""
    items = documents() if items is None else items
    settled = facts.pop("settled", {})
    index = NumberIndex.of(items)
    for number in settled:
        index.add(number)
    book = Book(
        open={one.number: one for one in items},
        settled=settled,
        payers={ANNAS_IBAN: [ANNA], BERTS_IBAN: [BERT]},
        names={"ANNAALT": [ANNA], "BERTBAU": [BERT], "MEIER": [ANNA, BERT]},
        own={
            owner: [one.number for one in items if one.customer_id == owner]
            for owner in (ANNA, BERT)
        },
        **facts,
    )
    return decide(movement, index.find(movement), book, policy)


def test_three_numbers_with_the_exact_sum_are_a_full_match():
    """F097, G6: 119.00 + 59.50 + 35.70 = 214.20."""
    decision = settle(credit("214.20", "Rechnungen R-2026-00041, R-2026-00042 und R-2026-00043"))

    assert (decision.outcome, decision.rule) == (Outcome.FULL, "numbers-exact-sum")
    assert [document.number for document in decision.documents] == list(OPEN)
    assert decision.reason == "3 named, sum exact to the cent"
    assert [hit.number for hit in decision.hits] == list(OPEN)
    assert RULE_VERSION == 2


@pytest.mark.parametrize("amount", ["214.19", "214.21"])
def test_a_sum_off_by_a_cent_waits_for_a_person(amount):
    """G6, P38: no automatic match, but proposals."""
    decision = settle(credit(amount, "R-2026-00041, R-2026-00042, R-2026-00043"))

    assert decision.outcome is Outcome.PROPOSED
    assert decision.reason == "0.01 EUR " + ("less" if amount == "214.19" else "more") + (
        " than is open"
    )
    assert decision.documents == ()


def test_numbers_of_several_customers_may_be_paid_at_once():
    """Somebody pays for others as well: the numbers say for what."""
    items = [invoice("R-2026-00041", "119.00"), invoice("R-2026-00042", "59.50", BERT)]

    assert settle(credit("178.50", "R-2026-00041 R-2026-00042"), items).outcome is Outcome.FULL


def test_a_number_named_twice_counts_once():
    """The payer repeats the number: it is one document of 119.00."""
    assert settle(credit("119.00", "R-2026-00041 Rg. R-2026-00041")).outcome is Outcome.FULL


def test_a_number_in_two_parts_of_the_movement_counts_once():
    """In the text and as the end-to-end id."""
    movement = credit("119.00", "R-2026-00041", end_to_end_id="R-2026-00041")

    decision = settle(movement)

    assert decision.outcome is Outcome.FULL
    assert len(decision.hits) == 2


def test_a_document_without_anything_open_waits_for_a_person():
    """A double payment: 00041 is paid already, so naming it with 00042 is no full match (F097)."""
    items = documents()[1:]
    decision = settle(
        credit("59.50", "R-2026-00041 R-2026-00042"), items, settled={"R-2026-00041": ANNA}
    )

    assert decision.outcome is Outcome.PROPOSED
    assert decision.rule == "named-exact"
    assert Rejected("R-2026-00041", "nothing is open") in decision.rejected


def test_a_second_transfer_for_the_same_document_is_credit():
    """P37: never settled twice; the money is the customer's."""
    decision = settle(credit("119.00", "R-2026-00041"), [], settled={"R-2026-00041": ANNA})

    assert (decision.outcome, decision.rule) == (Outcome.PROPOSED, "already-paid")
    (one,) = decision.proposals
    assert (one.parts, str(one.rest), one.customer_id) == ((), "119.00 EUR", ANNA)


def test_text_without_a_number_waits_for_a_person():
    """The amount alone is never evidence, and no proposal either."""
    decision = settle(credit("119.00", "Miete November"))

    assert (decision.outcome, decision.rule) == (Outcome.OPEN, "no-number")
    assert (decision.proposals, decision.hits) == ((), ())


@pytest.mark.parametrize(
    ("lines", "unknown"),
    [(["R-2026-00099"], ()), (["RE-000999"], ("RE-000999",))],
)
def test_a_number_no_document_has_is_named_in_the_reason(lines, unknown):
    """A slip of the payer's hand is seen at once, by the shape of open numbers or of a range."""
    decision = settle(credit("119.00", *lines), unknown=unknown)

    assert (decision.outcome, decision.rule) == (Outcome.OPEN, "unknown-number")
    assert decision.reason == f"{lines[0]}: no such document"
    assert decision.rejected == (Rejected(lines[0], "no document has this number"),)


def test_a_number_nobody_has_beside_one_that_fits_is_for_a_person():
    """P38: the named set is not the settled set."""
    decision = settle(credit("119.00", "R-2026-00041 R-2026-00099"))

    assert (decision.outcome, decision.rule) == (Outcome.PROPOSED, "named-exact")


def test_a_number_that_has_no_state_is_nobodys():
    """The index is older than the book."""
    movement = credit("119.00", "R-2026-00041")
    found = NumberIndex.of(documents()).find(movement)

    decision = decide(movement, found, Book(), BankPolicy())

    assert (decision.outcome, decision.rule) == (Outcome.OPEN, "unknown-number")
    assert decision.rejected == (Rejected("R-2026-00041", "no document has this number"),)


def test_a_counter_behind_a_word_that_is_another_document_is_for_a_person():
    """“R-2026-00041 und Rechnung 42”: the payer means two."""
    said = "R-2026-00041, Rechnung {}"
    items = [*documents(), invoice("R-2026-00777", "10.00")]

    assert settle(credit("119.00", said.format("777")), items).outcome is Outcome.PROPOSED
    assert settle(credit("119.00", said.format("00041")), items).outcome is Outcome.FULL


def test_a_debit_settles_a_credit():
    """Money we pay out: the correction is open with -20.00; it is nothing that money comes in for."""
    items = documents(**{"R-2026-00044": "-20.00"})

    assert settle(credit("-20.00", "R-2026-00044"), items).outcome is Outcome.FULL
    decision = settle(credit("20.00", "R-2026-00044"), items)
    assert (decision.outcome, decision.rule) == (Outcome.OPEN, "sum-differs")
    assert decision.reason == "named documents are open with -20.00 EUR, not 20.00 EUR"
    assert decision.rejected == (
        Rejected("R-2026-00044", "open with -20.00 EUR, the sum does not fit"),
    )


def test_a_credit_may_be_taken_off_in_the_same_transfer():
    """P38: 119.00 - 20.00 = 99.00 names both."""
    items = documents(**{"R-2026-00044": "-20.00"})

    decision = settle(credit("99.00", "R-2026-00041 abzgl. R-2026-00044"), items)

    assert decision.outcome is Outcome.FULL


@pytest.mark.parametrize("text", ["R-2026-00041", "R-2026-00041 R-2026-00044"])
def test_a_debit_does_not_settle_an_invoice(text):
    """A debit that names our invoice is a return or a mistake, never its payment; nothing is proposed."""
    items = documents(**{"R-2026-00044": "-20.00"})

    decision = settle(credit("-119.00", text, counterparty_iban=ANNAS_IBAN), items)

    assert (decision.outcome, decision.rule) == (Outcome.OPEN, "outgoing")
    assert decision.proposals == ()


@pytest.mark.parametrize(
    ("amount", "facts", "rule"),
    [
        ("-119.00", {"gvc": "108"}, "return"),
        ("119.00", {"gvc": "159"}, "came-back"),
        ("119.00", {"gvc": "814"}, "bank"),
    ],
)
def test_a_booking_of_another_kind_settles_nothing(amount, facts, rule):
    """Returned debits, money that came back, the bank's own: by the bank's code, whatever is named."""
    decision = settle(credit(amount, "R-2026-00041", **facts))

    assert (decision.outcome, decision.rule) == (Outcome.OPEN, rule)
    assert [hit.number for hit in decision.hits] == ["R-2026-00041"]


def test_money_sent_in_another_currency_is_never_booked_by_itself():
    """The sum fits by chance."""
    movement = credit("119.00", "R-2026-00041", instructed=Decimal(130), instructed_currency="USD")

    decision = settle(movement)

    assert (decision.outcome, decision.rule) == (Outcome.PROPOSED, "named-exact")


def test_a_movement_in_another_currency_waits_for_a_person():
    """119.00 CHF do not settle 119.00 EUR."""
    decision = settle(credit("119.00", "R-2026-00041", currency="CHF"))

    assert (decision.outcome, decision.rule) == (Outcome.PROPOSED, "other-currency")
    assert settle(credit("119.00", "R-2026-00041 R-2026-00099", currency="CHF")).rejected == (
        Rejected("R-2026-00099", "no document has this number"),
    )


def test_a_named_document_in_another_currency_is_told_among_the_rejected():
    """119.00 EUR are the first; the second is open in CHF."""
    items = [*documents(), invoice("R-2026-00050", "10.00", currency="CHF")]

    decision = settle(credit("119.00", "R-2026-00041 R-2026-00050"), items)

    assert (decision.outcome, decision.rule) == (Outcome.PROPOSED, "one-of-named")
    assert decision.rejected == (Rejected("R-2026-00050", "it is open in CHF"),)


def test_zeros_left_out_are_no_hindrance():
    """R-2026-41 is R-2026-00041; unless the account is somebody else's."""
    decision = settle(credit("119.00", "R-2026-41"))
    assert (decision.outcome, decision.rule) == (Outcome.FULL, "shortened-exact-sum")
    assert decision.reason == "1 named, sum exact to the cent; zeros are left out"

    other = settle(credit("119.00", "R-2026-41", counterparty_iban=BERTS_IBAN))
    assert (other.outcome, other.rule) == (Outcome.PROPOSED, "shortened")


@pytest.mark.parametrize("text", ["R-2026-00041/42/43", "R-2026-00041, 42, 43"])
def test_a_list_that_shortens_its_numbers_is_settled_as_a_whole(text):
    """119.00 + 59.50 + 35.70; unless the account is somebody else's."""
    decision = settle(credit("214.20", text))
    assert (decision.outcome, decision.rule) == (Outcome.FULL, "list-exact-sum")
    assert [document.number for document in decision.documents] == list(OPEN)

    other = settle(credit("214.20", text, counterparty_iban=BERTS_IBAN))
    assert (other.outcome, other.rule) == (Outcome.PROPOSED, "list")


def test_a_list_of_which_one_is_paid_is_for_a_person():
    """With a slash the second is meant; behind a comma it may be 42 pieces."""
    assert settle(credit("119.00", "R-2026-00041/42")).rule == "one-of-named"

    decision = settle(credit("119.00", "R-2026-00041, 42"))
    assert (decision.outcome, decision.rule) == (Outcome.FULL, "numbers-exact-sum")
    assert decision.rejected == (Rejected("R-2026-00042", "not named for certain"),)


@pytest.mark.parametrize(
    ("facts", "outcome"),
    [
        ({"counterparty_iban": "DE89 3704 0044 0532 0130 00"}, Outcome.FULL),
        ({"counterparty_name": "Anna Alt"}, Outcome.FULL),
        ({"counterparty_name": "Meier"}, Outcome.PROPOSED),  # two have that name
        ({"counterparty_iban": BERTS_IBAN, "counterparty_name": "Anna Alt"}, Outcome.PROPOSED),
        ({}, Outcome.PROPOSED),
    ],
)
def test_letters_for_digits_count_only_when_the_customer_pays(facts, outcome):
    """P39: by the account, or a name that only one has."""
    decision = settle(credit("119.00", "R-2O26-OO041", **facts))

    assert decision.outcome is outcome
    assert decision.rule == ("confused-payer-exact-sum" if outcome is Outcome.FULL else "confused")


def test_one_place_that_reads_as_two_numbers_is_never_certain():
    """“R-1000 5”: R-1000 and R-10005 together are 30.00."""
    items = [invoice("R-1000", "10.00"), invoice("R-10005", "20.00")]

    decision = settle(credit("30.00", "R-1000 5"), items)

    assert (decision.outcome, decision.rule) == (Outcome.PROPOSED, "named-exact")


def discounted(*, until: date = date(2026, 11, 10)) -> list[OpenDocument]:
    return [
        invoice("R-2026-00041", "119.00", discount=("2.38", until)),
        invoice("R-2026-00042", "59.50"),
    ]


def test_a_cash_discount_is_taken_by_itself_where_the_tenant_wants_it():
    """116.62 = 119.00 - 2.38 in time, exact; the proposal tells what is given up."""
    movement = credit("116.62", "R-2026-00041")

    decision = settle(movement, discounted(), TAKES)

    assert (decision.outcome, decision.rule) == (Outcome.FULL, "discount-exact-sum")
    (one,) = decision.proposals
    assert [(number, str(part)) for number, part in one.parts] == [("R-2026-00041", "116.62 EUR")]
    assert (str(one.rest), str(one.given_up)) == ("0.00 EUR", "2.38 EUR")
    assert settle(movement, discounted()).rule == "cash-discount"


@pytest.mark.parametrize(
    ("amount", "text", "day", "outcome"),
    [
        ("176.12", "R-2026-00041 R-2026-00042", 10, Outcome.FULL),
        ("116.62", "R-2026-00041", 13, Outcome.FULL),  # three days of grace
        ("116.62", "R-2026-00041", 14, Outcome.PROPOSED),
        ("116.61", "R-2026-00041", 10, Outcome.PROPOSED),
        ("116.62", "R-2026-41", 10, Outcome.PROPOSED),  # not whole
        ("116.62", "R-2026-00041 R-2026-00099", 10, Outcome.PROPOSED),
        ("116.62", "Danke", 10, Outcome.OPEN),
    ],
)
def test_a_cash_discount_is_taken_by_itself_only_when_everything_is_certain(
    amount, text, day, outcome
):
    """Whole numbers, nothing besides, in time, to the cent."""
    movement = credit(amount, text, day=date(2026, 11, day))

    assert settle(movement, discounted(), TAKES).outcome is outcome


def test_the_earlier_of_booking_and_value_day_counts_for_the_discount():
    """The bank books on Monday what was ours on Friday."""
    movement = credit("116.62", "R-2026-00041", day=date(2026, 11, 16), value_on=date(2026, 11, 13))

    assert settle(movement, discounted(), TAKES).outcome is Outcome.FULL


def test_two_ways_of_taking_discounts_are_for_a_person():
    """Both documents have the same discount, and only one is missing."""
    items = [replace(one, discount=discounted()[0].discount) for one in documents()[:2]]

    decision = settle(credit("176.12", "R-2026-00041 R-2026-00042"), items, TAKES)

    assert (decision.outcome, decision.rule) == (Outcome.PROPOSED, "cash-discount")
    assert len([one for one in decision.proposals if one.rule == "cash-discount"]) == 2


def test_a_settled_document_is_not_settled_again():
    """State within the run: the caller takes it out, the second movement is a duplicate payment."""
    first = credit("119.00", "R-2026-00041")
    items = documents()
    index = NumberIndex.of(items)
    book = Book(open={one.number: one for one in items})

    assert decide(first, index.find(first), book, BankPolicy()).outcome is Outcome.FULL
    book.open.pop("R-2026-00041")
    book.settled["R-2026-00041"] = ANNA

    second = decide(first, index.find(first), book, BankPolicy())
    assert (second.outcome, second.rule) == (Outcome.PROPOSED, "already-paid")
