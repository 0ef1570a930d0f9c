"""What is read from a feed lies on disk before it is imported (F098)."""

import tracemalloc
from datetime import date
from decimal import Decimal

from faktura.flows.feed_spool import feed_spool
from faktura.plugin import BankTransaction, BookingStatus, FeedMovement, FeedPage

DAY = date(2026, 10, 1)


def booking(number: int, account: str = "1", reference: str | None = "") -> FeedMovement:
    """A booking; without a reference of its own where that is None."""
    return FeedMovement(
        account=account,
        transaction=BankTransaction(
            entry_index=number,
            place=f"booking {number}",
            status=BookingStatus.BOOKED,
            booked_on=DAY,
            value_on=DAY,
            amount=Decimal("1.00"),
            currency="EUR",
            source_ref=f"b-{number}" if reference == "" else reference,
            remittance_lines=("Rechnung " * 10,),
        ),
    )


def page(*movements: FeedMovement, raw: bytes = b"{}") -> FeedPage:
    """A page of these bookings."""
    return FeedPage(movements=movements, adjustments=("made up",), more=False, raw=raw)


def test_bookings_come_back_by_account_as_they_came_and_each_once():
    """A booking without a reference is never taken for another one."""
    with feed_spool() as spool:
        spool.add(page(booking(1), booking(2, "2"), booking(3, reference=None), raw=b"a"))
        doubtful = booking(4).model_copy(update={"is_doubtful": True})
        spool.add(page(booking(1), booking(3, reference=None), doubtful, raw=b"b"))

        found = list(spool.movements("1"))
        assert [one.source_ref for one in found] == ["b-1", None, None, "b-4"]
        assert [one.is_doubtful for one in found] == [False, False, False, True]
        assert [spool.count(one) for one in ("1", "2", "3")] == [4, 1, 0]
        assert list(spool.movements("3")) == []
        assert spool.adjusted == ("made up",)
        spool.raw.seek(0)
        assert spool.raw.read() == b"a\nb"


def test_the_same_bookings_have_the_same_digest():
    """Another text, or one more, has another."""
    digests = []
    for movements in ((booking(1),), (booking(1),), (booking(2),), (booking(1), booking(2))):
        with feed_spool() as spool:
            spool.add(page(*movements))
            digests.append(spool.digest("1"))

    assert digests[0] == digests[1]
    assert len(set(digests)) == 3


def test_memory_does_not_grow_with_the_pages():
    """Of 20,000 bookings their ids stay: a tenth of what the bookings would hold."""
    tracemalloc.start()
    with feed_spool() as spool:
        for first in range(0, 20_000, 500):
            spool.add(page(*(booking(first + one) for one in range(500)), raw=b"x" * 500_000))
        held, _ = tracemalloc.get_traced_memory()
        tracemalloc.stop()

        assert spool.count("1") == 20_000
    assert held < 5_000_000
