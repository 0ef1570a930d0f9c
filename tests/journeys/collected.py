"""Everything that a journey prints, logs or answers, in one place, to be searched for secrets."""

import io
import logging
import sys
from collections.abc import Iterable
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from typing import NamedTuple

import pytest
from typing_extensions import override

from faktura.cli.main import main


class Done(NamedTuple):
    """How a command ended: exit code, standard output, standard error."""

    code: int
    out: str
    err: str


@dataclass
class Collected:
    """Texts by where they came from, e.g. `faktura keys list, output` or `log`."""

    texts: list[tuple[str, str]] = field(default_factory=list)

    def add(self, source: str, text: object) -> None:
        """Keep a text; of anything else what it prints as."""
        self.texts.append((source, text if isinstance(text, str) else f"{text!r} {text!s}"))

    def lines_with(self, secrets: Iterable[str]) -> list[tuple[str, str]]:
        """Each line that holds one of the secrets, with where it came from."""
        sought = list(secrets)
        return [
            (source, line)
            for source, text in self.texts
            for line in text.splitlines()
            if any(secret in line for secret in sought)
        ]


class CollectingHandler(logging.Handler):
    """Keeps every log record of any level as it would be written, tracebacks included."""

    def __init__(self, collected: Collected) -> None:
        super().__init__(logging.NOTSET)
        self._collected = collected
        self.setFormatter(logging.Formatter("%(name)s %(levelname)s %(message)s"))

    @override
    def emit(self, record: logging.LogRecord) -> None:
        self._collected.add("log", self.format(record))


def run(patch: pytest.MonkeyPatch, collected: Collected, *arguments: str, stdin: str = "") -> Done:
    """`faktura` with these arguments as its own process would run it, collected as it ends.

    In this process, so that its logs are seen as well; named errors are reported by `main`.
    """
    out, err, code = io.StringIO(), io.StringIO(), 0
    with patch.context() as own, redirect_stdout(out), redirect_stderr(err):
        own.setattr(sys, "argv", ["faktura", *arguments])
        own.setattr(sys, "stdin", io.StringIO(stdin))
        try:
            main()
        except SystemExit as ended:
            code = ended.code if isinstance(ended.code, int) else 1
    source = f"faktura {' '.join(arguments[:2])}"
    collected.add(f"{source}, output", out.getvalue())
    collected.add(f"{source}, errors", err.getvalue())
    return Done(code, out.getvalue(), err.getvalue())
