"""Handing mails to a server: taken, refused, not now, and nobody knows (F084, RFC 5321)."""

import asyncio
import logging
from datetime import timedelta
from email import message_from_bytes, policy

import pytest
from tests.services.mail_sending.certificates import Certificates
from tests.services.mail_sending.outbox import SHORT, Outbox
from tests.services.mail_sending.post_office import (
    PASSWORD,
    USER,
    PostOffice,
    as_bytes,
    scripted,
)

from faktura.domain.mail_outcomes import EndedMail, MailOutcome, Verdict
from faktura.flows.mail_transport import MailTransport
from faktura.kernel.contract_terms import TaskKind
from faktura.kernel.outbox_terms import MailState
from faktura.kernel.outside_errors import OutsideUnavailable
from faktura.services.mail_pump import Turn, doubt_what_was_left, take_turn

LOGIN = {"USER": USER, "PASSWORD": PASSWORD}
ANOTHER = "another"


def test_a_mail_is_handed_to_the_server_once(outbox: Outbox) -> None:
    """F084: what the server said and when is kept; a second pass sends nothing."""
    office = PostOffice()
    mail = outbox.mail("K-1", "a@kunde.example", "b@kunde.example")

    outbox.send(office.open())
    outbox.send(office.open())

    (envelope,) = office.taken
    assert envelope.mail_from == "zurueck@werk.example"
    assert envelope.rcpt_tos == ["a@kunde.example", "b@kunde.example"]
    parsed = message_from_bytes(as_bytes(envelope), policy=policy.default)
    assert parsed["Subject"] == "Ihre Rechnung"
    assert parsed["Message-ID"] == f"<{mail}@werk.example>"
    kept = outbox.read(mail)
    assert (kept.state, kept.attempts, kept.answer) == (MailState.SENT, 1, "250 2.0.0 queued")
    assert kept.sent_at == outbox.clock.now()
    assert outbox.tasks() == []


def test_a_server_is_greeted_encrypted_and_logged_in_to(
    outbox: Outbox, trusted: Certificates
) -> None:
    """STARTTLS is demanded, then user and password are sent; the name we give is the setting's."""
    office = PostOffice(starttls=trusted.server, logs_in=True)
    mail = outbox.mail()

    outbox.send(office.open(), SECURITY="starttls", HELLO="billing.example", **LOGIN)

    assert outbox.state(mail) is MailState.SENT
    assert set(office.greeted) == {"billing.example"}
    assert office.logins == 1


def test_a_server_with_tls_from_the_first_byte_is_used(
    outbox: Outbox, trusted: Certificates
) -> None:
    """Implicit TLS (RFC 8314); without a name of its own the machine says its address."""
    office = PostOffice(tls=trusted.server)
    mail = outbox.mail()

    outbox.send(office.open(), SECURITY="TLS")

    assert outbox.state(mail) is MailState.SENT
    assert set(office.greeted) == {"[127.0.0.1]"}


def test_a_certificate_of_nobody_we_trust_is_refused(
    outbox: Outbox, certificates: Certificates
) -> None:
    """Mails wait, a person is asked once, and nothing was sent."""
    office = PostOffice(starttls=certificates.server)
    mail = outbox.mail()

    outbox.send(office.open(), SECURITY="STARTTLS")
    outbox.send(office.open(), SECURITY="STARTTLS")

    assert (outbox.state(mail), outbox.read(mail).attempts) == (MailState.WAITING, 0)
    assert outbox.tasks() == [(TaskKind.MAIL_FAILED, "mail server")]
    (problem,) = outbox.problems()
    assert problem.startswith("its certificate or TLS is not accepted: unable to get local issuer")
    assert office.connected == 1


def test_a_server_that_does_not_encrypt_gets_no_mail(outbox: Outbox, trusted: Certificates) -> None:
    """A way that somebody stripped of STARTTLS is not taken, however private the host is."""
    office = PostOffice()
    mail = outbox.mail()

    outbox.send(office.open(), SECURITY="STARTTLS", **LOGIN)

    assert (outbox.state(mail), office.taken) == (MailState.WAITING, [])
    (problem,) = outbox.problems()
    assert problem.startswith("it offers no STARTTLS, and mails are not sent over an open")


