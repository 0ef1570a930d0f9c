"""What an answer of VIES means.

Three ways not to answer are told apart: a member state that is not there now (UNAVAILABLE, an
answer), VIES itself that is not (come back later), and a question that it refuses (a person).
"""

import json
import re
from collections.abc import Mapping

from faktura.kernel.errors import FileUnreadable, shortened
from faktura.kernel.outside_errors import LinkRefused, OutsideUnavailable
from faktura.kernel.vat_terms import VatCheckResult, VatTraderMatch
from faktura.plugin import HttpAnswer, VatIdAnswer, VatIdQuestion

PLACE = "VIES"
_OF_STATE = frozenset({"MS_UNAVAILABLE", "TIMEOUT", "MS_MAX_CONCURRENT_REQ"})
_REFUSED = {
    "INVALID_INPUT": "Correct the VAT id, or its country",
    "INVALID_REQUESTER_INFO": "Correct the tenant's own VAT id: VIES does not know it",
    "VAT_BLOCKED": "Ask the Commission why this VAT id may not ask",
    "IP_BLOCKED": "Ask the Commission why this machine may not ask",
}
_MATCHES = {
    "VALID": VatTraderMatch.MATCH,
    "INVALID": VatTraderMatch.DIFFERS,
    "NOT_PROCESSED": VatTraderMatch.NOT_TOLD,
    "NOT_SUPPORTED": VatTraderMatch.NOT_TOLD,
}
_NOT_TOLD = "---"
# VIES says by a busy member state that the number of questions a time is used up.
_BY_TIME = "_TIME"
_OK = 200
_BUSY_SECONDS = 60
_SECONDS = re.compile(r"[0-9]{1,5}")


def answer_of(question: VatIdQuestion, answer: HttpAnswer) -> VatIdAnswer:
    """What VIES says of the number.

    Raises OutsideUnavailable, LinkRefused for a question that it does not take, and FileUnreadable
    for an answer that cannot be read or is about another number.
    """
    content = _content(answer)
    problem = _problem(content)
    if problem in _REFUSED:
        raise LinkRefused(f"it says {problem}", place=PLACE, mend=_REFUSED[problem])
    if problem.removesuffix(_BY_TIME) in _OF_STATE:
        return VatIdAnswer(result=VatCheckResult.UNAVAILABLE, problem=problem, raw=answer.body)
    if problem or answer.status != _OK:
        said = problem or f"status {answer.status}"
        raise OutsideUnavailable(
            f"it does not answer now: {shortened(said)}",
            place=PLACE,
            retry_after=_pause(answer) or _BUSY_SECONDS,
        )
    return _read(question, content, answer.body)


def _content(answer: HttpAnswer) -> Mapping[str, object]:
    try:
        content = json.loads(answer.body)
    except (ValueError, RecursionError):
        content = None
    if isinstance(content, dict):
        return content
    if answer.status != _OK:
        # A page of the Commission's proxy stands where the answer should be.
        raise OutsideUnavailable(
            f"it does not answer now: status {answer.status}",
            place=PLACE,
            retry_after=_pause(answer),
        )
    raise FileUnreadable("the answer is no JSON object", place=PLACE, mend="Try again later")


def _pause(answer: HttpAnswer) -> int:
    """How many seconds Retry-After asks to wait, 0 where it says nothing we understand."""
    text = answer.headers.get("retry-after", "").strip()
    return int(text) if _SECONDS.fullmatch(text) else 0


def _problem(content: Mapping[str, object]) -> str:
    """The code of what kept VIES from answering, empty for an answer."""
    wrappers = content.get("errorWrappers")
    if isinstance(wrappers, list) and wrappers:
        first = wrappers[0]
        return str(first.get("error")) if isinstance(first, dict) else "UNKNOWN"
    said = content.get("userError")
    if said in (None, "", "VALID", "INVALID"):
        return "" if content.get("actionSucceed") is not False else "UNKNOWN"
    return str(said)


def _read(question: VatIdQuestion, content: Mapping[str, object], raw: bytes) -> VatIdAnswer:
    valid = content.get("valid")
    told = f"{content.get('countryCode')}{content.get('vatNumber')}"
    if not isinstance(valid, bool) or told != question.vat_id:
        raise FileUnreadable(
            f"the answer is not about {question.vat_id}", place=PLACE, mend="Try again later"
        )
    return VatIdAnswer(
        result=VatCheckResult.VALID if valid else VatCheckResult.INVALID,
        reference=_text(content, "requestIdentifier"),
        name=_text(content, "name"),
        address=_text(content, "address"),
        name_match=_match(content, "traderNameMatch"),
        street_match=_match(content, "traderStreetMatch"),
        zip_code_match=_match(content, "traderPostalCodeMatch"),
        city_match=_match(content, "traderCityMatch"),
        raw=raw,
    )


def _text(content: Mapping[str, object], name: str) -> str:
    said = content.get(name)
    return said.strip() if isinstance(said, str) and said.strip() != _NOT_TOLD else ""


def _match(content: Mapping[str, object], name: str) -> VatTraderMatch:
    """A word that VIES adds one day tells nothing, rather than something wrong."""
    return _MATCHES.get(str(content.get(name)), VatTraderMatch.NOT_TOLD)
