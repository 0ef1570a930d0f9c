"""Lines of the log: one each, with what they are about, for people and for collectors."""

import json
import logging
import sys

import pytest

from faktura.bootstrap.logs import JsonLines, LogFormat, TextLines
from faktura.bootstrap.settings import read_settings
from faktura.kernel.errors import FieldInvalid
from faktura.kernel.log_context import log_about


def record(message: str, *args: object, failed: bool = False) -> logging.LogRecord:
    """A line of 31 October 2026, 08:00:00.250 UTC."""
    cause = None
    if failed:
        try:
            raise ZeroDivisionError("no half")
        except ZeroDivisionError:
            cause = sys.exc_info()
    made = logging.LogRecord("faktura.worker", logging.INFO, "x.py", 1, message, args, cause)
    made.created, made.msecs = 1793433600.25, 250.0
    return made


def test_a_line_for_people_ends_with_what_it_is_about():
    """In the order in which it was said."""
    with log_about(tenant=3, run="0199"):
        line = TextLines().format(record("job_done name=%s", "TIDY_UP"))

    assert line.endswith(" INFO faktura.worker job_done name=TIDY_UP tenant=3 run=0199")


def test_a_line_for_a_collector_is_one_object():
    """Time in UTC; `event` is what lines of one kind are found by."""
    with log_about(tenant=3, attempt="0199"):
        line = JsonLines().format(record("job_done name=%s", "TIDY_UP"))

    assert json.loads(line) == {
        "time": "2026-10-31T08:00:00.250+00:00",
        "level": "INFO",
        "logger": "faktura.worker",
        "event": "job_done",
        "message": "job_done name=TIDY_UP",
        "about": {"tenant": "3", "attempt": "0199"},
    }


@pytest.mark.parametrize("lines", [TextLines(), JsonLines()])
@pytest.mark.parametrize("ending", ["\n", "\r", "\r\n", "\x85", "\u2028", "\x1b[1A"])
def test_text_from_outside_begins_no_line_of_its_own(lines, ending):
    """A provider's answer could else write `request_failed` under another name."""
    line = lines.format(record("poll_failed answer=%s", f"no{ending}2026 ERROR forged"))

    assert len(line.splitlines()) == 1
    assert "forged" in line
    assert line.isprintable()


def test_text_of_an_error_begins_no_line_of_its_own():
    """A traceback ends with what the error says, and that may come from outside."""
    made = record("job_failed")
    error = ValueError("no\n2026-10-31 08:00:00,250 ERROR forged")
    made.exc_info = (ValueError, error, None)

    assert TextLines().format(made).splitlines()[1:] == [
        "  ValueError: no",
        "  2026-10-31 08:00:00,250 ERROR forged",
    ]


def test_a_defect_keeps_its_traceback():
    """Behind the line for people, inside the object for collectors."""
    text = TextLines().format(record("job_failed", failed=True))
    told = json.loads(JsonLines().format(record("job_failed", failed=True)))

    assert text.splitlines()[-1] == "  ZeroDivisionError: no half"
    assert told["traceback"].endswith("ZeroDivisionError: no half")


@pytest.mark.parametrize(
    ("written", "read"),
    [("", LogFormat.TEXT), ("text", LogFormat.TEXT), ("json", LogFormat.JSON)],
)
def test_the_installation_says_the_format(tmp_path, written, read):
    """Text where nothing is said."""
    assert read_settings({"FAKTURA_LOG_FORMAT": written}, tmp_path).log_format is read


def test_another_format_is_refused_by_name(tmp_path):
    """With those there are."""
    with pytest.raises(FieldInvalid, match="no format") as refused:
        read_settings({"FAKTURA_LOG_FORMAT": "xml"}, tmp_path)

    assert (refused.value.place, refused.value.mend) == (
        "FAKTURA_LOG_FORMAT",
        "Write one of: text, json",
    )


@pytest.mark.parametrize("token", ["tooShort1234", "ü" * 30, "with blank " * 3])
def test_a_token_that_is_guessed_or_unsendable_is_refused(tmp_path, token):
    """It opens what the installation knows of its tenants; it never stands in the error."""
    with pytest.raises(FieldInvalid) as refused:
        read_settings({"FAKTURA_METRICS_TOKEN": token}, tmp_path)

    assert refused.value.place == "FAKTURA_METRICS_TOKEN"
    assert token not in str(refused.value)
