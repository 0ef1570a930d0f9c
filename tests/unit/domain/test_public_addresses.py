"""Which addresses are of the open net (P51)."""

from ipaddress import ip_address

import pytest

from faktura.domain.public_addresses import address_of, is_public


@pytest.mark.parametrize(
    "text",
    [
        "8.8.8.8",
        "93.184.216.34",
        "100.63.255.255",
        "100.128.0.0",
        "172.15.255.255",
        "172.32.0.0",
        "223.255.255.255",
        "2606:4700::1111",
        "2a00:1450::1",
        "64:ff9b::8.8.8.8",
    ],
)
def test_addresses_of_the_open_net_are_public(text: str):
    """Also those beside closed networks, and IPv4 as a network without it reaches it (RFC 6052)."""
    assert is_public(ip_address(text))


@pytest.mark.parametrize(
    "text",
    [
        "0.0.0.0",  # noqa: S104 - refused
        "0.1.2.3",
        "10.0.0.1",
        "100.64.0.1",
        "127.0.0.1",
        "127.255.255.255",
        "169.254.169.254",
        "172.16.0.1",
        "172.31.255.255",
        "192.0.0.8",
        "192.0.2.1",
        "192.88.99.1",
        "192.168.1.1",
        "198.18.0.1",
        "198.51.100.1",
        "203.0.113.1",
        "224.0.0.1",
        "240.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "::127.0.0.1",
        "::8.8.8.8",
        "::ffff:127.0.0.1",
        "::ffff:8.8.8.8",
        "64:ff9b::127.0.0.1",
        "64:ff9b::10.0.0.1",
        "64:ff9b:1::1",
        "100::1",
        "2001::1",
        "2001:db8::1",
        "2002:7f00:1::",
        "3fff::1",
        "5f00::1",
        "fc00::1",
        "fd12:3456::1",
        "fe80::1",
        "fe80::1%eth0",
        "2606:4700::1111%1",
        "fec0::1",
        "ff02::1",
    ],
)
def test_addresses_of_own_and_special_networks_are_not(text: str):
    """Private, local, multicast, reserved, and whatever hides an IPv4 address."""
    assert not is_public(ip_address(text))


def test_a_text_is_an_address_in_its_usual_spelling_only():
    """Other spellings are names, which lead where the network says."""
    assert address_of("10.0.0.1") == ip_address("10.0.0.1")
    assert address_of("::1") == ip_address("::1")
    assert [address_of(text) for text in ("", "127.1", "0x7f.0.0.1", "010.0.0.1", "host")] == [
        None
    ] * 5
