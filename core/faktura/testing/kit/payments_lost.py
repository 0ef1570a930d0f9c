"""Scenarios of lost answers: no yes and no no by guess, and one payment in the end."""

import asyncio
from dataclasses import dataclass

import pytest
from typing_extensions import override

from faktura.kernel.outside_errors import AccountBroken, OutsideUnavailable
from faktura.plugin import (
    Absent,
    AttemptReference,
    CollectRequest,
    Declined,
    Http,
    HttpAnswer,
    HttpRequest,
    Pending,
    Rejected,
    Succeeded,
    Unclear,
)
from faktura.testing.kit.payments_bench import (
    ATTEMPT,
    EUR_119,
    PaymentBench,
    PaymentPart,
    Play,
    Will,
    collection,
)
from faktura.testing.kit.payments_outcomes import LONG, assert_paid, looked_up
from faktura.testing.kit.payments_rules import assert_books_agree, told
from faktura.testing.kit.payments_wire import (
    NO_ANSWERS,
    TROUBLES,
    Always,
    Bent,
    Heard,
    Trouble,
    odd_answers,
)
from faktura.testing.kit.wire import Fault

RETRY_AFTER = 7
"""How many seconds the kit's wire asks to be left alone when there were too many requests."""

STRANGERS = (
    (200, b""),
    (200, b"{}"),
    (200, b"[]"),
    (200, b"null"),
    (200, b'"paid"'),
    (200, b'{"id": 5, "status": {}, "amount": "x"}'),
    (200, b"[" * 20_000),
    (204, b""),
    (302, b""),
    (400, b"<html>Bad Request</html>"),
    (404, b"<html>Not Found</html>"),
    (409, b"<html>Conflict</html>"),
    (502, b"<html>Bad Gateway</html>"),
    (503, b"{}"),
)
"""Status and body of answers that a machine in between gives, or a provider on a bad day."""


@dataclass
class Held(Http):
    """Somebody who never answers; `begun` says that a request is there."""

    begun: asyncio.Event

    @override
    async def request(self, request: HttpRequest) -> HttpAnswer:
        """Wait for ever."""
        self.begun.set()
        await asyncio.Event().wait()
        raise AssertionError("nobody lets it go")


