"""Mails that came back over REST: brought in, listed, and never another tenant's."""

import pytest
from tests.services.mail_sending.test_bounces import REPORT
from tests.web.api.test_isolation import asked_mail
from tests.web.api.world import Answered, Caller

from faktura.bootstrap import App


@pytest.fixture
def mail_id(app: App) -> str:
    """A mail of Süd's."""
    return str(asked_mail(app))


async def bring(caller: Caller, content: bytes) -> Answered:
    """Send the mail as it was received."""
    return await caller.post("/MailBounces", content, Content_Type="application/octet-stream")


def returned(mail_id: str) -> bytes:
    own = f"bounce+{mail_id.replace('-', '')}@zurueck.example".encode()
    return REPORT % (own, b"<x@y.example>")


async def test_a_report_is_brought_in_once_and_listed(sued: Caller, mail_id: str) -> None:
    """A second time it adds nothing."""
    first, second = await bring(sued, returned(mail_id)), await bring(sued, returned(mail_id))

    assert first.json == {"mailId": mail_id, "addresses": 1, "new": 1}
    assert second.json == {"mailId": mail_id, "addresses": 1, "new": 0}
    (row,) = (await sued.get("/MailBounces?limit=1")).json["data"]
    assert (row["mailId"], row["recipient"], row["kind"], row["status"], row["said"]) == (
        mail_id, "A@kunde.example", "PERMANENT", "5.1.1", "550 no such user",
    )  # fmt: skip


async def test_a_mail_of_another_tenant_is_not_found(
    nord: Caller, sued: Caller, mail_id: str
) -> None:
    """Whoever knows its id has nothing of it: 404, and nothing is kept."""
    stranger = await bring(nord, returned(mail_id))

    assert (stranger.status, stranger.json["errorKey"]) == (404, "not_found")
    assert (await nord.get("/MailBounces")).json["data"] == []
    assert (await sued.get("/MailBounces")).json["data"] == []


@pytest.mark.parametrize(
    "content",
    [
        b"Subject: away\n\nOn holiday",
        b"\xff\x00" * 5_000,
        b"To: " + b"bounce+" * 100_000,
        b"".join(
            b'Content-Type: multipart/mixed; boundary="%d"\n\n--%d\n' % (no, no)
            for no in range(2_000)
        ),
    ],
)
async def test_what_is_no_report_is_refused(sued: Caller, content: bytes) -> None:
    """Holiday notices, noise, giant headers, nested parts: a problem, not a fault."""
    answered = await bring(sued, content)

    assert 400 <= answered.status < 500
    assert answered.json["errorKey"] == "file_unreadable"


@pytest.mark.parametrize("cursor", ["x", "WyJhIiwiYiJd"])
async def test_a_cursor_of_nobody_is_refused(sued: Caller, cursor: str) -> None:
    """400, whatever stands in it."""
    assert (await sued.get(f"/MailBounces?cursor={cursor}")).status in (400, 422)
