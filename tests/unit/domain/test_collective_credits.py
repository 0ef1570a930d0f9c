"""One credit for many debits: a block or a file, exact to the cent (P41)."""

from collections.abc import Mapping
from dataclasses import replace
from uuid import UUID

import pytest
from tests.unit.domain.test_debit_files import FILE

from faktura.domain.collective_credits import Naming, decide_collective
from faktura.domain.debit_files import DebitBlock
from faktura.domain.matches import Outcome
from faktura.kernel.money import Money

A, B, C = (UUID(int=number) for number in (1, 2, 3))
M = FILE.message_id
TWO = replace(FILE, blocks=(DebitBlock(f"{M}-1", (A, B)), DebitBlock(f"{M}-12", (C,))))
AWAITED = {A: Money(1_000, "EUR"), B: Money(2_000, "EUR"), C: Money(4_000, "EUR")}


def decided(
    minor: int,
    *,
    payment_id: str | None = None,
    text: str = "",
    awaited: Mapping[UUID, Money] = AWAITED,
    unpaid: Mapping[UUID, Money] = AWAITED,
) -> tuple[Outcome, str, tuple[UUID, ...]]:
    """What is decided about a credit of that amount."""
    naming = Naming(payment_id, text)
    found = decide_collective(naming, Money(minor, "EUR"), TWO, (awaited, unpaid))
    return found.outcome, found.rule, found.documents


@pytest.mark.parametrize(
    ("minor", "payment_id", "text", "paid"),
    [
        (3_000, f"{M}-1", "", (A, B)),
        (4_000, f"{M}-12", "", (C,)),
        (3_000, None, f"Sammler {M}-1", (A, B)),
        (4_000, None, f"{M}-12", (C,)),
        # Of the text of `-12` the shorter id is a part: the sum decides.
        (3_000, None, f"{M}-1 2.10.", (A, B)),
        (7_000, None, M, (A, B, C)),
        (3_000, None, M, (A, B)),
        (4_000, "of another file", M, (C,)),
    ],
)
def test_what_is_named_is_paid_where_its_sum_is_the_amount(
    minor: int, payment_id: str | None, text: str, paid: tuple[UUID, ...]
) -> None:
    """10.00 + 20.00 in the first block, 40.00 in the second."""
    assert decided(minor, payment_id=payment_id, text=text) == (Outcome.FULL, "debit-file", paid)


@pytest.mark.parametrize(
    ("minor", "payment_id"), [(2_999, None), (4_000, f"{M}-1"), (-3_000, None)]
)
def test_any_other_sum_waits_for_a_person(minor: int, payment_id: str | None) -> None:
    """Also that of another block than the named one."""
    assert decided(minor, payment_id=payment_id) == (Outcome.OPEN, "debit-file-differs", ())


def test_what_came_back_may_be_in_the_sum_or_not() -> None:
    """B was returned: the bank credits 30.00 and takes 20.00 off by itself, or credits 10.00."""
    left = {A: AWAITED[A]}

    assert decided(1_000, payment_id=f"{M}-1", awaited=left)[2] == (A,)
    assert decided(3_000, payment_id=f"{M}-1", awaited=left)[2] == (A, B)


def test_two_blocks_of_one_sum_wait_where_neither_is_named() -> None:
    """30.00 each."""
    equal = {A: AWAITED[A], B: AWAITED[B], C: Money(3_000, "EUR")}

    assert decided(3_000, awaited=equal, unpaid=equal) == (
        Outcome.OPEN, "debit-file-ambiguous", (),
    )  # fmt: skip
    assert decided(3_000, payment_id=f"{M}-12", awaited=equal, unpaid=equal)[2] == (C,)


def test_nothing_is_awaited_of_what_was_credited_before() -> None:
    """A credit cannot pay it twice."""
    naming = Naming(None, M)

    found = decide_collective(naming, Money(3_000, "EUR"), TWO, ({}, {}))

    assert found.reason == f"file {M}: awaited is nothing, not 30.00 EUR"
