"""Answers of DATEV: whatever they hold, they are an error of one kind with words for a person."""

import pytest

from faktura.kernel.outside_errors import (
    LinkExpired,
    LinkRefused,
    OutcomeUnknown,
    OutsideUnavailable,
)
from faktura.plugin import HttpAnswer
from faktura_datev.answers import accepted, list_of, object_of, pause_of, text_in, told_in, words_of


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (302, LinkRefused),
        (400, LinkRefused),
        (401, LinkExpired),
        (408, OutcomeUnknown),
        (429, OutsideUnavailable),
        (500, LinkRefused),
        (502, OutcomeUnknown),
        (503, OutsideUnavailable),
        (504, OutcomeUnknown),
    ],
)
def test_every_status_is_an_error_of_its_kind(status: int, kind: type[Exception]):
    """A redirect is none of DATEV's answers; what a gateway lost may have been done."""
    with pytest.raises(kind, match=f"^at DATEV: HTTP {status}") as caught:
        accepted(HttpAnswer(status, {}, b""), "at DATEV")

    assert type(caught.value) is kind


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("7", 7),
        (" 0 ", 0),
        ("99999999", 86_400),
        ("999999999", 60),
        ("-1", 60),
        ("1.5", 60),
        ("²", 60),
        ("Wed, 21 Oct 2026 07:28:00 GMT", 60),
        ("", 60),
    ],
)
def test_retry_after_is_seconds_within_reason(text: str, seconds: int):
    """A day at most; sixty where it cannot be understood."""
    assert pause_of(HttpAnswer(503, {"retry-after": text}, b""), 60) == seconds


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"<html>", ("", "")),
        (b"\xff", ("", "")),
        (b"[]", ("", "")),
        (b"{}", ("", "")),
        (b'{"title": 7, "type": "ftp://x"}', ("", "")),
        (
            b'{"title": "No", "detail": "a\\nb\\u001b[2J", "type": "https://help/1"}',
            ("No: a b [2J", "Help: https://help/1"),
        ),
        (
            b'{"error": "#DCO1", "error_uri": "http://help/2", "request_id": "r"}',
            ("#DCO1; request r", "Help: http://help/2"),
        ),
        (
            b'{"affected_elements": [{"name": "A", "reason": "why"}, "B", {}]}',
            ("A: why; ?: ?", ""),
        ),
        (b'{"title": "' + b"x" * 700 + b'"}', ("x" * 599 + "…", "")),
    ],
)
def test_its_words_fit_on_a_line(body: bytes, words: tuple[str, str]):
    """Two shapes of errors; nothing that would steer a terminal, at most 600 signs."""
    assert words_of(HttpAnswer(400, {}, body)) == words


def test_details_of_a_job_are_one_line_with_their_help():
    """As a person sees them with the transfer."""
    said = {"title": "Invalid file", "detail": "No payload", "type": "http://help/1008833"}

    assert told_in(said) == "Invalid file: No payload; Help: http://help/1008833"


@pytest.mark.parametrize("body", [b"", b"no", b"[" * 200_000])
def test_what_is_no_json_is_refused(body: bytes):
    """Also what is too deep to be read."""
    with pytest.raises(LinkRefused, match="not JSON"):
        object_of(HttpAnswer(200, {}, body), "at DATEV")


def test_another_shape_is_refused():
    """An object where a list is wanted, and the other way round."""
    with pytest.raises(LinkRefused, match="no JSON object"):
        object_of(HttpAnswer(200, {}, b"[]"), "at DATEV")
    with pytest.raises(LinkRefused, match="no list of JSON objects"):
        list_of(HttpAnswer(200, {}, b"{}"), "at DATEV")
    with pytest.raises(LinkRefused, match="no list of JSON objects"):
        list_of(HttpAnswer(200, {}, b"[1]"), "at DATEV")

    assert text_in({"name": 7}, "name") == ""
