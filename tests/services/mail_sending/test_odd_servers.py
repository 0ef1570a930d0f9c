"""Servers that stop half-way, folders that cannot be written, and no way at all (F084, RFC 5321)."""

import asyncio
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import pytest
from aiosmtpd.smtp import SMTP, Envelope, Session
from tests.services.mail_sending.certificates import Certificates
from tests.services.mail_sending.outbox import SHORT, Outbox
from tests.services.mail_sending.post_office import PASSWORD, USER, PostOffice, hang_up, scripted

from faktura.flows.mail_ways import open_transport
from faktura.kernel.contract_terms import TaskKind
from faktura.kernel.errors import SettingMissing
from faktura.kernel.outbox_terms import MailState

HELLO = [b"220 hi\r\n", b"250 hi\r\n"]
TAKES_ENVELOPE = [b"250 ok\r\n", b"250 ok\r\n"]


@dataclass
class Forgetful(PostOffice):
    """Hangs up when it is asked to forget a refused mail."""

    resets: int = 0

    async def handle_RSET(  # noqa: N802 - aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        self.resets += 1
        hang_up(server)
        return "250 never seen"


def test_a_connection_lost_while_a_refused_mail_is_forgotten_is_made_again(outbox: Outbox) -> None:
    """The envelope of the refused one must not stay: a new connection has none."""
    office = Forgetful(refused={"a@kunde.example": "550 no"})
    first = outbox.mail("K-1", "a@kunde.example")
    second = outbox.mail("K-1", "b@kunde.example")

    outbox.send(office.open(), CONNECTIONS="1")

    assert (outbox.state(first), outbox.state(second)) == (MailState.FAILED, MailState.SENT)
    assert [one.rcpt_tos for one in office.taken] == [["b@kunde.example"]]
    assert (office.resets, office.connected) == (1, 2)


@pytest.mark.parametrize(
    ("answer", "state", "attempts"),
    [
        (b"451 4.3.0 later\r\n", MailState.WAITING, 1),
        (b"554 5.7.1 no\r\n", MailState.FAILED, 1),
        (b"250 what\r\n", MailState.WAITING, 1),
        (b"123 what\r\n", MailState.WAITING, 1),
        (b"777 what\r\n", MailState.WAITING, 1),
    ],
)
def test_a_server_that_does_not_want_the_content_has_not_got_the_mail(
    outbox: Outbox, answer: bytes, state: MailState, attempts: int
) -> None:
    """Before 354 nothing of the mail is on the wire: nothing is in doubt."""
    mail = outbox.mail()
    outbox.patience = SHORT

    outbox.send(scripted([*HELLO, *TAKES_ENVELOPE, answer]))

    assert (outbox.state(mail), outbox.read(mail).attempts) == (state, attempts)
    assert (TaskKind.MAIL_UNCERTAIN, f"mail {mail}") not in outbox.tasks()


def test_a_server_that_hangs_up_on_each_mail_gets_it_another_time(outbox: Outbox) -> None:
    """One attempt a pass, and no bounce: nobody refused an address."""
    office = PostOffice(most_a_connection=0)
    mail = outbox.mail()

    outbox.send(office.open())

    assert (outbox.state(mail), outbox.bounces(), office.taken) == (MailState.WAITING, [], [])
    assert outbox.read(mail).due_at > outbox.clock.now()


@pytest.mark.parametrize("ways", [b"250 hi\r\n", b"250-hi\r\n250 AUTH GSSAPI XOAUTH2\r\n"])
def test_a_server_that_knows_no_way_to_log_in_is_a_task(
    outbox: Outbox, trusted: Certificates, ways: bytes
) -> None:
    """A password is given to nobody who does not ask for it in a way we know."""
    mail = outbox.mail()

    office = scripted([b"220 hi\r\n", ways], trusted.server)
    outbox.send(office, SECURITY="TLS", USER=USER, PASSWORD=PASSWORD)

    assert (outbox.state(mail), outbox.read(mail).attempts) == (MailState.WAITING, 0)
    assert outbox.problems() == [
        "it offers no way to log in that we know. Correct it with: faktura mails smtp set"
    ]


def test_a_server_that_speaks_no_tls_where_it_should_is_a_task(
    outbox: Outbox, trusted: Certificates
) -> None:
    """TLS from the first byte, asked of a server that waits for STARTTLS."""
    mail = outbox.mail()

    outbox.send(scripted([b"220 plain\r\n"]), SECURITY="TLS")

    assert (outbox.state(mail), outbox.read(mail).attempts) == (MailState.WAITING, 0)
    (problem,) = outbox.problems()
    assert problem.startswith("its certificate or TLS is not accepted")


def test_a_name_that_does_not_exist_is_asked_again_later(outbox: Outbox) -> None:
    """No person is asked for what may be an outage of the name server."""
    mail = outbox.mail()
    outbox.server(25, HOST="nobody.invalid", SECURITY="TLS")

    asyncio.run(outbox.pump())

    assert (outbox.state(mail), outbox.tasks()) == (MailState.WAITING, [])
    assert outbox.rests_until() is not None


def test_a_folder_that_cannot_be_written_keeps_the_mail_waiting(
    outbox: Outbox, tmp_path: Path
) -> None:
    """The problem names the file; when there is room again the mail is written."""
    mail = outbox.mail()
    blocked = tmp_path / "mails"
    blocked.write_text("a file where the folder should be")

    asyncio.run(outbox.pump())

    kept = outbox.read(mail)
    assert kept.state is MailState.WAITING
    assert kept.last_error is not None
    assert kept.last_error["code"] == "file_unwritable"
    assert str(kept.last_error["place"]).endswith(f"{mail}.eml")
    blocked.unlink()
    outbox.clock.advance(timedelta(minutes=5))
    asyncio.run(outbox.pump())
    assert outbox.state(mail) is MailState.SENT


def test_an_installation_without_server_and_folder_names_what_to_set(outbox: Outbox) -> None:
    """Nothing is guessed: mails go nowhere until somebody says where."""
    context = replace(outbox.context, mail_folder=None)

    with pytest.raises(SettingMissing, match="no mail server is set") as told:
        asyncio.run(open_transport(context, outbox.tenant_id))

    assert "faktura mails smtp set --host" in (told.value.mend or "")


def test_a_server_that_is_set_is_preferred_to_the_folder(outbox: Outbox) -> None:
    """The way of the installation is the tenant's as well."""
    office = PostOffice()
    outbox.mail()

    async def run() -> None:
        async with office.open() as port:
            outbox.server(port)
            transport = await open_transport(outbox.context, outbox.tenant_id)
            line = transport.line()
            await line.open()
            await line.close()

    asyncio.run(run())

    assert office.connected == 1
