"""Reports of mails that came back (RFC 3464): what counts, and what a hostile one cannot do."""

from uuid import UUID

import pytest

from faktura.domain.mail_bounces import read_report, sender_for
from faktura.domain.mail_outcomes import told
from faktura.kernel.errors import FileUnreadable
from faktura.kernel.outbox_terms import BounceKind

HEAD = b'Content-Type: multipart/report; boundary="b"\n%s\n--b\nContent-Type: message/delivery-status\n\n'
FAILED = b"Final-Recipient: rfc822; <a@x.example>\nAction: failed\n"


def report(fields: bytes, head: bytes = b"", behind: bytes = b"") -> bytes:
    return HEAD % head + b"Reporting-MTA: dns; y\n\n" + fields + b"\n" + behind + b"\n--b--\n"


@pytest.mark.parametrize(
    ("fields", "kind", "status", "said"),
    [
        (FAILED, BounceKind.PERMANENT, "failed", "failed"),
        (FAILED + b"Status: 5.1.1\nDiagnostic-Code: smtp; 550 no\n", BounceKind.PERMANENT, "5.1.1", "550 no"),
        (FAILED + b"Status: 4.2.2 (full)\n", BounceKind.TEMPORARY, "4.2.2", "failed"),
        (b"Original-Recipient: RFC822;a@x.example\nAction: Delayed\n", BounceKind.TEMPORARY, "delayed", "delayed"),
    ],
)  # fmt: skip
def test_what_a_report_says_of_an_address(
    fields: bytes, kind: BounceKind, status: str, said: str
) -> None:
    """Refused for good, or for now: 4.x.x and what is delayed."""
    (found,) = read_report(report(fields)).refusals

    assert (found.recipient, found.kind, found.status, found.said) == (
        "a@x.example", kind, status, said,
    )  # fmt: skip


@pytest.mark.parametrize(
    "fields",
    [
        b"Final-Recipient: rfc822; a@x.example\nAction: delivered\n",
        b"Final-Recipient: x400; a@x.example\nAction: failed\n",
        b"Action: failed\n",
        b"",
    ],
)
def test_what_tells_of_no_refusal_is_refused(fields: bytes) -> None:
    """A mail that arrived, or an address of another kind, is no bounce."""
    with pytest.raises(FileUnreadable):
        read_report(report(fields))


def test_a_mail_is_named_by_its_envelope_and_by_its_ids() -> None:
    """The sender of its own first; then what came back, then what is answered."""
    own = sender_for(UUID(int=7), "zurueck.example")
    back = b"--b\nContent-Type: text/rfc822-headers\n\nMessage-ID: <1@x>\n\n"
    whole = b"--b\nContent-Type: message/rfc822\n\nMessage-ID: <2@x>\n\nhello\n"
    head = f"Delivered-To: {own}\nIn-Reply-To: <3@x>\nReferences: <4@x> <5@x>\n".encode()

    found = read_report(report(FAILED, head, back + whole))

    assert own == "bounce+00000000000000000000000000000007@zurueck.example"
    assert found.mail_ids == (UUID(int=7),)
    assert found.message_ids == ("<1@x>", "<2@x>", "<3@x>", "<4@x>", "<5@x>")


def test_giant_and_nested_reports_are_read_in_part() -> None:
    """At most 100 addresses and ids; words of 300 signs without what steers a terminal."""
    many = b"\n".join(
        FAILED + b"Diagnostic-Code: smtp; \x1b[31m" + b"z" * 9_000 + b"\n" for _ in range(150)
    )
    head = b"References: " + b" ".join(b"<%d@x>" % no for no in range(150)) + b"\n"

    found = read_report(report(many, head))

    assert (len(found.refusals), len(found.message_ids)) == (100, 100)
    assert found.refusals[0].said == "\N{REPLACEMENT CHARACTER}[31m" + "z" * 294 + "…"


@pytest.mark.parametrize(
    "content",
    [
        b"".join(b'Content-Type: multipart/mixed; boundary="%d"\n\n--%d\n' % (no, no) for no in range(3_000)),
        b"Content-Type: message/rfc822\n\n" * 3_000,
        b"Content-Type: message/delivery-status\n\n" + b"\x00" * 1_000,
        b"To: " + b"bounce+" * 200_000,
        b"Content-Type: message/delivery-status\nContent-Transfer-Encoding: base64\n\n%%%",
        b"Content-Type: text/x; charset=\xff\xfe\nSubject: \xff\n\n\xff",
    ],
)  # fmt: skip
def test_a_hostile_mail_is_refused_and_harms_nobody(content: bytes) -> None:
    """Nested thousands of times, giant headers, bytes of no charset: a named error."""
    with pytest.raises(FileUnreadable):
        read_report(content)


def test_what_a_machine_said_is_one_printable_line() -> None:
    """At most 300 signs, the last one an ellipsis."""
    assert told(" 550\r\n no\tsuch \x07user ") == "550 no such \N{REPLACEMENT CHARACTER}user"
    assert told("x" * 300) == "x" * 300
    assert told("x" * 301) == "x" * 299 + "…"
