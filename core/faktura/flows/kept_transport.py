"""Mails that go nowhere: a sandbox on PostgreSQL keeps them as they are (F137)."""

from dataclasses import dataclass

from faktura.domain.mail_outcomes import MailOutcome, Verdict
from faktura.flows.mail_transport import MailLine, Parcel


@dataclass(frozen=True, slots=True)
class KeptLine:
    """Takes every mail and hands it to nobody."""

    async def open(self) -> None:
        """Nothing is connected."""

    async def hand_over(self, parcel: Parcel) -> MailOutcome:
        """Taken, with the reason why nobody gets it."""
        return MailOutcome(Verdict.TAKEN, "kept here: the tenant is a sandbox", parcel.recipients)

    async def close(self) -> None:
        """Nothing is held."""


@dataclass(frozen=True, slots=True)
class KeptTransport:
    """The way of mails that are to be looked at only: faktura mails show."""

    connections: int = 4
    bounce_domain: str = ""

    def line(self) -> MailLine:
        """A line to nowhere."""
        return KeptLine()
