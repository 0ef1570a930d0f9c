"""Addresses, passwords and the ends of sessions."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from faktura.domain.users import (
    Session,
    User,
    check_password,
    checked_email,
    folded_email,
    token_hash,
)
from faktura.kernel.errors import FieldInvalid

NOON = datetime(2026, 10, 31, 12, tzinfo=UTC)
SOMEBODY = UUID(int=1)


def session(*, seen_at: datetime = NOON) -> Session:
    """Begun on 31 October at noon, so at an end on 7 November at noon whatever happens."""
    return Session(b"h", SOMEBODY, "t", NOON, seen_at, datetime(2026, 11, 7, 12, tzinfo=UTC))


@pytest.mark.parametrize(
    ("given", "stored"),
    [
        ("mia@verlag.example", "mia@verlag.example"),
        ("  Mia.Meier@Verlag.Example\n", "mia.meier@verlag.example"),
        ("STRAẞE@büro.example", "strasse@büro.example"),
        ("ｍia@verlag.example", "mia@verlag.example"),
    ],
)
def test_an_address_is_one_however_it_is_capitalised(given, stored):
    """Case-folded and in one spelling of Unicode, so that nobody is there twice."""
    assert checked_email(given) == stored
    assert folded_email(given) == stored


@pytest.mark.parametrize(
    "text",
    ["", "mia", "@verlag.example", "mia@", "a@b@c", "mia meier@verlag.example", "mia@x\x00y",
     "mia@\u202everlag.example", f"{'a' * 250}@b.de"],
)  # fmt: skip
def test_what_is_no_address_is_refused(text):
    """Nothing invisible, nothing longer than a mail server takes."""
    with pytest.raises(FieldInvalid, match="is not an e-mail address"):
        checked_email(text)


def test_a_password_has_at_least_twelve_characters():
    """And at most 1024, for hashing is work."""
    check_password("x" * 12)
    check_password("ü" * 1024)
    for password in ("", "x" * 11, "x" * 1025):
        with pytest.raises(FieldInvalid, match="12 to 1024 characters"):
            check_password(password)


def test_a_session_ends_after_twelve_hours_of_nothing():
    """The moment itself is outside."""
    assert not session().is_over(NOON + timedelta(hours=11, minutes=59, seconds=59))
    assert session().is_over(NOON + timedelta(hours=12))


def test_a_session_ends_after_seven_days_whatever_happens():
    """Also one that was seen a minute ago."""
    lively = session(seen_at=datetime(2026, 11, 7, 11, 59, tzinfo=UTC))

    assert not lively.is_over(datetime(2026, 11, 7, 11, 59, 59, tzinfo=UTC))
    assert lively.is_over(datetime(2026, 11, 7, 12, tzinfo=UTC))


def test_a_session_is_seen_anew_once_a_minute():
    """Not with every page: that would be a write a page."""
    assert not session().is_seen_anew(NOON + timedelta(seconds=59))
    assert session().is_seen_anew(NOON + timedelta(seconds=60))


def test_a_disabled_user_has_no_hash_to_compare_with():
    """They are refused like somebody who does not exist."""
    user = User(SOMEBODY, "a@b.example", "", "hash", NOON)
    disabled = User(SOMEBODY, "a@b.example", "", "hash", NOON, NOON)

    assert user.usable_hash == "hash"
    assert disabled.usable_hash is None


def test_what_signs_in_is_not_printed():
    """Neither hashes nor tokens get into a log by a repr."""
    user = User(SOMEBODY, "a@b.example", "", "pwhash", NOON)
    secret = Session(b"digest", SOMEBODY, "formtoken", NOON, NOON, NOON)

    assert "pwhash" not in repr(user)
    assert "digest" not in repr(secret)
    assert "formtoken" not in repr(secret)


def test_a_token_is_known_by_its_sha256():
    """FIPS 180: the hash of `abc`; a lone surrogate from a broken client is hashed, too."""
    digest = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"

    assert token_hash("abc").hex() == digest
    assert len(token_hash("\udc80")) == 32