def test_a_wrong_password_is_one_task_and_one_attempt_a_pause(
    outbox: Outbox, trusted: Certificates
) -> None:
    """No hammering: ten mails and three passes try one login; the password stands nowhere."""
    office = PostOffice(starttls=trusted.server, logs_in=True, password=ANOTHER)
    mails = [outbox.mail(f"K-{no}") for no in range(10)]
    settings = {"SECURITY": "STARTTLS", **LOGIN}

    for _ in range(3):
        outbox.send(office.open(), **settings)

    assert office.logins == 1
    assert outbox.tasks() == [(TaskKind.MAIL_FAILED, "mail server")]
    assert outbox.problems() == [
        "it does not take user and password (535). Correct the mail server's settings"
    ]
    assert {outbox.state(one) for one in mails} == {MailState.WAITING}


def test_a_server_that_works_again_settles_what_was_asked(
    outbox: Outbox, trusted: Certificates
) -> None:
    """After the pause the mails go, and the task about the server is done."""
    office = PostOffice(starttls=trusted.server, logs_in=True, password=ANOTHER)
    mail = outbox.mail()
    settings = {"SECURITY": "STARTTLS", **LOGIN}
    outbox.send(office.open(), **settings)

    office.password = PASSWORD
    outbox.clock.advance(timedelta(minutes=1))
    outbox.send(office.open(), **settings)

    assert outbox.state(mail) is MailState.SENT
    assert (outbox.tasks(), outbox.rests_until()) == ([], None)


def test_an_address_is_refused_and_the_others_get_the_mail(outbox: Outbox) -> None:
    """A refused RCPT is a bounce; an event names the mail, not the address."""
    office = PostOffice(refused={"b@kunde.example": "550 5.1.1 no such user"})
    mail = outbox.mail("K-1", "a@kunde.example", "b@kunde.example")

    outbox.send(office.open())

    assert outbox.state(mail) is MailState.SENT
    assert office.taken[0].rcpt_tos == ["a@kunde.example"]
    assert outbox.bounces() == [("b@kunde.example", "PERMANENT", "5.1.1")]
    assert outbox.tasks() == [(TaskKind.MAIL_BOUNCED, "customer K-1")]
    assert outbox.events() == [
        (
            "MAIL_BOUNCED",
            {
                "mail": str(mail),
                "use": "INVOICE",
                "kind": "PERMANENT",
                "status": "5.1.1",
                "customerNumber": "K-1",
            },
        )
    ]


def test_a_mail_whose_addresses_are_all_refused_has_failed(outbox: Outbox) -> None:
    """Nobody gets it, and it is not tried again."""
    office = PostOffice(refused={"a@kunde.example": "550 no such user"})
    mail = outbox.mail("K-1", "a@kunde.example")

    outbox.send(office.open())

    kept = outbox.read(mail)
    assert (kept.state, kept.answer) == (MailState.FAILED, "no such user")
    assert outbox.bounces() == [("a@kunde.example", "PERMANENT", "550")]
    assert sorted(outbox.tasks()) == [
        (TaskKind.MAIL_BOUNCED, "customer K-1"),
        (TaskKind.MAIL_FAILED, f"mail {mail}"),
    ]


def test_an_address_that_is_refused_for_now_is_tried_again(outbox: Outbox) -> None:
    """Greylisting: 451 means another time, and is no bounce; the next mail of the lane waits behind."""
    office = PostOffice(refused={"a@kunde.example": "451 4.7.1 try later"})
    first = outbox.mail("K-1", "a@kunde.example")
    second = outbox.mail("K-1", "c@kunde.example")
    other = outbox.mail("K-2")

    outbox.send(office.open())

    kept = outbox.read(first)
    assert (kept.state, kept.attempts) == (MailState.WAITING, 1)
    assert kept.due_at == outbox.clock.now() + timedelta(minutes=5)
    assert outbox.bounces() == []
    assert (outbox.state(second), outbox.state(other)) == (MailState.WAITING, MailState.SENT)

    office.refused.clear()
    outbox.clock.advance(timedelta(minutes=5))
    outbox.send(office.open())

    assert [one.rcpt_tos[0] for one in office.taken] == [
        "K-2@kunde.example",
        "a@kunde.example",
        "c@kunde.example",
    ]


