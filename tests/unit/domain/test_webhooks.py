"""Endpoints of webhooks: what becomes of one that does not answer (P48)."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from faktura.domain.webhooks import (
    Endpoint,
    Heard,
    after_hearing,
    checked_event_types,
    woken,
)
from faktura.kernel.errors import UnknownTerm
from faktura.kernel.outbox_terms import EndpointState

ID = UUID("0199f6ec-0000-7000-8000-000000000001")
START = datetime(2026, 11, 1, 8, 0, tzinfo=UTC)
WELL = Endpoint(ID, "https://hooks.example.com/", START)
TAKEN = Heard(taken=3, failed=0)
FAILED = Heard(taken=0, failed=1, problem="it answered 500")


def after(hours: float) -> datetime:
    return START + timedelta(hours=hours)


def failing(endpoint: Endpoint, *hours: float) -> Endpoint:
    """The endpoint after one failure at each of these moments."""
    for hour in hours:
        endpoint = after_hearing(endpoint, FAILED, after(hour))
    return endpoint


def test_a_few_failures_do_not_keep_an_endpoint_from_the_next_try():
    """Each delivery has its own pauses."""
    failed = failing(WELL, 0, 0, 0, 0)

    assert (failed.failures, failed.failing_since, failed.next_try_at) == (4, START, None)
    assert failed.problem == "it answered 500"
    assert failed.may_be_sent_to(START)
    assert not failed.is_doubtful


def test_the_fifth_failure_in_a_row_leaves_it_alone_for_30_seconds():
    """Then one webhook probes it."""
    failed = failing(WELL, 0, 0, 0, 0, 0)

    assert failed.next_try_at == START + timedelta(seconds=30)
    assert failed.is_doubtful
    assert not failed.may_be_sent_to(START + timedelta(seconds=29))
    assert failed.may_be_sent_to(START + timedelta(seconds=30))


@pytest.mark.parametrize(("hours", "minutes"), [(0.25, 15), (0.5, 30), (1, 60), (2, 60), (71, 60)])
def test_it_is_left_alone_for_as_long_as_it_has_failed_and_an_hour_at_most(
    hours: float, minutes: int
):
    """So the pauses double."""
    failed = failing(WELL, 0, 0, 0, 0, 0, hours)

    assert failed.next_try_at == after(hours) + timedelta(minutes=minutes)


def test_three_days_of_failures_alone_switch_it_off():
    """Nobody is there any more."""
    nine = failing(WELL, *range(9))

    off = failing(nine, 72)

    assert nine.state is EndpointState.ACTIVE
    assert (off.state, off.next_try_at, off.failures) == (EndpointState.DISABLED, None, 10)
    assert off.failing_since == START
    assert not off.may_be_sent_to(after(100))


def test_a_few_failures_switch_nothing_off_however_long_they_last():
    """An endpoint that seldom gets anything is tried ten times at least."""
    assert failing(WELL, 0, 100).state is EndpointState.ACTIVE


def test_one_success_makes_up_for_all_failures():
    """Also among failures: what is taken shows that somebody is there."""
    well = after_hearing(failing(WELL, *range(8)), Heard(taken=1, failed=5), after(9))

    assert (well.failures, well.failing_since, well.next_try_at) == (0, None, None)
    assert (well.problem, well.last_delivered_at) == ("", after(9))


def test_an_endpoint_that_says_that_it_is_gone_is_switched_off_at_once():
    """410 is the standard's way to unsubscribe."""
    gone = after_hearing(WELL, Heard(0, 1, "it answered 410", gone=True), START)
    also = after_hearing(WELL, Heard(5, 1, "it answered 410", gone=True), START)

    assert (gone.state, gone.problem) == (EndpointState.DISABLED, "it answered 410")
    assert also.state is EndpointState.DISABLED


def test_what_a_person_paused_stays_paused():
    """Answers that were under way do not switch it off a second time."""
    paused = Endpoint(ID, "https://hooks.example.com/", START, state=EndpointState.PAUSED)

    assert after_hearing(paused, Heard(0, 1, gone=True), START).state is EndpointState.PAUSED


@pytest.mark.parametrize(
    ("seconds", "pause"),
    [(0, None), (90, timedelta(seconds=90)), (10**6, timedelta(hours=24))],
)
def test_an_endpoint_is_left_alone_as_long_as_it_asks_and_a_day_at_most(
    seconds: int, pause: timedelta | None
):
    """429 and 503 may say when to come again."""
    expected = None if pause is None else START + pause

    assert after_hearing(WELL, Heard(0, 1, retry_after=seconds), START).next_try_at == expected
    assert after_hearing(WELL, Heard(1, 1, retry_after=seconds), START).next_try_at == expected


def test_of_two_reasons_to_wait_the_longer_one_counts():
    """Its own wish, and the rest after failures."""
    four = failing(WELL, 0, 0, 0, 0)

    long = after_hearing(four, Heard(0, 1, retry_after=90), START)
    short = after_hearing(four, Heard(0, 1, retry_after=10), START)

    assert long.next_try_at == START + timedelta(seconds=90)
    assert short.next_try_at == START + timedelta(seconds=30)


def test_a_resumed_endpoint_starts_afresh():
    """Nothing is held against it."""
    fresh = woken(failing(WELL, *range(9), 72))

    assert fresh == WELL


def test_an_endpoint_is_a_subscriber_by_its_id():
    """And its secrets are kept under its id."""
    assert WELL.subscriber == "webhook:0199f6ec000070008000000000000001"
    assert WELL.secret_instance.startswith("webhook-0199f6ec00007000")


def test_types_of_events_are_known_ones():
    """Another one is refused with its place and with those that are near."""
    assert checked_event_types(["INVOICE_CREATED", "CUSTOMER_CHANGED"]) == {
        "INVOICE_CREATED",
        "CUSTOMER_CHANGED",
    }
    assert checked_event_types([]) == frozenset()
    with pytest.raises(UnknownTerm, match="INVOICE_SENT") as near:
        checked_event_types(["CUSTOMER_CREATED", "INVOICE_SENT"])
    with pytest.raises(UnknownTerm) as far:
        checked_event_types(["nothing"])

    assert near.value.place == "event types, no. 2"
    assert "INVOICE_CREATED" in near.value.mend
    assert "CUSTOMER_CREATED" not in near.value.mend
    assert "CUSTOMER_CREATED" in far.value.mend
