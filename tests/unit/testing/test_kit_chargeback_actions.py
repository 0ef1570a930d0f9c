"""The kit of chargeback actions on a small one, and on variants of it that are broken."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import ClassVar
from uuid import UUID

import pytest
from tests.unit.testing.tickets.ticket_action import (
    TOKEN,
    ActsEachTime,
    Desk,
    LogsItsToken,
    SaysNothing,
    SwallowsALostAnswer,
    TicketAction,
)
from typing_extensions import override

from faktura.plugin import (
    Adapter,
    AdapterSettings,
)
from faktura.testing.kit.chargeback_actions import ActionBench, ChargebackActionKit
from faktura.testing.kit.payments_wire import PaymentWire, Trouble
from faktura.testing.kit.surroundings import Surroundings
from faktura.testing.kit.wire import Fault

LOST = Trouble(Fault.ANSWER_LOST, reached=True)


class TicketBench(ActionBench):
    """The desk, and an action on it."""

    def __init__(self, made: type[TicketAction]) -> None:
        self.made, self.desk = made, Desk()
        super().__init__(Surroundings(), PaymentWire(self.desk))

    @override
    def action(self) -> TicketAction:
        return self.made(AdapterSettings(), self.surroundings.runtime())

    @override
    def done(self) -> Sequence[UUID]:
        return [UUID(one.removeprefix("again-")) for one in self.desk.tickets]

    @override
    def secrets(self) -> Sequence[str]:
        return (TOKEN,)


class TestTicket(ChargebackActionKit):
    """The sound one passes."""

    adapter_class: ClassVar[type[Adapter]] = TicketAction
    made: ClassVar[type[TicketAction]] = TicketAction

    @override
    @asynccontextmanager
    async def bench(self) -> AsyncIterator[TicketBench]:
        """A desk without tickets."""
        yield TicketBench(self.made)


@pytest.mark.parametrize(
    ("broken", "scenario", "values"),
    [
        (ActsEachTime, "test_it_acts_once_for_each_chargeback", ()),
        (ActsEachTime, "test_what_got_lost_is_told_and_done_once_in_the_end", (LOST,)),
        (SwallowsALostAnswer, "test_what_got_lost_is_told_and_done_once_in_the_end", (LOST,)),
        (LogsItsToken, "test_it_tells_no_secret", ()),
        (SaysNothing, "test_it_says_in_a_sentence_what_it_did", ()),
    ],
)
def test_the_kit_finds_a_broken_action(
    broken: type[TicketAction], scenario: str, values: tuple[Trouble, ...]
):
    """Each by the scenario that is named for it."""
    kit = type("Broken", (TestTicket,), {"made": broken, "__test__": False})()

    with pytest.raises((AssertionError, pytest.fail.Exception)):
        asyncio.run(getattr(kit, scenario)(*values))
