"""The settings that say where browsers find us and whom we believe."""

from ipaddress import ip_network

import pytest

from faktura.bootstrap import read_settings
from faktura.bootstrap.reachability import PublicUrl, read_networks, read_public_url
from faktura.kernel.errors import FieldInvalid


@pytest.mark.parametrize(
    ("text", "url", "is_https"),
    [
        ("https://billing.example.com", "https://billing.example.com", True),
        (" HTTPS://Billing.Example.com/ ", "https://billing.example.com", True),
        ("https://billing.example.com:443", "https://billing.example.com", True),
        ("https://billing.example.com:8443/", "https://billing.example.com:8443", True),
        ("http://intranet", "http://intranet", False),
        ("http://10.0.0.5:80", "http://10.0.0.5", False),
        ("https://[2001:db8::1]:8443", "https://[2001:db8::1]:8443", True),
    ],
)
def test_a_public_address_is_scheme_and_host(text, url, is_https):
    """As browsers write it: small letters, without the usual port."""
    read = read_public_url(text)

    assert str(read) == url
    assert read == PublicUrl(*url.split("://"))
    assert read.is_https is is_https


@pytest.mark.parametrize(
    "text",
    ["billing.example.com", "https://", "ftp://x.example", "https://x.example/faktura",
     "https://x.example?a", "https://x.example#a", "https://user@x.example",
     "https://x.example:99999999", "https://x.example:0", "https://x example", "https://-x.example",
     "https://x.example\nevil", "https://bücher.example", "https://*.example.com"],
)  # fmt: skip
def test_what_browsers_do_not_send_is_refused(text):
    """A path would make every link wrong; a name is written as it goes over the wire."""
    with pytest.raises(FieldInvalid, match="is not an address of browsers") as refused:
        read_public_url(text)

    assert refused.value.place == "FAKTURA_PUBLIC_URL"
    assert "https://billing.example.com" in refused.value.mend


def test_without_one_there_is_none():
    """Then this machine alone is served."""
    assert read_public_url("") is None


def test_proxies_are_networks_or_addresses():
    """Of both protocols."""
    assert read_networks(["10.0.0.0/8", "192.0.2.7", "fd00::/8"]) == (
        ip_network("10.0.0.0/8"), ip_network("192.0.2.7/32"), ip_network("fd00::/8"),
    )  # fmt: skip


@pytest.mark.parametrize("text", ["proxy.example", "10.0.0.1/8", "10.0.0.0/33", "*"])
def test_what_is_no_network_is_refused(text):
    """10.0.0.1/8 means either more or less than it says."""
    with pytest.raises(FieldInvalid, match="is not a network"):
        read_networks([text])


def test_both_come_from_the_environment_or_the_file(tmp_path):
    """Like every setting of the installation."""
    (tmp_path / "faktura.toml").write_text(
        'public_url = "https://file.example"\ntrusted_proxies = ["10.0.0.0/8"]\n'
    )

    from_file = read_settings({}, tmp_path)
    from_environment = read_settings(
        {"FAKTURA_PUBLIC_URL": "https://env.example", "FAKTURA_TRUSTED_PROXIES": "::1, 127.0.0.1"},
        tmp_path,
    )

    assert str(from_file.public_url) == "https://file.example"
    assert from_file.trusted_proxies == (ip_network("10.0.0.0/8"),)
    assert str(from_environment.public_url) == "https://env.example"
    assert from_environment.trusted_proxies == (ip_network("::1"), ip_network("127.0.0.1"))
    assert read_settings({}, tmp_path / "empty").public_url is None
