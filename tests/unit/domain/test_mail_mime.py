"""Mails as bytes (RFC 5322, 2045-2047, 2231): what a mail program reads in them is what was written."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from uuid import UUID

import pytest

from faktura.domain.mail_mime import mail_bytes
from faktura.domain.mails import MailAttachment, MailMessage
from faktura.kernel.errors import FieldInvalid
from faktura.kernel.outbox_terms import MailUse

NOW = datetime(2026, 10, 31, 8, tzinfo=UTC)
FILES: Mapping[str, bytes] = {"00ff": b"%PDF " + bytes(range(256))}
MESSAGE = MailMessage(
    UUID(int=7),
    MailUse.INVOICE,
    "de",
    "rechnung@werk.example",
    "",
    "",
    "zurueck@werk.example",
    ("a@kunde.example", "b@kunde.example"),
    "Ihre Rechnung",
    "Guten Tag,\n.\nüber 119,00 €",
    "",
    "<7@werk.example>",
)
PDF = MailAttachment("Rechnung.pdf", "application/pdf", "00ff", 261)


def read(message: MailMessage) -> EmailMessage:
    content = mail_bytes(message, FILES, NOW)
    assert content.isascii()
    assert max(map(len, content.split(b"\r\n"))) <= 998
    assert b"\n" not in content.replace(b"\r\n", b"")
    found = message_from_bytes(content.replace(b"\r\n", b"\n"), policy=default)
    assert isinstance(found, EmailMessage)
    return found


def test_a_text_alone_is_one_part() -> None:
    """Who it is from and to, when, and that no machine is to answer it (RFC 3834)."""
    mail = read(MESSAGE)

    assert dict(mail.items()) == {
        "From": "rechnung@werk.example",
        "To": "a@kunde.example, b@kunde.example",
        "Subject": "Ihre Rechnung",
        "Date": "Sat, 31 Oct 2026 08:00:00 +0000",
        "Message-ID": "<7@werk.example>",
        "Content-Language": "de",
        "Auto-Submitted": "auto-generated",
        "MIME-Version": "1.0",
        "Content-Type": 'text/plain; charset="utf-8"',
        "Content-Transfer-Encoding": "quoted-printable",
    }
    assert mail.get_content() == "Guten Tag,\n.\nüber 119,00 €"


def test_texts_and_files_are_wrapped_as_mail_programs_expect() -> None:
    """Alternative texts inside, files beside them; names that are not ASCII survive."""
    second = replace(PDF, name='Angebot "ü"; x.pdf')
    mail = read(replace(MESSAGE, html="<p>ü</p>", attachments=(PDF, second)))

    assert [part.get_content_type() for part in mail.walk()] == [
        "multipart/mixed",
        "multipart/alternative",
        "text/plain",
        "text/html",
        "application/pdf",
        "application/pdf",
    ]
    files = list(mail.iter_attachments())
    assert [one.get_filename() for one in files] == ["Rechnung.pdf", 'Angebot "ü"; x.pdf']
    assert [one.get_content() for one in files] == [FILES["00ff"]] * 2


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Werk GmbH", "Werk GmbH"),
        ('Werk "\\" GmbH, Co', 'Werk "\\" GmbH, Co'),
        ("Müller & Söhne", "Müller & Söhne"),
    ],
)
def test_a_sender_keeps_their_name(name: str, shown: str) -> None:
    """Quoted or encoded; the address stays one."""
    mail = read(replace(MESSAGE, sender_name=name, reply_to="antwort@werk.example"))

    (sender,) = mail["From"].addresses
    assert (sender.display_name, sender.addr_spec) == (shown, "rechnung@werk.example")
    assert mail["Reply-To"] == "antwort@werk.example"


@pytest.mark.parametrize("subject", ["Größe " * 40, "=?utf-8?q?x?=", "a" * 200, ""])
def test_a_subject_comes_back_as_it_was(subject: str) -> None:
    """However long, and what looks like an encoded word is text."""
    assert read(replace(MESSAGE, subject=subject.strip()))["Subject"] == subject.strip()


@pytest.mark.parametrize(
    "changes",
    [
        {"subject": "x\r\nBcc: all@x.example"},
        {"sender_name": "x\r\nBcc: all@x.example"},
        {"sender_name": "ü\r\nBcc: all@x.example"},
        {"reply_to": "x@y.example\r\nBcc: all@x.example"},
        {"message_id": "<x\r\n Bcc@x.example>\n"},
        {"plain": "\ud800"},
        {"reply_to": "ü@y.example"},
    ],
)
def test_no_text_makes_a_header_of_its_own(changes: Mapping[str, str]) -> None:
    """A line end in a header, or half a character, is refused."""
    with pytest.raises(FieldInvalid):
        mail_bytes(replace(MESSAGE, **changes), FILES, NOW)  # type: ignore[arg-type]


def test_a_file_that_is_missing_is_no_mail() -> None:
    """Nobody gets a mail without the invoice it speaks of."""
    with pytest.raises(KeyError):
        mail_bytes(replace(MESSAGE, attachments=(PDF,)), {}, NOW)
