"""What an answer of REFTAX means: a yes only where it says so of this number."""

import json
from collections.abc import Mapping

from faktura.kernel.errors import FileUnreadable, shortened
from faktura.kernel.outside_errors import LinkRefused, OutsideUnavailable
from faktura.kernel.vat_terms import VatCheckResult, VatTraderMatch
from faktura.plugin import HttpAnswer, VatIdAnswer, VatIdQuestion

_RESULTS = {
    "known": VatCheckResult.VALID,
    "unknown": VatCheckResult.INVALID,
    "away": VatCheckResult.UNAVAILABLE,
}
_REFUSED = (401, 403, 422)
_MATCHES = {True: VatTraderMatch.MATCH, False: VatTraderMatch.DIFFERS}


def answer_of(question: VatIdQuestion, answer: HttpAnswer) -> VatIdAnswer:
    """What REFTAX says of the number.

    Raises OutsideUnavailable, LinkRefused for a key or a question that it does not take,
    FileUnreadable for what is no answer to it.
    """
    if answer.status in _REFUSED:
        raise LinkRefused(f"it says no: {answer.status}", mend="Correct `key`, or the VAT ids")
    if answer.status != 200:
        raise OutsideUnavailable(
            f"REFTAX does not answer now: status {answer.status}",
            retry_after=answer.retry_after,
        )
    said = _object(answer.body)
    result = _RESULTS.get(str(said.get("result")))
    if result is None or said.get("vat_id") != question.vat_id:
        raise FileUnreadable(f"the answer is not about {shortened(question.vat_id)}")
    return VatIdAnswer(
        result=result,
        reference=_text(said, "reference"),
        name=_text(said, "name"),
        address=_text(said, "address"),
        name_match=_match(said, "name_match"),
        street_match=_match(said, "street_match"),
        zip_code_match=_match(said, "zip_code_match"),
        city_match=_match(said, "city_match"),
        problem=_text(said, "problem"),
        raw=answer.body,
    )


def _object(body: bytes) -> Mapping[str, object]:
    try:
        said = json.loads(body)
    except (ValueError, RecursionError):
        raise FileUnreadable("the answer of REFTAX is no JSON") from None
    if not isinstance(said, dict):
        raise FileUnreadable("the answer of REFTAX is no object")
    return said


def _text(said: Mapping[str, object], name: str) -> str:
    found = said.get(name)
    return found if isinstance(found, str) else ""


def _match(said: Mapping[str, object], name: str) -> VatTraderMatch:
    found = said.get(name)
    return _MATCHES[found] if isinstance(found, bool) else VatTraderMatch.NOT_TOLD
