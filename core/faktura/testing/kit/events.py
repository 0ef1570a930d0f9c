"""The kit of event listeners: at least once becomes once, and what failed is said to have failed."""

import asyncio
import re
from collections.abc import Mapping
from datetime import timedelta
from uuid import UUID

import pytest
from pydantic import JsonValue

from faktura.kernel.errors import FakturaError
from faktura.kernel.outside_errors import (
    AccountBroken,
    LinkRefused,
    OutcomeUnknown,
    OutsideUnavailable,
)
from faktura.plugin import HttpAnswer
from faktura.testing.kit.events_bench import EventListenerBench
from faktura.testing.kit.outside_bench import (
    HOSTILE_TEXTS,
    JSON,
    ODD_PAUSES,
    Answering,
    Hanging,
    check_addresses,
    check_pause,
    check_requests,
    check_secrets,
    check_told,
)
from faktura.testing.kit.surroundings import Surroundings
from faktura.testing.kit.wire import Fault

_LOST = (OutsideUnavailable, OutcomeUnknown)
_FAULTS = (Fault.NOT_SENT, Fault.ANSWER_LOST, Fault.SERVER_ERROR, Fault.THROTTLED)
_NESTED: Mapping[str, JsonValue] = {
    "number": "RE-2031-000001",
    "gross": "119.00",
    "large": 2**60,
    "nothing": None,
    "yes": True,
    "later": {"of": ["a", "version", {"that": "nobody knows"}]},
    "text": "Grüße € \u2028 \x00 </script>",
}


