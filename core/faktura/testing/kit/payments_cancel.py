"""The kit of adapters that call attempts off: what is decided stays as it is."""

from decimal import Decimal

import pytest

from faktura.plugin import (
    Absent,
    ActionNeeded,
    AttemptReference,
    Cancelled,
    Cancelling,
    Outcome,
)
from faktura.testing.kit.payments_bench import (
    ATTEMPT,
    EUR_119,
    SECOND,
    PaymentBench,
    PaymentPart,
    Play,
    Will,
    collection,
)
from faktura.testing.kit.payments_outcomes import assert_paid, looked_up
from faktura.testing.kit.payments_rules import assert_books_agree, told
from faktura.testing.kit.payments_wire import NO_ANSWERS, Always, Trouble


class CancelKit(PaymentPart):
    """What an adapter with Cancelling must pass."""

    @pytest.mark.asyncio
    async def test_what_waits_for_the_customer_is_called_off(self) -> None:
        """Nobody completes it later, beside the next attempt (payments 7, complaint 8)."""
        async with self.opened(PaymentBench, Will.ACT) as bench:
            request = collection(bench.expect(Will.ACT))
            waiting = await bench.adapter().collect(request)
            asked = AttemptReference(request=request, reference=getattr(waiting, "reference", ""))

            assert isinstance(await _cancelling(bench).cancel(asked), Cancelled)
            assert isinstance(await looked_up(bench, request), Cancelled | ActionNeeded)
            assert not list(bench.taken(ATTEMPT.hex))

    @pytest.mark.parametrize("known", [True, False], ids=["by-reference", "by-key"])
    @pytest.mark.asyncio
    async def test_what_is_paid_stays_paid(self, known: bool) -> None:  # noqa: FBT001
        """Its real outcome is told: the customer was faster."""
        async with self.opened(PaymentBench, Will.PAY) as bench:
            request = collection(bench.expect(Will.PAY))
            paid = assert_paid(await bench.adapter().collect(request))
            asked = AttemptReference(request=request, reference=paid.reference if known else "")

            assert_paid(await _cancelling(bench).cancel(asked))
            assert list(bench.taken(ATTEMPT.hex)) == [EUR_119]

    @pytest.mark.asyncio
    async def test_calling_off_tells_what_the_books_say(self) -> None:
        """Of a payment on its way: called off it is gone, else it is still pending."""
        async with self.opened(PaymentBench, Will.PEND) as bench:
            request = collection(bench.expect(Will.PEND))
            await bench.adapter().collect(request)

            outcome: Outcome = await _cancelling(bench).cancel(AttemptReference(request=request))

            assert_books_agree(outcome, bench.taken(ATTEMPT.hex))

    @pytest.mark.asyncio
    async def test_nothing_to_call_off_is_absent(self) -> None:
        """Another attempt of the same customer is not taken for it."""
        async with self.opened(PaymentBench, Will.PAY) as bench:
            other = collection(bench.expect(Will.PAY), attempt=SECOND, amount=Decimal(20))
            await bench.adapter().collect(other)
            request = collection(bench.expect(Will.PAY))

            outcome = await _cancelling(bench).cancel(AttemptReference(request=request))

            assert outcome == Absent()
            assert [one.amount for one in bench.taken(SECOND.hex)] == [Decimal(20)]

    @pytest.mark.parametrize("trouble", NO_ANSWERS, ids=str)
    @pytest.mark.asyncio
    async def test_a_lost_answer_calls_nothing_off(self, trouble: Trouble) -> None:
        """Told as called off, the invoice would be charged beside it."""
        for after in range(3):
            async with self.opened(PaymentBench, Will.PAY, Play.LOSE_LOOK_UP) as bench:
                request = collection(bench.expect(Will.PAY))
                await bench.adapter().collect(request)
                bench.disturb(trouble, after=after)
                asked = AttemptReference(request=request)
                answer = await told(_cancelling(bench).cancel(asked))

                assert not isinstance(answer, Cancelled | Absent), f"{answer!r}"

    @pytest.mark.asyncio
    async def test_a_stranger_calls_nothing_off(self) -> None:
        """A page of a machine in between is no confirmation."""
        async with self.opened(PaymentBench, Will.ACT, Play.LOSE_LOOK_UP) as bench:
            request = collection(bench.expect(Will.ACT))
            waiting = await bench.adapter().collect(request)
            bench.wire.inner = Always(200, b"{}")
            asked = AttemptReference(request=request, reference=getattr(waiting, "reference", ""))
            answer = await told(_cancelling(bench).cancel(asked))

            assert not isinstance(answer, Cancelled | Absent), f"{answer!r}"


def _cancelling(bench: PaymentBench) -> Cancelling:
    adapter = bench.adapter()
    assert isinstance(adapter, Cancelling)
    return adapter
