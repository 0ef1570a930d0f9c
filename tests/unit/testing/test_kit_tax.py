"""The kit of VAT-id checkers can fail: each defect is found by the scenario that is named for it."""

import json

import pytest
from tests.unit.testing.reference_folders import NOTICED, kit_tests
from typing_extensions import override

from faktura.kernel.errors import FakturaError, FileUnreadable
from faktura.kernel.outside_errors import OutsideUnavailable
from faktura.kernel.vat_terms import VatCheckResult, VatTraderMatch
from faktura.plugin import HttpRequest, VatIdAnswer, VatIdChecker, VatIdQuestion
from faktura.testing.kit.wire import Fault
from faktura_ref_tax.adapter import RefVatIdChecker

VALID = VatIdAnswer(result=VatCheckResult.VALID, raw=b"{}")


class Trusting(RefVatIdChecker):
    """What cannot be read is a yes."""

    @override
    async def check(self, question: VatIdQuestion) -> VatIdAnswer:
        try:
            return await super().check(question)
        except FileUnreadable:
            return VALID


class Distrusting(RefVatIdChecker):
    """Who does not answer says no."""

    @override
    async def check(self, question: VatIdQuestion) -> VatIdAnswer:
        try:
            return await super().check(question)
        except OutsideUnavailable:
            return VatIdAnswer(result=VatCheckResult.INVALID, raw=b"{}")


class Deaf(RefVatIdChecker):
    """A member state that is away is a wrong number."""

    @override
    async def check(self, question: VatIdQuestion) -> VatIdAnswer:
        answer = await super().check(question)
        if answer.result is VatCheckResult.UNAVAILABLE:
            return answer.model_copy(update={"result": VatCheckResult.INVALID})
        return answer


class Persistent(RefVatIdChecker):
    """Tries again by itself."""

    @override
    async def check(self, question: VatIdQuestion) -> VatIdAnswer:
        try:
            return await super().check(question)
        except FakturaError:
            return await super().check(question)


class Nameless(RefVatIdChecker):
    """Does not say who asks."""

    @override
    async def check(self, question: VatIdQuestion) -> VatIdAnswer:
        return await super().check(question.model_copy(update={"own_vat_id": ""}))


class Agreeing(RefVatIdChecker):
    """Finds that every name matches."""

    @override
    async def check(self, question: VatIdQuestion) -> VatIdAnswer:
        answer = await super().check(question)
        return answer.model_copy(update={"name_match": VatTraderMatch.MATCH})


class Talking(RefVatIdChecker):
    """Writes its key into the log."""

    @override
    async def check(self, question: VatIdQuestion) -> VatIdAnswer:
        self.runtime.log.info("key %s", self.settings.model_dump()["key"].get_secret_value())
        return await super().check(question)


class Remembering(RefVatIdChecker):
    """Asks once, and says the same ever after."""

    said: VatIdAnswer | None = None

    @override
    async def check(self, question: VatIdQuestion) -> VatIdAnswer:
        self.said = self.said or await super().check(question)
        return self.said


class Steered(RefVatIdChecker):
    """Puts the number into the address."""

    @override
    async def check(self, question: VatIdQuestion) -> VatIdAnswer:
        url = f"https://reftax.example/v1/checks/{question.vat_id}"
        await self.runtime.http.request(HttpRequest("GET", url))
        return await super().check(question)


class Believing(RefVatIdChecker):
    """Does not look at the status."""

    @override
    async def check(self, question: VatIdQuestion) -> VatIdAnswer:
        answer = await self.runtime.http.request(HttpRequest("POST", "https://reftax.example/v1"))
        said = json.loads(answer.body)
        return VALID if said.get("result") == "known" else await super().check(question)


DEFECTS: dict[str, tuple[type[VatIdChecker], str, tuple[object, ...]]] = {
    "trusting": (Trusting, "test_an_odd_answer_is_no_answer", (b"{}",)),
    "half an answer": (Trusting, "test_an_answer_that_broke_off_is_no_answer", ()),
    "somebody else's": (Trusting, "test_an_answer_about_another_number_is_no_answer", ()),
    "distrusting": (
        Distrusting,
        "test_without_an_answer_nothing_is_known",
        (Fault.NOT_SENT,),
    ),
    "deaf": (Deaf, "test_a_member_state_that_is_away_is_an_answer", ()),
    "persistent": (
        Persistent,
        "test_without_an_answer_nothing_is_known",
        (Fault.SERVER_ERROR,),
    ),
    "nameless": (Nameless, "test_who_asks_is_told_and_proved", ()),
    "agreeing": (Agreeing, "test_what_is_given_is_compared", ()),
    "talking": (Talking, "test_no_secret_is_told", ()),
    "remembering": (Remembering, "test_questions_at_once_get_their_own_answers", ()),
    "steered": (Steered, "test_no_text_breaks_out_of_its_question", ("../../admin",)),
    "believing": (Believing, "test_a_true_answer_under_a_wrong_status_is_none", (500,)),
}


@pytest.mark.parametrize("defect", DEFECTS)
async def test_a_broken_checker_is_found(defect: str):
    """O1: the scenario fails with the defect, and passes without it."""
    checker, scenario, case = DEFECTS[defect]
    kit = kit_tests("tax").TestRefVatIdChecker

    await getattr(kit(), scenario)(*case)
    tried = type("Tried", (kit,), {"adapter_class": checker})()
    with pytest.raises((*NOTICED, FakturaError)):
        await getattr(tried, scenario)(*case)
