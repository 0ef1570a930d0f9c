"""Laws of reading and storing numbers: exact or refused, whatever the text."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from faktura.kernel.clock import FixedClock
from faktura.kernel.decimals import decimal_from_text, scaled, unscaled
from faktura.kernel.errors import AmountUnreadable, BadInput
from faktura.kernel.ids import Uuid7Source
from faktura.kernel.money import MINOR_DIGITS, Money

PLAIN = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?", re.ASCII)
AMOUNTS = st.builds(
    Money, st.integers(-(10**12) + 1, 10**12 - 1), st.sampled_from(sorted(MINOR_DIGITS))
)


def is_read(text: str) -> bool:
    """Whether the text is taken for a number; any other answer than a named error is a bug."""
    try:
        decimal_from_text(text)
    except BadInput:
        return False
    return True


@given(st.one_of(st.text(), st.text("0123456789+-.,eE_ ٣１NaInfty\x00\n")))
def test_only_a_plain_decimal_is_ever_read(text):
    """Unicode digits, exponents, NaN, commas, blanks: refused by a named error."""
    assert not is_read(text) or PLAIN.fullmatch(text)


@given(whole=st.integers(0, 10**12 - 1), places=st.text("0123456789", min_size=1, max_size=6))
def test_every_plain_decimal_of_six_places_is_read_exactly(whole, places):
    """The value is the one a person reads, in tens and tenths."""
    value = decimal_from_text(f"{whole}.{places}")

    assert scaled(value) == int(f"{whole}{places.ljust(6, '0')}")


@given(whole=st.integers(0, 10**12 - 1), rest=st.text("0123456789", min_size=7, max_size=25))
def test_a_longer_number_is_refused_unless_the_rest_is_zero(whole, rest):
    """However long it is: a digit that cannot be stored is never dropped."""
    readable = len(rest) <= 18 and not rest[6:].strip("0")

    assert is_read(f"{whole}.{rest}") == readable


@given(st.integers(-(10**18) + 1, 10**18 - 1))
def test_a_stored_number_survives_the_round_trip(stored):
    """Database -> Decimal -> database changes nothing."""
    assert scaled(unscaled(stored)) == stored


@given(amount=AMOUNTS)
def test_an_amount_survives_being_written_and_read(amount):
    """JSON carries amounts as text."""
    text = format(amount.decimal, "f")

    assert Money.parse(text, amount.currency) == amount


@given(st.floats().map(repr).filter(lambda text: "e" in text or "n" in text))
def test_what_prints_as_an_exponent_or_nan_is_no_amount(text):
    """What a careless program prints is refused, not approximated."""
    with pytest.raises(AmountUnreadable):
        Money.parse(text, "EUR")


@given(
    st.lists(st.timedeltas(timedelta(seconds=-5), timedelta(seconds=5)), min_size=1, max_size=50)
)
def test_ids_increase_however_the_clock_moves(steps):
    """Also within a millisecond and when the clock steps back."""
    clock = FixedClock(datetime(2026, 10, 31, 8, 0, tzinfo=UTC))
    source = Uuid7Source(clock)
    made = [source()]
    for step in steps:
        clock.advance(step)
        made.append(source())

    assert made == sorted(set(made))
    assert {one.version for one in made} == {7}
