"""Whether a delivery was signed with a shared secret, and lately: what most webhooks are proved by."""

import hmac
from datetime import UTC, datetime, timedelta

_MOST_DIGITS = 11


def is_signed(content: bytes, signature: str, secret: str) -> bool:
    """Whether `signature` is the HMAC-SHA256 of the content under the secret, in hexadecimal digits.

    Compared in constant time. A blank secret signs nothing: everybody knows it.
    """
    expected = hmac.new(secret.encode(), content, "sha256").hexdigest()
    given = signature.encode("ascii", "replace")
    return hmac.compare_digest(expected.encode(), given) and bool(secret.strip())


def is_recent(seconds: str, now: datetime, tolerance: timedelta = timedelta(minutes=5)) -> bool:
    """Whether a moment in Unix seconds is at most `tolerance` away from `now`, before or after it.

    What is no moment is not recent.
    """
    if not (seconds.isascii() and seconds.isdigit() and len(seconds) <= _MOST_DIGITS):
        return False
    return abs(now - datetime.fromtimestamp(int(seconds), UTC)) <= tolerance
