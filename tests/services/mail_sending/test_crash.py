"""A process that dies between the server's taking a mail and our keeping it (F084)."""

import asyncio
import os
import signal
import sys
from dataclasses import dataclass
from email import message_from_bytes
from pathlib import Path

import pytest
from aiosmtpd.smtp import SMTP, Envelope, Session
from tests.services.mail_sending.outbox import Outbox
from tests.services.mail_sending.post_office import PostOffice, as_bytes
from typing_extensions import override

from faktura.kernel.contract_terms import TaskKind
from faktura.kernel.outbox_terms import MailState

PROGRAM = Path(__file__).with_name("sending_process.py")


@dataclass
class Killing(PostOffice):
    """Takes the mail, and before it says so its sender is dead."""

    sender: int = 0

    @override
    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        self.taken.append(envelope)
        os.kill(self.sender, signal.SIGKILL)
        return "250 taken"


async def sent_by_a_process(outbox: Outbox, office: Killing, url: str) -> int:
    """How the process ended."""
    async with office.open() as port:
        arguments = (
            url,
            str(outbox.tenant_id),
            str(port),
            outbox.clock.now().isoformat(),
            str(outbox.folder / "content"),
        )
        process = await asyncio.create_subprocess_exec(sys.executable, str(PROGRAM), *arguments)
        office.sender = process.pid
        return await process.wait()


def test_a_mail_whose_sender_died_is_sent_again_by_a_person_only(
    outbox: Outbox, database_url: str
) -> None:
    """One mail at the server, in doubt, one task; the second has the same Message-ID."""
    mail, behind = outbox.mail(), outbox.mail()
    killing, office = Killing(), PostOffice()

    ended = asyncio.run(sent_by_a_process(outbox, killing, database_url))

    assert (ended, len(killing.taken)) == (-signal.SIGKILL, 1)
    assert outbox.state(mail) is MailState.SENDING

    outbox.send(office.open())
    outbox.send(office.open())

    assert (outbox.state(mail), outbox.state(behind)) == (MailState.UNCERTAIN, MailState.SENT)
    assert outbox.tasks() == [(TaskKind.MAIL_UNCERTAIN, f"mail {mail}")]
    assert ids(office) == [f"<{behind}@werk.example>"]

    outbox.again(mail)
    outbox.send(office.open())

    assert ids(killing) == [f"<{mail}@werk.example>"]
    assert ids(office) == [f"<{behind}@werk.example>", f"<{mail}@werk.example>"]
    assert outbox.state(mail) is MailState.SENT


async def test_a_pass_that_is_called_off_behind_the_mail_leaves_it_in_doubt(
    outbox: Outbox,
) -> None:
    """A worker that is told to stop: what is on its way then is nobody's to send again."""
    office = PostOffice(never_answers=True)
    mail = outbox.mail()

    async with office.open() as port:
        outbox.server(port)
        passing = asyncio.create_task(outbox.pump())
        await office.holds_one.wait()
        passing.cancel()
        with pytest.raises(asyncio.CancelledError):
            await passing
    assert outbox.state(mail) is MailState.SENDING

    again = PostOffice()
    async with again.open() as port:
        outbox.server(port)
        await outbox.pump()

    assert (outbox.state(mail), again.taken) == (MailState.UNCERTAIN, [])


def ids(office: PostOffice) -> list[str]:
    return [str(message_from_bytes(as_bytes(one))["Message-ID"]) for one in office.taken]
