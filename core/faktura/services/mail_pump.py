"""Mails on their way: taken before a server gets them, and what became of them kept (F084)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from faktura.domain.jobs import JobName
from faktura.domain.mail_outcomes import EndedMail
from faktura.kernel.contract_terms import TaskKind
from faktura.kernel.errors import FakturaError
from faktura.kernel.outbox_terms import MailState
from faktura.kernel.outside_errors import OutcomeUnknown
from faktura.services.mail_bounces import note_bounces
from faktura.services.mail_rest import ServerRest, begin_rest, end_rest, is_resting
from faktura.store.jobs import enqueue, hold_waiting
from faktura.store.mail_sending import doubt, give_up, has_due, keep_outcomes, state_after, take
from faktura.store.mails import end_waiting
from faktura.store.tasks import ask_each, ask_once, finish_open
from faktura.store.transaction import Tx

_LOCK = "mails"
_SERVER = "mail server"


@dataclass(frozen=True, slots=True)
class ServerTrouble:
    """Why a server cannot be used, and when it is asked again.

    Mails that have been due since before `stale` are given up. With `for_person` waiting does not mend
    it: a person is asked at once.
    """

    error: FakturaError
    rest: ServerRest
    stale: datetime
    for_person: bool


def start_sending(tx: Tx) -> None:
    """Have the mails that wait sent once this transaction is committed."""
    if not hold_waiting(tx, JobName.SEND_MAILS, _LOCK):
        enqueue(tx, JobName.SEND_MAILS, {}, lock=_LOCK)


def start_due_mails(tx: Tx) -> bool:
    """Start sending where a mail is due and the server is not left alone; tells whether it did."""
    if is_resting(tx) or not has_due(tx):
        return False
    start_sending(tx)
    return True


def doubt_what_was_left(tx: Tx) -> int:
    """Mails that a process was just handing over when it died are UNCERTAIN, each with a task.

    Nobody knows whether the server has them, so nobody sends them again but a person. The caller is the
    only one who sends (lock "mails"). Gives how many they are.
    """
    error = OutcomeUnknown(
        "the process ended while a server was being handed the mail",
        place="mail",
        mend="Ask the recipient or look at the server's log, then: faktura mails resend ID",
    )
    found = doubt(tx, error)
    ask_each(tx, TaskKind.MAIL_UNCERTAIN, {f"mail {one}": _words(error) for one in found})
    return len(found)


@dataclass(frozen=True, slots=True)
class Turn:
    """What became of some mails, which are taken next, and which cannot be put together at all."""

    ended: Sequence[EndedMail] = ()
    wanted: Sequence[UUID] = ()
    broken: Mapping[UUID, FakturaError] = field(default_factory=dict)


def take_turn(tx: Tx, now: Turn) -> set[UUID]:
    """Keep what became of some mails and take the next ones; gives those that are taken.

    A mail that somebody else has changed meanwhile is not among them. What failed, and what nobody
    knows of, is a task; refused addresses are bounces.
    """
    ended = now.ended
    keep_outcomes(tx, ended)
    end_waiting(tx, {one: (MailState.FAILED, error) for one, error in now.broken.items()})
    ask_each(
        tx, TaskKind.MAIL_FAILED, {f"mail {one}": _words(no) for one, no in now.broken.items()}
    )
    for state, kind in (
        (MailState.FAILED, TaskKind.MAIL_FAILED),
        (MailState.UNCERTAIN, TaskKind.MAIL_UNCERTAIN),
    ):
        problems = {
            f"mail {one.mail_id}": one.outcome.problem.get("problem", one.outcome.said)
            for one in ended
            if state_after(one) is state
        }
        if problems:
            ask_each(tx, kind, problems)
    # An address that a server does not take now may be taken at the next attempt.
    final = [one for one in ended if state_after(one) is not MailState.WAITING]
    note_bounces(tx, {one.mail_id: one.outcome.refused for one in final})
    return take(tx, now.wanted)


def server_works(tx: Tx) -> None:
    """The server takes mails: it is not left alone, and what was asked about it has settled."""
    end_rest(tx)
    finish_open(tx, TaskKind.MAIL_FAILED, _SERVER)


def server_fails(tx: Tx, trouble: ServerTrouble) -> int:
    """Leave the server alone for a while; mails wait. Gives how many have waited too long and FAILED."""
    begin_rest(tx, trouble.rest)
    failed = give_up(tx, trouble.stale, trouble.error)
    if failed or trouble.for_person:
        ask_once(tx, TaskKind.MAIL_FAILED, _SERVER, _words(trouble.error))
    return failed


def _words(error: FakturaError) -> str:
    return f"{error.problem}. {error.mend}" if error.mend else error.problem
