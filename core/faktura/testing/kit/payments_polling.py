"""The kit of adapters that list events: what no delivery brought is found all the same (O22)."""

from collections.abc import Sequence
from datetime import timedelta

import pytest

from faktura.kernel.outside_errors import OutsideUnavailable
from faktura.kernel.payment_terms import PaymentFactKind
from faktura.plugin import EventReading, PaymentFact, PolledEvents, Polling, ProviderEvent
from faktura.testing.kit.payments_bench import (
    ATTEMPT,
    PaymentBench,
    PaymentPart,
    Play,
    Will,
    collection,
)
from faktura.testing.kit.payments_outcomes import assert_paid
from faktura.testing.kit.payments_rules import told
from faktura.testing.kit.payments_wire import NO_ANSWERS, Always, Trouble
from faktura.testing.kit.surroundings import KIT_NOW

_SINCE = KIT_NOW - timedelta(hours=1)
_MOST_POLLS = 50


class PollingKit(PaymentPart):
    """What an adapter with Polling must pass."""

    @pytest.mark.asyncio
    async def test_a_payment_that_nobody_delivered_is_found_by_polling(self) -> None:
        """With all deliveries lost the same is known in the end (O22)."""
        async with self.opened(PaymentBench, Will.PAY) as bench:
            paid = assert_paid(await bench.adapter().collect(collection(bench.expect(Will.PAY))))
            bench.surroundings.clock.advance(timedelta(minutes=1))
            events, _ = await polled(bench)

            found = [
                one
                for one in await facts_behind(bench, events)
                if one.kind is PaymentFactKind.PAYMENT_SUCCEEDED
            ]
            assert {(one.attempt, one.reference, str(one.amount)) for one in found} == {
                (ATTEMPT, paid.reference, "119.00")
            }

    @pytest.mark.asyncio
    async def test_behind_the_cursor_is_nothing_new_until_something_happens(self) -> None:
        """What is listed again is known by its id; what happens later is behind the cursor."""
        async with self.opened(PaymentBench, Will.PEND, Play.DECIDE) as bench:
            await bench.adapter().collect(collection(bench.expect(Will.PEND)))
            bench.surroundings.clock.advance(timedelta(minutes=1))
            first, cursor = await polled(bench)
            again, cursor = await polled(bench, cursor)
            known = {one.id for one in first}
            assert {one.id for one in again} <= known
            bench.surroundings.clock.advance(timedelta(days=4))
            bench.settle(ATTEMPT.hex)
            bench.surroundings.clock.advance(timedelta(minutes=1))
            later, _ = await polled(bench, cursor)

            new = [one for one in later if one.id not in known]
            kinds = {one.kind for one in await facts_behind(bench, new)}
            assert PaymentFactKind.PAYMENT_SUCCEEDED in kinds
            assert PaymentFactKind.PAYMENT_PENDING not in kinds

    @pytest.mark.parametrize("trouble", NO_ANSWERS, ids=str)
    @pytest.mark.asyncio
    async def test_a_poll_without_an_answer_moves_no_cursor(self, trouble: Trouble) -> None:
        """An empty list with a new cursor would lose what lies before it for good."""
        async with self.opened(PaymentBench, Will.PAY, Play.LOSE_LOOK_UP) as bench:
            await bench.adapter().collect(collection(bench.expect(Will.PAY)))
            bench.surroundings.clock.advance(timedelta(minutes=1))
            bench.disturb(trouble)

            answer = await told(_polling(bench).events_since("", _SINCE))

            assert isinstance(answer, OutsideUnavailable), f"{answer!r}"

    @pytest.mark.asyncio
    async def test_a_page_of_a_stranger_is_no_empty_list(self) -> None:
        """A proxy's page is no answer."""
        async with self.opened(PaymentBench, Will.PAY, Play.LOSE_LOOK_UP) as bench:
            for status, body in ((502, b"<html>Bad Gateway</html>"), (200, b"{}"), (200, b"")):
                bench.wire.inner = Always(status, body)
                answer = await told(_polling(bench).events_since("", _SINCE))

                # Without events and where it was, it is asked again.
                assert isinstance(answer, OutsideUnavailable) or answer == PolledEvents(
                    events=(), cursor=""
                ), f"{answer!r}"


async def polled(bench: PaymentBench, cursor: str = "") -> tuple[Sequence[ProviderEvent], str]:
    """All events behind a cursor, and where to go on."""
    events: list[ProviderEvent] = []
    for _ in range(_MOST_POLLS):
        page: PolledEvents = await _polling(bench).events_since(cursor, _SINCE)
        events += page.events
        cursor = page.cursor
        if not page.more:
            return events, cursor
    raise AssertionError(f"after {_MOST_POLLS} polls there is still more: the cursor stands still")


async def facts_behind(
    bench: PaymentBench, events: Sequence[ProviderEvent]
) -> Sequence[PaymentFact]:
    """The facts behind events, each event read by a new adapter."""
    facts: list[PaymentFact] = []
    for event in events:
        adapter = bench.adapter()
        assert isinstance(adapter, EventReading)
        facts += await adapter.facts(event)
    return facts


def _polling(bench: PaymentBench) -> Polling:
    adapter = bench.adapter()
    assert isinstance(adapter, Polling)
    return adapter
