"""What leads from a return to its payment, and how its fee is known: never by a guess (banking 2.4)."""

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from faktura.domain.matches import Hit, Reading, TextPart
from faktura.domain.movements import Movement
from faktura.domain.returns import Payment, ReturnAmounts, decide_return, taken_back
from faktura.kernel.money import Money

DAY = date(2026, 11, 11)
HITS = (Hit("RE-1", 0, 4),)


def back(minor=-5300, original="50.00", **fields: Any):
    instructed = None if original is None else Decimal(original)
    return Movement(DAY, DAY, Money(minor, "EUR"), instructed=instructed, **fields)


def paid(number="RE-1", minor=5000, movement=1, no=1, end_to_end_id=None, on=DAY, **known: Any):
    document = UUID(int=int(number[3:]))
    amount = Money(minor, "EUR")
    return Payment(document, number, no, amount, UUID(int=movement), on, end_to_end_id, **known)


def by_mandate(movement=1, on=DAY, **fields: Any):
    return paid(movement=movement, on=on, mandate_id="M-7", **fields)


def by_account(movement=1, on=DAY, **fields: Any):
    return paid(movement=movement, on=on, iban="DE68370400443383828995", **fields)


def test_the_mandate_and_the_amount_lead_to_the_payment():
    """No end-to-end id: 50.00 by M-7, in whatever case the bank writes it."""
    decision = decide_return(back(mandate_id="m-7"), (), [by_mandate(), paid("RE-2", 5000, 2)])

    assert decision.rule == "return-by-mandate"
    assert decision.documents == (by_mandate(),)


def test_the_account_and_the_amount_lead_to_the_payment():
    """Neither id nor mandate; blanks in the account number do not matter."""
    movement = back(counterparty_iban="DE68 3704 0044 3383 8289 95")

    decision = decide_return(movement, (), [by_account(), paid("RE-2", 5000, 2)])

    assert decision.rule == "return-by-account"
    assert decision.documents == (by_account(),)


@pytest.mark.parametrize(
    ("movement", "payments", "rule"),
    [
        # Another amount, another mandate, nothing that leads anywhere.
        (back(mandate_id="M-7"), [by_mandate(minor=4000)], "return-without-payment"),
        (back(mandate_id="M-8"), [by_mandate()], "return-without-payment"),
        (back(counterparty_iban="DE00"), [by_account()], "return-without-payment"),
        # Two of them.
        (back(mandate_id="M-7"), [by_mandate(), by_mandate(2)], "return-ambiguous"),
        # One of them came back already: the bank may tell of it twice.
        (back(mandate_id="M-7"), [by_mandate(), by_mandate(2, counts=False)], "return-ambiguous"),
        (back(mandate_id="M-7"), [by_mandate(counts=False)], "return-without-payment"),
        # Nine weeks and a day before; the number in the text is another document's.
        (back(mandate_id="M-7"), [by_mandate(on=date(2026, 9, 8))], "return-without-payment"),
        # An end-to-end id that another payment has.
        (
            back(mandate_id="M-7", end_to_end_id="X"),
            [by_mandate(end_to_end_id="Y")],
            "return-without-payment",
        ),
    ],
)
def test_mandate_and_account_lead_to_one_certain_payment_only(movement, payments, rule):
    """Else nothing is booked (banking 2.4)."""
    decision = decide_return(movement, (), payments)

    assert (decision.rule, decision.documents) == (rule, ())


def test_the_number_in_the_text_is_stronger_than_the_mandate():
    """RE-1 is named and was not paid: RE-2, paid by the mandate, is not meant."""
    decision = decide_return(back(mandate_id="M-7"), HITS, [by_mandate(2, number="RE-2")])

    assert decision.rule == "return-without-payment"


def test_a_payment_by_another_mandate_is_not_meant_by_its_number():
    """The bank names M-8, RE-1 was collected by M-7."""
    decision = decide_return(back(mandate_id="M-8"), HITS, [by_mandate()])

    assert decision.rule == "return-without-payment"


def test_a_number_that_is_only_like_one_of_ours_leads_nowhere():
    """A tail of digits is no evidence (P39)."""
    weak = (Hit("RE-1", 0, 1, TextPart.REMITTANCE, Reading.SHORTENED),)

    assert decide_return(back(), weak, [paid()]).rule == "return-without-payment"


