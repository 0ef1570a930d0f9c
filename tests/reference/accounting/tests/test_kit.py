"""The kit, and what a maker gives: the file read by the standard library."""

# What a kit leaves to its maker is narrower there.
# mypy: disable-error-code="mutable-override"

import csv
import io
from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from faktura.plugin import ExportFile
from faktura.testing.kit.exports import AccountingExporterKit
from faktura.testing.kit.exports_bench import ReadEntry
from typing_extensions import override

from faktura_ref_accounting.exporter import RefAccountingExporter


class TestExporter(AccountingExporterKit):
    """What the exporter writes."""

    adapter_class = RefAccountingExporter
    longest_text = 200
    most_entries_held = 2

    @override
    def read_back(self, files: Sequence[ExportFile]) -> Sequence[ReadEntry]:
        read: list[ReadEntry] = []
        for file in files:
            text = io.StringIO(file.content.decode(), newline="")
            rows = list(csv.DictReader(text, delimiter=";", strict=True))
            assert len(rows) == file.rows
            for row in rows:
                if not read or read[-1].name != row["key"]:
                    day = datetime.strptime(row["day"], "%d.%m.%Y").date()
                    read.append(
                        ReadEntry(
                            day, row["key"], row["currency"], {}, (row["text"], row["customer"])
                        )
                    )
                amounts = dict(read[-1].amounts)
                whole, comma, cents = row["amount"].partition(",")
                amount = Decimal(whole + comma.replace(",", ".") + cents)
                assert f"{amount}".replace(".", ",") == row["amount"], "an amount as it is written"
                amounts[row["account"]] = amounts.get(row["account"], Decimal(0)) + amount
                left = {account: value for account, value in amounts.items() if value}
                read[-1] = read[-1]._replace(amounts=left)
        return read
