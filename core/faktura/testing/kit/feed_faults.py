"""What goes wrong between a bank feed and us: lost, cut, refused, hostile; and no secret is told."""

import asyncio
from collections.abc import Sequence

import pytest
from pydantic import SecretStr

from faktura.kernel.errors import AmountUnreadable, FakturaError, FileUnreadable
from faktura.kernel.outside_errors import (
    AccountBroken,
    LinkRefused,
    OutcomeUnknown,
    OutsideUnavailable,
    PersonNeeded,
)
from faktura.plugin import FeedTask, FeedUser, FormRequest, HttpAnswer
from faktura.testing.kit.feed_bench import BankFeedBench, Linked
from faktura.testing.kit.outside_bench import (
    HOSTILE_TEXTS,
    JSON,
    ODD_BODIES,
    ODD_PAUSES,
    Answering,
    Keeping,
    check_addresses,
    check_pause,
    check_requests,
    check_secrets,
    check_told,
)
from faktura.testing.kit.wire import Fault

_FAULTS = [one for one in Fault if one is not Fault.NONE]
_NO_ANSWER = (OutsideUnavailable, FileUnreadable)
_OF_ORDER = {
    Fault.NOT_SENT: OutsideUnavailable,
    Fault.ANSWER_LOST: OutcomeUnknown,
    Fault.SERVER_ERROR: OutcomeUnknown,
    Fault.CUT: OutcomeUnknown,
    Fault.GARBAGE: OutcomeUnknown,
    Fault.THROTTLED: OutsideUnavailable,
}
_QUESTIONS = ("connections", "movements")