def test_a_debit_without_any_mandate_comes_back_for_thirteen_months():
    """MD01: 11 October 2025 is in time, the day before is not."""
    movement = back(mandate_id="M-7", return_reason="MD01")

    in_time = decide_return(movement, (), [by_mandate(on=date(2025, 10, 11))])
    too_late = decide_return(movement, (), [by_mandate(on=date(2025, 10, 10))])

    assert (in_time.rule, too_late.rule) == ("return-by-mandate", "return-without-payment")


@pytest.mark.parametrize(
    ("movement", "payments", "fee"),
    [
        # Nothing is stated: what is above the 50.00 that were collected is the fee.
        (back(original=None, end_to_end_id="C"), [paid(end_to_end_id="C")], 300),
        (back(original=None, mandate_id="M-7"), [by_mandate()], 300),
        (back(-5000, None, end_to_end_id="C"), [paid(end_to_end_id="C")], 0),
        (back(-10000, None, end_to_end_id="C"), [paid(end_to_end_id="C")], 5000),
        # Two shares of what was collected.
        (
            back(original=None, end_to_end_id="C"),
            [
                paid("RE-1", 2000, end_to_end_id="C", collected=Money(5000, "EUR")),
                paid("RE-2", 3000, end_to_end_id="C", collected=Money(5000, "EUR")),
            ],
            300,
        ),
    ],
)
def test_what_was_collected_tells_the_fee_where_the_bank_does_not(movement, payments, fee):
    """Only where the end-to-end id, or the one payment of a mandate, identifies the debit."""
    decision = decide_return(movement, (), payments)

    assert decision.documents == tuple(payments)
    assert taken_back(movement, payments) == ReturnAmounts(Money(5000, "EUR"), Money(fee, "EUR"))


@pytest.mark.parametrize(
    ("movement", "hits", "payments", "rule"),
    [
        # 50.01 on top is no fee.
        (back(-10001, None, end_to_end_id="C"), (), [paid(end_to_end_id="C")], "return-differs"),
        # Less came back than was collected.
        (back(-4000, None, end_to_end_id="C"), (), [paid(end_to_end_id="C")], "return-differs"),
        # A number does not identify the debit, nor does an account, nor one of two payments.
        (back(original=None), HITS, [paid()], "return-differs"),
        (
            back(original=None, counterparty_iban="DE68370400443383828995"),
            (),
            [by_account()],
            "return-without-payment",
        ),
        (
            back(original=None, mandate_id="M-7"),
            (),
            [by_mandate(), by_mandate(2, minor=100)],
            "return-without-payment",
        ),
        # 30.00 of the 50.00 that were collected were kept as credit.
        (
            back(original=None, end_to_end_id="C"),
            (),
            [paid(minor=2000, end_to_end_id="C", collected=Money(5000, "EUR"))],
            "return-differs",
        ),
        # What the bank states is what counts: 53.00 is no 50.00 then.
        (
            back(-5300, None, charges=Decimal("0.00"), end_to_end_id="C"),
            (),
            [paid(end_to_end_id="C")],
            "return-differs",
        ),
    ],
)
def test_a_fee_is_never_guessed(movement, hits, payments, rule):
    """To the cent, or nothing."""
    decision = decide_return(movement, hits, payments)

    assert (decision.rule, decision.documents) == (rule, ())


def test_a_debit_of_a_collective_credit_is_told_from_the_others_by_its_id():
    """One movement, two debits over 50.00: the mandate says which."""
    one = by_mandate(end_to_end_id="A")
    other = paid("RE-2", 5000, 1, end_to_end_id="B", mandate_id="M-8")

    decision = decide_return(back(mandate_id="M-7"), (), [one, other])

    assert decision.documents == (one,)


def test_a_payment_whose_id_is_known_and_booked_later_is_not_looked_for_otherwise():
    """Its credit is there, but behind the return: neither number nor mandate stands in for it."""
    movement = back(end_to_end_id="C", mandate_id="M-7")

    decision = decide_return(movement, HITS, [by_mandate()], {"C"})

    assert decision.reason == "the payment C came back already or was booked later"


@pytest.mark.parametrize(
    ("movement", "reason"),
    [
        (back(mandate_id="M-7"), "no payment of 50.00 EUR by the mandate M-7 is known"),
        (back(end_to_end_id="X"), "no payment with the end-to-end id X is known"),
    ],
)
def test_the_reason_says_what_was_looked_for(movement, reason):
    """So that a person can look as well."""
    assert decide_return(movement, (), []).reason == reason
