"""The kit of links to accounting systems: a file is handed over once, and a lost answer is no yes."""

import pytest

from faktura.kernel.errors import BrokenOff, FakturaError
from faktura.kernel.outside_errors import (
    LinkExpired,
    LinkRefused,
    OutcomeUnknown,
    OutsideUnavailable,
)
from faktura.plugin import TransferState
from faktura.testing.kit.links_bench import IMAGE, REFERENCE, LinkBench
from faktura.testing.kit.wire import Fault

_SHORTEST = 20
_WRONG_ANSWERS = (Fault.CUT, Fault.GARBAGE, Fault.SERVER_ERROR)


class AccountingLinkKit(LinkBench):
    """What every link must keep; its maker gives a double of the other side (`LinkDouble`)."""

    async def test_a_login_has_secrets_of_its_own(self) -> None:
        """Fresh and unguessable each time; the verifier stays here (RFC 7636)."""
        async with self.at_work() as at:
            first, second = await at.link.login(at.back), await at.link.login(at.back)

            told = [one.get_secret_value() for one in (first.nonce, first.verifier)]
            again = [one.get_secret_value() for one in (second.nonce, second.verifier)]
            secrets = {first.state, second.state, *told, *again}
            assert len(secrets) == 6
            assert min(map(len, secrets)) >= _SHORTEST
            assert told[1] not in first.url
            assert first.state in first.url
            assert first.redirect_uri == at.back

    async def test_a_code_becomes_tokens_once(self) -> None:
        """They end after now; a code of another login is refused."""
        async with self.at_work() as at:
            login, other = await at.link.login(at.back), await at.link.login(at.back)
            code = await at.double.came_back(login)
            now = at.double.clock.now()

            with pytest.raises(LinkRefused):
                await at.link.redeem(other, code)
            tokens = await at.tokens()

            assert now < tokens.access_until <= tokens.refresh_until
            assert (await at.link.client(tokens)).problems == ()
            third = await at.link.login(at.back)
            swapped = third.model_copy(update={"nonce": other.nonce})
            code = await at.double.came_back(third)
            with pytest.raises(LinkRefused):
                await at.link.redeem(swapped, code)

    async def test_an_expired_token_is_told_by_every_call(self) -> None:
        """LinkExpired, so that the core refreshes once; the new tokens do it."""
        async with self.at_work() as at:
            old = await at.tokens()
            sent = await at.link.send_file(old, self.file(), REFERENCE)
            await at.link.send_document(old, IMAGE)
            at.double.expire()

            for act in at.acts(old, sent.job).values():
                with pytest.raises(LinkExpired):
                    await act()
            fresh = await at.link.refresh(old)

            assert fresh.access != old.access
            assert fresh.access_until > at.double.clock.now()
            assert fresh.person == old.person
            assert (await at.link.find(fresh, REFERENCE)) is not None
            assert len(at.double.files()) == 1

    async def test_a_refresh_that_was_not_sent_keeps_the_token(self) -> None:
        """OutsideUnavailable says that it is as good as before; a lost answer does not say so."""
        async with self.at_work() as at:
            tokens = await at.tokens()

            at.wire.fail_next(Fault.NOT_SENT)
            with pytest.raises(OutsideUnavailable):
                await at.link.refresh(tokens)
            at.wire.fail_next(Fault.ANSWER_LOST)
            with pytest.raises(FakturaError) as lost:
                await at.link.refresh(tokens)

            assert not isinstance(lost.value, OutsideUnavailable)

    async def test_revoked_tokens_are_of_no_more_use(self) -> None:
        """Both of them."""
        async with self.at_work() as at:
            tokens = await at.tokens()

            await at.link.revoke(tokens)

            with pytest.raises(LinkExpired):
                await at.link.client(tokens)
            with pytest.raises(LinkRefused):
                await at.link.refresh(tokens)

    async def test_a_file_arrives_as_it_is_and_waits(self) -> None:
        """Its job is PENDING until the other side says otherwise; it is asked for not too early."""
        async with self.at_work() as at:
            tokens = await at.tokens()

            sent = await at.link.send_file(tokens, self.file(), REFERENCE)

            assert at.double.files() == [self.file().content]
            assert sent.state is TransferState.PENDING
            assert sent.check_after is None or sent.check_after >= at.double.clock.now()
            found = await at.link.find(tokens, REFERENCE)
            assert found is not None
            assert found.job == sent.job
            assert await at.link.find(tokens, "never sent") is None

    @pytest.mark.parametrize("state", [TransferState.ACCEPTED, TransferState.FAILED])
    async def test_what_became_of_a_file_is_told(self, state: TransferState) -> None:
        """Asked for by its job and found by its reference; a failure says why."""
        async with self.at_work() as at:
            tokens = await at.tokens()
            sent = await at.link.send_file(tokens, self.file(), REFERENCE)
            at.double.settle(sent.job, state)

            asked = await at.asked(tokens, sent.job)
            found = await at.link.find(tokens, REFERENCE)

            assert found is not None
            assert (asked.state, found.state) == (state, state)
            assert (asked.job, found.job) == (sent.job, sent.job)
            assert asked.message or state is TransferState.ACCEPTED

    async def test_a_state_that_nobody_knows_is_no_answer(self) -> None:
        """It is refused or still waits: neither a yes nor a no."""
        async with self.at_work() as at:
            tokens = await at.tokens()
            sent = await at.link.send_file(tokens, self.file(), REFERENCE)
            at.double.settle(sent.job, None)
            state = TransferState.PENDING
            try:
                state = (await at.asked(tokens, sent.job)).state
            except FakturaError as refused:
                self.assert_told(refused)
            assert state is TransferState.PENDING
            with pytest.raises(LinkRefused):
                await at.link.transfer(tokens, "../no/job")

    async def test_a_file_that_was_not_sent_can_be_sent_again(self) -> None:
        """OutsideUnavailable: nothing was done there."""
        async with self.at_work() as at:
            tokens = await at.tokens()

            at.wire.fail_next(Fault.NOT_SENT)
            with pytest.raises(OutsideUnavailable):
                await at.link.send_file(tokens, self.file(), REFERENCE)
            assert at.double.files() == []
            await at.link.send_file(tokens, self.file(), REFERENCE)

            assert len(at.double.files()) == 1

    async def test_a_file_whose_answer_was_lost_is_found_and_not_sent_again(self) -> None:
        """OutcomeUnknown: the reference tells what became of it."""
        async with self.at_work() as at:
            tokens = await at.tokens()

            at.wire.fail_next(Fault.ANSWER_LOST)
            with pytest.raises(OutcomeUnknown):
                await at.link.send_file(tokens, self.file(), REFERENCE)
            found = await at.link.find(tokens, REFERENCE)

            assert found is not None
            assert (await at.asked(tokens, found.job)).job == found.job
            assert len(at.double.files()) == 1

    async def test_a_document_is_there_once_however_often_it_is_sent(self) -> None:
        """Its id is ours: one that is there already counts as handed over."""
        async with self.at_work() as at:
            tokens = await at.tokens()
            await at.link.send_document(tokens, IMAGE)
            assert at.double.documents() == [IMAGE.content]

            for _ in range(2):
                await at.link.send_document(tokens, IMAGE)
            at.wire.always = Fault.ANSWER_LOST
            with pytest.raises(OutcomeUnknown):
                await at.link.send_document(tokens, IMAGE)

            assert at.double.documents() == [IMAGE.content]

    async def test_a_question_without_an_answer_is_asked_again(self) -> None:
        """Nothing was to be done there, so nothing is unknown and nothing is refused for good."""
        async with self.at_work() as at:
            tokens = await at.tokens()
            sent = await at.link.send_file(tokens, self.file(), REFERENCE)

            for name, act in at.questions(tokens, sent.job).items():
                for fault in (Fault.NOT_SENT, Fault.ANSWER_LOST):
                    at.wire.fail_next(fault)
                    with pytest.raises(BrokenOff):
                        await act()
                    assert not at.wire.faults, name
                await act()

    async def test_answers_that_are_none_are_errors_with_a_name(self) -> None:
        """Half an answer, a page, a 500: no accident of the program, and no false yes."""
        async with self.at_work() as at:
            tokens = await at.tokens()
            sent = await at.link.send_file(tokens, self.file(), REFERENCE)
            await at.link.send_document(tokens, IMAGE)

            for act in at.questions(tokens, sent.job).values():
                for fault in _WRONG_ANSWERS:
                    at.wire.fail_next(fault)
                    with pytest.raises(FakturaError) as told:
                        await act()
                    self.assert_told(told.value)
            for fault in (Fault.GARBAGE, Fault.SERVER_ERROR):
                at.wire.fail_next(fault)
                # It arrived: nobody may say that nothing was done there.
                with pytest.raises((OutcomeUnknown, LinkRefused)):
                    await at.link.send_file(tokens, self.file(), f"{REFERENCE} {fault.lower()}")
            at.wire.fail_next(Fault.GARBAGE)
            with pytest.raises(FakturaError):
                await at.link.refresh(tokens)

    async def test_who_is_asked_to_wait_waits(self) -> None:
        """429 with its seconds, by every call."""
        async with self.at_work() as at:
            tokens = await at.tokens()
            sent = await at.link.send_file(tokens, self.file(), REFERENCE)
            await at.link.send_document(tokens, IMAGE)

            for act in at.acts(tokens, sent.job).values():
                at.wire.fail_next(Fault.THROTTLED)
                with pytest.raises(OutsideUnavailable) as told:
                    await act()
                assert told.value.retry_after == 7

    async def test_secrets_are_never_shown(self) -> None:
        """Neither in a log, nor in an address, nor in an error, nor printed."""
        async with self.at_work() as at:
            tokens = await at.tokens()
            secrets = [*at.double.secrets()]
            secrets += [tokens.access.get_secret_value(), tokens.refresh.get_secret_value()]
            sent = await at.link.send_file(tokens, self.file(), REFERENCE)
            await at.link.send_document(tokens, IMAGE)
            shown = [f"{tokens!r} {tokens} {at.link.settings!r}"]
            for fault in (Fault.NOT_SENT, Fault.ANSWER_LOST, *_WRONG_ANSWERS, Fault.THROTTLED):
                for act in at.acts(tokens, sent.job).values():
                    at.wire.fail_next(fault)
                    try:
                        await act()
                    except FakturaError as error:
                        shown.append(f"{error} {error.as_dict()} {error!r}")
                    at.wire.faults.clear()
            await at.link.revoke(tokens)

            shown += [request.url for request in at.wire.sent]
            assert [text for text in shown if any(secret in text for secret in secrets)] == []
            assert at.log.secrets_in(secrets) == []
