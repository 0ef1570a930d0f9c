"""A booking split in two (F039)."""

from collections.abc import Callable
from decimal import Decimal
from itertools import count
from uuid import UUID

import pytest
from tests.unit.domain.builders import QUARTERLY, article, contract, day, item, one_off

from faktura.domain.articles import Price
from faktura.domain.discounts import Discount
from faktura.domain.external_links import ExternalLink
from faktura.domain.splits import split_activity, split_item
from faktura.kernel.errors import OutOfRange, TransitionRefused
from faktura.kernel.terms import ArticleUnit, ContractState, DayCount

FIVE = Decimal(5)
LINK = ExternalLink("Tickets", "T-1")


def ids() -> Callable[[], UUID]:
    """Ids from 901 on."""
    numbers = count(901)
    return lambda: UUID(int=next(numbers))


def test_an_item_that_is_not_billed_is_split_as_it_is():
    """All values stay equal but id and quantity."""
    whole = item("15.05.2026", quantity=FIVE, links=(LINK,), ledger_account="8400", note="ab Mai")

    done = split_item(whole, Decimal(2), contract("15.05.2026"), None, ids())

    assert done.ended is None
    assert [(one.id, one.quantity) for one in done.parts] == [
        (UUID(int=600), Decimal(3)),
        (UUID(int=901), Decimal(2)),
    ]
    for part in done.parts:
        assert (part.start, part.until, part.anchor) == (day("15.05.2026"), None, day("15.05.2026"))
        assert (part.links, part.ledger_account, part.note) == ((LINK,), "8400", "ab Mai")


def test_an_item_that_is_billed_ends_there_and_goes_on_as_two():
    """Nothing is billed twice and nothing taken back; the periods keep their anchor."""
    special = (Price(Decimal("25.00"), "EUR"),)
    whole = item("31.01.2026", quantity=FIVE, special_prices=special, until=day("01.09.2026"))

    done = split_item(whole, Decimal("1.5"), contract("31.01.2026"), day("30.04.2026"), ids())

    assert done.ended is not None
    assert (done.ended.id, done.ended.quantity) == (UUID(int=600), FIVE)
    assert (done.ended.start, done.ended.until) == (day("31.01.2026"), day("30.04.2026"))
    assert [(one.id, one.quantity) for one in done.parts] == [
        (UUID(int=901), Decimal("3.5")),
        (UUID(int=902), Decimal("1.5")),
    ]
    for part in done.parts:
        assert (part.start, part.until) == (day("30.04.2026"), day("01.09.2026"))
        assert (part.anchor, part.special_prices) == (day("31.01.2026"), special)


@pytest.mark.parametrize("billed", [None, "15.06.2026"])
def test_a_fixed_discount_is_taken_off_both_parts_and_a_percentage_stays(billed):
    until = None if billed is None else day(billed)
    fixed = item("15.05.2026", quantity=FIVE, discount=Discount(amount=Decimal(10)))
    percent = item("15.05.2026", quantity=FIVE, discount=Discount(percent=Decimal(10)))

    without = split_item(fixed, Decimal(2), contract("15.05.2026"), until, ids())
    kept = split_item(percent, Decimal(2), contract("15.05.2026"), until, ids())

    assert [one.discount for one in without.parts] == [None, None]
    assert [one.discount for one in kept.parts] == [Discount(percent=Decimal(10))] * 2


def test_what_is_billed_keeps_its_fixed_discount():
    """Only what comes after it loses it."""
    whole = item("15.05.2026", quantity=FIVE, discount=Discount(amount=Decimal(10)))

    done = split_item(whole, Decimal(2), contract("15.05.2026"), day("15.06.2026"), ids())

    assert done.ended is not None
    assert done.ended.discount == Discount(amount=Decimal(10))


@pytest.mark.parametrize(
    ("billed", "begins"), [("01.07.2026", "15.08.2026"), ("15.08.2026", "15.08.2026")]
)
def test_where_only_whole_periods_count_the_parts_begin_with_the_next_one(billed, begins):
    """15.05.-14.08. was billed whole elsewhere: parts from 01.07. on would bill it again."""
    pieces = article(unit=ArticleUnit.PIECE)
    frame = contract("15.05.2026", QUARTERLY, day_count=DayCount.NONE)

    done = split_item(
        item("15.05.2026", pieces, quantity=FIVE), Decimal(2), frame, day(billed), ids()
    )

    assert done.ended is not None
    assert done.ended.until == day(begins)
    assert [one.start for one in done.parts] == [day(begins)] * 2


@pytest.mark.parametrize(
    ("until", "end"), [("15.06.2026", None), (None, "15.06.2026"), ("15.08.2026", "01.06.2026")]
)
def test_what_is_billed_to_its_end_is_not_split(until, end):
    whole = item("15.05.2026", quantity=FIVE, until=until and day(until))
    frame = contract("15.05.2026", state=ContractState.TERMINATED, end=end and day(end))

    with pytest.raises(TransitionRefused, match="F039") as refused:
        split_item(whole, Decimal(2), frame, day("15.06.2026"), ids())

    assert refused.value.place == "itemId"


@pytest.mark.parametrize(
    ("quantity", "part"), [("1", "0.5"), ("0.5", "0.1"), ("-3", "-1"), ("5", "0"), ("5", "5"), ("5", "-1")]
)  # fmt: skip
def test_only_a_part_of_more_than_one_is_split_off(quantity, part):
    whole = item("15.05.2026", quantity=Decimal(quantity))

    with pytest.raises(OutOfRange, match="F039") as refused:
        split_item(whole, Decimal(part), contract("15.05.2026"), None, ids())

    assert refused.value.place == "quantity"


def test_an_activity_is_split_with_all_that_was_agreed():
    """Its fixed discount was for the whole; nobody can say for which part."""
    whole = one_off(
        "20.05.2026",
        quantity=Decimal("2.5"),
        unit_price=Decimal("95.00"),
        invoice_on=day("01.06.2026"),
        discount=Discount(amount=Decimal(20)),
        text="Einrichtung",
        links=(LINK,),
    )

    first, second = split_activity(whole, Decimal(1), ids())

    assert (first.id, first.quantity) == (UUID(int=700), Decimal("1.5"))
    assert (second.id, second.quantity) == (UUID(int=901), Decimal(1))
    for part in (first, second):
        assert (part.unit_price, part.invoice_on) == (Decimal("95.00"), day("01.06.2026"))
        assert (part.discount, part.text, part.links) == (None, "Einrichtung", (LINK,))


def test_an_activity_of_one_is_not_split():
    with pytest.raises(OutOfRange, match="F039"):
        split_activity(one_off("20.05.2026"), Decimal("0.5"), ids())
