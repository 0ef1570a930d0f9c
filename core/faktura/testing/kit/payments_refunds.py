"""The kit of adapters that refund: a part or all of it, once, never more than is left."""

from abc import abstractmethod
from decimal import Decimal
from uuid import UUID

import pytest

from faktura.kernel.outside_errors import OutsideUnavailable
from faktura.plugin import RefundAnswer, Refunding, RefundOutcome, RefundRequest, Succeeded
from faktura.testing.kit.payments_bench import (
    ATTEMPT,
    PaymentBench,
    PaymentPart,
    Play,
    Will,
    collection,
)
from faktura.testing.kit.payments_outcomes import LONG, assert_paid
from faktura.testing.kit.payments_rules import as_printed, every_log, told
from faktura.testing.kit.payments_wire import NO_ANSWERS, TROUBLES, Always, Trouble
from faktura.testing.kit.surroundings import KIT_NOW
from faktura.testing.kit.wire import Fault

REFUND = UUID("0190a000-0000-7000-8000-0000000000f1")
OTHER_REFUND = UUID("0190a000-0000-7000-8000-0000000000f2")
_GIVEN = frozenset({RefundAnswer.SUCCEEDED, RefundAnswer.PENDING})


class RefundBench(PaymentBench):
    """A bench whose provider gives money back."""

    @abstractmethod
    def given_back(self, key: str) -> Decimal:
        """What was given back of the attempt's payment by the double's books, or is on its way."""

    def ripen(self, key: str) -> None:
        """Have the payment become one of which a part can be refunded; most are at once."""


