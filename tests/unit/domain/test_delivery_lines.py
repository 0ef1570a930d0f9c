"""The line of what waits for one subscriber: what is read later in a pass overtakes nothing (P48)."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from faktura.domain.delivery_lines import Line
from faktura.domain.events import Delivery
from faktura.kernel.outbox_terms import DeliveryState

NOW = datetime(2026, 10, 31, 8, 0, tzinfo=UTC)


def waiting(no: int, lane: str, due_at: datetime | None = None) -> Delivery:
    """The fact of that number on its way to a listener."""
    return Delivery(
        UUID(int=no),
        "test",
        DeliveryState.PENDING,
        "nord",
        "INVOICE_CREATED",
        "invoice",
        UUID(int=no),
        1,
        NOW,
        {},
        lane,
        no,
        due_at=due_at,
    )


def told(line: Line) -> list[int]:
    """All that the line still gives, each of them taken."""
    found = []
    while (one := line.take()) is not None:
        found.append(one.seal_seq)
        line.end(one, goes_on=True)
    return found


def test_behind_one_that_was_not_taken_nothing_of_its_lane_is_read_on():
    """The next page of the same pass brings the customer's next fact: it waits for the failed one."""
    line = Line(NOW)
    line.add(waiting(1, "K-1"))
    failed = line.take()
    assert failed is not None
    line.end(failed, goes_on=False)

    added = [line.add(waiting(2, "K-1")), line.add(waiting(3, "K-2"))]

    assert added == [False, True]
    assert not line.is_open_to(waiting(4, "K-1"))
    assert told(line) == [3]


def test_a_lane_whose_facts_were_all_taken_goes_on_with_the_next_page():
    """It was empty for a moment, not closed."""
    line = Line(NOW)
    line.add(waiting(1, "K-1"))
    first = told(line)

    added = line.add(waiting(2, "K-1"))

    assert added
    assert (first, told(line)) == ([1], [2])


def test_behind_one_that_is_not_due_nothing_of_its_lane_is_read_on():
    """It was tried an hour ago, and waits for its next try."""
    line = Line(NOW)

    added = [
        line.add(waiting(1, "K-1", NOW + timedelta(hours=1))),
        line.add(waiting(2, "K-1")),
        line.add(waiting(3, "K-2")),
    ]

    assert added == [False, False, True]
    assert told(line) == [3]
