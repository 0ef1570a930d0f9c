"""Fees of returns that the bank books apart: each belongs to one return, or waits (F095, banking 2.4)."""

from datetime import date
from typing import Any
from uuid import UUID

import pytest

from faktura.domain.matches import Outcome
from faktura.domain.movements import Movement
from faktura.domain.return_fees import (
    BookedReturn,
    ReturnBook,
    decide_fee,
    is_return_fee,
    names_something,
)
from faktura.kernel.money import Money

OURS = "DE02120300000000202051"


def fee(*lines: str, minor: int = -450, day: int = 12, **fields: Any) -> Movement:
    on = date(2026, 11, day)
    given = {"gvc": "808", "remittance_lines": lines, **fields}
    return Movement(on, on, Money(minor, "EUR"), **given)


def returned(no: int = 1, day: int = 11, **fields: Any) -> BookedReturn:
    given: dict[str, Any] = {
        "end_to_end_id": f"COLL-{no}",
        "mandate_id": f"M-{no}",
        "numbers": (f"RE-00000{no}",),
        **fields,
    }
    return BookedReturn(UUID(int=no), OURS, date(2026, 11, day), **given)


def decided(movement: Movement, *returns: BookedReturn):
    decision = decide_fee(movement, OURS, ReturnBook.of(returns))
    return decision.rule, [one.movement_id.int for one in decision.documents]


@pytest.mark.parametrize(
    ("movement", "expected"),
    [
        (fee("ENTGELT RUECKLASTSCHRIFT"), True),
        (fee("ENTGELT RUECKLASTSCHRIFT", gvc="807"), True),
        (fee("ENTGELT RETOURE", gvc=None, bank_code="ACMT/MDOP/CHRG"), True),
        (fee("ENTGELT REF COLL-1"), True),
        (fee("KONTOFUEHRUNG"), False),
        (fee("ENTGELT RUECKLASTSCHRIFT", gvc="805"), False),
        (fee("ENTGELT RUECKLASTSCHRIFT", gvc="835"), False),
        (fee("ENTGELT RUECKLASTSCHRIFT", gvc=None, bank_code="PMNT/RDDT/ESDD"), False),
        (fee("ERSTATTUNG ENTGELT RUECKLASTSCHRIFT", minor=450), False),
    ],
)
def test_a_fee_is_a_cost_booking_of_the_bank_that_speaks_of_a_return(movement, expected):
    """GVC 807 or 808, or ACMT/MDOP/CHRG; a closing of the account is none."""
    assert is_return_fee(movement) is expected


@pytest.mark.parametrize(
    "movement",
    [
        fee("ENTGELT RUECKLASTSCHRIFT REF COLL-1"),
        fee("Entgelt Rücklastschrift EREF+coll-1 MREF+X"),
        fee("ENTGELT RUECKLASTSCHRIFT", end_to_end_id="COLL-1"),
        fee("ENTGELT RUECKLASTSCHRIFT ZU RE-000001"),
        fee("ENTGELT RUECKLASTSCHRIFT", mandate_id="M-1"),
        fee("ENTGELT REF: COLL-1", day=28),
    ],
)
def test_a_fee_belongs_to_the_return_that_it_names(movement):
    """By end-to-end id, document or mandate, in a field or its text."""
    assert decided(movement, returned(1), returned(2)) == ("return-fee", [1])


def test_the_end_to_end_id_is_stronger_than_the_mandate():
    """Two returns of one mandate: the id tells which."""
    movement = fee("ENTGELT RUECKLASTSCHRIFT EREF+COLL-2 MREF+M-1")

    assert decided(movement, returned(1), returned(2, mandate_id="M-1")) == ("return-fee", [2])


def test_the_reason_names_fee_and_return():
    """What people read."""
    movement = fee("ENTGELT RUECKLASTSCHRIFT")
    anonymous = returned(1, end_to_end_id=None, mandate_id=None)

    decision = decide_fee(movement, OURS, ReturnBook.of([anonymous]))

    assert decision.outcome is Outcome.FULL
    assert decision.reason == "the fee of 4.50 EUR for the return of RE-000001"