def test_a_mail_that_no_server_takes_for_three_days_has_failed(outbox: Outbox) -> None:
    """Eleven attempts in 71 hours and 50 minutes (RFC 5321, 4.5.4.1), then a person is asked."""
    office = PostOffice(refused={"a@kunde.example": "451 try later"})
    mail = outbox.mail("K-1", "a@kunde.example")
    began = outbox.clock.now()

    while outbox.state(mail) is MailState.WAITING:
        outbox.clock.advance(outbox.read(mail).due_at - outbox.clock.now())
        outbox.send(office.open())

    assert (outbox.state(mail), outbox.read(mail).attempts) == (MailState.FAILED, 11)
    assert outbox.clock.now() - began == timedelta(hours=71, minutes=50)
    assert outbox.tasks() == [
        (TaskKind.MAIL_FAILED, f"mail {mail}"),
        (TaskKind.MAIL_BOUNCED, "customer K-1"),
    ]


@pytest.mark.parametrize(
    ("answer", "state"),
    [
        ("554 5.7.1 spam", MailState.FAILED),
        ("452 4.3.1 disk full", MailState.WAITING),
        ("299 whatever", MailState.SENT),
    ],
)
def test_the_answer_to_the_whole_mail_decides(
    outbox: Outbox, answer: str, state: MailState
) -> None:
    """2xx has it, 4xx not now, 5xx never; the words are kept."""
    office = PostOffice(answers=[answer])
    mail = outbox.mail()

    outbox.send(office.open())

    kept = outbox.read(mail)
    assert (kept.state, kept.answer) == (state, answer)


def test_a_sender_that_is_refused_fails_the_mail_and_no_address(outbox: Outbox) -> None:
    """It is our address that is wrong: nobody's bounces."""
    office = PostOffice(sender_reply="553 5.1.8 who are you")
    mail = outbox.mail()

    outbox.send(office.open())

    assert outbox.state(mail) is MailState.FAILED
    assert outbox.bounces() == []


def test_a_connection_lost_behind_the_mail_leaves_it_in_doubt(outbox: Outbox) -> None:
    """The server has it, we cannot know: UNCERTAIN, a task, and never again by itself."""
    office = PostOffice(answers=[None])
    mail = outbox.mail()
    behind = outbox.mail()

    outbox.send(office.open())
    outbox.clock.advance(timedelta(days=4))
    outbox.send(office.open())

    assert (outbox.state(mail), outbox.state(behind)) == (MailState.UNCERTAIN, MailState.SENT)
    assert len(office.taken) == 2
    assert outbox.tasks() == [(TaskKind.MAIL_UNCERTAIN, f"mail {mail}")]


def test_a_person_sends_a_mail_in_doubt_again_with_the_same_message_id(outbox: Outbox) -> None:
    """Whoever gets both sees one: mail programs show a message id once."""
    office = PostOffice(answers=[None])
    mail = outbox.mail()
    outbox.send(office.open())

    outbox.again(mail)
    outbox.send(office.open())

    ids = [message_from_bytes(as_bytes(one))["Message-ID"] for one in office.taken]
    assert ids == [f"<{mail}@werk.example>"] * 2
    assert outbox.state(mail) is MailState.SENT


def test_a_server_that_hangs_behind_the_mail_leaves_it_in_doubt(outbox: Outbox) -> None:
    """Patience ends: nobody knows what the server makes of it."""
    office = PostOffice(never_answers=True)
    mail = outbox.mail()
    outbox.patience = SHORT

    outbox.send(office.open())

    assert outbox.state(mail) is MailState.UNCERTAIN
    assert outbox.read(mail).last_error == {
        "code": "outcome_unknown",
        "problem": "the server got the mail and did not answer (SMTPReadTimeoutError)",
        "place": f"mail server 127.0.0.1:{outbox.port}",
        "mend": "Ask the recipient or look at the server's log, then: faktura mails resend ID",
    }


