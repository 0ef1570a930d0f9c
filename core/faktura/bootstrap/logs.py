"""Log lines on standard error, as text or as JSON, each with what it is about.

Whatever stands in a message, a line stays one line: text from outside cannot begin another one.
"""

import json
import logging
from datetime import UTC, datetime
from enum import StrEnum, unique

from typing_extensions import override

from faktura.kernel.log_context import log_fields


@unique
class LogFormat(StrEnum):
    """How lines are written: for people, or one JSON object each for a collector."""

    TEXT = "text"
    JSON = "json"


class TextLines(logging.Formatter):
    """`2026-10-31 09:00:00,000 INFO faktura.worker message tenant=1 run=0199…`, then a traceback."""

    @override
    def format(self, record: logging.LogRecord) -> str:
        about = "".join(f" {name}={value}" for name, value in log_fields().items())
        said = f"{record.levelname} {record.name} {record.getMessage()}{about}"
        lines = [f"{self.formatTime(record)} {_in_one_line(said)}"]
        # An error's text may hold lines, too: those of a traceback stand further in than any other.
        traceback = _traceback_of(record, self)
        lines += [f"  {_in_one_line(line)}" for line in traceback.split("\n") if traceback]
        return "\n".join(lines)


class JsonLines(logging.Formatter):
    """An object a line: time (UTC), level, logger, event, message, what it is about, traceback.

    `event` is the message's first word, by which lines of one kind are found.
    """

    @override
    def format(self, record: logging.LogRecord) -> str:
        message = record.getMessage()
        line = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "event": message.partition(" ")[0],
            "message": message,
            # A field of ours never takes the place of one above.
            "about": dict(log_fields()),
        }
        traceback = _traceback_of(record, self)
        return json.dumps({**line, "traceback": traceback} if traceback else line)


def log_to_standard_error(level: int, log_format: LogFormat) -> None:
    """Write lines of `level` and above."""
    handler = logging.StreamHandler()
    handler.setFormatter(JsonLines() if log_format is LogFormat.JSON else TextLines())
    logging.basicConfig(level=level, handlers=[handler])


def _in_one_line(text: str) -> str:
    """The text with escapes for whatever ends a line or tells a terminal what to do."""
    if text.isprintable():
        return text
    return "".join(
        one if one.isprintable() else one.encode("unicode_escape").decode() for one in text
    )


def _traceback_of(record: logging.LogRecord, formatter: logging.Formatter) -> str:
    return formatter.formatException(record.exc_info) if record.exc_info else ""
