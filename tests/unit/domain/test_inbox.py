"""What is kept of a delivery's headers: enough to prove it, nothing that lets somebody in."""

from datetime import UTC, datetime
from uuid import UUID

import pytest

from faktura.domain.inbox import InboxChannel, InboxRow, kept_headers
from faktura.kernel.payment_terms import InboxState


def test_what_lets_somebody_in_is_not_kept():
    """A signature proves these bytes alone; a token would prove any."""
    given = {
        "x-signature": "t=1,v1=ab",
        "authorization": "Basic c2VjcmV0",
        "Proxy-Authorization": "x",
        "cookie": "session=1",
        "x-api-key": "k",
        "x-hook-token": "t",
        "client-secret": "s",
        "x-password": "p",
        "paypal-auth-algo": "SHA256withRSA",
    }

    assert kept_headers(given) == {
        "x-signature": "t=1,v1=ab",
        "paypal-auth-algo": "SHA256withRSA",
    }


def test_what_is_kept_is_bounded_and_readable():
    """64 headers of 2,000 signs; halves of characters are replaced."""
    kept = kept_headers({f"x-{no}": "ä" * 3_000 for no in range(100)})

    assert len(kept) == 64
    assert kept["x-0"] == "ä" * 2_000
    assert kept_headers({"x": "a\udcff"}) == {"x": "a?"}


@pytest.mark.parametrize(
    ("state", "waits"),
    [("NEW", True), ("PARKED", True), ("DONE", False), ("FOREIGN", False), ("FAILED", False)],
)
def test_an_event_waits_until_it_was_handled_or_given_up(state: str, waits: bool):
    """What failed for good waits for a person, not for a job."""
    at = datetime(2026, 10, 31, 8, 0, tzinfo=UTC)
    row = InboxRow(UUID(int=1), "seal", "e", "t", InboxChannel.POLL, InboxState(state), "{}", at)

    assert row.waits is waits