@pytest.mark.parametrize(
    "text",
    ["ENTGELT RUECKLASTSCHRIFT VOM 09.11.2026", "RUECKLASTSCHRIFT 1 X 4,50", "RETOURE ANZAHL: 1"],
)
def test_a_fee_that_names_nothing_follows_the_only_return_of_the_days_before(text):
    """Monday's return, Thursday's fee; a day, or that it is one, names no other."""
    movement = fee(text)

    assert decided(movement, returned(1, day=9), returned(2, day=5)) == ("return-fee", [1])


@pytest.mark.parametrize(
    ("movement", "returns", "rule"),
    [
        # Two returns of the days before.
        (fee("ENTGELT RUECKLASTSCHRIFT"), [returned(1), returned(2)], "return-fee-unknown"),
        # One of them is not booked yet, so it might be that one's.
        (
            fee("ENTGELT RUECKLASTSCHRIFT"),
            [returned(1), returned(2, is_booked=False)],
            "return-fee-unknown",
        ),
        # Booked long before, or after it.
        (fee("ENTGELT RUECKLASTSCHRIFT"), [returned(1, day=8)], "return-fee-unknown"),
        (fee("ENTGELT RUECKLASTSCHRIFT"), [returned(1, day=13)], "return-fee-unknown"),
        # It has its fee.
        (fee("ENTGELT RUECKLASTSCHRIFT"), [returned(1, has_fee=True)], "return-fee-unknown"),
        # No bank takes that much for one return.
        (fee("ENTGELT RUECKLASTSCHRIFT", minor=-5001), [returned(1)], "return-fee-unknown"),
        # It names another return, in whichever way.
        (fee("ENTGELT RUECKLASTSCHRIFT REF COLL-9"), [returned(1)], "return-fee-unknown"),
        (fee("RUECKLASTSCHRIFT", end_to_end_id="X"), [returned(1)], "return-fee-unknown"),
        (fee("ENTGELT RUECKLASTSCHRIFT RE-009999"), [returned(1)], "return-fee-unknown"),
        # The return that it names is not booked yet.
        (
            fee("ENTGELT RUECKLASTSCHRIFT COLL-1"),
            [returned(1, is_booked=False)],
            "return-fee-unknown",
        ),
        # A second fee of one return.
        (fee("RUECKLASTSCHRIFT COLL-1"), [returned(1, has_fee=True)], "return-fee-known"),
        # Two returns are named.
        (
            fee("ENTGELT RUECKLASTSCHRIFT MREF+M-1"),
            [returned(1), returned(2, mandate_id="M-1")],
            "return-fee-ambiguous",
        ),
        # Fees of several returns, of a month.
        (fee("ENTGELT 3 RUECKLASTSCHRIFTEN"), [returned(1)], "return-fee-collective"),
        (fee("ENTGELT RÜCKLASTSCHRIFT OKTOBER"), [returned(1)], "return-fee-collective"),
        (fee("RETOURE ANZAHL 2"), [returned(1)], "return-fee-collective"),
        (fee("ENTGELT RUECKLASTSCHRIFT 11 X 4,50"), [returned(1)], "return-fee-collective"),
    ],
)
def test_a_fee_of_which_it_is_not_certain_whose_it_is_waits(movement, returns, rule):
    """Nothing is booked on a guess."""
    assert decided(movement, *returns) == (rule, [])


def test_a_return_on_another_account_is_not_followed():
    """The bank takes its fee from the account that the return was booked on."""
    book = ReturnBook.of([returned(1)])

    decision = decide_fee(fee("ENTGELT RUECKLASTSCHRIFT"), "DE00", book)

    assert decision.rule == "return-fee-unknown"


def test_a_return_whose_fee_was_taken_has_no_second_one():
    """The book of a run knows what the run has booked."""
    book = ReturnBook.of([returned(1)])
    (first,) = decide_fee(fee("ENTGELT RUECKLASTSCHRIFT COLL-1"), OURS, book).documents

    book.take(first)

    again = decide_fee(fee("ENTGELT RUECKLASTSCHRIFT COLL-1"), OURS, book)
    assert again.rule == "return-fee-known"


def test_a_day_is_no_reference():
    """Four digits of a year name nothing; those of a number do."""
    assert not names_something(fee("ENTGELT RUECKLASTSCHRIFT 11.11.2026"))
    assert names_something(fee("ENTGELT RUECKLASTSCHRIFT 4711"))
