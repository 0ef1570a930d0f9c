"""The listener on the kit of event listeners: nothing else tests this connector."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import ClassVar

from faktura.plugin import Adapter
from faktura.testing.kit.events import EventListenerKit
from faktura.testing.kit.fact_receiver import FactReceiverDouble
from faktura_ref_events_double import RefReceiver
from typing_extensions import override

from faktura_ref_events.listener import RefEventListener


class TestRefEventListener(EventListenerKit):
    """Facts as HTTP posts."""

    adapter_class: ClassVar[type[Adapter]] = RefEventListener

    @override
    @asynccontextmanager
    async def running(self) -> AsyncIterator[FactReceiverDouble]:
        yield RefReceiver()
