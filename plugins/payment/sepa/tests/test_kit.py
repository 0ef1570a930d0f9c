"""The connector kit on the adapter: nobody is asked, so what it accepts is what its files collect."""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from decimal import Decimal
from typing import ClassVar

from typing_extensions import override

from faktura.kernel.payment_terms import LookUp
from faktura.kernel.terms import PaymentMethod
from faktura.plugin import (
    Adapter,
    Capabilities,
    CollectRequest,
    MeansReference,
    NoHttp,
    Outcome,
    Pending,
)
from faktura.testing.kit.payments import (
    Means,
    PaymentBench,
    PaymentKit,
    PaymentWire,
    Play,
    Taken,
    Will,
)
from faktura.testing.kit.surroundings import Surroundings
from faktura_sepa.adapter import SepaAdapter
from faktura_sepa.settings import SepaSettings

_NOBODY = "nobody is asked: the bank gets a file, and tells by its statements"


class NotingAdapter(SepaAdapter):
    """The adapter, and the file that the core would write of what it accepts."""

    accepted: ClassVar[dict[str, list[Taken]]] = {}

    @override
    async def collect(self, request: CollectRequest) -> Outcome:
        outcome = await super().collect(request)
        if isinstance(outcome, Pending):
            # A file has a debit once, by its end-to-end id.
            self.accepted[outcome.reference] = [Taken(outcome.amount, outcome.currency)]
        return outcome


class SepaBench(PaymentBench):
    """A bank account of which there is only what the adapter says."""

    cannot: ClassVar[Mapping[Will | Play, str]] = {
        **dict.fromkeys((one for one in Will if one is not Will.PEND), _NOBODY),
        **dict.fromkeys(Play, _NOBODY),
    }

    def __init__(self) -> None:
        super().__init__(Surroundings(), PaymentWire(NoHttp()))
        NotingAdapter.accepted.clear()

    @override
    def adapter(self) -> NotingAdapter:
        return NotingAdapter(SepaSettings(), self.surroundings.runtime())

    @override
    def can(self) -> Capabilities:
        return Capabilities(
            methods=frozenset({PaymentMethod.SEPA_DEBIT}),
            currencies=frozenset({"EUR"}),
            minimum={"EUR": Decimal("0.01")},
            maximum={"EUR": Decimal("999999999.99")},
            look_up=LookUp.CONSISTENT,
            partial_refunds=False,
            settles_within_days=7,
            dispute_days=400,
        )

    @override
    def expect(self, will: Will) -> Means:
        return Means(PaymentMethod.SEPA_DEBIT, MeansReference(reference="M-2031-0001"))

    @override
    def taken(self, key: str) -> Sequence[Taken]:
        return NotingAdapter.accepted.get(key, [])

    @override
    def puzzle(self, key: str) -> None:
        raise AssertionError(key)


class TestSepa(PaymentKit):
    """As far as its abilities go: it accepts, to the cent and once."""

    adapter_class: ClassVar[type[Adapter]] = SepaAdapter

    @override
    @asynccontextmanager
    async def bench(self) -> AsyncIterator[SepaBench]:
        """An account of which nothing was collected yet."""
        yield SepaBench()
