"""The four files of the journal keep what the connector kit asks of an exporter."""

# What a kit leaves to its maker is narrower there.
# mypy: disable-error-code="mutable-override"

import csv
import io
import json
import re
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal

from typing_extensions import override

from faktura.plugin import ExportFile
from faktura.testing.kit.exports import AccountingExporterKit
from faktura.testing.kit.exports_bench import ReadEntry
from faktura_journal.beancount import BeancountExporter
from faktura_journal.gobd import GobdExporter
from faktura_journal.hledger import HledgerExporter
from faktura_journal.journal_csv import JournalCsvExporter

Leg = tuple[str, date, str, str, Decimal, tuple[str, ...]]


def rows(file: ExportFile) -> list[list[str]]:
    """The cells of a CSV file, by the standard library."""
    text = io.StringIO(file.content.decode("utf-8-sig"), "")
    return list(csv.reader(text, delimiter=";", strict=True))


def number(cell: str) -> Decimal:
    """`1234,50`; an empty cell is nothing."""
    return Decimal(cell.replace(",", ".") or 0)


def gathered(legs: list[Leg]) -> list[ReadEntry]:
    """Entries out of legs: name, day, currency, account, amount, texts."""
    read: list[ReadEntry] = []
    for name, day, currency, account, amount, texts in legs:
        if not read or read[-1].name != name:
            read.append(ReadEntry(day, name, currency, {}, texts))
        amounts = dict(read[-1].amounts)
        amounts[account] = amounts.get(account, Decimal(0)) + amount
        left = {place: value for place, value in amounts.items() if value}
        read[-1] = read[-1]._replace(amounts=left)
    return read


class TestJournalCsv(AccountingExporterKit):
    """A row is a leg."""

    adapter_class = JournalCsvExporter

    @override
    def read_back(self, files: Sequence[ExportFile]) -> Sequence[ReadEntry]:
        found: list[Leg] = []
        for file in files:
            heading, *body = rows(file)
            for cells in body:
                row = dict(zip(heading, cells, strict=True))
                signed = number(row["debit"]) - number(row["credit"])
                account = row["debtor"] or row["account"]
                texts = (row["text"], row["customer_name"])
                day = date.fromisoformat(row["accounting_date"])
                found.append((row["key"], day, row["currency"], account, signed, texts))
        return gathered(found)


class TestGobd(AccountingExporterKit):
    """The tables Journal and Buchungszeilen; a data carrier is not opened in a spreadsheet."""

    adapter_class = GobdExporter
    guards_formulas = False

    @override
    def read_back(self, files: Sequence[ExportFile]) -> Sequence[ReadEntry]:
        tables = {file.name: file for file in files}
        if not tables:
            return []
        heads = {row[0]: row for row in rows(tables["journal.csv"])}
        legs = rows(tables["legs.csv"])
        assert set(heads) == {row[0] for row in legs}, "an entry without legs"
        found: list[Leg] = []
        for seq, _, account, debtor, debit, credit, currency, *_ in legs:
            head = heads[seq]
            day = datetime.strptime(head[3], "%d.%m.%Y").date()  # noqa: DTZ007 - a day
            signed = number(debit) - number(credit)
            found.append((head[1], day, currency, debtor or account, signed, (head[6], head[11])))
        return gathered(found)


class TestHledger(AccountingExporterKit):
    """One transaction an entry; its texts are read by hledger alone."""

    adapter_class = HledgerExporter
    guards_formulas = False

    @override
    def read_back(self, files: Sequence[ExportFile]) -> Sequence[ReadEntry]:
        return [entry for block in blocks(files) for entry in hledger_entry(block)]


class TestBeancount(AccountingExporterKit):
    """One transaction an entry; its texts are strings of beancount."""

    adapter_class = BeancountExporter
    guards_formulas = False

    @override
    def read_back(self, files: Sequence[ExportFile]) -> Sequence[ReadEntry]:
        return [entry for block in blocks(files) for entry in beancount_entry(block)]


def blocks(files: Sequence[ExportFile]) -> list[list[str]]:
    """What stands between empty lines, the head of the file left out."""
    return [
        block.split("\n")
        for file in files
        for block in file.content.decode().rstrip("\n").split("\n\n")[1:]
    ]


_POSTING = re.compile(
    r"  +(?:[A-Z][a-z]+:)?([0-9A-Z][0-9A-Za-z:-]*)  (-?[0-9.]+) ([A-Z]{3})(  ; .*)?"
)


def postings(block: list[str]) -> dict[str, Decimal]:
    """The postings of a transaction: the last part of the account's name, and the amount."""
    amounts: dict[str, Decimal] = {}
    for line in block:
        if found := _POSTING.fullmatch(line):
            account = found[1].rpartition(":")[2]
            amounts[account] = amounts.get(account, Decimal(0)) + Decimal(found[2])
    return {account: amount for account, amount in amounts.items() if amount}


def currency_of(block: list[str]) -> str:
    """The one currency of a transaction."""
    (currency,) = {found[3] for line in block if (found := _POSTING.fullmatch(line))}
    return currency


def hledger_entry(block: list[str]) -> Iterator[ReadEntry]:
    """`2031-02-10 * (3) Kunde | Text`, tags, postings."""
    head = re.fullmatch(r"(\d{4}-\d\d-\d\d) \* \(\d+\) ?(.*)", block[0])
    if head:
        (key,) = [line[10:] for line in block if line.startswith("    ; key:")]
        texts = head[2].split(" | ")
        yield ReadEntry(
            date.fromisoformat(head[1]), key, currency_of(block), postings(block), texts
        )


def beancount_entry(block: list[str]) -> Iterator[ReadEntry]:
    """`2031-02-10 * "Kunde" "Text" ^RE-3`, metadata, postings."""
    head = re.fullmatch(
        r'(\d{4}-\d\d-\d\d) \* ("(?:[^"\\]|\\.)*") ("(?:[^"\\]|\\.)*")( \^\S+)?', block[0]
    )
    if head:
        (key,) = [json.loads(line[7:]) for line in block if line.startswith("  key: ")]
        texts = [json.loads(head[2]), json.loads(head[3])]
        yield ReadEntry(
            date.fromisoformat(head[1]), key, currency_of(block), postings(block), texts
        )
