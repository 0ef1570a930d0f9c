"""The kit of VAT-id checkers: a yes only from the register, and no guess where it says nothing."""

import asyncio
import re

import pytest

from faktura.kernel.errors import FakturaError, FileUnreadable
from faktura.kernel.outside_errors import LinkRefused, OutsideUnavailable
from faktura.kernel.vat_terms import VatCheckResult, VatTraderMatch
from faktura.plugin import HttpAnswer, VatIdQuestion
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
from faktura.testing.kit.surroundings import Surroundings
from faktura.testing.kit.vat_bench import VatCheckerBench
from faktura.testing.kit.vat_register import QUESTION, UNKNOWN
from faktura.testing.kit.wire import Fault

_PLAIN = VatIdQuestion(vat_id=QUESTION.vat_id)
_NO_ANSWER = (OutsideUnavailable, FileUnreadable)
_FAULTS = [one for one in Fault if one is not Fault.NONE]


class VatIdCheckerKit(VatCheckerBench):
    """Scenarios of a VatIdChecker; a maker gives `adapter_class` and a double by `running`."""

    def test_it_has_a_name(self) -> None:
        """By which settings and messages call it."""
        assert re.fullmatch(r"[a-z][a-z0-9-]*", self.checker_class.checker)

    async def test_its_addresses_are_addresses(self) -> None:
        """Nothing else is asked with our key."""
        async with self.running() as register:
            check_addresses(register.settings())

    async def test_a_known_number_is_valid(self) -> None:
        """With what the register says of its holder, and the answer as it came for the proof."""
        async with self.asking() as at:
            answer = await at.checker.check(QUESTION)

            assert answer.result is VatCheckResult.VALID
            assert answer.raw
            assert answer.problem == ""
            assert not at.register.compares or (
                answer.name == "Alpina Verlag GmbH" and "Wien" in answer.address
            )

    async def test_an_unknown_number_is_invalid(self) -> None:
        """The register knows it not: an answer, with nobody's name."""
        async with self.asking() as at:
            answer = await at.checker.check(QUESTION.model_copy(update={"vat_id": UNKNOWN}))

            assert answer.result is VatCheckResult.INVALID
            assert (answer.name, answer.address) == ("", "")
            assert answer.raw

    async def test_what_is_given_is_compared(self) -> None:
        """Field by field: the one that differs, and no other."""
        fields = ("name", "street", "zip_code", "city")
        async with self.asking() as at:
            if not at.register.compares:
                pytest.skip("the register compares nothing")
            for wrong in ("", *fields):
                changed = {wrong: "Something Else"} if wrong else {}
                answer = await at.checker.check(QUESTION.model_copy(update=changed))

                found = {one: getattr(answer, f"{one}_match") for one in fields}
                match, differs = VatTraderMatch.MATCH, VatTraderMatch.DIFFERS
                assert found == {one: differs if one == wrong else match for one in fields}
                assert answer.result is VatCheckResult.VALID
            plain = await at.checker.check(_PLAIN)
            told = {getattr(plain, f"{one}_match") for one in fields}
            assert told == {VatTraderMatch.NOT_TOLD}

    async def test_who_asks_is_told_and_proved(self) -> None:
        """Only a request of somebody has a number that proves it (F120)."""
        async with self.asking() as at:
            named = await at.checker.check(QUESTION)
            again = await at.checker.check(QUESTION)
            plain = await at.checker.check(_PLAIN)

            assert list(at.register.asked()) == [
                ("ATU12345675", "DE123456788"), ("ATU12345675", "DE123456788"), ("ATU12345675", ""),
            ]  # fmt: skip
            assert plain.reference == ""
            if at.register.proves:
                assert named.reference
                assert named.reference != again.reference

    async def test_somebody_unknown_who_asks_is_refused(self) -> None:
        """A person must look: the number that was asked about is not judged."""
        async with self.asking() as at:
            if not at.register.proves:
                pytest.skip("the register does not ask who asks")
            with pytest.raises(LinkRefused) as caught:
                await at.checker.check(QUESTION.model_copy(update={"own_vat_id": "DE999999999"}))

            check_told(caught.value)

    @pytest.mark.parametrize("vat_id", ["AT", "XX123456789", "ATU!2345675", "1", "AT\x00"])
    async def test_a_misformed_number_is_never_valid(self, vat_id: str) -> None:
        """Refused, or known by nobody; never not now: it would be asked for ever."""
        async with self.asking() as at:
            try:
                answer = await at.checker.check(VatIdQuestion(vat_id=vat_id))
            except LinkRefused as error:
                check_told(error)
            else:
                assert answer.result in (VatCheckResult.INVALID, VatCheckResult.MISFORMED)

    async def test_a_member_state_that_is_away_is_an_answer(self) -> None:
        """UNAVAILABLE with its word and its proof; other states answer meanwhile."""
        async with self.asking() as at:
            if not at.register.states:
                pytest.skip("the register has no member states")
            at.register.know(QUESTION.model_copy(update={"vat_id": "FR40303265045"}))
            at.register.lose("AT")
            answer = await at.checker.check(QUESTION)
            other = await at.checker.check(QUESTION.model_copy(update={"vat_id": "FR40303265045"}))

            assert answer.result is VatCheckResult.UNAVAILABLE
            assert answer.problem
            assert answer.raw
            assert (answer.reference, answer.name) == ("", "")
            assert other.result is VatCheckResult.VALID

    @pytest.mark.parametrize("fault", _FAULTS)
    async def test_without_an_answer_nothing_is_known(self, fault: Fault) -> None:
        """Come back, or unreadable; asked once, and next time it is as it was."""
        async with self.asking() as at:
            at.wire.fail_next(fault)
            with pytest.raises(_NO_ANSWER) as caught:
                await at.checker.check(QUESTION)

            assert len(at.wire.sent) == 1, "a connector does not try again by itself"
            check_told(caught.value)
            if fault not in (Fault.CUT, Fault.GARBAGE):
                assert isinstance(caught.value, OutsideUnavailable)
            if fault is Fault.THROTTLED:
                assert getattr(caught.value, "retry_after", 0) == 7, "it said for how long"
            assert (await at.checker.check(QUESTION)).result is VatCheckResult.VALID

    @pytest.mark.parametrize("body", ODD_BODIES, ids=lambda body: repr(body[:12]))
    async def test_an_odd_answer_is_no_answer(self, body: bytes) -> None:
        """With a 200 as with a 500: neither yes nor no is guessed."""
        async with self.running() as register:
            for status in (200, 500):
                with pytest.raises(_NO_ANSWER) as caught:
                    await self.answer(register, Answering(HttpAnswer(status, JSON, body)))
                check_told(caught.value)

    @pytest.mark.parametrize("status", [301, 302, 404, 408, 429, 500, 502, 503, 504])
    async def test_a_true_answer_under_a_wrong_status_is_none(self, status: int) -> None:
        """What a proxy serves from yesterday is not what the register says."""
        async with self.asking() as at:
            kept = Keeping(at.register.http)
            await self.answer(at.register, kept)
            said = kept.answers[-1]

            with pytest.raises((*_NO_ANSWER, LinkRefused)) as caught:
                await self.answer(
                    at.register, Answering(HttpAnswer(status, said.headers, said.body))
                )
            check_told(caught.value)

    @pytest.mark.parametrize("status", [401, 403])
    async def test_a_key_that_is_refused_waits_for_a_person(self, status: int) -> None:
        """Asked again by itself it would be refused for ever."""
        async with self.running() as register:
            if not register.secrets():
                pytest.skip("the register asks for no key")
            with pytest.raises(LinkRefused) as caught:
                await self.answer(register, Answering(HttpAnswer(status, JSON, b"{}")))
            check_told(caught.value)
            assert caught.value.mend, "nobody knows what to mend"

    @pytest.mark.parametrize("pause", ODD_PAUSES, ids=lambda text: repr(text[:12]))
    async def test_an_odd_pause_is_none(self, pause: str) -> None:
        """Whatever stands in Retry-After."""
        async with self.running() as register:
            busy = Answering(HttpAnswer(429, {**JSON, "retry-after": pause}, b"{}"))
            with pytest.raises(OutsideUnavailable) as caught:
                await self.answer(register, busy)
            check_pause(caught.value)

    async def test_an_answer_that_broke_off_is_no_answer(self) -> None:
        """Wherever it was cut."""
        async with self.asking() as at:
            kept = Keeping(at.register.http)
            await self.answer(at.register, kept)
            said = kept.answers[-1]

            for cut in range(0, len(said.body.rstrip()), 5):
                part = HttpAnswer(said.status, said.headers, said.body[:cut])
                with pytest.raises(_NO_ANSWER):
                    await self.answer(at.register, Answering(part))

    async def test_an_answer_about_another_number_is_no_answer(self) -> None:
        """A cache in between mixed them up."""
        async with self.asking() as at:
            if not at.register.echoes:
                pytest.skip("its answers do not name the number")
            for other in (UNKNOWN, "ATU12345676", "BEU12345675"):
                kept = Keeping(at.register.http)
                checker = self.on(at.register, Surroundings(kept))
                await checker.check(QUESTION.model_copy(update={"vat_id": other}))

                with pytest.raises(FileUnreadable) as caught:
                    await self.answer(at.register, Answering(kept.answers[-1]))
                check_told(caught.value)

    @pytest.mark.parametrize("text", HOSTILE_TEXTS, ids=lambda text: repr(text[:12]))
    async def test_no_text_breaks_out_of_its_question(self, text: str) -> None:
        """A customer's name is a name; it changes no address, no header and no result."""
        async with self.asking() as at:
            fields = ("name", "street", "zip_code", "city")
            question = QUESTION.model_copy(update=dict.fromkeys(fields, text))
            try:
                answer = await at.checker.check(question)
            except FakturaError as error:
                check_told(error)
            else:
                assert answer.result is VatCheckResult.VALID
                assert answer.name_match is not VatTraderMatch.MATCH
            assert {asked for asked, _ in at.register.asked()} <= {"ATU12345675"}
            steered = QUESTION.model_copy(update={"vat_id": f"AT{text}"})
            try:
                answer = await at.checker.check(steered)
            except FakturaError as error:
                check_told(error)
            else:
                assert answer.result is not VatCheckResult.VALID
            check_requests(at.wire.sent, at.register.secrets())

    async def test_questions_at_once_get_their_own_answers(self) -> None:
        """One checker is asked by many; it keeps nothing of a question."""
        async with self.asking() as at:
            unknown = QUESTION.model_copy(update={"vat_id": UNKNOWN})
            asked = [QUESTION, unknown, _PLAIN, unknown, QUESTION]

            answers = await asyncio.gather(*(at.checker.check(one) for one in asked))

            valid, invalid = VatCheckResult.VALID, VatCheckResult.INVALID
            assert [one.result for one in answers] == [valid, invalid, valid, invalid, valid]
            assert at.around.state.values == {}
            assert len(at.wire.sent) == 5

    async def test_no_secret_is_told(self) -> None:
        """Neither in the log nor in an error, an answer or anything printed."""
        async with self.asking() as at:
            secrets = at.register.secrets()
            if not secrets:
                pytest.skip("the register asks for no secret")
            told: list[object] = [at.checker, at.checker.settings, await at.checker.check(QUESTION)]
            for fault in _FAULTS:
                at.wire.fail_next(fault)
                with pytest.raises(FakturaError) as caught:
                    await at.checker.check(QUESTION)
                told.append(caught.value)
            check_secrets(at.around, secrets, told)
            check_requests(at.wire.sent, secrets)
