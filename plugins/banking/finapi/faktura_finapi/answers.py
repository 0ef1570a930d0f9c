"""finAPI's answers: which of them is a yes, a no, not now, or a word for a person (1.2).

Three shapes say no: errors[] of Access, error and error_description of the tokens, and those of the
web form, with code and description or with the fields that are wrong.
"""

import json
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import NoReturn, cast

from faktura.kernel.errors import FileUnreadable, NotFound, shortened
from faktura.kernel.outside_errors import (
    AccountBroken,
    LinkRefused,
    OutcomeUnknown,
    OutsideUnavailable,
    PersonNeeded,
)
from faktura.plugin import HttpAnswer

Json = Mapping[str, object]

_PAUSE = 60
_LONGEST_PAUSE = 24 * 3600
_LONGEST = 500
_AGAIN = "Try again later"
_BROKEN = "Check the client id, its secret and the licence at finAPI"
_REACH = "Reconnect the bank: finAPI does not know this connection any more"
_PERSON = "Open a form at the bank and confirm there"


def content(answer: HttpAnswer, place: str, *, asking: bool) -> Json:
    """The JSON object of a yes; `asking` says that nothing was to be done, so nothing is lost.

    Raises what the kernel's outside errors say for a no, OutsideUnavailable or OutcomeUnknown for an
    answer that was cut off, FileUnreadable for one of another kind.
    """
    if not 200 <= answer.status < 300:
        refuse(answer, place, asking=asking)
    if not answer.body.strip():
        return {}
    try:
        said = _parsed(answer.body)
    except (ValueError, RecursionError) as error:
        problem = f"the answer is no JSON: {shortened(error)}"
        raise _unheard(problem, place, asking=asking) from error
    if not isinstance(said, Mapping):
        raise FileUnreadable("the answer is not a JSON object", place=place)
    return cast("Json", said)


def refuse(answer: HttpAnswer, place: str, *, asking: bool) -> NoReturn:
    """Raise the error of a no."""
    status = answer.status
    problem = f"HTTP {status}: {told(answer)}".removesuffix(": ")
    if status in (401, 403):
        raise AccountBroken(problem, place=place, mend=_BROKEN)
    if status == 404 and told(answer):
        # Of a gateway that says so finAPI may never have heard: nothing has ended.
        raise NotFound(problem, place=place, mend=_REACH)
    if status == 510:
        raise PersonNeeded(problem, place=place, mend=_PERSON)
    if status in (423, 429, 503):
        raise OutsideUnavailable(
            problem, place=place, mend=_AGAIN, retry_after=pause_of(answer, _PAUSE)
        )
    if status == 408 or (status >= 500 and status != 501):
        raise _unheard(problem, place, asking=asking)
    raise LinkRefused(problem, place=place)


def _unheard(problem: str, place: str, *, asking: bool) -> OutsideUnavailable | OutcomeUnknown:
    if asking:
        return OutsideUnavailable(problem, place=place, mend=_AGAIN, retry_after=_PAUSE)
    return OutcomeUnknown(problem, place=place, mend=_AGAIN)


def pause_of(answer: HttpAnswer, default: int) -> int:
    """How many seconds Retry-After asks to wait; `default` where it says nothing we understand."""
    text = answer.headers.get("retry-after", "").strip()
    if not (text.isascii() and text.isdigit() and len(text) < 9):
        return default
    return min(int(text), _LONGEST_PAUSE)


def told(answer: HttpAnswer) -> str:
    """What went wrong in finAPI's or the bank's words; empty where the answer says nothing."""
    try:
        said = _parsed(answer.body)
    except (ValueError, RecursionError):
        return ""
    text = "; ".join(_words(cast("Json", said))) if isinstance(said, Mapping) else ""
    line = " ".join(text.split())
    return line if len(line) <= _LONGEST else f"{line[: _LONGEST - 1]}…"


def _words(said: Json) -> Iterator[str]:
    for one in (said, *_objects(said.get("errors"))):
        names = ("code", "error", "field", "description", "error_description", "message")
        found = [text for name in names if isinstance(text := one.get(name), str) and text]
        if found:
            yield ": ".join(found)


def _objects(value: object) -> Iterator[Json]:
    for one in value if isinstance(value, list) else ():
        if isinstance(one, Mapping):
            yield cast("Json", one)


def _parsed(body: bytes) -> object:
    """JSON with exact numbers; ValueError for what is none, such as NaN."""
    return json.loads(body, parse_float=Decimal, parse_constant=_no_number)


def _no_number(text: str) -> NoReturn:
    raise ValueError(f"{text} is no number")
