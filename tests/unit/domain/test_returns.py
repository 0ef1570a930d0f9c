"""Returned debits: the equation of their amounts, and which payment they undo."""

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from faktura.domain.matches import Hit, Outcome
from faktura.domain.movements import Movement
from faktura.domain.returns import (
    Payment,
    ReturnAmounts,
    decide_return,
    return_amounts,
)
from faktura.kernel.money import Money

DAY = date(2026, 11, 11)
HITS = (Hit("RE-1", 0, 4),)


def back(minor=-5300, original="50.00", **fields: Any):
    instructed = None if original is None else Decimal(original)
    return Movement(DAY, DAY, Money(minor, "EUR"), instructed=instructed, **fields)


def paid(number="RE-1", minor=5000, movement=1, no=1, end_to_end_id=None, on=DAY):
    document = UUID(int=int(number[3:]))
    amount = Money(minor, "EUR")
    return Payment(document, number, no, amount, UUID(int=movement), on, end_to_end_id)


@pytest.mark.parametrize(
    ("movement", "original", "fee"),
    [
        (back(), 5000, 300),
        (back(charges=Decimal("3.00")), 5000, 300),
        (back(-7550, "75.50"), 7550, 0),
        (back(-10300, None, charges=Decimal("3.00")), 10000, 300),
        (back(-5000, None), 5000, 0),
        (back(instructed_currency="EUR"), 5000, 300),
    ],
)
def test_what_was_booked_is_the_original_plus_the_fee(movement, original, fee):
    """53.00 = 50.00 + 3.00: the sample of the reference, and its variants."""
    assert return_amounts(movement) == ReturnAmounts(Money(original, "EUR"), Money(fee, "EUR"))


@pytest.mark.parametrize(
    "movement",
    [
        back(charges=Decimal("4.00")),
        back(-4900),
        back(-5300, "0.00"),
        back(-5300, "50.001"),
        back(-5300, "50.00", instructed_currency="USD"),
        back(-300, None, charges=Decimal("3.00")),
        back(-5300, None, charges=Decimal("3.001")),
    ],
)
def test_amounts_that_contradict_each_other_are_no_return_amounts(movement):
    """Fee below nothing, charges that are not the fee, another currency, parts of a cent."""
    assert return_amounts(movement) is None


def test_a_return_undoes_the_payment_of_the_named_document():
    """One payment of exactly the original."""
    decision = decide_return(back(), HITS, [paid(), paid("RE-2", 5000, 2)])

    assert decision.outcome is Outcome.FULL
    assert decision.rule == "return-of-payment"
    assert decision.documents == (paid(),)
    assert decision.reason == "gives back 50.00 EUR of a payment, fee 3.00 EUR"


def test_the_end_to_end_id_decides_before_the_numbers():
    """The id of the collection is the payment's own."""
    collected = paid("RE-2", 5000, 2, end_to_end_id="COLL-1")

    decision = decide_return(back(end_to_end_id="COLL-1"), HITS, [paid(), collected])

    assert decision.documents == (collected,)


def test_a_payment_of_another_end_to_end_id_is_not_meant():
    """What has an id of its own is known by it, whatever number the return names."""
    other = paid(end_to_end_id="COLL-2")

    decision = decide_return(back(end_to_end_id="COLL-1"), HITS, [other])

    assert (decision.outcome, decision.rule) == (Outcome.OPEN, "return-without-payment")


def test_a_payment_that_came_back_already_is_still_the_one_that_is_meant():
    """Its id is known: no other payment of the document is taken in its place."""
    transfer = paid()

    decision = decide_return(back(end_to_end_id="COLL-1"), HITS, [transfer], {"COLL-1"})

    assert (decision.outcome, decision.rule) == (Outcome.OPEN, "return-without-payment")
    assert decision.reason == "the payment COLL-1 came back already or was booked later"


def test_all_shares_of_one_payment_come_back_together():
    """20.00 and 30.00 of one collection are its 50.00."""
    shares = [
        paid("RE-1", 2000, 7, end_to_end_id="C"),
        paid("RE-2", 3000, 7, end_to_end_id="C"),
        paid("RE-3", 5000, 8),
    ]

    decision = decide_return(back(end_to_end_id="C"), (), shares)

    assert decision.documents == tuple(shares[:2])


@pytest.mark.parametrize(
    ("movement", "hits", "payments", "rule", "reason"),
    [
        (back(-4900), HITS, [paid()], "return-unclear", "what was booked, -49.00 EUR, is not"),
        (back(), HITS, [], "return-without-payment", "no payment of RE-1 is known"),
        (back(end_to_end_id="X"), (), [paid()], "return-without-payment", "id X is known"),
        (back(), (), [paid()], "return-without-payment", "neither a document number"),
        (back(), HITS, [paid(on=date(2026, 11, 12))], "return-without-payment", "no payment of"),
        (back(), HITS, [paid(minor=4000)], "return-differs", "50.00 EUR, but paid was 40.00 EUR"),
        (back(), HITS, [paid(), paid(movement=2, no=2)], "return-ambiguous", "2 payments of"),
    ],
)
def test_what_is_not_certain_waits_for_a_person(movement, hits, payments, rule, reason):
    """No payment, another amount, two payments that fit: nothing is booked."""
    decision = decide_return(movement, hits, payments)

    assert (decision.outcome, decision.rule) == (Outcome.OPEN, rule)
    assert reason in decision.reason
    assert decision.documents == ()