class RefundKit(PaymentPart):
    """What an adapter with Refunding must pass."""

    @pytest.mark.asyncio
    async def test_a_whole_payment_is_given_back(self) -> None:
        """Soon after it was paid and long after: what was asked for comes back, once."""
        for is_ripe in (False, True):
            async with self.opened(RefundBench, Will.PAY) as bench:
                paid = await self._paid(bench, ripe=is_ripe)
                outcome = await _refunding(bench).refund(_refund(paid))

                _assert_given(outcome, "119.00")
                assert bench.given_back(ATTEMPT.hex) == Decimal("119.00")
                found = await _refunding(bench).look_up_refund(_refund(paid), outcome.reference)
                assert (found.answer, found.amount) == (outcome.answer, outcome.amount)

    @pytest.mark.asyncio
    async def test_parts_are_given_back_until_nothing_is_left(self) -> None:
        """Each under its own key; what is more than the rest is refused, and the rest stays."""
        async with self.opened(RefundBench, Will.PAY) as bench:
            self._skip_without_parts(bench)
            paid = await self._paid(bench)
            first = await _refunding(bench).refund(_refund(paid, amount="40.15", whole=False))
            second = _refund(paid, amount="78.86", whole=False, refund=OTHER_REFUND)
            too_much = await _refunding(bench).refund(second)

            _assert_given(first, "40.15")
            assert too_much.answer is RefundAnswer.FAILED, f"more than is left: {too_much!r}"
            assert bench.given_back(ATTEMPT.hex) == Decimal("40.15")
            rest = UUID("0190a000-0000-7000-8000-0000000000f3")
            last = await _refunding(bench).refund(
                _refund(paid, amount="78.85", whole=False, refund=rest)
            )
            _assert_given(last, "78.85")
            assert bench.given_back(ATTEMPT.hex) == Decimal("119.00")

    @pytest.mark.asyncio
    async def test_the_same_refund_again_gives_nothing_twice(self) -> None:
        """Repeated after a crash by another process: the money went back once."""
        async with self.opened(RefundBench, Will.PAY) as bench:
            paid = await self._paid(bench)
            request = self._any_part(bench, paid)
            first = await _refunding(bench).refund(request)
            bench.surroundings.clock.advance(LONG)
            again = await _refunding(bench).refund(request)

            assert (again.answer, again.reference) == (first.answer, first.reference)
            assert bench.given_back(ATTEMPT.hex) == request.amount

    @pytest.mark.asyncio
    async def test_a_refunds_key_with_another_amount_gives_nothing_more(self) -> None:
        """Our mistake, and no yes to it."""
        async with self.opened(RefundBench, Will.PAY) as bench:
            self._skip_without_parts(bench)
            paid = await self._paid(bench)
            await _refunding(bench).refund(_refund(paid, amount="40.15", whole=False))
            other = await told(_refunding(bench).refund(_refund(paid, amount="50.00", whole=False)))

            assert bench.given_back(ATTEMPT.hex) == Decimal("40.15")
            if isinstance(other, RefundOutcome) and other.answer in _GIVEN:
                assert other.amount == Decimal("40.15"), "it tells a refund that is none"

    @pytest.mark.asyncio
    async def test_a_part_too_precise_is_not_rounded(self) -> None:
        """Our mistake, told as a failure: nothing goes back."""
        async with self.opened(RefundBench, Will.PAY) as bench:
            self._skip_without_parts(bench)
            paid = await self._paid(bench)
            outcome = await _refunding(bench).refund(_refund(paid, amount="1.005", whole=False))

            assert outcome.answer is RefundAnswer.FAILED
            assert outcome.message
            assert bench.given_back(ATTEMPT.hex) == Decimal(0)

    @pytest.mark.asyncio
    async def test_a_refund_that_nobody_heard_of_is_absent(self) -> None:
        """Of a payment that has another one, too."""
        async with self.opened(RefundBench, Will.PAY) as bench:
            paid = await self._paid(bench)
            none = await _refunding(bench).look_up_refund(_refund(paid), "")
            await _refunding(bench).refund(self._any_part(bench, paid))
            unknown = _refund(paid, refund=OTHER_REFUND)
            other = await _refunding(bench).look_up_refund(unknown, "")

            assert none.answer is RefundAnswer.ABSENT
            # A void takes the whole payment back, by whichever key: then nothing is left to ask for.
            whole = bench.given_back(ATTEMPT.hex) == Decimal("119.00")
            assert other.answer is RefundAnswer.ABSENT or whole

    @pytest.mark.parametrize("trouble", TROUBLES, ids=str)
    @pytest.mark.asyncio
    async def test_a_lost_refund_is_neither_given_nor_refused(self, trouble: Trouble) -> None:
        """Whatever request it meets; later the truth is found, and it went back once."""
        requests = await self._requests_of_a_refund()
        for after in range(requests):
            async with self.opened(RefundBench, Will.PAY, Play.LOSE) as bench:
                paid = await self._paid(bench)
                request = self._any_part(bench, paid)
                bench.disturb(trouble, after=after)
                answer = await told(_refunding(bench).refund(request))

                _assert_honest(answer, moved=bench.given_back(ATTEMPT.hex) > 0)
                if requests == 1:
                    _assert_undecided(answer, trouble)
                await self._assert_given_once(bench, request)

    async def _assert_given_once(self, bench: RefundBench, request: RefundRequest) -> None:
        moved = bench.given_back(ATTEMPT.hex) > 0
        found = await _refunding(bench).look_up_refund(request, "")
        assert found.answer in (_GIVEN if moved else {RefundAnswer.ABSENT}), f"{found!r}"
        bench.surroundings.clock.advance(LONG)
        again = await _refunding(bench).refund(request)
        _assert_given(again, str(request.amount))
        assert bench.given_back(ATTEMPT.hex) == request.amount, "it went back twice"

    async def _requests_of_a_refund(self) -> int:
        async with self.opened(RefundBench, Will.PAY, Play.LOSE) as bench:
            paid = await self._paid(bench)
            before = bench.asked()
            await _refunding(bench).refund(self._any_part(bench, paid))
            assert bench.asked() > before
            return bench.asked() - before

    @pytest.mark.parametrize("trouble", NO_ANSWERS, ids=str)
    @pytest.mark.asyncio
    async def test_a_look_up_of_a_refund_without_an_answer_finds_nothing_out(
        self, trouble: Trouble
    ) -> None:
        """Above all it is not absent: then it would be given once more."""
        for known in (True, False):
            async with self.opened(RefundBench, Will.PAY, Play.LOSE_LOOK_UP) as bench:
                paid = await self._paid(bench)
                request = self._any_part(bench, paid)
                given = await _refunding(bench).refund(request)
                bench.disturb(trouble)
                reference = given.reference if known else ""
                answer = await told(_refunding(bench).look_up_refund(request, reference))

                if isinstance(answer, RefundOutcome):
                    assert answer.answer in {*_GIVEN, RefundAnswer.UNCLEAR}, f"{answer!r}"
                assert not bench.wire.faults, "it asked nobody"

    @pytest.mark.asyncio
    async def test_no_secret_of_a_refund_is_told(self) -> None:
        """Whatever goes wrong with it."""
        async with self.opened(RefundBench, Will.PAY, Play.LOSE_LOOK_UP) as bench:
            paid = await self._paid(bench)
            with every_log(bench.surroundings.log):
                answers: list[object] = []
                for status in (400, 401, 403, 404, 422, 429, 500):
                    bench.wire.inner = Always(status, b"{}")
                    answers.append(await told(_refunding(bench).refund(_refund(paid))))

            secrets = [one for one in bench.secrets() if one]
            assert bench.surroundings.log.secrets_in(secrets) == []
            assert not [one for one in secrets if one in as_printed(*answers)]
            assert not [
                one for one in answers if isinstance(one, RefundOutcome) and one.answer in _GIVEN
            ]

    def _skip_without_parts(self, bench: PaymentBench) -> None:
        if not bench.adapter().capabilities().partial_refunds:
            pytest.skip("partial_refunds is False")

    def _any_part(self, bench: PaymentBench, paid: Succeeded) -> RefundRequest:
        if bench.adapter().capabilities().partial_refunds:
            return _refund(paid, amount="40.15", whole=False)
        return _refund(paid)

    async def _paid(self, bench: RefundBench, *, ripe: bool = True) -> Succeeded:
        outcome = await bench.adapter().collect(collection(bench.expect(Will.PAY)))
        if ripe:
            bench.ripen(ATTEMPT.hex)
        return assert_paid(outcome)


