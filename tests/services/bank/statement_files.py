"""Statement files in a format of the tests: one record a line, as a parser yields it."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, BinaryIO

from pydantic import TypeAdapter
from typing_extensions import override

from faktura.kernel.errors import FileUnreadable
from faktura.plugin import (
    AdapterSettings,
    BankTransaction,
    BookingStatus,
    Runtime,
    StatementEnd,
    StatementParser,
    StatementRecord,
    StatementStart,
)

IBAN = "DE02120300000000202051"
OTHER_IBAN = "DE02500105170137075030"
MAGIC = b"TEST-STATEMENTS\n"

_RECORD: TypeAdapter[StatementRecord] = TypeAdapter(StatementRecord)


class LineParser(StatementParser):
    """Reads what `file_of` writes; a line that says BROKEN cannot be read."""

    format_id = "test-lines"

    @override
    def recognises(self, head: bytes, filename: str) -> bool:
        return head.startswith(MAGIC)

    @override
    def parse(self, source: BinaryIO, filename: str) -> Iterator[StatementRecord]:
        source.readline()
        for number, line in enumerate(source, start=2):
            if line == b"BROKEN\n":
                raise FileUnreadable("the line cannot be read", place=f"line {number}")
            yield _RECORD.validate_json(line)


class LineParsers:
    """The only enabled format is that of the tests."""

    def __init__(self, runtime: Runtime) -> None:
        self.parser = LineParser(AdapterSettings(), runtime)

    def parsers(self, tenant_id: int) -> Iterator[StatementParser]:
        yield self.parser


def moved(
    amount: str, *lines: str, on: date = date(2026, 11, 11), **fields: Any
) -> BankTransaction:
    """A movement of that signed amount with these remittance lines."""
    given: dict[str, Any] = {
        "entry_index": 0,
        "place": "entry 1",
        "status": BookingStatus.BOOKED,
        "booked_on": on,
        "amount": Decimal(amount),
        "currency": "EUR",
        "counterparty_name": "Kunde 1 GmbH",
        "remittance_lines": lines,
        **fields,
    }
    return BankTransaction(**given)


def returned(
    amount: str, *lines: str, original: str | None = None, **fields: Any
) -> BankTransaction:
    """A returned debit: `amount` was booked, `original` had been collected."""
    return moved(
        amount,
        *lines,
        **{
            "gvc": "109",
            "bank_code": "PMNT/IDDT/UPDD",
            "return_reason": "AM04",
            "instructed": None if original is None else Decimal(original),
            "instructed_currency": None if original is None else "EUR",
            **fields,
        },
    )


def statement(
    *transactions: BankTransaction,
    iban: str | None = IBAN,
    sequence: int | None = None,
    **fields: Any,
) -> list[StatementRecord]:
    """A statement of the account `iban`; balances and `warnings` go to its end."""
    names = ("balanced", "warnings", "opening", "closing")
    end = {name: fields.pop(name) for name in names if name in fields}
    given: dict[str, Any] = {
        "account_iban": iban,
        "message_id": "MSG-1",
        "statement_id": "S-1",
        "sequence": sequence,
        "created_at": datetime(2026, 11, 12, 5, tzinfo=UTC),
        **fields,
    }
    return [StatementStart(**given), *transactions, StatementEnd(entries=len(transactions), **end)]


def file_of(*statements: list[StatementRecord]) -> bytes:
    """The statements as a file."""
    records = [record for records in statements for record in records]
    return MAGIC + b"".join(record.model_dump_json().encode() + b"\n" for record in records)
