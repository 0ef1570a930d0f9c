"""The kit of the payment family: every scenario of a payment adapter (payments 6).

A test class inherits PaymentKit and the kit of each ability that its adapter has, names its
`adapter_class` and gives a `bench`. Which kits those are is itself a scenario.
"""

from collections.abc import Mapping
from typing import ClassVar

import pytest

from faktura.plugin import (
    AttemptReference,
    Cancelling,
    EventReading,
    HostedPage,
    MeansKeeping,
    Polling,
    Refunding,
)
from faktura.testing.kit.payments_amounts import Amounts
from faktura.testing.kit.payments_bench import (
    Means,
    PaymentBench,
    PaymentPart,
    Play,
    Taken,
    Will,
    collection,
)
from faktura.testing.kit.payments_cancel import CancelKit
from faktura.testing.kit.payments_lost import LostAnswers
from faktura.testing.kit.payments_means import MeansBench, MeansKit
from faktura.testing.kit.payments_outcomes import Outcomes
from faktura.testing.kit.payments_pages import PageBench, PageKit
from faktura.testing.kit.payments_polling import PollingKit
from faktura.testing.kit.payments_refunds import RefundBench, RefundKit
from faktura.testing.kit.payments_secrets import Secrets
from faktura.testing.kit.payments_wire import PaymentWire
from faktura.testing.kit.webhooks import DeliveryBench, WebhookKit

__all__ = [
    "CancelKit",
    "DeliveryBench",
    "Means",
    "MeansBench",
    "MeansKit",
    "PageBench",
    "PageKit",
    "PaymentBench",
    "PaymentKit",
    "PaymentWire",
    "Play",
    "PollingKit",
    "RefundBench",
    "RefundKit",
    "Taken",
    "WebhookKit",
    "Will",
]


class PaymentKit(Outcomes, LostAnswers, Amounts, Secrets):
    """What every payment adapter must pass; abilities have kits of their own."""

    abilities: ClassVar[Mapping[type, type[PaymentPart]]] = {
        Cancelling: CancelKit,
        EventReading: WebhookKit,
        HostedPage: PageKit,
        MeansKeeping: MeansKit,
        Polling: PollingKit,
        Refunding: RefundKit,
    }

    def test_each_ability_of_the_adapter_has_its_kit(self) -> None:
        """What it inherits is what it is asked by isinstance; no ability goes untested (O18)."""
        can = {kit for ability, kit in self.abilities.items() if self._has(ability)}
        inherited = {kit for kit in self.abilities.values() if isinstance(self, kit)}

        assert inherited == can, "inherit the kits of its abilities, and no other"

    @pytest.mark.asyncio
    async def test_its_settings_are_those_that_it_names(self) -> None:
        """The core builds it with nothing else, and shows people these fields."""
        async with self.opened(PaymentBench) as bench:
            assert isinstance(bench.adapter(), self.adapter_class)
            assert type(bench.adapter().settings) is self.adapter_class.Settings

    @pytest.mark.asyncio
    async def test_what_is_left_out_is_truly_not_there(self) -> None:
        """Who asks over Http can lose answers, and every provider takes money somehow."""
        async with self.opened(PaymentBench) as bench:
            wills = [one for one in (Will.PAY, Will.PEND) if one not in bench.cannot]
            assert wills, "a provider that never takes money is none"
            assert all(reason.strip() for reason in bench.cannot.values())
            request = collection(bench.expect(wills[0]))
            await bench.adapter().collect(request)
            assert not (bench.wire.sent and Play.LOSE in bench.cannot)
            bench.wire.sent.clear()
            await bench.adapter().look_up(AttemptReference(request=request))
            assert not (bench.wire.sent and Play.LOSE_LOOK_UP in bench.cannot)

    def test_it_has_a_provider_by_name(self) -> None:
        """People, deliveries and settings call it so."""
        assert self.provider()
        assert self.provider() == self.provider().strip().lower()

    def _has(self, ability: type) -> bool:
        return issubclass(self.adapter_class, ability)