def test_a_mail_left_on_the_way_by_a_dead_process_is_in_doubt(outbox: Outbox) -> None:
    """The crash between sending and keeping it: one mail at the server, a task, none by itself."""
    office = PostOffice()
    mail = outbox.mail()
    with outbox.database.write(outbox.tenant_id) as tx:
        assert take_turn(tx, Turn(wanted=[mail])) == {mail}

    outbox.send(office.open())

    assert (outbox.state(mail), office.taken) == (MailState.UNCERTAIN, [])
    assert outbox.tasks() == [(TaskKind.MAIL_UNCERTAIN, f"mail {mail}")]


def test_what_became_of_a_mail_in_doubt_is_not_written_over_it(outbox: Outbox) -> None:
    """A process thought dead comes back: the person who was asked decides, nobody else."""
    mail = outbox.mail()
    with outbox.database.write(outbox.tenant_id) as tx:
        take_turn(tx, Turn(wanted=[mail]))
    with outbox.database.write(outbox.tenant_id) as tx:
        assert doubt_what_was_left(tx) == 1

    with outbox.database.write(outbox.tenant_id) as tx:
        take_turn(tx, Turn([EndedMail(mail, MailOutcome(Verdict.TAKEN))]))

    assert outbox.state(mail) is MailState.UNCERTAIN


def test_a_server_that_is_down_is_asked_once_a_pause(outbox: Outbox) -> None:
    """Not once a mail: 1, 2, 4 … minutes, an hour at most; no person is asked for a day's outage."""
    mails = [outbox.mail(f"K-{no}") for no in range(20)]
    asked = 0

    async def down() -> MailTransport:
        nonlocal asked
        asked += 1
        raise OutsideUnavailable("it was not reached: refused", place="mail server x:25")

    outbox.environment = {"FAKTURA_SMTP__HOST": "x"}
    for _ in range(24 * 60):
        asyncio.run(outbox.pump(down))
        outbox.clock.advance(timedelta(minutes=1))

    # After 1, 3, 7, 15, 31, 63 minutes, then each hour up to minute 1,440.
    assert asked == 7 + 22
    assert outbox.tasks() == []
    assert {outbox.state(one) for one in mails} == {MailState.WAITING}


def test_a_server_that_is_down_is_told_of_once_a_pause(
    outbox: Outbox, caplog: pytest.LogCaptureFixture
) -> None:
    """With place and reason, and nobody's address: no person is asked, but the log says it."""
    outbox.mail("K-1")
    start = outbox.clock.now()

    async def down() -> MailTransport:
        raise OutsideUnavailable("it was not reached: refused", place="mail server x:25")

    outbox.environment = {"FAKTURA_SMTP__HOST": "x"}
    with caplog.at_level(logging.WARNING, "faktura.mails"):
        for _ in range(3):
            asyncio.run(outbox.pump(down))
            outbox.clock.advance(timedelta(seconds=30))

    first, second = (f"{start + timedelta(minutes=after):%Y-%m-%dT%H:%MZ}" for after in (1, 3))
    assert [one.getMessage() for one in caplog.records if one.name == "faktura.mails"] == [
        f"mail_server_rests tenant={outbox.tenant_id} until={until}"
        " reason=mail server x:25: it was not reached: refused"
        for until in (first, second)
    ]
    assert outbox.tasks() == []


def test_mails_that_wait_three_days_for_a_server_have_failed_with_one_task(outbox: Outbox) -> None:
    """Not one task a mail: it is the server that is to be mended."""
    mails = [outbox.mail(f"K-{no}") for no in range(3)]
    outbox.server(1)
    asyncio.run(outbox.pump())
    assert outbox.tasks() == []

    outbox.clock.advance(timedelta(days=3, seconds=1))
    asyncio.run(outbox.pump())

    assert {outbox.state(one) for one in mails} == {MailState.FAILED}
    assert outbox.tasks() == [(TaskKind.MAIL_FAILED, "mail server")]


def test_a_connection_closed_between_two_mails_costs_none(outbox: Outbox) -> None:
    """A server may take a few mails a connection only: the next one goes over a new one."""
    office = PostOffice(most_a_connection=2)
    mails = [outbox.mail() for _ in range(5)]

    outbox.send(office.open())

    assert [outbox.read(one).attempts for one in mails] == [1] * 5
    assert {outbox.state(one) for one in mails} == {MailState.SENT}
    assert office.connected == 3


