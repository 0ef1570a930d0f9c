"""What a mail server's replies mean: taken, not now, never, or nobody knows (RFC 5321, RFC 3463)."""

import re

from faktura.domain.mail_outcomes import MailOutcome, Refusal, Verdict, told
from faktura.flows.retry import described
from faktura.kernel.errors import FakturaError, Misconfigured
from faktura.kernel.outbox_terms import BounceKind
from faktura.kernel.outside_errors import LinkRefused, OutcomeUnknown, OutsideUnavailable

_STATUS = re.compile(r"\s*([245]\.\d{1,3}\.\d{1,3})(?!\d)")


def is_yes(code: int) -> bool:
    """Whether the reply says that it is done."""
    return 200 <= code <= 299


def is_never(code: int) -> bool:
    """Whether the reply says no for good."""
    return 500 <= code <= 599


def is_later(code: int) -> bool:
    """Whether the reply says that it may work another time."""
    return 400 <= code <= 499


def reply(code: int, words: str) -> str:
    """A reply as it stands in the log."""
    return told(f"{code} {words}")


def refusal(recipient: str, code: int, words: str) -> Refusal:
    """An address that the server does not take."""
    found = _STATUS.match(words)
    kind = BounceKind.PERMANENT if is_never(code) else BounceKind.TEMPORARY
    return Refusal(recipient, kind, found[1] if found else str(code), told(words))


def not_now(
    problem: str, place: str, said: str = "", refused: tuple[Refusal, ...] = ()
) -> MailOutcome:
    """The server has not got the mail, and may take it another time."""
    error = OutsideUnavailable(problem, place=place, mend="It is sent again by itself")
    return MailOutcome(Verdict.LATER, said, refused=refused, problem=described(error))


def never(problem: str, place: str, said: str, refused: tuple[Refusal, ...] = ()) -> MailOutcome:
    """The server does not take the mail."""
    error = LinkRefused(
        problem, place=place, mend="Mend the cause, then send it again: faktura mails resend ID"
    )
    return MailOutcome(Verdict.REFUSED, said, refused=refused, problem=described(error))


def nobody_knows(problem: str, place: str, refused: tuple[Refusal, ...]) -> MailOutcome:
    """The server got the mail and did not say what it makes of it."""
    error = OutcomeUnknown(
        problem,
        place=place,
        mend="Ask the recipient or look at the server's log, then: faktura mails resend ID",
    )
    return MailOutcome(Verdict.UNKNOWN, refused=refused, problem=described(error))


def by_code(what: str, code: int, words: str, place: str) -> MailOutcome:
    """What a no to the whole mail means, by its code."""
    said = reply(code, words)
    problem = f"the server does not take {what}: {said}"
    return never(problem, place, said) if is_never(code) else not_now(problem, place, said)


def unusable(what: str, code: int, place: str) -> FakturaError:
    """Why a server cannot be used at all: not now, or not as it is set.

    Its words are left out: what it was told may stand in them, a password too.
    """
    if is_never(code):
        return Misconfigured(
            f"{what} ({code})", place=place, mend="Correct the mail server's settings"
        )
    return OutsideUnavailable(f"{what} ({code})", place=place, mend="It is asked again by itself")
