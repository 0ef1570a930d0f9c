"""REFFEED's answers: which of them is a yes, a no, not now, or a word for a person."""

import json
from typing import TypeVar

from faktura.kernel.errors import AmountUnreadable, FileUnreadable, NotFound
from faktura.kernel.outside_errors import (
    AccountBroken,
    LinkRefused,
    OutcomeUnknown,
    OutsideUnavailable,
    PersonNeeded,
)
from faktura.plugin import HttpAnswer
from pydantic import BaseModel, ValidationError

_NOT_NOW = (423, 429, 503)
_KEY_REFUSED = (401, 403)
_ABSENT = 404
_PERSON = 428

M = TypeVar("M", bound=BaseModel)


def check_taken(answer: HttpAnswer, *, asking: bool) -> None:
    """Return for a yes; raises the error of a no. `asking` says that nothing was to be done."""
    status = answer.status
    if status in range(200, 300):
        return
    said = f"REFFEED answers with status {status}"
    if status in _KEY_REFUSED:
        raise AccountBroken(said, mend="Check `key` and the user at REFFEED")
    if status == _ABSENT:
        raise NotFound(said)
    if status == _PERSON:
        raise PersonNeeded(said, mend="Open a form at the bank")
    if status in _NOT_NOW:
        raise OutsideUnavailable(said, retry_after=answer.retry_after)
    if status in range(500, 600):
        raise unheard(said, asking=asking)
    raise LinkRefused(said)


def unheard(problem: str, *, asking: bool) -> OutsideUnavailable | OutcomeUnknown:
    """The error where nobody knows what became of it: a question can simply be asked again."""
    return OutsideUnavailable(problem) if asking else OutcomeUnknown(problem)


def read(kind: type[M], answer: HttpAnswer, *, asking: bool) -> M:
    """What a yes says; raises AmountUnreadable or FileUnreadable with the field, or as unheard."""
    try:
        said = json.loads(answer.body)
    except (ValueError, RecursionError):
        raise unheard("the answer of REFFEED is no JSON", asking=asking) from None
    try:
        return kind.model_validate(said)
    except ValidationError as error:
        where = ".".join(str(step) for step in error.errors()[0]["loc"])
        wrong = AmountUnreadable if where.endswith("amount") else FileUnreadable
        raise wrong("the answer of REFFEED cannot be read", place=where or "answer") from None
