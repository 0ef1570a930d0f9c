"""The list of events: the same facts with webhooks switched off (O22)."""

from datetime import timedelta

import pytest

from faktura.kernel.outside_errors import OutsideUnavailable
from stripe_double import charging
from stripe_double.faults import Fault
from stripe_double.scene import NOW, Scene


async def all_events(scene: Scene, since=NOW - timedelta(days=1)) -> list[str]:
    ids, cursor, more = [], "", True
    while more:
        page = await scene.adapter().events_since(cursor, since)
        ids += [event.id for event in page.events]
        cursor, more = page.cursor, page.more
    return ids


async def test_events_come_oldest_first_and_only_those_that_matter(scene: Scene):
    await scene.paid(method="SEPA_DEBIT")
    charging.settle(scene.world, "pi_00000001")

    page = await scene.adapter().events_since("", NOW - timedelta(days=1))

    assert [event.type for event in page.events] == [
        "payment_intent.processing",
        "payment_intent.succeeded",
    ]
    assert page.cursor == page.events[-1].id
    assert page.more is False


async def test_the_cursor_goes_on_where_it_was(scene: Scene):
    reference = await scene.paid(method="SEPA_DEBIT")
    first = await scene.adapter().events_since("", NOW - timedelta(days=1))
    none = await scene.adapter().events_since(first.cursor, NOW)
    charging.settle(scene.world, reference)

    second = await scene.adapter().events_since(none.cursor, NOW)

    assert (none.events, none.cursor) == ((), first.cursor)
    assert [event.type for event in second.events] == ["payment_intent.succeeded"]


async def test_of_many_pages_none_is_left_out_and_all_are_in_order(scene: Scene):
    payment = charging.make_payment(scene.world, amount=500, currency="eur", metadata={})
    for _ in range(250):
        scene.world.publish("payment_intent.succeeded", payment)

    assert await all_events(scene) == [f"evt_{number:08}" for number in range(1, 251)]


async def test_an_event_of_a_poll_is_that_of_its_delivery(scene: Scene):
    await scene.paid()
    (polled,) = (await scene.adapter().events_since("", NOW - timedelta(days=1))).events

    (fact,) = await scene.adapter().facts(polled)

    assert fact in await scene.facts("payment_intent.succeeded")


async def test_before_the_beginning_nothing_is_asked_for(scene: Scene):
    await scene.paid()
    scene.clock.advance(timedelta(days=2))

    assert await all_events(scene, since=NOW + timedelta(days=1)) == []


async def test_a_cursor_that_stripe_forgot_begins_at_the_oldest(scene: Scene):
    """Stripe lists thirty days."""
    await scene.paid()
    old = await scene.adapter().events_since("", NOW - timedelta(days=1))
    scene.clock.advance(timedelta(days=31))
    payment = scene.payments[0]
    scene.world.publish("payment_intent.succeeded", payment)

    page = await scene.adapter().events_since(old.cursor, NOW - timedelta(days=365))

    assert len(page.events) == 1
    assert page.cursor != old.cursor


async def test_a_lost_answer_is_asked_for_again(scene: Scene):
    scene.world.turn_on(Fault.LOST, "GET", "/v1/events")

    with pytest.raises(OutsideUnavailable):
        await scene.adapter().events_since("", NOW)
