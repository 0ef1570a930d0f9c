"""A parser as the core would build it, and statements as a bank would send them."""

import io
import logging
from collections.abc import Callable, Mapping
from datetime import UTC, datetime

import pytest

from faktura.kernel.clock import FixedClock
from faktura.plugin import Runtime, StatementRecord
from faktura_example_csv.parser import CsvStatementParser
from faktura_example_csv.settings import CsvSettings

Parse = Callable[..., list[StatementRecord]]


class NoState:
    """The parser keeps none."""

    def get(self, key: str) -> object | None:
        """Nothing was ever put."""
        raise AssertionError(key)

    def put(self, key: str, value: Mapping[str, object]) -> None:
        """Nothing is ever put."""
        raise AssertionError(key)


@pytest.fixture
def build() -> Callable[..., CsvStatementParser]:
    """Build a parser with these settings."""

    def build(**settings: str) -> CsvStatementParser:
        clock = FixedClock(datetime(2026, 11, 30, 8, 0, tzinfo=UTC))
        runtime = Runtime(clock=clock, log=logging.getLogger("example-csv"), state=NoState())
        return CsvStatementParser(CsvSettings.model_validate(settings), runtime)

    return build


@pytest.fixture
def parse(build: Callable[..., CsvStatementParser]) -> Parse:
    """All records of a file given as text or bytes."""

    def parse(content: str | bytes, **settings: str) -> list[StatementRecord]:
        raw = content if isinstance(content, bytes) else content.encode()
        return list(build(**settings).parse(io.BytesIO(raw), "upload/november.csv"))

    return parse
