"""Mails that came back (RFC 3464): matched by envelope or message id, kept once, told of once."""

import pytest
from tests.services.mail_sending.outbox import Outbox

from faktura.domain.mail_bounces import read_report
from faktura.kernel.errors import FileUnreadable, NotFound
from faktura.services.bounce_reports import BroughtIn, bring_in

REPORT = b"""From: MAILER-DAEMON@post.example
To: %s
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; post.example

Final-Recipient: rfc822; A@kunde.example
Action: failed
Status: 5.1.1
Diagnostic-Code: smtp; 550 no such user

--b
Content-Type: text/rfc822-headers

Message-ID: %s

--b--
"""


def test_a_report_is_found_by_the_message_id_of_what_came_back(outbox: Outbox) -> None:
    """A second time it adds nothing."""
    mail = outbox.mail("K-1", "a@kunde.example", "b@kunde.example")
    report = read_report(REPORT % (b"zurueck@werk.example", f"<{mail}@werk.example>".encode()))

    for new in (1, 0):
        with outbox.database.write(outbox.tenant_id) as tx:
            assert bring_in(tx, report) == BroughtIn(mail, 1, new)

    assert outbox.bounces() == [("a@kunde.example", "PERMANENT", "5.1.1")]
    assert [kind for kind, _ in outbox.events()] == ["MAIL_BOUNCED"]


def test_a_report_is_found_by_its_envelope(outbox: Outbox) -> None:
    """With a bounce domain each mail has an envelope sender of its own."""
    mail = outbox.mail("K-1", "a@kunde.example")
    report = read_report(REPORT % (f"bounce+{mail.hex}@zurueck.example".encode(), b"<x@y>"))

    with outbox.database.write(outbox.tenant_id) as tx:
        assert bring_in(tx, report) == BroughtIn(mail, 1, 1)


@pytest.mark.parametrize("name", [b"<x@y>", b"<x\x00@y>", b"<\xff@y>"])
def test_a_report_about_no_mail_of_ours_is_named(outbox: Outbox, name: bytes) -> None:
    """Nothing is guessed, and no database is asked for what it does not take."""
    report = read_report(REPORT % (b"zurueck@werk.example", name))

    with pytest.raises(NotFound), outbox.database.write(outbox.tenant_id) as tx:
        bring_in(tx, report)


@pytest.mark.parametrize("content", [b"", b"Subject: away\n\nI am on holiday", b"\xff" * 1000])
def test_a_mail_that_reports_nothing_is_refused(content: bytes) -> None:
    """A notice of absence is no bounce."""
    with pytest.raises(FileUnreadable):
        read_report(content)
