"""Signatures of deliveries: HMAC-SHA256 in hexadecimal digits, and a moment that is near."""

from datetime import UTC, datetime, timedelta

import pytest

from faktura.plugin import is_recent, is_signed

# RFC 4231, test case 2.
KEY = "Jefe"
CONTENT = b"what do ya want for nothing?"
SIGNATURE = "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
# HMAC-SHA256 of nothing under no key, which everybody can compute.
OF_NOBODY = "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad"
NOW = datetime(2026, 11, 30, 12, 0, tzinfo=UTC)


def test_the_signature_of_the_standard_is_known():
    """As every other implementation computes it."""
    assert is_signed(CONTENT, SIGNATURE, KEY) is True


@pytest.mark.parametrize(
    ("content", "signature", "secret"),
    [
        (CONTENT + b" ", SIGNATURE, KEY),
        (CONTENT, SIGNATURE, "jefe"),
        (CONTENT, SIGNATURE[:-1], KEY),
        (CONTENT, "", KEY),
        (CONTENT, "\N{FULLWIDTH DIGIT FIVE}" + SIGNATURE[1:], KEY),
        (CONTENT, "\udc80", KEY),
        (b"", OF_NOBODY, ""),
    ],
)
def test_whatever_else_is_not_signed(content: bytes, signature: str, secret: str):
    """Nothing raises, and nobody signs with a secret that is blank."""
    assert is_signed(content, signature, secret) is False


@pytest.mark.parametrize(
    ("seconds", "recent"),
    [
        ("1796040000", True),
        ("1796039700", True),
        ("1796040300", True),
        ("1796039699", False),
        ("1796040301", False),
        ("", False),
        ("-1796040000", False),
        ("1796040000.0", False),
        ("\N{FULLWIDTH DIGIT ONE}796040000", False),
        ("9" * 5000, False),
        ("99999999999", False),
    ],
)
def test_a_moment_counts_for_five_minutes_before_and_after(seconds: str, recent: bool):
    """Both ends inclusive; what is no moment is not recent and breaks nothing."""
    assert is_recent(seconds, NOW) is recent


def test_the_tolerance_is_the_providers():
    """Some allow a minute."""
    assert is_recent("1796039940", NOW, timedelta(minutes=1)) is True
    assert is_recent("1796039939", NOW, timedelta(minutes=1)) is False
