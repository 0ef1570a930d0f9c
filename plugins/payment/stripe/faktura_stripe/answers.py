"""Stripe's answers: which of them is a no, which is not now, and after which nobody knows.

Read here and not in the SDK: its reading of errors breaks on bodies that are not Stripe's (1.1).
"""

import json
from collections.abc import Mapping
from typing import NoReturn, cast

from faktura.kernel.errors import Refused, shortened
from faktura.kernel.outside_errors import AccountBroken, OutcomeUnknown, OutsideUnavailable
from faktura.plugin import HttpAnswer
from faktura_stripe.reading import Json, inner, text

_DEFAULT_PAUSE = 5
_LONGEST_PAUSE = 3600
_KEY_IN_USE = "idempotency_key_in_use"
_NOT_NOW = frozenset({"lock_timeout", "rate_limit"})
_BROKEN_ACCOUNT = "Put a working key with the permissions the plugin's SETUP.md lists in `api_key`"


class StripeRefused(Refused):
    """Stripe says no, and did nothing; `error` is its own account of why."""

    code = "stripe_refused"

    def __init__(self, problem: str, *, place: str, error: Json) -> None:
        super().__init__(problem, place=place)
        self.error = error


class FailureRepeated(OutcomeUnknown):
    """Stripe repeats a failure that it kept under our key: the same request will not tell more."""

    code = "failure_repeated"


class KeyMixedUp(OutcomeUnknown):
    """The key was used for another request before: that one counts, whatever came of it."""

    code = "key_mixed_up"


def check(answer: HttpAnswer, place: str) -> None:
    """Do nothing for a yes that is a JSON object.

    Raises AccountBroken for 401 and 403, OutsideUnavailable for what was not begun, StripeRefused
    for a no, OutcomeUnknown and its kinds for everything after which it may have happened.
    """
    said = _object_in(answer.body)
    if said is not None and 200 <= answer.status < 300:
        return
    error = inner(said or {}, "error")
    problem = _problem(answer, error)
    if answer.status in (401, 403):
        raise AccountBroken(problem, place=place, mend=_BROKEN_ACCOUNT)
    if answer.status in (400, 402, 404, 409, 429):
        _refuse(answer, error, place)
    if answer.headers.get("idempotent-replayed") == "true":
        raise FailureRepeated(problem, place=place)
    raise OutcomeUnknown(problem, place=place)


def _refuse(answer: HttpAnswer, error: Json, place: str) -> NoReturn:
    problem = _problem(answer, error)
    code = text(error, "code")
    if code == _KEY_IN_USE:
        # The first request with this key still runs: it may well succeed.
        raise OutcomeUnknown(problem, place=place)
    if answer.status in (409, 429) or code in _NOT_NOW:
        raise OutsideUnavailable(
            problem, place=place, mend="Try again later", retry_after=_pause(answer)
        )
    if text(error, "type") == "idempotency_error":
        raise KeyMixedUp(problem, place=place)
    if not error:
        # A gateway between us may say 400 of a request that Stripe got.
        raise OutcomeUnknown(problem, place=place)
    raise StripeRefused(problem, place=place, error=error)


def _object_in(body: bytes) -> Json | None:
    try:
        said: object = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return cast("Json", said) if isinstance(said, Mapping) else None


def _problem(answer: HttpAnswer, error: Json) -> str:
    words = text(error, "message") or text(error, "code") or "no answer of Stripe's kind"
    number = answer.headers.get("request-id", "")
    named = f" (request {shortened(number)})" if number else ""
    return f"HTTP {answer.status}: {_line(words)}{named}"


def _line(words: str) -> str:
    line = "".join(sign if sign.isprintable() else " " for sign in " ".join(words.split()))
    return line[:300]


def _pause(answer: HttpAnswer) -> int:
    told = answer.headers.get("retry-after", "").strip()
    if not (told.isascii() and told.isdigit() and len(told) < 9):
        return _DEFAULT_PAUSE
    return min(int(told), _LONGEST_PAUSE)
