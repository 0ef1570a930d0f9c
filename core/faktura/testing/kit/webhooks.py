"""The kit of webhook sources and of the facts behind their events (payments 1.9-1.11, 6.5)."""

from collections.abc import Sequence
from datetime import timedelta
from typing import ClassVar

import pytest

from faktura.kernel.outside_errors import (
    DeliveryUnreadable,
    OutsideUnavailable,
    SignatureWrong,
)
from faktura.kernel.payment_terms import PaymentFactKind
from faktura.plugin import EventReading, PaymentFact, ProviderEvent, RawDelivery, WebhookSource
from faktura.testing.kit.payments_bench import ATTEMPT, Play, Will, collection
from faktura.testing.kit.payments_outcomes import assert_near_now, assert_paid
from faktura.testing.kit.payments_rules import told
from faktura.testing.kit.payments_wire import NO_ANSWERS, Trouble
from faktura.testing.kit.webhooks_bench import DeliveryBench, Forgery, events_in
from faktura.testing.kit.webhooks_forged import Forgeries, happened, wrongly_typed

__all__ = ["DeliveryBench", "Forgery", "WebhookKit"]

Kind = PaymentFactKind
_DECIDED = {Kind.PAYMENT_SUCCEEDED, Kind.PAYMENT_FAILED, Kind.PAYMENT_CANCELLED}
_STAGES = (Kind.CHARGEBACK_OPENED, Kind.CHARGEBACK_WON, Kind.CHARGEBACK_LOST)