def test_an_open_connection_is_for_named_hosts_only(outbox: Outbox) -> None:
    """Whoever sets no TLS must say that the host is one of the own network."""
    office = PostOffice()
    mail = outbox.mail()

    async def run() -> None:
        async with office.open() as port:
            outbox.server(port)
            outbox.private_hosts = frozenset()
            await outbox.pump()

    asyncio.run(run())

    assert (outbox.state(mail), office.connected) == (MailState.WAITING, 0)
    assert outbox.problems()[0].startswith("mails are not sent over an open connection")


def test_a_private_address_is_not_connected_to_unless_it_is_named(outbox: Outbox) -> None:
    """P51: a tenant's setting does not lead into the own network."""
    office = PostOffice()
    mail = outbox.mail()

    async def run() -> None:
        async with office.open() as port:
            outbox.server(port, SECURITY="TLS")
            outbox.private_hosts = frozenset()
            await outbox.pump()

    asyncio.run(run())

    assert (outbox.state(mail), office.connected) == (MailState.WAITING, 0)
    assert outbox.problems()[0].startswith("it leads into a private network. Name it in")


@pytest.mark.parametrize(
    "lines",
    [
        [b"220 " + b"x" * 100_000 + b"\r\n"],
        [b"\x00\xff\x1b[31m\r\n"],
        [b"220 hi\r\n", b"250-" + b"x" * 40_000 + b"\r\n"],
        [b"220-" + b"a\r\n220-" * 20_000],
        [b"999 what\r\n"],
        [b"-12 what\r\n"],
        [b"554 go away\r\n"],
        [b"421 busy\r\n"],
    ],
)
def test_a_hostile_greeting_harms_nobody(outbox: Outbox, lines: list[bytes]) -> None:
    """Giant lines, endless answers, control characters: the mail waits."""
    mail = outbox.mail()
    outbox.patience = SHORT

    outbox.send(scripted(lines))

    assert (outbox.state(mail), outbox.read(mail).attempts) == (MailState.WAITING, 0)
    assert outbox.rests_until() == "2026-10-31T08:01:00+00:00"


@pytest.mark.parametrize(
    ("lines", "state"),
    [
        ([b"250 ok\r\n", b"250 ok\r\n", b"354 go\r\n", b"xyz\r\n"], MailState.UNCERTAIN),
        ([b"250 ok\r\n", b"250 ok\r\n", b"354 go\r\n", b"354 go\r\n"], MailState.UNCERTAIN),
        ([b"\x07\x1b[2J\r\n"], MailState.WAITING),
        ([b"777 ok\r\n"], MailState.WAITING),
        ([b"250 ok\r\n", b"777 ok\r\n"], MailState.WAITING),
        ([b"250 ok\r\n", b"250 " + b"y" * 50_000], MailState.WAITING),
        ([b"530 5.7.0 log in first\r\n"], MailState.WAITING),
        ([b"421 too many\r\n"], MailState.WAITING),
        ([b"250 ok\r\n"], MailState.WAITING),
    ],
)
def test_a_hostile_answer_moves_no_mail(
    outbox: Outbox, lines: list[bytes], state: MailState
) -> None:
    """What is no answer is none: before the mail it waits, behind it nobody knows."""
    mail = outbox.mail()
    outbox.patience = SHORT

    outbox.send(scripted([b"220 hi\r\n", b"250 hi\r\n", *lines]))

    assert outbox.state(mail) is state


def test_what_a_server_says_is_kept_without_what_steers_a_terminal(outbox: Outbox) -> None:
    """Its words are another machine's: one line, 300 characters, all printable."""
    office = PostOffice(answers=["550 \x1b[31mred\x07 " + "z" * 900])
    mail = outbox.mail()

    outbox.send(office.open())

    said = outbox.read(mail).answer
    assert (
        said == "550 \N{REPLACEMENT CHARACTER}[31mred\N{REPLACEMENT CHARACTER} " + "z" * 285 + "…"
    )
