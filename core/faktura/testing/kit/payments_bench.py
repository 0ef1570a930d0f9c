"""What a payment connector's maker gives the kit: the adapter, and a double whose books can be read."""

from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum, unique
from typing import ClassVar, TypeVar, cast
from uuid import UUID

import pytest
from pydantic import BaseModel, SecretStr

from faktura.kernel.terms import PaymentMethod
from faktura.plugin import Capabilities, CollectRequest, MeansReference, PaymentAdapter
from faktura.testing.kit.connector_kit import ConnectorKit
from faktura.testing.kit.payments_wire import PaymentWire, Trouble
from faktura.testing.kit.surroundings import KIT_NOW, Surroundings
from faktura.testing.kit.wire import Fault

ATTEMPT = UUID("0190a000-0000-7000-8000-0000000000a1")
SECOND = UUID("0190a000-0000-7000-8000-0000000000a2")


@unique
class Will(StrEnum):
    """What becomes of the next collection at the double.

    DECLINE_SOFT may work another day, DECLINE_HARD never will with this means. ACT waits for the
    customer to confirm it. PEND is accepted and decided later.
    """

    PAY = "PAY"
    DECLINE_SOFT = "DECLINE_SOFT"
    DECLINE_HARD = "DECLINE_HARD"
    ACT = "ACT"
    PEND = "PEND"


@unique
class Play(StrEnum):
    """What else the kit does with a double.

    DECIDE settles or fails what is pending. LOSE loses answers to a collection, LOSE_LOOK_UP those
    to a question; PUZZLE gives a payment a status that nobody has heard of. DISPUTE takes one back.
    """

    DECIDE = "DECIDE"
    LOSE = "LOSE"
    LOSE_LOOK_UP = "LOSE_LOOK_UP"
    PUZZLE = "PUZZLE"
    DISPUTE = "DISPUTE"


@dataclass(frozen=True, slots=True)
class Means:
    """A means of payment that a customer saved, and its method."""

    method: PaymentMethod
    means: MeansReference


@dataclass(frozen=True, slots=True)
class Taken:
    """Money that the double's own books say was taken, or will be: in units of the currency."""

    amount: Decimal
    currency: str


class PaymentBench(ABC):
    """One provider for one scenario: it starts empty, and its clock is that of the surroundings.

    `cannot` names what the provider itself does not have, each with the reason that pytest shows.
    """

    cannot: ClassVar[Mapping[Will | Play, str]] = {}

    def __init__(self, surroundings: Surroundings, wire: PaymentWire) -> None:
        surroundings.http = wire
        self.surroundings = surroundings
        self.wire = wire

    @abstractmethod
    def adapter(self) -> PaymentAdapter:
        """A new adapter with `surroundings.runtime()`, as after a restart."""

    @abstractmethod
    def can(self) -> Capabilities:
        """What this provider can do by its manual, written out: the adapter must say the same."""

    @abstractmethod
    def expect(self, will: Will) -> Means:
        """A saved means of payment whose next collection ends so."""

    @abstractmethod
    def taken(self, key: str) -> Sequence[Taken]:
        """Each charge under the attempt's key, read from the double's books."""

    @abstractmethod
    def puzzle(self, key: str) -> None:
        """Give the payment a status that no manual has (Play.PUZZLE)."""

    def settle(self, key: str) -> None:
        """What is pending succeeds (Play.DECIDE)."""
        raise AssertionError(f"give the bench `settle`: {key} waits")

    def fail(self, key: str) -> None:
        """What is pending fails (Play.DECIDE)."""
        raise AssertionError(f"give the bench `fail`: {key} waits")

    def asked(self) -> int:
        """How many requests went out by now."""
        return len(self.wire.sent)

    def disturb(self, trouble: Trouble, *, after: int = 0) -> None:
        """Have the next request, after so many good ones, meet that trouble."""
        self.wire.reaches = trouble.reached
        self.wire.fail_next(*[Fault.NONE] * after, trouble.fault)

    def secrets(self) -> Sequence[str]:
        """What must never be told: the values of secret settings; add tokens that are secret too."""
        return tuple(_secrets_of(self.adapter().settings))


def _secrets_of(value: object) -> Iterator[str]:
    if isinstance(value, SecretStr):
        yield value.get_secret_value()
    elif isinstance(value, BaseModel):
        for name in type(value).model_fields:
            yield from _secrets_of(getattr(value, name))
    elif isinstance(value, Mapping):
        yield from _all_secrets(value.values())
    elif isinstance(value, (list, tuple, set, frozenset)):
        yield from _all_secrets(value)


def _all_secrets(values: Iterable[object]) -> Iterator[str]:
    for one in values:
        yield from _secrets_of(one)


B = TypeVar("B", bound=PaymentBench)


class PaymentPart(ConnectorKit):
    """What the payment kits share: the adapter's class and a bench for each scenario."""

    def bench(self) -> AbstractAsyncContextManager[PaymentBench]:
        """A new bench: the connector's maker gives it, mostly by @asynccontextmanager."""
        raise AssertionError("a payment connector's test class gives `bench`")

    def provider(self) -> str:
        """What the adapter's class calls its provider."""
        assert issubclass(self.adapter_class, PaymentAdapter), "name its class in `adapter_class`"
        return self.adapter_class.provider

    @asynccontextmanager
    async def opened(self, kind: Callable[..., B], *needs: Will | Play) -> AsyncIterator[B]:
        """A new bench of that kind; skips where its provider has not what the scenario needs."""
        async with self.bench() as bench:
            # Named as something that makes a bench: mypy takes no abstract class as a type.
            assert isinstance(kind, type)
            assert isinstance(bench, kind), f"the bench of this adapter is a {kind.__name__}"
            for need in needs:
                if need in bench.cannot:
                    pytest.skip(f"{need}: {bench.cannot[need]}")
            yield cast("B", bench)


def collection(given: Means, **changed: object) -> CollectRequest:
    """A collection of 119.00 EUR over that means, with some fields changed."""
    fields: dict[str, object] = {
        "attempt": ATTEMPT,
        "tenant": "werk",
        "amount": Decimal("119.00"),
        "currency": "EUR",
        "method": given.method,
        "means": given.means,
        "invoice_number": "RE-2031-1001",
        "customer_number": "10001",
        "customer_name": "Ada Zoë Ödinger",
        "description": "Rechnung RE-2031-1001",
        "created_at": KIT_NOW,
        "due_on": date(2031, 3, 21),
    }
    return CollectRequest.model_validate(fields | changed)


EUR_119 = Taken(Decimal("119.00"), "EUR")
"""What a collection takes where nothing is changed."""
