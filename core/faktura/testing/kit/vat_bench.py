"""The bench that VAT-id checkers are tried on: a double, a checker, a wire that fails in between."""

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass

from faktura.plugin import Http, VatIdAnswer, VatIdChecker
from faktura.testing.kit.connector_kit import ConnectorKit
from faktura.testing.kit.surroundings import Surroundings
from faktura.testing.kit.vat_register import OURS, QUESTION, VatRegisterDouble
from faktura.testing.kit.wire import Wire


@dataclass(slots=True)
class Asking:
    """A checker on a register that knows the company of the kit's question, and takes us."""

    register: VatRegisterDouble
    checker: VatIdChecker
    wire: Wire
    around: Surroundings


class VatCheckerBench(ConnectorKit):
    """What a maker gives, and how the scenarios use it."""

    @property
    def checker_class(self) -> type[VatIdChecker]:
        """The class that is tried."""
        assert issubclass(self.adapter_class, VatIdChecker), "name its class in `adapter_class`"
        return self.adapter_class

    def running(self) -> AbstractAsyncContextManager[VatRegisterDouble]:
        """A new double of the register."""
        raise NotImplementedError("Write: a double of the register that you ask")

    @asynccontextmanager
    async def asking(self) -> AsyncIterator[Asking]:
        """A checker on a new double, with a wire that can fail in between."""
        async with self.running() as register:
            register.know(QUESTION)
            register.take(OURS)
            wire = Wire(register.http)
            around = Surroundings(wire)
            yield Asking(register, self.on(register, around), wire, around)

    def on(self, register: VatRegisterDouble, around: Surroundings) -> VatIdChecker:
        """A checker with these surroundings."""
        return self.checker_class(register.settings(), around.runtime())

    async def answer(self, register: VatRegisterDouble, http: Http) -> VatIdAnswer:
        """What becomes of the kit's question where this answers."""
        return await self.on(register, Surroundings(http)).check(QUESTION)
