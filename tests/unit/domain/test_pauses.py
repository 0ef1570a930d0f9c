"""Days on which a subscription rests (F030, P10)."""

import pytest
from tests.unit.domain.builders import day, item

from faktura.domain.pauses import Pause, as_of, grown, running_from
from faktura.domain.subscriptions import SubscriptionState
from faktura.kernel.errors import OutOfRange


def pause(start, end=None):
    return Pause(day(start), None if end is None else day(end))


def test_a_pause_holds_its_first_day_and_not_its_end():
    """Half-open."""
    rest = pause("10.01.2026", "20.01.2026")

    assert [day(text) in rest for text in ("09.01.2026", "10.01.2026", "19.01.2026", "20.01.2026")] == [
        False, True, True, False,
    ]  # fmt: skip
    assert day("01.01.2099") in pause("10.01.2026")


@pytest.mark.parametrize(
    ("one", "other", "overlap"),
    [
        (pause("10.01.2026", "20.01.2026"), pause("20.01.2026", "25.01.2026"), False),
        (pause("10.01.2026", "20.01.2026"), pause("19.01.2026", "25.01.2026"), True),
        (pause("10.01.2026", "20.01.2026"), pause("01.01.2026", "31.01.2026"), True),
        (pause("10.01.2026"), pause("01.01.2026", "10.01.2026"), False),
        (pause("10.01.2026"), pause("01.05.2026", "10.05.2026"), True),
        (pause("10.01.2026"), pause("01.01.2020"), True),
    ],
)
def test_pauses_overlap_when_they_share_a_day(one, other, overlap):
    """P10: adjacent pauses do not."""
    assert (one.overlaps(other), other.overlaps(one)) == (overlap, overlap)


@pytest.mark.parametrize(
    ("on", "first"),
    [
        ("09.01.2026", "09.01.2026"),
        # Through two pauses that touch.
        ("10.01.2026", "01.02.2026"),
        ("25.01.2026", "01.02.2026"),
        ("01.02.2026", "01.02.2026"),
        ("01.03.2026", None),
        ("01.03.2099", None),
    ],
)
def test_the_first_running_day_lies_behind_all_pauses_that_touch(on, first):
    """P10: several pauses, the last one open."""
    rests = (
        pause("10.01.2026", "20.01.2026"),
        pause("20.01.2026", "01.02.2026"),
        pause("01.03.2026"),
    )

    assert running_from(rests, day(on)) == (None if first is None else day(first))


@pytest.mark.parametrize(
    ("end", "later"),
    [
        # A pause that starts with the end is behind it.
        ("10.01.2026", "10.01.2026"),
        ("11.01.2026", "21.01.2026"),
        # Grown into the next pause: ten days and five.
        ("25.01.2026", "09.02.2026"),
        ("01.06.2026", "16.06.2026"),
    ],
)
def test_a_span_grows_by_the_paused_days_before_its_end(end, later):
    """P10: and again by a pause it grows into; an open one adds nothing."""
    rests = (
        pause("10.01.2026", "20.01.2026"),
        pause("02.02.2026", "07.02.2026"),
        pause("01.05.2026"),
    )

    assert grown(day(end), rests) == day(later)


def test_a_span_cannot_grow_out_of_the_calendar():
    """The error says so by name."""
    with pytest.raises(OutOfRange):
        grown(day("01.01.2027"), (pause("01.01.2026", "31.12.9999"),))


def test_as_of_a_day_an_open_pause_lasted_until_then():
    """An exclusive end; one that is to come is left out, one with an end stays."""
    closed, open_ = pause("10.01.2026", "20.01.2026"), pause("01.03.2026")

    assert as_of((closed, open_), day("05.03.2026")) == (
        closed,
        pause("01.03.2026", "05.03.2026"),
    )
    assert as_of((closed, open_), day("01.03.2026")) == (closed,)
    assert as_of((closed, open_), day("01.01.2026")) == (closed,)


def test_a_subscription_is_paused_on_the_days_of_its_pauses():
    """F030."""
    of = item("01.01.2026", term={"pauses": (pause("10.01.2026", "20.01.2026"),)}).subscription

    assert of.state(day("19.01.2026")) is SubscriptionState.PAUSED
    assert of.state(day("20.01.2026")) is SubscriptionState.RUNNING