def _refunding(bench: PaymentBench) -> Refunding:
    """A new adapter, by its ability."""
    adapter = bench.adapter()
    assert isinstance(adapter, Refunding)
    return adapter


def _refund(
    paid: Succeeded, *, amount: str = "119.00", whole: bool = True, refund: UUID = REFUND
) -> RefundRequest:
    return RefundRequest(
        refund=refund,
        tenant="werk",
        payment_reference=paid.reference,
        attempt=ATTEMPT,
        amount=Decimal(amount),
        currency="EUR",
        whole=whole,
        created_at=KIT_NOW,
    )


def _assert_given(outcome: RefundOutcome, amount: str) -> None:
    assert outcome.answer in _GIVEN, f"not given back: {outcome!r}"
    assert outcome.reference, "a refund without its reference is never found again"
    assert (str(outcome.amount), outcome.currency) == (amount, "EUR")


def _assert_honest(answer: object, *, moved: bool) -> None:
    """No answer denies money that went back, or promises money that did not."""
    if isinstance(answer, RefundOutcome):
        refused = {RefundAnswer.FAILED, RefundAnswer.ABSENT}
        # PENDING without a reference did nothing yet, and says so.
        gave = answer.answer in _GIVEN and bool(answer.reference)
        assert not (moved and answer.answer in refused), f"it went back: {answer!r}"
        assert moved or not gave, f"nothing went back: {answer!r}"
        return
    assert not moved, f"it went back: {answer!r}"


def _assert_undecided(answer: object, trouble: Trouble) -> None:
    if trouble.fault in (Fault.NOT_SENT, Fault.THROTTLED):
        assert isinstance(answer, OutsideUnavailable), f"it was surely not done: {answer!r}"
        return
    assert isinstance(answer, RefundOutcome), f"{answer!r}"
    assert answer.answer is RefundAnswer.UNCLEAR, f"nobody knows, and it says {answer!r}"