class WebhookKit(Forgeries):
    """What a WebhookSource, and an adapter with EventReading, must pass."""

    source_class: ClassVar[type[WebhookSource]]

    def test_source_and_adapter_are_of_one_provider(self) -> None:
        """By that name a delivery finds the adapter that tells its facts."""
        assert self.source_class.provider == self.provider()
        assert issubclass(self.adapter_class, EventReading)

    @pytest.mark.asyncio
    async def test_the_source_is_built_with_the_settings_that_it_names(self) -> None:
        """The core builds it with nothing else."""
        async with self.opened(DeliveryBench) as bench:
            assert isinstance(bench.source(), self.source_class)
            assert type(bench.source().settings) is self.source_class.Settings

    @pytest.mark.asyncio
    async def test_deliveries_of_what_is_pending_say_so(self) -> None:
        """Neither paid nor failed, and not nothing (payments 1.6)."""
        async with self.opened(DeliveryBench, Will.PEND) as bench:
            await bench.adapter().collect(collection(bench.expect(Will.PEND)))
            deliveries = bench.deliveries()
            if not deliveries:
                pytest.skip("the provider delivers nothing of what is pending")

            kinds = {one.kind for one in await self._facts(bench, deliveries)}

            assert Kind.PAYMENT_PENDING in kinds
            assert kinds <= {Kind.PAYMENT_PENDING, Kind.IGNORED}

    @pytest.mark.asyncio
    async def test_deliveries_of_what_the_customer_must_confirm_decide_nothing(self) -> None:
        """Nothing moved, and nothing failed yet."""
        async with self.opened(DeliveryBench, Will.ACT) as bench:
            await bench.adapter().collect(collection(bench.expect(Will.ACT)))
            deliveries = bench.deliveries()
            if not deliveries:
                pytest.skip("the provider delivers nothing of what waits for the customer")

            kinds = {one.kind for one in await self._facts(bench, deliveries)}

            assert Kind.ACTION_NEEDED in kinds
            assert kinds <= {Kind.ACTION_NEEDED, Kind.IGNORED}

    @pytest.mark.asyncio
    async def test_a_delivery_about_an_unknown_status_decides_nothing(self) -> None:
        """Unknown is pending, never a guess."""
        async with self.opened(DeliveryBench, Will.PEND, Play.DECIDE, Play.PUZZLE) as bench:
            await bench.adapter().collect(collection(bench.expect(Will.PEND)))
            bench.settle(ATTEMPT.hex)
            bench.puzzle(ATTEMPT.hex)

            kinds = {one.kind for one in await self._facts(bench, bench.deliveries())}

            assert kinds <= {Kind.PAYMENT_PENDING, Kind.IGNORED}, f"guessed: {kinds}"

    @pytest.mark.parametrize("decided", [Kind.PAYMENT_SUCCEEDED, Kind.PAYMENT_FAILED])
    @pytest.mark.asyncio
    async def test_a_delivery_tells_how_a_pending_payment_ended(self, decided: Kind) -> None:
        """To the cent, with our marks and the provider's reference; pending is told no more."""
        async with self.opened(DeliveryBench, Will.PEND, Play.DECIDE) as bench:
            pending = await bench.adapter().collect(collection(bench.expect(Will.PEND)))
            bench.surroundings.clock.advance(timedelta(days=6))
            if decided is Kind.PAYMENT_SUCCEEDED:
                bench.settle(ATTEMPT.hex)
            else:
                bench.fail(ATTEMPT.hex)

            facts = await self._facts(bench, bench.deliveries())

            kinds = {one.kind for one in facts}
            assert decided in kinds
            assert not kinds & (_DECIDED - {decided})
            assert Kind.PAYMENT_PENDING not in kinds, "facts are what is so now (1.11)"
            for one in facts:
                if one.kind is decided:
                    self._assert_ours(one, getattr(pending, "reference", ""))
                    if decided is Kind.PAYMENT_SUCCEEDED:
                        assert (str(one.amount), one.currency) == ("119.00", "EUR")
                    else:
                        assert one.code

    @pytest.mark.asyncio
    async def test_a_delivery_of_what_was_paid_at_once_says_the_same(self) -> None:
        """It may come before the answer, and never contradicts it (payments 7, complaint 3)."""
        async with self.opened(DeliveryBench, Will.PAY) as bench:
            paid = assert_paid(await bench.adapter().collect(collection(bench.expect(Will.PAY))))
            facts = await self._facts(bench, bench.deliveries())

            for one in facts:
                assert one.kind in (Kind.PAYMENT_SUCCEEDED, Kind.IGNORED)
                if one.kind is Kind.PAYMENT_SUCCEEDED:
                    self._assert_ours(one, paid.reference)
                    assert (str(one.amount), one.currency) == ("119.00", "EUR")
                    assert not one.code, "nothing failed"

    def _assert_ours(self, fact: PaymentFact, reference: str) -> None:
        assert fact.attempt == ATTEMPT, "by this the attempt is found, whatever was lost"
        assert fact.tenant == "werk", "what carries no mark of ours is foreign"
        assert fact.reference == reference
        assert not fact.subject, "refunds and disputes have subjects, payments have references"
        assert_near_now(fact.occurred_at)

    @pytest.mark.asyncio
    async def test_a_delivery_twice_is_the_same_event(self) -> None:
        """The inbox knows it by its id (payments 6.4); later, signed anew, it is the same still."""
        async with self.opened(DeliveryBench) as bench:
            await happened(bench)
            first = [events_in(bench, one) for one in bench.deliveries()]
            again = [events_in(bench, one) for one in bench.deliveries()]
            bench.surroundings.clock.advance(timedelta(days=3))
            late = [events_in(bench, one) for one in bench.deliveries()]

            assert first == again == late
            assert all(one.id and one.type for events in first for one in events)

    @pytest.mark.asyncio
    async def test_different_events_have_different_ids(self) -> None:
        """Two under one id: the second would be taken for a repetition and lost."""
        async with self.opened(DeliveryBench) as bench:
            await happened(bench)
            deliveries = [*bench.deliveries(), bench.strange()]
            ids = [event.id for one in deliveries for event in events_in(bench, one)]

            assert len(ids) > 1
            assert len(set(ids)) == len(ids)

    @pytest.mark.asyncio
    async def test_the_order_of_deliveries_does_not_matter(self) -> None:
        """Late and reordered ones tell what is so now, with a moment to order them by (1.11)."""
        async with self.opened(DeliveryBench) as bench:
            await happened(bench)
            deliveries = list(bench.deliveries())
            forwards = await self._facts(bench, deliveries)
            bench.surroundings.clock.advance(timedelta(minutes=2))
            backwards = await self._facts(bench, deliveries[::-1])

            assert _sorted(forwards) == _sorted(backwards)
            assert Kind.PAYMENT_SUCCEEDED in {one.kind for one in forwards}
            assert len({one.amount for one in forwards if one.kind in _DECIDED}) == 1
            for one in forwards:
                assert_near_now(one.occurred_at)

    @pytest.mark.asyncio
    async def test_whatever_was_read_can_be_asked_for(self) -> None:
        """An event that stumbles when its facts are asked for is tried for ever."""
        async with self.opened(DeliveryBench) as bench:
            await happened(bench)
            for content in wrongly_typed(bench.content()):
                try:
                    events = events_in(bench, bench.signed(content))
                except (SignatureWrong, DeliveryUnreadable):
                    continue
                for event in events:
                    assert all(one.kind in Kind for one in await self._told(bench, event))

    @pytest.mark.asyncio
    async def test_an_event_of_an_unknown_type_is_kept(self) -> None:
        """Stored with id and type and answered with 200; it brings nothing (complaint 12)."""
        async with self.opened(DeliveryBench) as bench:
            await happened(bench)
            events = events_in(bench, bench.strange())

            assert events, "it is lost"
            for event in events:
                assert event.id
                assert event.type
                assert {one.kind for one in await self._told(bench, event)} <= {Kind.IGNORED}

    @pytest.mark.parametrize("trouble", NO_ANSWERS, ids=str)
    @pytest.mark.asyncio
    async def test_facts_that_cannot_be_asked_for_come_later(self, trouble: Trouble) -> None:
        """An event whose facts are lost is tried again, never done with (complaint 14)."""
        async with self.opened(DeliveryBench, Play.LOSE_LOOK_UP) as bench:
            await happened(bench)
            for delivery in bench.deliveries():
                for event in events_in(bench, delivery):
                    whole = await self._told(bench, event)
                    before = bench.asked()
                    bench.disturb(trouble)
                    answer = await told(self._reading(bench).facts(event))
                    if bench.asked() > before:
                        assert isinstance(answer, OutsideUnavailable), f"{answer!r}"
                    bench.wire.faults.clear()
                    assert _sorted(await self._told(bench, event)) == _sorted(whole)

    @pytest.mark.parametrize("won", [True, False], ids=["won", "lost"])
    @pytest.mark.asyncio
    async def test_a_late_chargeback_is_told_in_its_stages(self, won: bool) -> None:  # noqa: FBT001
        """Months after it was paid: opened, then decided, under one name (payments 1.10, 6.7)."""
        async with self.opened(DeliveryBench, Will.PAY, Play.DISPUTE) as bench:
            paid = assert_paid(await bench.adapter().collect(collection(bench.expect(Will.PAY))))
            bench.surroundings.clock.advance(timedelta(days=100))
            bench.dispute(ATTEMPT.hex)
            opened = _stages(await self._facts(bench, bench.deliveries()))
            bench.surroundings.clock.advance(timedelta(days=20))
            bench.end_dispute(ATTEMPT.hex, won=won)
            ended = _stages(await self._facts(bench, bench.deliveries()))

            last = Kind.CHARGEBACK_WON if won else Kind.CHARGEBACK_LOST
            assert {one.kind for one in opened} == {Kind.CHARGEBACK_OPENED}
            assert last in {one.kind for one in ended}
            assert {one.kind for one in ended} <= {Kind.CHARGEBACK_OPENED, last}
            (subject,) = {one.subject for one in (*opened, *ended)}
            assert subject, "a chargeback without a name is booked once per delivery"
            for one in (*opened, *ended):
                assert (str(one.amount), one.currency) == ("119.00", "EUR")
                assert one.reference == paid.reference
                assert one.attempt in (ATTEMPT, None)
                assert_near_now(one.occurred_at)

    async def _facts(
        self, bench: DeliveryBench, deliveries: Sequence[RawDelivery]
    ) -> list[PaymentFact]:
        return [
            fact
            for delivery in deliveries
            for event in events_in(bench, delivery)
            for fact in await self._told(bench, event)
        ]

    async def _told(self, bench: DeliveryBench, event: ProviderEvent) -> Sequence[PaymentFact]:
        return await self._reading(bench).facts(event)

    def _reading(self, bench: DeliveryBench) -> EventReading:
        adapter = bench.adapter()
        assert isinstance(adapter, EventReading)
        return adapter


def _stages(facts: Sequence[PaymentFact]) -> list[PaymentFact]:
    return [one for one in facts if one.kind in _STAGES]


def _sorted(facts: Sequence[PaymentFact]) -> list[str]:
    return sorted(one.model_dump_json() for one in facts)
