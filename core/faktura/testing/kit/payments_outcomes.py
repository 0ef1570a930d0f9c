"""Scenarios of one collection and its look-up: yes, no, not yet, and what nobody has heard of."""

from datetime import datetime, timedelta
from decimal import Decimal

import pytest

from faktura.plugin import (
    Absent,
    ActionNeeded,
    AttemptReference,
    Declined,
    Outcome,
    Pending,
    Succeeded,
    Unclear,
)
from faktura.testing.kit.payments_bench import (
    ATTEMPT,
    EUR_119,
    SECOND,
    PaymentBench,
    PaymentPart,
    Play,
    Taken,
    Will,
    collection,
)
from faktura.testing.kit.payments_rules import assert_books_agree, told
from faktura.testing.kit.surroundings import KIT_NOW

LONG = timedelta(minutes=20)


def assert_paid(outcome: object, amount: str = "119.00", currency: str = "EUR") -> Succeeded:
    """Fail unless it is a success of exactly this, at a moment of the provider's, with its name."""
    assert isinstance(outcome, Succeeded), f"not a success: {outcome!r}"
    assert (str(outcome.amount), outcome.currency) == (amount, currency)
    assert outcome.reference, "a payment without its reference is never found again"
    assert_near_now(outcome.at)
    if outcome.fee is not None:
        assert Decimal(0) <= outcome.fee <= outcome.amount
    return outcome


def assert_near_now(moment: datetime) -> None:
    """Fail for a moment without a zone, or one that is not of the provider's clock."""
    assert moment.utcoffset() == timedelta(0), "moments are UTC"
    assert abs(moment - KIT_NOW) < timedelta(days=200), f"{moment} is not of the double's clock"


