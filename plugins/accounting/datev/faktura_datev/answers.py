"""DATEV's answers: which error each is, in DATEV's own words and with its help address."""

import json
from collections.abc import Iterator, Mapping
from typing import NoReturn, cast

from faktura.kernel.outside_errors import (
    LinkExpired,
    LinkRefused,
    OutcomeUnknown,
    OutsideUnavailable,
)
from faktura.plugin import HttpAnswer

_LONGEST = 600
_DEFAULT_PAUSE = 60
_LONGEST_PAUSE = 24 * 3600
_AGAIN = "Try again later"


def accepted(answer: HttpAnswer, place: str) -> HttpAnswer:
    """The answer, if it is a yes.

    Raises LinkExpired for 401, OutsideUnavailable for 429 and 503, OutcomeUnknown where a gateway
    lost the answer, LinkRefused for every other one; a 500 is not worth another try (DATEV).
    """
    if not 200 <= answer.status < 300:
        _refuse(answer, place)
    return answer


def _refuse(answer: HttpAnswer, place: str) -> NoReturn:
    status = answer.status
    told, mend = words_of(answer)
    problem = f"HTTP {status}: {told}" if told else f"HTTP {status}"
    if status == 401:
        raise LinkExpired(problem, place=place, mend=mend)
    if status in (429, 503):
        raise OutsideUnavailable(
            problem, place=place, mend=mend or _AGAIN, retry_after=pause_of(answer, _DEFAULT_PAUSE)
        )
    if status in (408, 502, 504):
        raise OutcomeUnknown(problem, place=place, mend=mend)
    raise LinkRefused(problem, place=place, mend=mend)


def pause_of(answer: HttpAnswer, default: int) -> int:
    """How many seconds Retry-After asks to wait; `default` where it says nothing we understand."""
    text = answer.headers.get("retry-after", "").strip()
    if not (text.isascii() and text.isdigit() and len(text) < 9):
        return default
    return min(int(text), _LONGEST_PAUSE)


def words_of(answer: HttpAnswer) -> tuple[str, str]:
    """What went wrong in DATEV's words, and where help is; empty where the answer says nothing."""
    try:
        said: object = json.loads(answer.body)
    except (ValueError, RecursionError):
        return "", ""
    if not isinstance(said, Mapping):
        return "", ""
    told = "; ".join(_told(cast("Mapping[str, object]", said)))
    return _line(told), _help(cast("Mapping[str, object]", said))


def _told(said: Mapping[str, object]) -> Iterator[str]:
    # Two shapes: problem details of most services, error and error_description of the others.
    heads = [said.get(name) for name in ("title", "detail", "error", "error_description")]
    head = ": ".join(text for text in heads if isinstance(text, str) and text)
    if head:
        yield head
    elements = said.get("affected_elements")
    for element in elements if isinstance(elements, list) else ():
        if isinstance(element, Mapping):
            yield f"{element.get('name', '?')}: {element.get('reason', '?')}"
    if isinstance(said.get("request_id"), str):
        yield f"request {said['request_id']}"


def _help(said: Mapping[str, object]) -> str:
    for name in ("type", "error_uri"):
        address = said.get(name)
        if isinstance(address, str) and address.startswith(("https://", "http://")):
            return f"Help: {_line(address)}"
    return ""


def _line(text: str) -> str:
    line = "".join(sign if sign.isprintable() else " " for sign in " ".join(text.split()))
    return line if len(line) <= _LONGEST else line[: _LONGEST - 1] + "…"


def told_in(said: Mapping[str, object]) -> str:
    """An object that tells of an error, e.g. a job's validation details, in one line with its help."""
    return _line("; ".join([*_told(said), *filter(None, [_help(said)])]))


def object_of(answer: HttpAnswer, place: str) -> Mapping[str, object]:
    """The JSON object of an answer; raises LinkRefused for anything else."""
    said = json_of(answer, place)
    if not isinstance(said, Mapping):
        raise LinkRefused("the answer is no JSON object", place=place)
    return cast("Mapping[str, object]", said)


def list_of(answer: HttpAnswer, place: str) -> list[Mapping[str, object]]:
    """The JSON objects of an answer that is a list of them; raises LinkRefused for anything else."""
    said = json_of(answer, place)
    if not isinstance(said, list) or not all(isinstance(one, Mapping) for one in said):
        raise LinkRefused("the answer is no list of JSON objects", place=place)
    return cast("list[Mapping[str, object]]", said)


def json_of(answer: HttpAnswer, place: str) -> object:
    """The JSON value of an answer; raises LinkRefused."""
    try:
        said: object = json.loads(answer.body)
    except (ValueError, RecursionError):
        raise LinkRefused("the answer is not JSON", place=place) from None
    return said


def text_in(said: Mapping[str, object], name: str) -> str:
    """A text of an answer, empty where it is missing or something else."""
    value = said.get(name)
    return value if isinstance(value, str) else ""
