"""The kit of adapters that keep means of payment: what each is now, and forgetting it."""

import re

import pytest

from faktura.kernel.outside_errors import OutsideUnavailable
from faktura.plugin import MeansKeeping
from faktura.testing.kit.payments_bench import Means, PaymentBench, PaymentPart, Play, Will
from faktura.testing.kit.payments_rules import told
from faktura.testing.kit.payments_wire import NO_ANSWERS, Trouble


class MeansBench(PaymentBench):
    """A bench whose provider keeps the means that it expects collections of."""

    def saved(self) -> Means:
        """A means of payment that a customer saved there."""
        return self.expect(Will.PAY)


class MeansKit(PaymentPart):
    """What an adapter with MeansKeeping must pass."""

    @pytest.mark.asyncio
    async def test_a_saved_means_is_described_for_people(self) -> None:
        """Under the same reference; at most four digits of it in a row, ever."""
        async with self.opened(MeansBench) as bench:
            given = bench.saved()
            described = await _keeping(bench).describe_means(given.means)

            assert described is not None
            assert described.means.reference == given.means.reference
            assert described.method is given.method
            assert described.label
            assert not re.search(r"\d{5}", described.label)

    @pytest.mark.asyncio
    async def test_a_means_that_is_forgotten_is_gone_for_good(self) -> None:
        """Forgetting twice is as good as once: the first answer may have been lost."""
        async with self.opened(MeansBench) as bench:
            given = bench.saved()
            await _keeping(bench).forget_means(given.means)
            await _keeping(bench).forget_means(given.means)

            assert await _keeping(bench).describe_means(given.means) is None

    @pytest.mark.parametrize("trouble", NO_ANSWERS, ids=str)
    @pytest.mark.asyncio
    async def test_a_means_is_not_gone_because_nobody_answers(self, trouble: Trouble) -> None:
        """None takes it from the customer: only the provider may say so."""
        async with self.opened(MeansBench, Play.LOSE_LOOK_UP) as bench:
            given = bench.saved()
            bench.disturb(trouble)
            answer = await told(_keeping(bench).describe_means(given.means))
            bench.disturb(trouble)
            forgotten = await told(_keeping(bench).forget_means(given.means))

            assert isinstance(answer, OutsideUnavailable), f"{answer!r}"
            bench.wire.faults.clear()
            still_there = await _keeping(bench).describe_means(given.means)
            # Half of an empty answer is the whole of it.
            assert isinstance(forgotten, OutsideUnavailable) or still_there is None


def _keeping(bench: PaymentBench) -> MeansKeeping:
    adapter = bench.adapter()
    assert isinstance(adapter, MeansKeeping)
    return adapter
