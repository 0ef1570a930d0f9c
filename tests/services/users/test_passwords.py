"""argon2id: the library's cost, and a comparison that costs as much for nobody."""

import pytest

from faktura.services.passwords import PasswordCost, Passwords

CHEAP = PasswordCost(1, 8, 1)


def test_the_cost_is_the_librarys():
    """RFC 9106 section 4, the second recommended option: 3 rounds of 64 MiB."""
    stored = Passwords().hash("x" * 12)

    assert stored.startswith("$argon2id$v=19$m=65536,t=3,p=4$")
    assert Passwords().matches("x" * 12, stored)
    assert not Passwords().is_outdated(stored)
    assert Passwords(CHEAP).is_outdated(stored)


def test_one_password_has_two_hashes():
    """Each with a salt of its own."""
    passwords = Passwords(CHEAP)

    first, second = passwords.hash("x" * 12), passwords.hash("x" * 12)

    assert first != second
    assert passwords.matches("x" * 12, first)
    assert passwords.matches("x" * 12, second)


@pytest.mark.parametrize("wrong", ["", "X" * 12, "x" * 13, "\x00", "\udc80", "x" * 1024])
def test_another_password_does_not_match(wrong):
    """Whatever it holds."""
    passwords = Passwords(CHEAP)

    assert not passwords.matches(wrong, passwords.hash("x" * 12))
    assert not passwords.matches(wrong, None)


def test_a_letter_may_be_composed_or_not():
    """ü is one sign on this keyboard and two on that one."""
    passwords = Passwords(CHEAP)

    assert passwords.matches("gru\u0308ne Wiese 1", passwords.hash("gr\u00fcne Wiese 1"))


def test_what_is_no_hash_matches_nothing():
    """A damaged row lets nobody in."""
    assert not Passwords(CHEAP).matches("x" * 12, "plain text")
