"""The kit of event listeners can fail: each defect is found by the scenario that is named for it."""

from uuid import uuid4

import pytest
from tests.unit.testing.reference_folders import NOTICED, kit_tests
from typing_extensions import override

from faktura.kernel.errors import FakturaError
from faktura.kernel.outside_errors import LinkRefused
from faktura.plugin import EventData, EventListener
from faktura.testing.kit.wire import Fault
from faktura_ref_events.listener import RefEventListener


class Swallowing(RefEventListener):
    """Says nothing of what was not taken."""

    @override
    async def handle(self, event: EventData) -> None:
        try:
            await super().handle(event)
        except FakturaError:
            self.runtime.log.warning("not taken")


class Giving(RefEventListener):
    """Gives up where the other side says no."""

    @override
    async def handle(self, event: EventData) -> None:
        try:
            await super().handle(event)
        except LinkRefused:
            return


class Repeating(RefEventListener):
    """Each try is another delivery."""

    @override
    async def handle(self, event: EventData) -> None:
        await super().handle(event.model_copy(update={"delivery_id": uuid4()}))


class Merging(RefEventListener):
    """Takes the object for the delivery."""

    @override
    async def handle(self, event: EventData) -> None:
        await super().handle(event.model_copy(update={"delivery_id": event.object_id}))


class Late(RefEventListener):
    """Dates each fact with now."""

    @override
    async def handle(self, event: EventData) -> None:
        now = self.runtime.clock.now()
        await super().handle(event.model_copy(update={"occurred_at": now}))


class Choosy(RefEventListener):
    """Passes on only what it knows."""

    @override
    async def handle(self, event: EventData) -> None:
        known = {name: event.data[name] for name in ("number", "gross") if name in event.data}
        await super().handle(event.model_copy(update={"data": known}))


class Persistent(RefEventListener):
    """Tries again by itself."""

    @override
    async def handle(self, event: EventData) -> None:
        try:
            await super().handle(event)
        except FakturaError:
            await super().handle(event)


class InOrder(RefEventListener):
    """Wants facts in their order."""

    last = 0

    @override
    async def handle(self, event: EventData) -> None:
        if event.sequence <= self.last:
            return
        self.last = event.sequence
        await super().handle(event)


class Talking(RefEventListener):
    """Writes customers into the log."""

    @override
    async def handle(self, event: EventData) -> None:
        self.runtime.log.info("fact %s", event.data)
        await super().handle(event)


DEFECTS: dict[str, tuple[type[EventListener], str, tuple[object, ...]]] = {
    "swallowing": (
        Swallowing,
        "test_what_was_not_taken_is_said_and_comes_again",
        (Fault.NOT_SENT,),
    ),
    "giving up": (Giving, "test_a_no_is_raised", (422,)),
    "a moved address": (Giving, "test_a_no_is_raised", (301,)),
    "repeating": (Repeating, "test_a_fact_that_comes_twice_takes_effect_once", ()),
    "repeating after a loss": (
        Repeating,
        "test_what_was_not_taken_is_said_and_comes_again",
        (Fault.ANSWER_LOST,),
    ),
    "merging": (Merging, "test_two_facts_that_look_alike_are_two", ()),
    "late": (Late, "test_a_fact_arrives_with_all_it_says", ()),
    "choosy": (Choosy, "test_unknown_fields_and_values_are_passed_on", ()),
    "persistent": (
        Persistent,
        "test_what_was_not_taken_is_said_and_comes_again",
        (Fault.SERVER_ERROR,),
    ),
    "in order": (InOrder, "test_facts_in_any_order_all_arrive", ()),
    "talking": (Talking, "test_nothing_of_a_fact_is_kept", ()),
}


@pytest.mark.parametrize("defect", DEFECTS)
async def test_a_broken_listener_is_found(defect: str):
    """O1: the scenario fails with the defect, and passes without it."""
    listener, scenario, case = DEFECTS[defect]
    kit = kit_tests("events").TestRefEventListener

    await getattr(kit(), scenario)(*case)
    tried = type("Tried", (kit,), {"adapter_class": listener})()
    with pytest.raises((*NOTICED, FakturaError)):
        await getattr(tried, scenario)(*case)
