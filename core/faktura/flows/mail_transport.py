"""Where mails go: lines to a server, or a folder; each line takes one mail at a time."""

from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from faktura.domain.mail_outcomes import MailOutcome


@dataclass(frozen=True, slots=True)
class Parcel:
    """A mail as it is handed over: `sender` and `recipients` are the envelope's, `content` is 7-bit."""

    mail_id: UUID
    sender: str
    recipients: tuple[str, ...]
    content: bytes


class MailLine(Protocol):
    """One connection; it lasts for many mails and is opened again where it broke off."""

    async def open(self) -> None:
        """Be ready to take a mail. Raises OutsideUnavailable, Misconfigured: nothing can be sent."""
        ...

    async def hand_over(self, parcel: Parcel) -> MailOutcome:
        """Send one mail over the open line; whatever the other side does is the outcome."""
        ...

    async def close(self) -> None:
        """Say goodbye where it is connected."""
        ...


class MailTransport(Protocol):
    """A tenant's way out for mails; not more than `connections` lines are open at a time."""

    @property
    def connections(self) -> int:
        """How many mails are handed over at the same time."""
        ...

    @property
    def bounce_domain(self) -> str:
        """The domain of envelope senders that name their mail; empty where there is none."""
        ...

    def line(self) -> MailLine:
        """One more line, not open yet."""
        ...
