"""Scenarios of amounts: to the cent in every currency, never rounded, never outside the limits."""

from decimal import Decimal

import pytest

from faktura.kernel.outside_errors import OutsideUnavailable
from faktura.plugin import Rejected
from faktura.testing.kit.payments_bench import (
    ATTEMPT,
    PaymentBench,
    PaymentPart,
    Taken,
    Will,
    collection,
)
from faktura.testing.kit.payments_outcomes import assert_paid
from faktura.testing.kit.payments_rules import assert_books_agree, told

AMOUNTS = (
    ("EUR", "1.15"),
    ("EUR", "4.35"),
    ("EUR", "19.99"),
    ("EUR", "1000.00"),
    ("EUR", "65431.07"),
    ("JPY", "1000"),
    ("JPY", "119"),
    ("KWD", "12.340"),
    ("KWD", "1001.010"),
)
"""Those of two places are no whole cents as binary fractions (F-rules of money: never a float)."""

PLACES = {"EUR": 2, "USD": 2, "CHF": 2, "GBP": 2, "JPY": 0, "KWD": 3}
_WRONG = ("1.005", "0.004", "119.001", "0.00", "-5.00")


class Amounts(PaymentPart):
    """What is asked for is taken, exactly, or nothing is."""

    @pytest.mark.parametrize(("currency", "amount"), AMOUNTS)
    @pytest.mark.asyncio
    async def test_an_amount_is_taken_to_the_last_unit(self, currency: str, amount: str) -> None:
        """Minor units have 0, 2 or 3 places: the wrong number takes a hundred times too much."""
        async with self.opened(PaymentBench) as bench:
            known = bench.adapter().capabilities().currencies
            if known is not None and currency not in known:
                pytest.skip(f"it does not take {currency}")
            given = bench.expect(Will.PEND if Will.PAY in bench.cannot else Will.PAY)
            request = collection(given, amount=Decimal(amount), currency=currency)
            outcome = await bench.adapter().collect(request)

            assert list(bench.taken(ATTEMPT.hex)) == [Taken(Decimal(amount), currency)]
            assert_books_agree(outcome, bench.taken(ATTEMPT.hex))
            assert str(getattr(outcome, "amount", outcome)) == amount
            if Will.PAY not in bench.cannot:
                assert_paid(outcome, amount, currency)

    @pytest.mark.parametrize("amount", _WRONG)
    @pytest.mark.asyncio
    async def test_what_is_no_amount_is_rejected_and_never_rounded(self, amount: str) -> None:
        """Our mistake, told as one: nothing is taken, nothing is asked of the customer."""
        async with self.opened(PaymentBench) as bench:
            given = bench.expect(Will.PEND if Will.PAY in bench.cannot else Will.PAY)
            answer = await bench.adapter().collect(collection(given, amount=Decimal(amount)))

            _assert_rejected(bench, answer)

    @pytest.mark.parametrize("edge", ["minimum", "maximum"])
    @pytest.mark.asyncio
    async def test_the_limits_of_the_capabilities_are_those_of_the_provider(
        self, edge: str
    ) -> None:
        """Inclusive: at the limit it pays, one unit beyond it nothing is taken (O18)."""
        async with self.opened(PaymentBench) as bench:
            can = bench.adapter().capabilities()
            limit = (can.minimum if edge == "minimum" else can.maximum).get("EUR")
            if limit is None:
                pytest.skip(f"the capabilities name no {edge} for EUR")
            will = Will.PEND if Will.PAY in bench.cannot else Will.PAY
            beyond = limit + Decimal("-0.01" if edge == "minimum" else "0.01")

            refused = await bench.adapter().collect(collection(bench.expect(will), amount=beyond))

            _assert_rejected(bench, refused)
        async with self.opened(PaymentBench) as bench:
            at_limit = collection(bench.expect(will), amount=limit)
            await bench.adapter().collect(at_limit)
            assert list(bench.taken(ATTEMPT.hex)) == [Taken(limit, "EUR")]

    @pytest.mark.asyncio
    async def test_a_currency_that_it_does_not_take_is_refused_by_name(self) -> None:
        """By the capabilities when it is configured, and once more when it is asked (O18)."""
        async with self.opened(PaymentBench) as bench:
            known = bench.adapter().capabilities().currencies
            if known is None:
                pytest.skip("it takes every currency")
            other = next(one for one in PLACES if one not in known)
            given = bench.expect(Will.PEND if Will.PAY in bench.cannot else Will.PAY)
            request = collection(given, amount=Decimal(119), currency=other)

            answer = await told(bench.adapter().collect(request))

            _assert_rejected(bench, answer)
            assert isinstance(answer, Rejected)
            assert "currency" in f"{answer.code} {answer.message}".lower() or (
                other in answer.message
            )

    @pytest.mark.asyncio
    async def test_capabilities_are_told_without_asking_anybody(self) -> None:
        """What the manual says, written out by hand; the core refuses by it beforehand (O18)."""
        async with self.opened(PaymentBench) as bench:
            can = bench.adapter().capabilities()

            assert can == bench.can()
            assert bench.asked() == 0
            assert can.methods
            assert all(one > 0 for one in (*can.minimum.values(), *can.maximum.values()))
            assert all(can.minimum.get(one, 0) <= most for one, most in can.maximum.items())
            assert can.key_window is None or can.key_window.total_seconds() > 0
            assert can.settles_within_days >= 0
            assert can.dispute_days >= 0


def _assert_rejected(bench: PaymentBench, answer: object) -> None:
    assert not list(bench.taken(ATTEMPT.hex)), "it took money"
    assert not isinstance(answer, OutsideUnavailable), "it would be asked for ever"
    assert isinstance(answer, Rejected), f"not our mistake: {answer!r}"
    assert answer.code
    assert answer.message, "who set it up must be told what was wrong"