class Outcomes(PaymentPart):
    """One collection: every way in which it can end when nothing gets lost."""

    @pytest.mark.asyncio
    async def test_a_payment_that_succeeds_is_told_to_the_cent(self) -> None:
        """Amount, currency, reference and moment are the provider's; the books say the same."""
        async with self.opened(PaymentBench, Will.PAY) as bench:
            outcome = await bench.adapter().collect(collection(bench.expect(Will.PAY)))

            paid = assert_paid(outcome)
            assert abs(paid.at - KIT_NOW) <= timedelta(days=1)
            assert list(bench.taken(ATTEMPT.hex)) == [EUR_119]

    @pytest.mark.asyncio
    async def test_two_attempts_are_two_payments(self) -> None:
        """The same customer, invoice and amount: who tells attempts apart by these loses one."""
        async with self.opened(PaymentBench, Will.PAY) as bench:
            first, second = (
                collection(bench.expect(Will.PAY), attempt=one) for one in (ATTEMPT, SECOND)
            )
            paid = assert_paid(await bench.adapter().collect(first))
            bench.surroundings.clock.advance(LONG)
            again = assert_paid(await bench.adapter().collect(second))

            assert paid.reference != again.reference
            assert list(bench.taken(SECOND.hex)) == [EUR_119]
            found = [await looked_up(bench, one) for one in (first, second)]
            assert [getattr(one, "reference", "") for one in found] == [
                paid.reference,
                again.reference,
            ]

    @pytest.mark.parametrize("known", [True, False], ids=["by-reference", "by-key"])
    @pytest.mark.asyncio
    async def test_what_was_paid_is_found_again(self, known: bool) -> None:  # noqa: FBT001
        """With the provider's reference, and by our key alone after a crash (payments 6.5)."""
        async with self.opened(PaymentBench, Will.PAY) as bench:
            request = collection(bench.expect(Will.PAY))
            paid = assert_paid(await bench.adapter().collect(request))

            found = await looked_up(bench, request, paid.reference if known else "")

            assert assert_paid(found).reference == paid.reference

    @pytest.mark.asyncio
    async def test_an_attempt_that_nobody_heard_of_is_absent(self) -> None:
        """Not cancelled, not declined: what absence proves is the core's to say."""
        async with self.opened(PaymentBench, Will.PAY) as bench:
            other = collection(bench.expect(Will.PAY), attempt=SECOND)
            await bench.adapter().collect(other)

            found = await looked_up(bench, collection(bench.expect(Will.PAY)))

            assert found == Absent()

    @pytest.mark.parametrize("will", [Will.DECLINE_SOFT, Will.DECLINE_HARD])
    @pytest.mark.asyncio
    async def test_a_decline_says_whether_this_means_can_work_again(self, will: Will) -> None:
        """Soft is tried again by schedule, hard never with this means (payments 6.3)."""
        async with self.opened(PaymentBench, will) as bench:
            request = collection(bench.expect(will))
            declined = await bench.adapter().collect(request)

            assert isinstance(declined, Declined), f"not a decline: {declined!r}"
            assert declined.hard is (will is Will.DECLINE_HARD)
            assert declined.code, "nobody can look up a decline without a code"
            assert not list(bench.taken(ATTEMPT.hex))
            found = await looked_up(bench, request, declined.reference)
            if not isinstance(found, Absent):
                assert isinstance(found, Declined)
                assert (found.hard, found.code) == (declined.hard, declined.code)

    @pytest.mark.asyncio
    async def test_a_decline_is_not_tried_again_under_its_key(self) -> None:
        """The next try is a new attempt with a new key (payments 1.3)."""
        async with self.opened(PaymentBench, Will.DECLINE_SOFT) as bench:
            if bench.adapter().capabilities().key_window is None:
                pytest.skip("key_window is None: the provider knows no keys")
            request = collection(bench.expect(Will.DECLINE_SOFT))
            first = await bench.adapter().collect(request)
            bench.surroundings.clock.advance(LONG)

            assert await bench.adapter().collect(request) == first
            assert not list(bench.taken(ATTEMPT.hex))

    @pytest.mark.asyncio
    async def test_what_the_customer_must_confirm_is_no_decline(self) -> None:
        """Nothing moved yet; told as a decline the customer would never be asked."""
        async with self.opened(PaymentBench, Will.ACT) as bench:
            request = collection(bench.expect(Will.ACT))
            needed = await bench.adapter().collect(request)

            assert isinstance(needed, ActionNeeded), f"not for the customer: {needed!r}"
            assert not list(bench.taken(ATTEMPT.hex))
            found = await looked_up(bench, request, needed.reference)
            assert isinstance(found, ActionNeeded | Absent)

    @pytest.mark.asyncio
    async def test_what_is_decided_later_is_pending_and_not_paid(self) -> None:
        """Accepted is not paid: shown as paid, it would have to be taken back (payments 1.6)."""
        async with self.opened(PaymentBench, Will.PEND) as bench:
            request = collection(bench.expect(Will.PEND))
            first = await bench.adapter().collect(request)
            found = await looked_up(bench, request, getattr(first, "reference", ""))

            for pending in (first, found):
                assert isinstance(pending, Pending), f"not pending: {pending!r}"
                assert (str(pending.amount), pending.currency) == ("119.00", "EUR")
                assert pending.reference
                if pending.expected_by is not None:
                    ahead = pending.expected_by - KIT_NOW.date()
                    assert timedelta(0) <= ahead <= timedelta(days=60)
            assert list(bench.taken(ATTEMPT.hex)) == [EUR_119]

    @pytest.mark.asyncio
    async def test_a_pending_payment_that_succeeds_is_found_as_paid(self) -> None:
        """Also when no delivery ever comes (payments 7, complaint 18)."""
        async with self.opened(PaymentBench, Will.PEND, Play.DECIDE) as bench:
            request = collection(bench.expect(Will.PEND))
            pending = await bench.adapter().collect(request)
            bench.surroundings.clock.advance(timedelta(days=6))
            bench.settle(ATTEMPT.hex)

            assert_paid(await looked_up(bench, request, getattr(pending, "reference", "")))
            assert_paid(await looked_up(bench, request))

    @pytest.mark.asyncio
    async def test_a_pending_payment_that_fails_is_found_as_declined(self) -> None:
        """A returned debit (payments 1.6): the invoice is open again."""
        async with self.opened(PaymentBench, Will.PEND, Play.DECIDE) as bench:
            request = collection(bench.expect(Will.PEND))
            pending = await bench.adapter().collect(request)
            bench.surroundings.clock.advance(timedelta(days=6))
            bench.fail(ATTEMPT.hex)

            failed = await looked_up(bench, request, getattr(pending, "reference", ""))
            assert isinstance(failed, Declined), f"not declined: {failed!r}"
            assert failed.code
            assert not list(bench.taken(ATTEMPT.hex))

    @pytest.mark.asyncio
    async def test_a_status_that_nobody_has_heard_of_decides_nothing(self) -> None:
        """Unknown is pending or unclear, never a guess; next year's statuses come unannounced."""
        async with self.opened(PaymentBench, Will.PAY, Play.PUZZLE) as bench:
            request = collection(bench.expect(Will.PAY))
            paid = assert_paid(await bench.adapter().collect(request))
            bench.puzzle(ATTEMPT.hex)

            for reference in (paid.reference, ""):
                found = await looked_up(bench, request, reference)
                assert isinstance(found, Unclear | Pending), f"guessed: {found!r}"
                assert getattr(found, "why", "pending"), "nobody can act on it"

    @pytest.mark.asyncio
    async def test_the_same_request_again_is_the_same_payment(self) -> None:
        """Repeated after a crash by another process: the money moved once (payments 6.5)."""
        async with self.opened(PaymentBench) as bench:
            will = Will.PEND if Will.PAY in bench.cannot else Will.PAY
            request = collection(bench.expect(will))
            first = await bench.adapter().collect(request)
            bench.surroundings.clock.advance(LONG)
            if bench.adapter().capabilities().key_window is None and bench.asked():
                pytest.skip("key_window is None: the core never repeats it")

            again = await bench.adapter().collect(request)

            assert isinstance(first, Succeeded | Pending)
            assert again == first
            assert list(bench.taken(ATTEMPT.hex)) == [EUR_119]

    @pytest.mark.asyncio
    async def test_a_key_that_is_used_with_another_amount_pays_nothing_more(self) -> None:
        """Our mistake, and no yes to it: at most what the first request came to (payments 1.3)."""
        async with self.opened(PaymentBench, Will.PAY) as bench:
            request = collection(bench.expect(Will.PAY))
            assert_paid(await bench.adapter().collect(request))
            bench.surroundings.clock.advance(LONG)
            if bench.adapter().capabilities().key_window is None:
                pytest.skip("key_window is None: the core never repeats it")
            other = request.model_copy(update={"amount": Decimal("120.00")})

            answer = await told(bench.adapter().collect(other))

            assert list(bench.taken(ATTEMPT.hex)) == [EUR_119]
            assert_books_agree(answer, [Taken(Decimal("119.00"), "EUR")])


async def looked_up(bench: PaymentBench, request: object, reference: str = "") -> Outcome:
    """What a new adapter finds of a collection."""
    return await bench.adapter().look_up(
        AttemptReference.model_validate({"request": request, "reference": reference})
    )
