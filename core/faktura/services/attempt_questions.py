"""What nobody can decide but a person: asked once for each attempt, or document."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from pydantic import ValidationError

from faktura.domain.attempt_checks import is_unclear_for_long
from faktura.domain.attempts import Attempt
from faktura.kernel.contract_terms import TaskKind
from faktura.kernel.payment_terms import AttemptState
from faktura.plugin import Pending
from faktura.store.tasks import ask_each, ask_once, finish_of_settled, finish_open
from faktura.store.transaction import Tx

_SAID = frozenset({AttemptState.SUCCEEDED, AttemptState.FAILED, AttemptState.PENDING})


def ask_about_unclear(tx: Tx, one: Attempt, number: str) -> None:
    """Ask a person, once: nobody knows whether the document was charged, and nobody charges it."""
    ask_once(
        tx,
        TaskKind.PAYMENT_UNCLEAR,
        one.booking,
        f"Nobody knows whether {one.instance} took {one.amount} for {number}: it is not collected"
        f" again until that is clear. Look there for {one.reference or one.id.hex}.",
    )


def settle_unclear(tx: Tx, changed: Sequence[Attempt], now: datetime) -> None:
    """Nobody needs to find out what became of these any more, where their provider said so by now."""
    said = [one for one in changed if one.state in _SAID and is_unclear_for_long(one, now)]
    finish_open(tx, TaskKind.PAYMENT_UNCLEAR, *(one.booking for one in said))


def ask_about_overdue(tx: Tx, one: Attempt, number: str, expected: date) -> None:
    """Ask a person, once: a debit is not decided long after the day by which it was to be."""
    ask_once(
        tx,
        TaskKind.PAYMENT_OVERDUE,
        one.booking,
        f"{one.instance} was to decide on {one.amount} for {number} by {expected} and has not."
        f" It is asked daily; compare {one.reference} there.",
    )


def ask_about_left(tx: Tx, reasons: Mapping[str, str]) -> None:
    """Ask a person, once for each of these documents, by number: nothing collects what is due.

    The caller holds their customers' locks. `settle_left` ends it.
    """
    ask_each(
        tx,
        TaskKind.PAYMENT_REJECTED,
        {
            number: f"{number} is due and is not collected: {reason}. Mend that, then:"
            f" faktura payments retry {number}, or have the customer pay it:"
            f" faktura payments link {number}"
            for number, reason in reasons.items()
        },
    )


def settle_left(tx: Tx) -> None:
    """Nobody needs to mend the collection of documents that are paid or under way by now."""
    finish_of_settled(tx, TaskKind.PAYMENT_REJECTED)


def promised_by(one: Attempt) -> date | None:
    """By when its provider said at first that a debit is decided, inclusive; None: it did not say."""
    try:
        return Pending.model_validate_json(one.outcome or "").expected_by
    except ValidationError:
        # Written by another release, or never told.
        return None
