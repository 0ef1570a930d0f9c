"""How much of a line is taken back: an amount, a quantity, per cent, or what is left (F066)."""

from decimal import Decimal

import pytest
from tests.properties.test_corrections import invoice

from faktura.domain.line_parts import LinePart, amount_of
from faktura.kernel.errors import FieldInvalid, OutOfRange

(LINE,) = invoice([(1_000, Decimal(19))]).record.lines
(VOUCHER,) = invoice([(-1_000, Decimal(19))]).record.lines


@pytest.mark.parametrize(
    ("part", "expected"),
    [
        (LinePart(1), None),
        (LinePart(1, amount=Decimal("2.50")), "2.50 EUR"),
        (LinePart(1, percent=Decimal("33.335")), "3.33 EUR"),
        (LinePart(1, percent=Decimal("33.35")), "3.34 EUR"),
        (LinePart(1, quantity=Decimal("0.333")), "3.33 EUR"),
    ],
)
def test_a_part_is_rounded_once_from_the_net(part: LinePart, expected: str | None):
    """Halves go away from zero: 33.335 % of 10.00 are 3.3335, 33.35 % are 3.335."""
    found = amount_of(part, LINE)
    assert (None if found is None else str(found)) == expected


def test_a_part_is_signed_like_its_line():
    """A voucher of -10.00 is taken back by a negative part."""
    assert str(amount_of(LinePart(1, percent=Decimal(50)), VOUCHER)) == "-5.00 EUR"


@pytest.mark.parametrize(
    ("part", "said"),
    [
        (LinePart(1, amount=Decimal(0)), "takes nothing back"),
        (LinePart(1, percent=Decimal(-1)), "takes nothing back"),
        (LinePart(1, percent=Decimal("100.01")), "more than the line has"),
        (LinePart(1, quantity=Decimal("1.01")), "the line has 1, not"),
    ],
)
def test_nothing_and_more_than_the_line_has_is_refused(part: LinePart, said: str):
    """F066: the line is named."""
    with pytest.raises(OutOfRange, match=said) as refused:
        amount_of(part, LINE)
    assert refused.value.place == "lines.1"


def test_one_way_to_say_it_is_enough():
    """Two could contradict each other."""
    with pytest.raises(FieldInvalid, match="three ways"):
        amount_of(LinePart(1, amount=Decimal(1), percent=Decimal(10)), LINE)