class LostAnswers(PaymentPart):
    """Collections and questions whose request, or whose answer, got lost."""

    @pytest.mark.parametrize("trouble", TROUBLES, ids=str)
    @pytest.mark.asyncio
    async def test_a_lost_answer_is_neither_yes_nor_no(self, trouble: Trouble) -> None:
        """Whatever request of a collection it meets; later the truth is found, and paid once.

        Only what was surely not sent may be told as not done (payments 6.3).
        """
        requests = await self._requests_of_a_collection()
        for after in range(requests):
            async with self.opened(PaymentBench, Will.PAY, Play.LOSE) as bench:
                request = collection(bench.expect(Will.PAY))
                bench.disturb(trouble, after=after)
                answer = await told(bench.adapter().collect(request))

                if requests == 1:
                    _assert_undecided(answer, trouble)
                assert_books_agree(answer, bench.taken(ATTEMPT.hex))
                await _assert_found_and_paid_once(bench, request)

    async def _requests_of_a_collection(self) -> int:
        async with self.opened(PaymentBench, Will.PAY, Play.LOSE) as bench:
            request = collection(bench.expect(Will.PAY))
            before = bench.asked()
            assert_paid(await bench.adapter().collect(request))
            requests = bench.asked() - before
            assert requests, "it asked nobody: say so in `cannot`, with Play.LOSE"
            return requests

    @pytest.mark.parametrize("known", [True, False], ids=["by-reference", "by-key"])
    @pytest.mark.parametrize("trouble", NO_ANSWERS, ids=str)
    @pytest.mark.asyncio
    async def test_a_look_up_that_gets_no_answer_finds_nothing_out(
        self,
        trouble: Trouble,
        known: bool,  # noqa: FBT001
    ) -> None:
        """Above all it is not absent: then the invoice would be charged again."""
        async with self.opened(PaymentBench, Will.PAY, Play.LOSE_LOOK_UP) as bench:
            request = collection(bench.expect(Will.PAY))
            paid = assert_paid(await bench.adapter().collect(request))
            bench.disturb(trouble)
            asked = AttemptReference(request=request, reference=paid.reference if known else "")
            before = bench.asked()

            answer = await told(bench.adapter().look_up(asked))

            assert bench.asked() > before, "it asked nobody"
            # Who asks again another way may find it.
            assert isinstance(answer, Unclear | OutsideUnavailable | Succeeded), f"{answer!r}"
            assert not bench.wire.faults

    @pytest.mark.parametrize(("status", "body"), STRANGERS)
    @pytest.mark.asyncio
    async def test_what_is_no_answer_of_the_providers_decides_nothing(
        self, status: int, body: bytes
    ) -> None:
        """A proxy's page, an empty object, a list: nobody said yes, nobody said no."""
        async with self.opened(PaymentBench, Will.PAY, Play.LOSE_LOOK_UP) as bench:
            request = collection(bench.expect(Will.PAY))
            adapter, real = bench.adapter(), bench.wire.inner
            bench.wire.inner = Always(status, body)
            answer = await told(adapter.collect(request))
            bench.wire.inner = real

            assert isinstance(answer, Unclear | OutsideUnavailable | AccountBroken), f"{answer!r}"
            paid = assert_paid(await bench.adapter().collect(request))
            bench.wire.inner = Always(status, body)
            for reference in (paid.reference, ""):
                asked = AttemptReference(request=request, reference=reference)
                found = await told(bench.adapter().look_up(asked))
                assert not isinstance(found, Succeeded | Pending)
                # A provider may say by a 404 alone that it has no payment of this name.
                if status != 404:
                    assert isinstance(found, Unclear | OutsideUnavailable | AccountBroken), (
                        f"{found!r}"
                    )

    @pytest.mark.asyncio
    async def test_an_odd_field_of_an_answer_breaks_nothing(self) -> None:
        """A currency of next year, an amount without end: an answer by name, for the money moved."""
        async with self.opened(PaymentBench, Will.PAY, Play.LOSE_LOOK_UP) as bench:
            request = collection(bench.expect(Will.PAY))
            paid = assert_paid(await bench.adapter().collect(request))
            asked = AttemptReference(request=request, reference=paid.reference)
            real = bench.wire.inner
            heard = bench.wire.inner = Heard(real)
            assert_paid(await bench.adapter().look_up(asked))

            for true in list(heard.answers):
                for odd in odd_answers(true.body):
                    bench.wire.inner = Bent(real, true.body, odd)
                    answer = await told(bench.adapter().look_up(asked))
                    assert not isinstance(answer, Declined | Rejected), f"{answer!r} of {odd!r}"

    @pytest.mark.parametrize("status", [401, 403])
    @pytest.mark.asyncio
    async def test_a_key_of_ours_that_is_refused_is_no_fault_of_the_customers(
        self, status: int
    ) -> None:
        """The account stops, no mail goes to anybody (payments 6.3)."""
        async with self.opened(PaymentBench, Will.PAY, Play.LOSE_LOOK_UP) as bench:
            request = collection(bench.expect(Will.PAY))
            bench.wire.inner = Always(status, b"{}", {"content-type": "application/json"})

            answers = [
                await told(bench.adapter().collect(request)),
                await told(bench.adapter().look_up(AttemptReference(request=request))),
            ]

            assert [type(one) for one in answers] == [AccountBroken, AccountBroken]
            assert all(getattr(one, "mend", "") for one in answers), "a person has to act on it"

    @pytest.mark.parametrize("pause", ["", "soon", "-5", "1.5", "Wed, 21 Oct 2031 07:28:00 GMT"])
    @pytest.mark.asyncio
    async def test_a_pause_that_is_no_number_is_none(self, pause: str) -> None:
        """A provider may ask to be left alone until a date, or for nothing that can be read."""
        async with self.opened(PaymentBench, Will.PAY, Play.LOSE_LOOK_UP) as bench:
            request = collection(bench.expect(Will.PAY))
            bench.wire.inner = Always(429, b"{}", {"retry-after": pause} if pause else {})

            answer = await told(bench.adapter().collect(request))

            assert isinstance(answer, OutsideUnavailable), f"{answer!r}"
            assert 0 <= answer.retry_after <= 3600

    @pytest.mark.asyncio
    async def test_who_stops_waiting_learns_nothing(self) -> None:
        """A call that is cancelled ends as cancelled: swallowed, it would become an answer."""
        async with self.opened(PaymentBench, Will.PAY, Play.LOSE_LOOK_UP) as bench:
            begun = asyncio.Event()
            request = collection(bench.expect(Will.PAY))
            bench.wire.inner = Held(begun)
            running = asyncio.ensure_future(bench.adapter().collect(request))
            await asyncio.wait_for(begun.wait(), 10)
            running.cancel()

            with pytest.raises(asyncio.CancelledError):
                await running


def _assert_undecided(answer: object, trouble: Trouble) -> None:
    """One request, no answer: what may be said of it."""
    if trouble.fault is Fault.NOT_SENT:
        assert isinstance(answer, OutsideUnavailable), f"it was surely not sent: {answer!r}"
    elif trouble.fault is Fault.THROTTLED:
        assert isinstance(answer, OutsideUnavailable), f"it was surely not done: {answer!r}"
        assert answer.retry_after == RETRY_AFTER, "it asked to be left alone for so long"
    else:
        assert isinstance(answer, Unclear), f"nobody knows, and it says {answer!r}"
        assert answer.why


async def _assert_found_and_paid_once(bench: PaymentBench, request: CollectRequest) -> None:
    """The core's resolver, after the trouble is over: by look-up, and by the same request again."""
    had = list(bench.taken(request.key))
    found = await looked_up(bench, request)
    if had:
        assert_paid(found)
    else:
        assert isinstance(found, Absent), f"nothing was paid, and it finds {found!r}"
    if bench.adapter().capabilities().key_window is None:
        return
    bench.surroundings.clock.advance(LONG)
    assert_paid(await bench.adapter().collect(request))
    assert list(bench.taken(request.key)) == [EUR_119], "it was charged twice"
