"""Which statements can tell of one booking (P40)."""

from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest

from faktura.domain.statement_places import Equal, Equals, Telling, is_same_place, may_share
from faktura.kernel.money import Money


def told(no: int = 2, number: int | None = 7, **fields: Any) -> Telling:
    for name in ("opening", "closing"):
        if name in fields:
            fields[name] = Money(fields[name], "EUR")
    return Telling(UUID(int=no), number=number, **fields)


SEVEN = told(1)


@pytest.mark.parametrize(
    ("one", "other", "shares"),
    [
        (SEVEN, told(1, 8), True),  # one statement, whatever it says
        (SEVEN, told(), True),
        (SEVEN, told(number=8), False),
        (SEVEN, told(number=8, is_doubtful=True), None),
        (told(1, is_doubtful=True), told(number=8), None),
        (told(1, page=1), told(page=2), False),
        (told(1, page=1), told(page=1), True),
        (SEVEN, told(page=2), True),
        (told(1, opening=0, closing=5), told(page=2, opening=5, closing=9), True),
        (told(1, opening=0, closing=5), told(opening=5, closing=9), None),
        (told(1, opening=0, closing=5), told(opening=0, closing=9), True),
        (told(1, opening=0, closing=9), told(opening=5, closing=9), True),
        (told(1, opening=0, closing=5), told(opening=5), True),
        (SEVEN, told(number=None), True),
        (told(1, None, page=1), told(number=None, page=2), False),
        (told(1, None, page=1), told(number=None, page=2, name="B"), True),
        (told(1, None, page=1), told(page=2), True),
        (told(1, None, opening=0, closing=5), told(opening=5, closing=9), None),
        (told(1, opening=5, closing=9), told(number=None, opening=0, closing=5), None),
        (told(1, None, opening=0, closing=9), told(opening=5, closing=9), True),
        (told(1, None, opening=0, closing=5), told(opening=5, closing=5), True),
        (told(1, None, opening=5, closing=5), told(opening=5, closing=9), True),
        (told(1, None, opening=0, closing=5), told(opening=5, closing=0), True),
    ],
)
def test_numbers_pages_and_balances_say_who_can_tell_of_one_booking(one, other, shares):
    """Never, surely, or nobody knows; it is the same both ways."""
    assert may_share(one, other) is shares
    assert may_share(other, one) is shares


def test_the_same_page_of_the_same_number_is_the_same_place():
    """So is a statement of itself; two without a number are not."""
    assert is_same_place(SEVEN, told())
    assert is_same_place(told(1, None), told(1, None))
    assert not is_same_place(SEVEN, told(page=1))
    assert not is_same_place(told(1, None), told(2, None))


def test_its_own_page_comes_before_its_statement_and_what_nobody_told():
    """Each of the equal ones is used once; the fourth is a new one."""
    unknown, whole, page = Equal(b"0"), Equal(b"1", [told(3)]), Equal(b"2", [told(4, page=1)])
    other = Equal(b"3", [told(5, 8)])
    own = told(1, page=1)

    equals = Equals()
    for one in (unknown, whole, page, other):
        equals.add(one)

    assert equals.fitting(own) == 3
    found = [equals.choose(own) for _ in range(4)]

    assert found == [(page, False), (whole, False), (unknown, False), (None, False)]
    assert (unknown.tellings, unknown.used_by) == ([own], own.id)
    assert len(equals) == 4


def test_what_is_doubted_explains_one_movement_only():
    """The second of two is new without doubt."""
    equals = Equals()
    equals.add(Equal(b"0", [told(3, 8, is_doubtful=True)]))

    assert equals.choose(SEVEN) == (None, True)
    assert equals.choose(SEVEN) == (None, False)
    assert equals.choose(replace(SEVEN, id=UUID(int=9))) == (None, True)


def test_what_a_statement_brings_is_none_of_what_it_tells_of_next():
    """Another statement of its number finds it again."""
    equals = Equals()
    equals.begin(b"0", SEVEN)

    assert equals.choose(SEVEN) == (None, False)
    found, _ = equals.choose(told())
    assert found is not None
    assert found.key == b"0"