class FeedFaults(BankFeedBench):
    """Scenarios of faults; the wire breaks, the other side is odd."""

    @pytest.mark.parametrize("question", _QUESTIONS)
    @pytest.mark.parametrize("fault", _FAULTS)
    async def test_a_question_without_an_answer_is_asked_later(
        self, fault: Fault, question: str
    ) -> None:
        """It changes nothing there: whatever became of it, come back. It is asked once."""
        async with self.linked() as at:
            ask = at.questions()[question]
            await ask()
            at.wire.sent.clear()
            at.wire.fail_next(fault)
            with pytest.raises(_NO_ANSWER) as caught:
                await ask()

            check_told(caught.value)
            assert len(at.wire.sent) == 1, "a connector does not try again by itself"
            if fault not in (Fault.CUT, Fault.GARBAGE):
                assert isinstance(caught.value, OutsideUnavailable)
            if fault is Fault.THROTTLED:
                assert getattr(caught.value, "retry_after", 0) == 7, "it said for how long"
            await ask()

    @pytest.mark.parametrize("order", ["update", "form", "user"])
    @pytest.mark.parametrize("fault", _FAULTS)
    async def test_of_a_lost_order_nobody_knows(self, fault: Fault, order: str) -> None:
        """Not sent is surely not done; a lost answer is not: and it can be given again."""
        async with self.linked() as at:
            at.wire.fail_next(fault)
            with pytest.raises((*_NO_ANSWER, OutcomeUnknown)) as caught:
                await at.orders()[order]()

            check_told(caught.value)
            allowed = {_OF_ORDER[fault]}
            if fault in (Fault.CUT, Fault.GARBAGE):
                allowed.add(FileUnreadable)
            assert type(caught.value) in allowed
            await at.rest()
            assert (await at.update()).connection == at.connection

    @pytest.mark.parametrize("fault", _FAULTS)
    async def test_a_lost_look_leaves_the_task(self, fault: Fault) -> None:
        """The next look finds it."""
        async with self.linked() as at:
            begun = await at.feed.begin_update(at.user, at.connection, FormRequest())
            at.wire.fail_next(fault)
            with pytest.raises(_NO_ANSWER):
                await at.feed.look_up(at.user, begun)

            assert (await at.looked(begun)).connection == at.connection

    async def test_an_unknown_task_comes_back_as_it_was(self) -> None:
        """The feed does not know it yet, or any more."""
        async with self.linked() as at:
            begun = await at.feed.begin_update(at.user, at.connection, FormRequest())
            unknown = begun.model_copy(update={"reference": "0"})

            assert await at.feed.look_up(at.user, unknown) == unknown

    @pytest.mark.parametrize("body", ODD_BODIES, ids=lambda body: repr(body[:12]))
    async def test_an_odd_answer_is_no_answer(self, body: bytes) -> None:
        """Neither a page without bookings nor a user without connections is made of it."""
        async with self.linked() as at:
            for ask in at.questions().values():
                await ask()
                kept, at.wire.inner = at.wire.inner, Answering(HttpAnswer(200, JSON, body))
                with pytest.raises(_NO_ANSWER) as caught:
                    await ask()
                at.wire.inner = kept
                check_told(caught.value)

    @pytest.mark.parametrize("pause", ODD_PAUSES, ids=lambda text: repr(text[:12]))
    async def test_an_odd_pause_is_none(self, pause: str) -> None:
        """Whatever stands in Retry-After."""
        async with self.linked() as at:
            answer = HttpAnswer(429, {**JSON, "retry-after": pause}, b"{}")
            at.wire.inner = Answering(answer)
            with pytest.raises(OutsideUnavailable) as caught:
                await at.feed.connections(at.user)
            check_pause(caught.value)

    async def test_half_a_page_is_no_page(self) -> None:
        """Wherever the answer was cut."""
        async with self.linked() as at:
            accounts, said = await _page_of(at, "5.00")
            body = said.body.rstrip()
            for cut in range(0, len(body), 1 + len(body) // 60):
                at.wire.inner = Answering(HttpAnswer(said.status, said.headers, body[:cut]))
                with pytest.raises(_NO_ANSWER):
                    await at.feed.movements(at.user, accounts, at.today, 1)

    @pytest.mark.parametrize("amount", [b"1e400", b'"abc"', b"null", b"true", b"[]", b"NaN", b'""'])
    async def test_an_unreadable_amount_stops_the_page(self, amount: bytes) -> None:
        """Nobody guesses it, skips it or takes it for nothing."""
        async with self.linked() as at:
            accounts, said = await _page_of(at, "4711.25")
            body = said.body.replace(b'"4711.25"', amount).replace(b"4711.25", amount)
            at.wire.inner = Answering(HttpAnswer(said.status, said.headers, body))

            with pytest.raises((AmountUnreadable, *_NO_ANSWER)) as caught:
                await at.feed.movements(at.user, accounts, at.today, 1)
            assert body != said.body
            if amount not in (b"1e400", b"NaN"):
                assert type(caught.value) is AmountUnreadable, "it is the amount, and nothing else"
            check_told(caught.value)

    @pytest.mark.parametrize("status", [400, 405, 409, 410, 422, 301])
    async def test_a_no_is_told_from_not_now(self, status: int) -> None:
        """Asked again by itself it would be refused for ever."""
        async with self.linked() as at:
            at.wire.inner = Answering(HttpAnswer(status, JSON, b'{"error": "no \x1b[31m"}'))
            with pytest.raises(LinkRefused) as caught:
                await at.feed.connections(at.user)
            check_told(caught.value)

    async def test_a_need_for_a_person_is_told_from_a_no(self) -> None:
        """The core asks somebody to a form then; it neither gives up nor tries again."""
        async with self.linked() as at:
            status = at.bank.person_status
            if status is None:
                pytest.skip("the feed has no status for it")
            at.wire.inner = Answering(HttpAnswer(status, JSON, b"{}"))
            with pytest.raises(PersonNeeded) as caught:
                await at.feed.begin_update(at.user, at.connection, FormRequest())
            assert caught.value.mend, "nobody knows what to do"

    async def test_a_refused_password_is_a_broken_account_and_tried_once(self) -> None:
        """A few more tries would lock the user; nobody else's login suffers."""
        async with self.linked() as at:
            wrong = FeedUser(id=at.user.id, password=SecretStr("kit-wrong-password"))
            feed, _ = self.on(at.bank, at.wire)
            with pytest.raises(AccountBroken) as caught:
                await feed.connections(wrong)

            assert at.bank.wrong_passwords() == 1
            assert caught.value.mend, "nobody knows what to mend"
            assert "kit-wrong-password" not in f"{caught.value!r} {caught.value}"
            assert len(await at.feed.connections(at.user)) == 1

    @pytest.mark.parametrize("text", HOSTILE_TEXTS, ids=lambda text: repr(text[:12]))
    async def test_no_reference_steers_a_request(self, text: str) -> None:
        """Ids and searches are data: they change no address and no header."""
        async with self.linked() as at:
            unknown = (await at.feed.begin_connection(at.user, FormRequest(bank=text))).model_copy(
                update={"reference": text}
            )
            await self._refused_or_nothing(at, unknown, text)
            check_requests(at.wire.sent, at.bank.secrets())
            assert len(await at.feed.connections(at.user)) == 1, "a text deleted the connection"

    async def _refused_or_nothing(self, at: Linked, unknown: FeedTask, text: str) -> None:
        asked = await asyncio.gather(
            at.feed.look_up(at.user, unknown),
            at.feed.begin_update(at.user, text, FormRequest()),
            at.feed.movements(at.user, [text], at.today, 1),
            at.feed.disconnect(at.user, text),
            return_exceptions=True,
        )
        for one in asked:
            if isinstance(one, FakturaError):
                check_told(one)
            elif isinstance(one, BaseException):
                raise one

    async def test_its_addresses_are_addresses(self) -> None:
        """Nothing else is asked with our key."""
        async with self.running() as bank:
            check_addresses(bank.settings())

    async def test_no_secret_is_told(self) -> None:
        """Neither in the log nor in an error or anything printed; passwords are told nobody."""
        async with self.linked() as at:
            password = at.user.password.get_secret_value()
            told: list[object] = [
                at.feed,
                at.feed.settings,
                at.user,
                *await at.feed.connections(at.user),
            ]
            for fault in _FAULTS:
                at.wire.fail_next(fault)
                with pytest.raises(FakturaError) as caught:
                    await at.feed.connections(at.user)
                told.append(caught.value)
            secrets = [*at.bank.secrets(), password]
            assert password, "a user without a password"
            check_secrets(at.around, secrets, told)
            check_requests(at.wire.sent, secrets)


async def _page_of(at: Linked, amount: str) -> tuple[Sequence[str], HttpAnswer]:
    """The accounts, and the feed's own answer to a page with a booking of that amount."""
    at.bank.book(amount, "kept")
    await at.update()
    accounts = await at.accounts()
    kept = Keeping(at.wire.inner)
    at.wire.inner = kept
    await at.feed.movements(at.user, accounts, at.today, 1)
    return accounts, kept.answers[-1]
