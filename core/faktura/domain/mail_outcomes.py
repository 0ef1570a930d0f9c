"""What became of handing a mail to a server, and what servers say of addresses."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum, unique
from uuid import UUID

from faktura.kernel.outbox_terms import BounceKind

_SAID = 300


@unique
class Verdict(StrEnum):
    """Whether the server has the mail: TAKEN, REFUSED for good, not now (LATER), or nobody knows."""

    TAKEN = "TAKEN"
    REFUSED = "REFUSED"
    LATER = "LATER"
    UNKNOWN = "UNKNOWN"


@dataclass(frozen=True, slots=True)
class Refusal:
    """An address that a server does not take; `status` is its code (RFC 3463), else the reply's."""

    recipient: str
    kind: BounceKind
    status: str
    said: str


@dataclass(frozen=True, slots=True)
class MailOutcome:
    """One attempt to send a mail: the server's words, who is to get it, and whom it refused.

    `problem` is the error as a job keeps it, for every verdict but TAKEN.
    """

    verdict: Verdict
    said: str = ""
    took: tuple[str, ...] = ()
    refused: tuple[Refusal, ...] = ()
    problem: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class EndedMail:
    """A mail that was tried; `again_at` is when it is tried again, None where it is not."""

    mail_id: UUID
    outcome: MailOutcome
    again_at: datetime | None = None


def told(text: str) -> str:
    """What a server said, for the log: one line of at most 300 characters, all of them printable.

    It is another machine's text: nothing of it may steer a terminal or fill a table.
    """
    line = " ".join(text[: 4 * _SAID].split())
    shown = "".join(sign if sign.isprintable() else "\N{REPLACEMENT CHARACTER}" for sign in line)
    return shown if len(shown) <= _SAID else shown[: _SAID - 1] + "…"
