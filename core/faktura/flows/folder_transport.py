"""Mails as files: what an installation without a mail server does, to look at while developing."""

import asyncio
from dataclasses import dataclass
from pathlib import Path

from faktura.domain.mail_outcomes import MailOutcome, Verdict
from faktura.flows.mail_transport import MailLine, Parcel
from faktura.flows.retry import described
from faktura.kernel.errors import FileUnwritable
from faktura.store.durable import write_durably


@dataclass(frozen=True, slots=True)
class FolderLine:
    """Writes `<mail id>.eml`; a mail that is sent again replaces its file."""

    folder: Path

    async def open(self) -> None:
        """Nothing is connected."""

    async def hand_over(self, parcel: Parcel) -> MailOutcome:
        """Write the file, durably."""
        target = self.folder / f"{parcel.mail_id}.eml"
        try:
            await asyncio.to_thread(write_durably, target, [parcel.content])
        except OSError as error:
            problem = FileUnwritable(
                f"the mail cannot be written: {error.strerror}", place=str(target)
            )
            return MailOutcome(Verdict.LATER, problem=described(problem))
        return MailOutcome(Verdict.TAKEN, f"written to {target}", parcel.recipients)

    async def close(self) -> None:
        """Nothing is held."""


@dataclass(frozen=True, slots=True)
class FolderTransport:
    """The folder of one tenant's mails."""

    folder: Path
    connections: int = 4
    bounce_domain: str = ""

    def line(self) -> MailLine:
        """A line into the folder."""
        return FolderLine(self.folder)
