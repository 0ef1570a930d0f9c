"""The way out as connectors see it."""

import pytest

from faktura.kernel.errors import Misconfigured
from faktura.kernel.outside_errors import OutsideUnavailable
from faktura.plugin import AccountingLink, FormPart, HttpAnswer, HttpRequest, NoHttp


async def test_where_there_is_no_way_out_nothing_is_called():
    """Looking into a file, and a plugin's test that gives none."""
    with pytest.raises(Misconfigured, match="nothing is called from here"):
        await NoHttp().request(HttpRequest("GET", "https://example.com"))


def test_requests_and_answers_print_nothing():
    """They hold tokens and invoices."""
    secret = "s3cret"  # noqa: S105 - of nobody
    request = HttpRequest("POST", f"https://example.com/{secret}", {"Authorization": secret})
    answer = HttpAnswer(200, {"set-cookie": secret}, secret.encode())
    part = FormPart("file", secret.encode(), "text/plain", secret)

    assert secret not in f"{request!r}{answer!r}{part!r}"


@pytest.mark.parametrize(
    ("told", "seconds"),
    [
        ("7", 7),
        (" 60 ", 60),
        ("3600", 3600),
        ("86400", 3600),
        ("9" * 5000, 3600),
        ("0", 0),
        ("", 0),
        ("-5", 0),
        ("1.5", 0),
        ("soon", 0),
        ("\N{ARABIC-INDIC DIGIT THREE}", 0),
        ("\N{SUPERSCRIPT TWO}", 0),
        ("Wed, 21 Oct 2031 07:28:00 GMT", 0),
    ],
)
def test_an_answer_says_for_how_long_to_leave_it_alone(told: str, seconds: int):
    """In whole seconds, at most an hour; whatever else stands there is none and breaks nothing."""
    assert HttpAnswer(429, {"retry-after": told}, b"").retry_after == seconds
    assert HttpAnswer(429, {}, b"").retry_after == 0


def test_a_link_without_a_page_of_permissions_names_none():
    """Not every system has one."""
    assert AccountingLink.manage_url.fget(None) == ""  # type: ignore[attr-defined]  # a property


def test_a_pause_is_none_where_nobody_asked_for_one():
    """Whoever tries again then takes its own."""
    assert OutsideUnavailable("it rests").retry_after == 0
