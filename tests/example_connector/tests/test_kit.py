"""The parser keeps what the core relies on: the statement parsers' kit."""

import csv
import io
from collections.abc import Sequence
from typing import ClassVar

from typing_extensions import override

from faktura.plugin import Adapter
from faktura.testing.kit.statement_samples import Carried, Expected, FileSample, StatementSample
from faktura.testing.kit.statements import StatementParserKit
from faktura_example_csv.parser import CsvStatementParser
from faktura_example_csv.rows import HEADER

NOVEMBER = b"""\
account;date;amount;name;iban;remittance;end-to-end id
DE02100100109307118603;2026-11-02;119.00;Muster GmbH;DE89370400440532013000;RE-1001;E2E-7
DE02100100109307118603;2026-11-03;-3.50;;;Return fee;
"""


class TestCsvStatementParser(StatementParserKit):
    """The CSV of the README."""

    adapter_class: ClassVar[type[Adapter]] = CsvStatementParser
    filename = "november.csv"
    lacks = frozenset(
        {
            Carried.CURRENCY,
            Carried.VALUE_DAY,
            Carried.PENDING,
            Carried.BANK_REFERENCE,
            Carried.BALANCES,
            Carried.END,
        }
    )

    @override
    def write(self, *statements: StatementSample) -> bytes:
        text = io.StringIO(newline="")
        rows = csv.writer(text, delimiter=";", lineterminator="\n")
        rows.writerow(HEADER)
        for statement in statements:
            for one in statement.bookings:
                facts = (one.booked_on, one.amount, one.name, one.iban, one.text, one.end_to_end)
                rows.writerow((statement.iban, *facts))
        return text.getvalue().encode("utf-8", "surrogatepass")

    @override
    def samples(self) -> Sequence[FileSample]:
        credit = Expected("119.00", "2026-11-02", text="RE-1001", name="Muster GmbH")
        return [FileSample(NOVEMBER, (credit, Expected("-3.50", "2026-11-03", text="Return fee")))]
