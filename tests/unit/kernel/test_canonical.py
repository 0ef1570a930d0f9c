"""Equal content, equal bytes, equal hash."""

from datetime import UTC, date, datetime
from decimal import Decimal
from enum import Enum
from uuid import UUID

import pytest

from faktura.kernel.canonical import canonical_json, content_hash
from faktura.kernel.terms import Side


class Level(Enum):
    """An enum that is no text."""

    ONE = 1


def test_every_kind_of_value_has_one_spelling():
    """Sorted keys, no blanks, text for everything that JSON does not know."""
    value = {
        "b": [1, True, None, "ü"],
        "a": date(2026, 11, 30),
        "moment": datetime(2026, 11, 30, 8, 0, tzinfo=UTC),
        "price": Decimal("12.50"),
        "side": Side.DEBIT,
        "level": Level.ONE,
        "id": UUID(int=1),
        "raw": b"\x00\xff",
    }

    assert canonical_json(value) == (
        '{"a":"2026-11-30","b":[1,true,null,"ü"],"id":"00000000-0000-0000-0000-000000000001",'
        '"level":1,"moment":"2026-11-30T08:00:00+00:00","price":"12.5","raw":"00ff","side":"D"}'
    )


@pytest.mark.parametrize(
    ("one", "other", "text"),
    [("1.10", "1.1", '"1.1"'), ("10", "1E+1", '"10"'), ("-0.00", "0", '"0"')],
)
def test_equal_decimals_are_written_alike(one, other, text):
    """A price keeps its hash when it comes back from the database without trailing zeros."""
    assert canonical_json(Decimal(one)) == canonical_json(Decimal(other)) == text


def test_a_hash_is_that_of_the_text():
    """SHA-256 of `{}`, as any tool computes it."""
    assert content_hash({}).hex() == (
        "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"
    )
    assert content_hash({"a": 1, "b": 2}) == content_hash({"b": 2, "a": 1})
    assert content_hash({"a": 1}) != content_hash({"a": 2})


def test_what_has_no_canonical_form_is_refused():
    """A set has no order, NaN is not even equal to itself."""
    with pytest.raises(TypeError, match="set has no canonical form"):
        canonical_json({1, 2})
    with pytest.raises(ValueError, match="not JSON compliant"):
        canonical_json(float("nan"))
