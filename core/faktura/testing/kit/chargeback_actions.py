"""The kit of chargeback actions: something of an installation's own, done once per chargeback."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager
from decimal import Decimal
from typing import ClassVar
from uuid import UUID

import pytest

from faktura.kernel.outside_errors import AccountBroken, OutcomeUnknown, OutsideUnavailable
from faktura.plugin import ChargebackAction, ChargebackNotice
from faktura.testing.kit.connector_kit import ConnectorKit
from faktura.testing.kit.payments_rules import as_printed, every_log
from faktura.testing.kit.payments_wire import NO_ANSWERS, PaymentWire, Trouble
from faktura.testing.kit.surroundings import Surroundings

CHARGEBACK = UUID("0190a000-0000-7000-8000-0000000000c1")
OTHER = UUID("0190a000-0000-7000-8000-0000000000c2")
_NAMED = (OutsideUnavailable, OutcomeUnknown, AccountBroken)


class ActionBench(ABC):
    """One action for one scenario, and the books of whatever it acts on.

    `loses_answers` says why no answer to it can be lost; empty means that it asks over its Http.
    """

    loses_answers: ClassVar[str] = ""

    def __init__(self, surroundings: Surroundings, wire: PaymentWire) -> None:
        surroundings.http = wire
        self.surroundings = surroundings
        self.wire = wire

    @abstractmethod
    def action(self) -> ChargebackAction:
        """A new action with `surroundings.runtime()`, as after a restart."""

    @abstractmethod
    def done(self) -> Sequence[UUID]:
        """The chargebacks for which something was done, once for each time."""

    @abstractmethod
    def secrets(self) -> Sequence[str]:
        """What must never be told."""


class ChargebackActionKit(ConnectorKit):
    """What a ChargebackAction must pass."""

    def bench(self) -> AbstractAsyncContextManager[ActionBench]:
        """A new bench: the maker gives it, mostly by @asynccontextmanager."""
        raise AssertionError("a chargeback action's test class gives `bench`")

    def test_it_has_a_name(self) -> None:
        """By which it is chosen in the settings."""
        assert issubclass(self.adapter_class, ChargebackAction), "name its class in `adapter_class`"
        assert self.adapter_class.action.strip()

    @pytest.mark.asyncio
    async def test_it_says_in_a_sentence_what_it_did(self) -> None:
        """The chargeback's history shows it, on one line."""
        async with self.bench() as bench:
            said = await bench.action().act(_notice())

            assert said.strip()
            assert said.isprintable()
            assert list(bench.done()) == [CHARGEBACK]

    @pytest.mark.asyncio
    async def test_it_acts_once_for_each_chargeback(self) -> None:
        """It is asked at least once, after a crash again; two chargebacks are two."""
        async with self.bench() as bench:
            for chargeback in (CHARGEBACK, OTHER, CHARGEBACK):
                await bench.action().act(_notice(chargeback))

            assert sorted(bench.done()) == [CHARGEBACK, OTHER]

    @pytest.mark.parametrize("trouble", NO_ANSWERS, ids=str)
    @pytest.mark.asyncio
    async def test_what_got_lost_is_told_and_done_once_in_the_end(self, trouble: Trouble) -> None:
        """An error by name, so that the core asks again; never a sentence about what was not done."""
        async with self.bench() as bench:
            if bench.loses_answers:
                pytest.skip(bench.loses_answers)
            bench.wire.reaches = trouble.reached
            bench.wire.fail_next(trouble.fault)
            with pytest.raises(_NAMED):
                await bench.action().act(_notice())
            await bench.action().act(_notice())

            assert list(bench.done()) == [CHARGEBACK]

    @pytest.mark.asyncio
    async def test_it_tells_no_secret(self) -> None:
        """In no log, no error, no repr."""
        async with self.bench() as bench:
            printed = ""
            with every_log(bench.surroundings.log):
                action = bench.action()
                printed += as_printed(action, action.settings, await action.act(_notice()))
                for trouble in () if bench.loses_answers else NO_ANSWERS:
                    bench.wire.fail_next(trouble.fault)
                    try:
                        await action.act(_notice(OTHER))
                    except _NAMED as named:
                        printed += as_printed(named)

            told = [one for one in bench.secrets() if one]
            assert bench.surroundings.log.secrets_in(told) == []
            assert not [one for one in told if one in printed]


def _notice(chargeback: UUID = CHARGEBACK) -> ChargebackNotice:
    return ChargebackNotice.model_validate(
        {
            "chargeback": chargeback,
            "tenant": "werk",
            "customer_number": "10001",
            "invoice_number": "RE-2031-1001",
            "contract_numbers": ("V-1", "V-2"),
            "method": "CARD",
            "amount": Decimal("119.00"),
            "currency": "EUR",
            "reason": "fraudulent",
            "done": "NONE",
        }
    )
