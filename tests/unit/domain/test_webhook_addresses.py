"""Addresses of webhooks are checked when they are saved: https, the open net, one spelling (P51)."""

import pytest

from faktura.domain.webhook_addresses import checked_url, host_of
from faktura.kernel.errors import FieldInvalid, OutOfRange

# Each leads into a network of ours, or would for some parser of addresses.
INWARDS = (
    "127.0.0.1",
    "127.1",
    "127.0.1",
    "2130706433",
    "0x7f000001",
    "0x7f.0.0.1",
    "0x7f.1",
    "0177.0.0.1",
    "017700000001",
    "127.0.0.1.",
    "0",
    "0.0.0.0",  # noqa: S104 - refused
    "10.0.0.1",
    "100.64.0.1",
    "169.254.169.254",
    "172.16.0.1",
    "192.168.0.1",
    "198.18.0.1",
    "224.0.0.1",
    "255.255.255.255",
    "[::]",
    "[::1]",
    "[0:0:0:0:0:0:0:1]",
    "[::127.0.0.1]",
    "[::ffff:127.0.0.1]",
    "[::ffff:7f00:1]",
    "[::ffff:10.0.0.1]",
    "[64:ff9b::7f00:1]",
    "[2001::1]",
    "[2002:7f00:1::]",
    "[fc00::1]",
    "[fd00::1]",
    "[fe80::1]",
    "[fec0::1]",
    "[ff02::1]",
    "localhost",
    "LOCALHOST",
    "localhost.",
    "api.localhost",
    "printer.local",
    "metadata.google.internal",
    "router.home.arpa",
    "intranet",
)


@pytest.mark.parametrize("host", INWARDS)
def test_no_spelling_of_an_inner_address_is_saved(host: str):
    """Literal addresses and names that networks keep for themselves."""
    with pytest.raises(FieldInvalid) as caught:
        checked_url(f"https://{host}/hook", frozenset())

    assert caught.value.place == "url, column 9"
    assert caught.value.mend


@pytest.mark.parametrize(
    "url",
    [
        "https://hooks.example.com",
        "https://hooks.example.com/a?b=c%20d&e",
        "HTTPS://Hooks.Example.Com:443/",
        "https://hooks.example.com:8443/x",
        "https://hooks.example.com:65535/",
        "https://xn--mller-kva.example/",
        "https://a_b.example.com./",
        "https://8.8.8.8/",
        "https://[2606:4700::1111]:8443/",
    ],
)
def test_addresses_of_the_open_net_are_kept_as_they_were_given(url: str):
    """Nothing of them is rewritten: what is checked is what is called."""
    assert checked_url(url, frozenset()) == url


@pytest.mark.parametrize(
    ("url", "column", "problem"),
    [
        ("", 1, "no whole address"),
        ("hooks.example.com", 1, "no whole address"),
        ("https:///x", 1, "no whole address"),
        ("//hooks.example.com", 1, "no whole address"),
        ("http://hooks.example.com/", 1, "only https"),
        ("ftp://hooks.example.com/", 1, "only https"),
        ("https://user@hooks.example.com/", 9, "a name or password"),
        ("https://a:b@hooks.example.com/", 9, "a name or password"),
        ("https://8.8.8.8@127.0.0.1/", 9, "a name or password"),
        ("https://hooks.example.com/x#part", 28, "behind #"),
        ("https://hooks.example.com#@127.0.0.1/", 26, "behind #"),
        ("https://hooks.example.com\\@127.0.0.1/", 26, "cannot stand"),
        ("https://hooks.example.com/a b", 28, "a blank cannot stand"),
        ("https://8.8.8.8]/", 9, "no name of a host"),
        ("https://[8.8.8.8/", 9, "no"),
        ("https://[[2606:4700::1111]/", 9, "no"),
        (" https://hooks.example.com/", 1, "cannot stand"),
        ("https://hooks.example.com/\r\nX: y", 27, "cannot stand"),
        ("https://hooks.example.com/\x00", 27, "cannot stand"),
        ("https://müller.example/", 10, "cannot stand"),
        ("https://①②⑦.0.0.1/", 9, "cannot stand"),
        ("https://127。0。0。1/", 12, "cannot stand"),
        ("https://hooks.example.com:22/", 27, "the port 22"),
        ("https://hooks.example.com:25/", 27, "the port 25"),
        ("https://hooks.example.com:0/", 27, "the port 0"),
        ("https://hooks.example.com:65536/", 27, "the port 65536"),
        ("https://hooks.example.com:/", 27, "this is no port"),
        ("https://hooks.example.com:123456/", 27, "this is no port"),
        ("https://hooks.example.com:443:80/", 9, "is no host"),
        ("https://:443/", 9, "is no host"),
        ("https://[::1/", 9, "is no host"),
        ("https://[fe80::1%25eth0]/", 9, "no address of the open net"),
        ("https://[8.8.8.8]/", 9, "is no name of a host"),
        ("https://[host]/", 9, "is no name of a host"),
        ("https://127%2e0.0.1/", 9, "is no name of a host"),
        ("https://a..example.com/", 9, "is no name of a host"),
        ("https://-a.example.com/", 9, "is no name of a host"),
        ("https://xn--a.example.com/", 9, "is no name of a host"),
        (f"https://{'a' * 64}.example.com/", 9, "is no name of a host"),
        (f"https://{'a.' * 126}example.com/", 9, "is no name of a host"),
        ("https://1.2.3.4.5/", 9, "not everybody reads alike"),
        ("https://hooks.example.0x1/", 9, "not everybody reads alike"),
    ],
)
def test_what_is_no_address_for_webhooks_is_refused_with_its_column(
    url: str, column: int, problem: str
):
    """Whoever wrote it sees where it went wrong."""
    with pytest.raises(FieldInvalid, match=problem) as caught:
        checked_url(url, frozenset())

    assert caught.value.place == f"url, column {column}"


def test_an_address_has_2000_characters_at_most():
    """Longer ones are not kept."""
    start = "https://hooks.example.com/"

    assert checked_url(start + "a" * 1_974, frozenset())
    with pytest.raises(OutOfRange, match="2,001 characters"):
        checked_url(start + "a" * 1_975, frozenset())


def test_hosts_that_the_installation_names_may_be_private_and_speak_http():
    """With their port: another one of the same host stays closed; nothing but HTTP is spoken."""
    ours = frozenset({"127.0.0.1:8080", "shop.internal:443", "[::1]:80", "shop.internal:80"})

    for url in (
        "http://127.0.0.1:8080/x",
        "https://shop.internal/",
        "http://Shop.Internal/",
        "http://[::1]/",
    ):
        assert checked_url(url, ours) == url
    for url in ("http://127.0.0.1:8081/", "https://shop.internal:8443/", "ftp://127.0.0.1:8080/"):
        with pytest.raises(FieldInvalid):
            checked_url(url, ours)


def test_only_the_host_of_an_address_is_told():
    """Its path and its query may hold a secret of the receiver's."""
    assert host_of("https://Hooks.example.com:8443/secret?token=1") == "hooks.example.com:8443"
    assert host_of("") == ""