class EventListenerKit(EventListenerBench):
    """Scenarios of an EventListener; a maker gives `adapter_class` and a double by `running`."""

    def test_it_listens_to_facts_by_name(self) -> None:
        """An empty set is all of them."""
        names = self.listener_class.listens_to

        assert isinstance(names, frozenset)
        assert all(re.fullmatch(r"[A-Z][A-Z0-9_]*", one) for one in names)

    async def test_its_addresses_are_addresses(self) -> None:
        """Nothing else hears of facts, or sees our key."""
        async with self.running() as receiver:
            check_addresses(receiver.settings())

    async def test_a_fact_arrives_with_all_it_says(self) -> None:
        """Nothing is renamed, rounded or dropped; its moment is when it happened, not now."""
        async with self.listening() as at:
            at.around.clock.advance(timedelta(days=3))
            await at.listener.handle(self.fact())

            arrived = {
                "delivery_id": "018f0000-0000-7000-8000-000000001001",
                "type": self.fact().type,
                "tenant": "werk",
                "object_type": "invoice",
                "object_id": "018f0000-0000-7000-8000-000000000001",
                "sequence": 1,
                "occurred_at": "2031-03-14T07:00:01+00:00",
                "data": {"number": "RE-2031-000001", "gross": "119.00"},
            }
            told = {name: value for name, value in arrived.items() if name in at.receiver.tells}
            (found,) = at.receiver.facts()
            assert dict(found) == told
            assert len(at.wire.sent) == 1

    async def test_unknown_fields_and_values_are_passed_on(self) -> None:
        """A later version says more: that is no reason to stop."""
        async with self.listening() as at:
            await at.listener.handle(self.fact(1, data=_NESTED))
            await at.listener.handle(self.fact(2, data={}))

            if "data" in at.receiver.tells:
                assert [one["data"] for one in at.receiver.facts()] == [_NESTED, {}]
            assert len(at.receiver.facts()) == 2

    async def test_an_unknown_kind_of_fact_does_no_harm(self) -> None:
        """Who listens to all hears of those that are added, too."""
        async with self.listening() as at:
            await at.listener.handle(self.fact(1, type="KIT_FACT_OF_LATER", object_type="planet"))

            if not self.listener_class.listens_to:
                assert len(at.receiver.facts()) == 1
            await at.listener.handle(self.fact(2))
            if "type" in at.receiver.tells:
                assert at.receiver.facts()[-1]["type"] == self.fact().type

    async def test_a_fact_that_comes_twice_takes_effect_once(self) -> None:
        """At least once is the promise (P53): by the same listener, and by one after a restart."""
        async with self.listening() as at:
            await at.listener.handle(self.fact())
            await at.listener.handle(self.fact())
            await self.on(at.receiver, Surroundings(at.wire)).handle(self.fact())

            assert len(at.receiver.facts()) == 1

    async def test_two_facts_that_look_alike_are_two(self) -> None:
        """Only the delivery tells a repeat."""
        async with self.listening() as at:
            await at.listener.handle(self.fact(1))
            await at.listener.handle(self.fact(1, delivery_id=UUID(int=77)))

            assert len(at.receiver.facts()) == 2

    async def test_facts_in_any_order_all_arrive(self) -> None:
        """A later one may come first; the other side tells by their sequence."""
        async with self.listening() as at:
            for number in (3, 1, 2):
                await at.listener.handle(self.fact(number))

            if "sequence" in at.receiver.tells:
                assert [one["sequence"] for one in at.receiver.facts()] == [3, 1, 2]
            assert len(at.receiver.facts()) == 3

    async def test_facts_at_once_all_arrive(self) -> None:
        """Eight are handed over at a time; none waits for another, none is mixed up."""
        async with self.listening() as at:
            await asyncio.gather(*(at.listener.handle(self.fact(one)) for one in range(1, 9)))

            assert len(at.receiver.facts()) == 8
            if "sequence" in at.receiver.tells:
                numbers = sorted(str(one["sequence"]) for one in at.receiver.facts())
                assert numbers == ["1", "2", "3", "4", "5", "6", "7", "8"]

    @pytest.mark.parametrize("fault", _FAULTS)
    async def test_what_was_not_taken_is_said_and_comes_again(self, fault: Fault) -> None:
        """Raised, not swallowed; tried once, and the next try takes effect once."""
        async with self.listening() as at:
            at.wire.fail_next(fault)
            with pytest.raises(_LOST) as caught:
                await at.listener.handle(self.fact())

            check_told(caught.value)
            assert len(at.wire.sent) == 1, "a connector does not try again by itself"
            if fault is Fault.THROTTLED:
                assert getattr(caught.value, "retry_after", 0) == 7, "it said for how long"
            await at.listener.handle(self.fact())
            assert len(at.receiver.facts()) == 1

    @pytest.mark.parametrize(
        "status", [300, 301, 302, 307, 400, 402, 404, 405, 409, 410, 413, 415, 422, 426, 451]
    )
    async def test_a_no_is_raised(self, status: int) -> None:
        """A person must look: it would be said again. A moved address is no yes either."""
        async with self.running() as receiver:
            answering = Answering(HttpAnswer(status, JSON, b'{"error": "no \x1b[31m"}'))
            with pytest.raises(LinkRefused) as caught:
                await self.on(receiver, Surroundings(answering)).handle(self.fact())

            check_told(caught.value)
            assert len(answering.sent) == 1

    @pytest.mark.parametrize("status", [401, 403])
    async def test_a_key_that_is_refused_is_said(self, status: int) -> None:
        """A person mends it: it is told from a system that is away."""
        async with self.running() as receiver:
            answering = Answering(HttpAnswer(status, JSON, b"{}"))
            with pytest.raises(AccountBroken) as caught:
                await self.on(receiver, Surroundings(answering)).handle(self.fact())

            check_told(caught.value)
            assert caught.value.mend, "nobody knows what to mend"

    @pytest.mark.parametrize("status", [408, 425, 429, 500, 502, 503, 504, 599])
    async def test_a_system_that_is_away_is_said(self, status: int) -> None:
        """Told from a no: it is tried again."""
        async with self.running() as receiver:
            answering = Answering(HttpAnswer(status, JSON, b""))
            with pytest.raises(_LOST):
                await self.on(receiver, Surroundings(answering)).handle(self.fact())

    @pytest.mark.parametrize("status", [200, 201, 202, 204, 299])
    async def test_a_yes_is_a_yes(self, status: int) -> None:
        """With or without words."""
        async with self.running() as receiver:
            answering = Answering(HttpAnswer(status, {}, b""))

            await self.on(receiver, Surroundings(answering)).handle(self.fact())

            assert len(answering.sent) == 1

    @pytest.mark.parametrize("pause", ODD_PAUSES, ids=lambda text: repr(text[:12]))
    async def test_an_odd_pause_is_none(self, pause: str) -> None:
        """Whatever stands in Retry-After."""
        async with self.running() as receiver:
            busy = Answering(HttpAnswer(429, {**JSON, "retry-after": pause}, b""))
            with pytest.raises(OutsideUnavailable) as caught:
                await self.on(receiver, Surroundings(busy)).handle(self.fact())
            check_pause(caught.value)

    async def test_it_lets_go_when_its_time_is_over(self) -> None:
        """The core waits for so long and no longer: a cancelled listener ends."""
        async with self.running() as receiver:
            listener = self.on(receiver, Surroundings(Hanging()))
            telling = asyncio.ensure_future(listener.handle(self.fact()))
            await asyncio.sleep(0)
            await asyncio.sleep(0)
            assert not telling.done()
            telling.cancel()
            with pytest.raises(asyncio.CancelledError):
                await telling

    @pytest.mark.parametrize("text", HOSTILE_TEXTS, ids=lambda text: repr(text[:12]))
    async def test_no_text_breaks_out(self, text: str) -> None:
        """What a customer is called changes no address, no header and no other field."""
        async with self.listening() as at:
            await at.listener.handle(self.fact(1, data={"name": text}))

            (found,) = at.receiver.facts()
            assert "data" not in at.receiver.tells or found["data"] == {"name": text}
            assert "sequence" not in at.receiver.tells or found["sequence"] == 1
            check_requests(at.wire.sent, at.receiver.secrets())

    async def test_nothing_of_a_fact_is_kept(self) -> None:
        """Neither in the state nor in the log: facts are people's business."""
        async with self.listening() as at:
            await at.listener.handle(self.fact(1, data={"name": "Erika Muster"}))

            assert at.around.log.secrets_in(["Erika Muster"]) == []
            assert not any("Erika" in value for value in at.around.state.values.values())

    async def test_no_secret_is_told(self) -> None:
        """Neither in the log nor in an error or anything printed."""
        async with self.listening() as at:
            secrets = at.receiver.secrets()
            if not secrets:
                pytest.skip("the other side asks for no secret")
            told: list[object] = [at.listener, at.listener.settings]
            for fault in _FAULTS:
                at.wire.fail_next(fault)
                with pytest.raises(FakturaError) as caught:
                    await at.listener.handle(self.fact())
                told.append(caught.value)
            check_secrets(at.around, secrets, told)
            check_requests(at.wire.sent, secrets)
