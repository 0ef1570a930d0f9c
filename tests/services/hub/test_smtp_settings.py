"""The settings of the mail server: what is usual, and what does not fit together."""

from collections.abc import Mapping

import pytest

from faktura.hub.adapters import Adapters, Installation
from faktura.hub.nothing_kept import NothingKept
from faktura.hub.registry import Registry
from faktura.hub.smtp import SmtpSecurity, SmtpSettings, smtp_settings
from faktura.kernel.clock import SystemClock
from faktura.kernel.errors import FakturaError


def settings(given: Mapping[str, str]) -> SmtpSettings:
    environment = {f"FAKTURA_SMTP__{name}": value for name, value in given.items()}
    return smtp_settings(
        Adapters(Registry(), NothingKept(), SystemClock(), Installation(environment)), 1
    )


@pytest.mark.parametrize(
    ("given", "port"),
    [
        ({}, 587),
        ({"SECURITY": "tls"}, 465),
        ({"SECURITY": "NONE"}, 25),
        ({"SECURITY": "STARTTLS", "PORT": "2525"}, 2525),
    ],
)
def test_a_port_is_the_usual_one_of_the_security(given: Mapping[str, str], port: int) -> None:
    """RFC 8314: 465 for TLS from the first byte, 587 for STARTTLS."""
    assert settings({"HOST": "smtp.werk.example", **given}).port_in_use == port


def test_nothing_set_is_no_server() -> None:
    """STARTTLS is what is demanded where nothing is said; names are in small letters."""
    assert settings({}).host == ""
    found = settings({"HOST": " SMTP.Werk.example "})
    assert (found.host, found.security) == ("smtp.werk.example", SmtpSecurity.STARTTLS)


@pytest.mark.parametrize(
    "given",
    [
        {"PASSWORD": "geheim-1"},
        {"USER": "u", "PASSWORD": "geheim-1", "SECURITY": "NONE"},
        {"HOST": "smtp werk"},
        {"HOST": "x" * 254},
        {"HELLO": "a\r\nMAIL FROM:<x@y>"},
        {"BOUNCE_DOMAIN": "a@b"},
        {"PORT": "70000"},
        {"CONNECTIONS": "0"},
        {"SECURITY": "maybe"},
        {"NOSUCH": "1"},
    ],
)
def test_what_does_not_fit_together_is_refused(given: Mapping[str, str]) -> None:
    """Nobody's password goes over an open connection, and no secret stands in the error."""
    with pytest.raises(FakturaError) as caught:
        settings(given)

    assert "geheim-1" not in f"{caught.value!r} {caught.value}"
