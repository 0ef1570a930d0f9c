"""Keys of the REST door: how they are written, what they allow, from where and for how long."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from ipaddress import ip_address
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from faktura.domain.api_keys import (
    ApiKey,
    PresentedKey,
    Scope,
    check_reach,
    is_proved,
    network,
    new_secret,
    presented_key,
    secret_hash,
    unknown_key,
    written_key,
)
from faktura.kernel.errors import FieldInvalid
from faktura.kernel.request_errors import RateLimited, Unauthenticated

ID = UUID("019a0000-0000-7000-8000-00000000abcd")
HEX = "019a000000007000800000000000abcd"
# 32 bytes 00 01 02 … 1f in base64url without the padding.
SECRET = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8"  # noqa: S105 - opens nothing
NOW = datetime(2026, 10, 31, 8, 0, tzinfo=UTC)
KEY = ApiKey(ID, "shop", None, frozenset(), (), 600, sha256(SECRET.encode()).digest(), NOW)


def test_a_key_is_written_with_its_tenant_and_read_back():
    """The tenant stands in it, so no look-up crosses tenants."""
    text = written_key(7, ID, SECRET)

    read = presented_key(text)

    assert text == f"fk_7_{HEX}_{SECRET}"
    assert read == PresentedKey(7, ID, SECRET)


@given(st.integers(1, 999_999_999), st.uuids(), st.binary(min_size=32, max_size=32))
def test_every_key_we_write_is_one_we_read(tenant, key, secret):
    """Whatever the random bytes are."""
    written = new_secret(lambda _size: secret)

    assert presented_key(written_key(tenant, key, written)) == PresentedKey(tenant, key, written)


def test_a_secret_is_32_random_bytes():
    """As many as SHA-256 has: guessing is hopeless."""
    asked: list[int] = []

    def random(size: int) -> bytes:
        asked.append(size)
        return bytes(range(size))

    secret = new_secret(random)

    assert secret == SECRET
    assert asked == [32]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "fk",
        f"fk_7_{HEX}",
        f"FK_7_{HEX}_{SECRET}",
        f"fk_0_{HEX}_{SECRET}",
        f"fk_07_{HEX}_{SECRET}",
        f"fk_-7_{HEX}_{SECRET}",
        f"fk_٧_{HEX}_{SECRET}",
        f"fk_1000000000_{HEX}_{SECRET}",
        f"fk_7_{HEX.upper()}_{SECRET}",
        f"fk_7_{ID}_{SECRET}",
        f"fk_7_{HEX[1:]}_{SECRET}",
        f"fk_7_{HEX}_{SECRET[:-1]}",
        f"fk_7_{HEX}_{SECRET}A",
        f"fk_7_{HEX}_{SECRET}=",
        f"fk_7_{HEX}_{SECRET}\n",
        f" fk_7_{HEX}_{SECRET}",
        f"fk_7_{HEX}_+/{SECRET[2:]}",
        # The same 32 bytes, but for two bits that nobody reads: 8 is 111100, 9 is 111101.
        f"fk_7_{HEX}_{SECRET[:-1]}9",
    ],
)
def test_what_is_no_key_is_refused_without_a_word_about_it(text):
    """The message never quotes it: it may be a good key with a typo."""
    with pytest.raises(Unauthenticated) as refused:
        presented_key(text)

    assert refused.value.as_dict() == unknown_key().as_dict()
    assert refused.value.__cause__ is None
    assert SECRET[:20] not in str(refused.value)


def test_a_text_of_megabytes_is_refused_as_well():
    """The form bounds the length; nothing is decoded before."""
    with pytest.raises(Unauthenticated):
        presented_key(f"fk_7_{HEX}_{SECRET * 100_000}")


def test_only_the_right_secret_proves_a_key():
    """A key that does not exist is proved by nothing."""
    right, wrong = PresentedKey(7, ID, SECRET), PresentedKey(7, ID, "B" + SECRET[1:])

    assert is_proved(right, KEY)
    assert not is_proved(wrong, KEY)
    assert not is_proved(right, None)


def test_only_the_hash_of_a_secret_is_kept():
    """SHA-256, as hashed by hand with sha256sum."""
    assert secret_hash(SECRET).hex() == (
        "ea866a757e4c38babfa8127cbe9a409d3e1f93a00ff1488ff735fcf917afffd0"
    )


def test_keys_print_without_secret_and_hash():
    """What is printed ends in a log."""
    printed = f"{KEY!r} {PresentedKey(7, ID, SECRET)!r}"

    assert "shop" in printed
    assert SECRET not in printed
    assert "secret" not in printed


@pytest.mark.parametrize(
    ("granted", "asked", "allowed"),
    [
        (Scope.CONTRACTS_READ, Scope.CONTRACTS_READ, True),
        (Scope.CONTRACTS_WRITE, Scope.CONTRACTS_READ, True),
        (Scope.CONTRACTS_READ, Scope.CONTRACTS_WRITE, False),
        (Scope.CUSTOMERS_WRITE, Scope.CONTRACTS_READ, False),
        (Scope.CUSTOMERS_WRITE, Scope.CUSTOMERS_READ, True),
        (Scope.CATALOGUE_WRITE, Scope.CATALOGUE_READ, True),
        (Scope.BILLING_WRITE, Scope.BILLING_READ, True),
        (Scope.BILLING_WRITE, Scope.INVOICES_READ, False),
        (Scope.BANK_WRITE, Scope.BANK_READ, True),
        (Scope.INVOICES_READ, Scope.INVOICES_READ, True),
    ],
)
def test_to_write_includes_to_read_the_same(granted, asked, allowed):
    """And nothing of another noun."""
    assert replace(KEY, scopes=frozenset({granted})).allows(asked) is allowed


def test_no_scope_allows_nothing():
    """Also the scope that no other one includes."""
    assert [scope for scope in Scope if KEY.allows(scope)] == []


@pytest.mark.parametrize(
    ("address", "admitted"),
    [
        ("192.0.2.1", True),
        ("192.0.2.255", True),
        ("192.0.3.0", False),
        ("::ffff:192.0.2.1", True),
        ("::ffff:192.0.3.1", False),
        ("2001:db8::1", True),
        ("2001:db9::1", False),
        ("198.51.100.7", True),
        ("198.51.100.8", False),
    ],
)
def test_a_key_with_networks_is_for_those_addresses(address, admitted):
    """A server that listens on IPv6 sees IPv4 addresses written as IPv6."""
    networks = tuple(map(network, ("192.0.2.0/24", "2001:db8::/32", "198.51.100.7")))

    assert replace(KEY, networks=networks).admits(ip_address(address)) is admitted


def test_a_key_without_networks_is_for_any_address():
    """The list of addresses is a choice."""
    assert KEY.admits(ip_address("203.0.113.9"))
    assert KEY.admits(ip_address("2001:db8::9"))


@pytest.mark.parametrize(
    ("ends", "live"),
    [
        ({}, True),
        ({"expires_at": NOW + timedelta(microseconds=1)}, True),
        ({"expires_at": NOW}, False),
        ({"revoked_at": NOW - timedelta(days=1)}, False),
        ({"revoked_at": NOW, "expires_at": NOW + timedelta(days=1)}, False),
    ],
)
def test_a_key_lives_until_it_expires_or_is_revoked(ends, live):
    """The moment of expiry is the first one at which it opens nothing."""
    assert replace(KEY, **ends).is_live(NOW) is live


@pytest.mark.parametrize(
    "scope",
    [f"{what}:{act}" for what in ("bank", "accounting", "dunning", "mails", "webhooks")
     for act in ("read", "write")],
)  # fmt: skip
def test_what_is_the_tenants_is_not_for_a_key_of_one_project(scope):
    """Books, dunning, mails and webhooks are of all projects, each right of its own."""
    with pytest.raises(FieldInvalid, match=f"^scope: {scope} cannot be given for one project"):
        check_reach({Scope(scope), Scope.INVOICES_READ}, ID)


def test_bank_scopes_are_only_for_keys_of_the_whole_tenant():
    """Bank accounts belong to the tenant, so a key of one project would see the others' money."""
    scopes = {Scope.BANK_WRITE, Scope.BANK_READ, Scope.INVOICES_READ}

    with pytest.raises(FieldInvalid) as refused:
        check_reach(scopes, ID)
    check_reach(scopes, None)
    check_reach({Scope.BILLING_WRITE}, ID)

    assert refused.value.place == "scope"
    assert refused.value.problem.startswith("bank:read, bank:write cannot be given")


@pytest.mark.parametrize(
    "text",
    ["", "x", "192.0.2.1/24", "192.0.2.0/33", "::ffff:192.0.2.0/120", "fe80::%eth0/64", "10.0.0"],
)
def test_what_is_no_network_is_refused(text):
    """Bits behind the prefix are a mistake, and an IPv4 network written as IPv6 would admit none."""
    with pytest.raises(FieldInvalid) as refused:
        network(text)

    assert refused.value.place == "network"
    assert refused.value.mend.startswith("Write one like 192.0.2.0/24")


def test_who_is_too_fast_is_told_when_to_come_again():
    """In seconds, as the header says it."""
    error = RateLimited("600 requests a minute are allowed", retry_after=7, mend="Wait")

    assert error.retry_after == 7
    assert str(error) == "600 requests a minute are allowed. Wait"
