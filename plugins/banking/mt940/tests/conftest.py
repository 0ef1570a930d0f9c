"""Statements in MT940 as banks write them, and a parser that reads them."""

import io
import logging
from collections.abc import Callable, Mapping
from datetime import UTC, datetime

import pytest

from faktura.kernel.clock import FixedClock
from faktura.plugin import AdapterSettings, BankTransaction, Runtime, StatementRecord
from faktura_mt940.parser import Mt940StatementParser


class NoState:
    """The parser keeps no state."""

    def get(self, key: str) -> object | None:
        """Nothing is ever asked."""
        raise AssertionError(key)

    def put(self, key: str, value: Mapping[str, object]) -> None:
        """Nothing may be put."""
        raise AssertionError(key, value)


@pytest.fixture
def parser() -> Mt940StatementParser:
    """The parser as the hub builds it."""
    clock = FixedClock(datetime(2026, 11, 12, 8, tzinfo=UTC))
    runtime = Runtime(clock=clock, log=logging.getLogger("test"), state=NoState())
    return Mt940StatementParser(AdapterSettings(), runtime)


@pytest.fixture
def parse(parser: Mt940StatementParser) -> Callable[[str | bytes], list[StatementRecord]]:
    """Read a whole file, given as text (then UTF-8) or bytes."""

    def read(content: str | bytes) -> list[StatementRecord]:
        data = content.encode() if isinstance(content, str) else content
        return list(parser.parse(io.BytesIO(data), "s.sta"))

    return read


@pytest.fixture
def booked(
    parse: Callable[[str | bytes], list[StatementRecord]],
) -> Callable[[str | bytes], list[BankTransaction]]:
    """The bookings of a file."""
    return lambda content: [one for one in parse(content) if isinstance(one, BankTransaction)]


# A transfer whose purpose fills lines of 27 characters, so that the number is cut.
TRANSFER = "\r\n".join(
    [
        ":61:2611021102CR119,00N166NONREF//POS-1",
        ":86:166?00GUTSCHRIFT?109249?20EREF+NOTPROVIDED?21SVWZ+Zahlung Rg. RE-2026-00?22",
        "0012 vielen Dank ABWA+Otto?23 Sonnen?30GENODEF1XXX",
        "?31DE89370400440532013000?32Erika Muster?33mann?34888",
    ]
)


@pytest.fixture
def transfer() -> str:
    """The fields 61 and 86 of a transfer of 119.00."""
    return TRANSFER


@pytest.fixture
def statement() -> Callable[..., str]:
    """Build one statement with these bookings, each given with its fields 61 and 86."""

    def build(
        *bookings: str,
        opening: str = "C261101EUR1000,00",
        closing: str = "C261102EUR1119,00",
        account: str = "DE02120300000000202051",
        number: str = "00031/001",
    ) -> str:
        lines = [
            ":20:STARTUMSE",
            f":25:{account}",
            f":28C:{number}",
            f":60F:{opening}",
            *bookings,
            f":62F:{closing}",
            "-",
        ]
        return "\r\n".join(lines) + "\r\n"

    return build
