"""The data carrier: tables and their description."""

import csv
import io
from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest
from lxml import etree

from faktura.plugin import (
    AccountData,
    BookedDocument,
    DebtorData,
    ExportFile,
    JournalEntryData,
)
from faktura.testing.export_sources import GivenSource
from faktura_journal.gobd import GobdExporter

Build = Callable[..., JournalEntryData]
Export = Callable[..., list[ExportFile]]

# The order and number of elements that the description standard demands, as far as we use it.
_SCHEMA = """
<grammar xmlns="http://relaxng.org/ns/structure/1.0">
 <define name="text-of"><data type="string" datatypeLibrary="http://www.w3.org/2001/XMLSchema-datatypes"><param name="minLength">1</param></data></define>
 <start><element name="DataSet">
  <element name="Version"><text/></element>
  <element name="DataSupplier"><element name="Name"><text/></element>
   <element name="Location"><text/></element><element name="Comment"><text/></element></element>
  <element name="Media"><element name="Name"><text/></element><oneOrMore><ref name="table"/></oneOrMore></element>
 </element></start>
 <define name="table"><element name="Table">
  <element name="URL"><ref name="text-of"/></element>
  <element name="Name"><ref name="text-of"/></element>
  <element name="Description"><ref name="text-of"/></element>
  <element name="Validity"><element name="Range"><element name="From"><text/></element>
   <element name="To"><text/></element></element><element name="Format"><text/></element></element>
  <element name="UTF8"><empty/></element>
  <element name="DecimalSymbol"><value>,</value></element>
  <element name="DigitGroupingSymbol"><value>.</value></element>
  <element name="VariableLength">
   <element name="ColumnDelimiter"><value>;</value></element>
   <element name="RecordDelimiter"><text/></element>
   <element name="TextEncapsulator"><value>"</value></element>
   <oneOrMore><element name="VariablePrimaryKey"><ref name="column"/></element></oneOrMore>
   <oneOrMore><element name="VariableColumn"><ref name="column"/></element></oneOrMore>
   <zeroOrMore><element name="ForeignKey"><oneOrMore><element name="Name"><ref name="text-of"/></element></oneOrMore>
    <element name="References"><ref name="text-of"/></element></element></zeroOrMore>
  </element></element></define>
 <define name="column"><element name="Name"><ref name="text-of"/></element><choice>
  <element name="Numeric"><element name="Accuracy"><text/></element></element>
  <group><element name="AlphaNumeric"><empty/></element><element name="MaxLength"><text/></element></group>
  <element name="Date"><element name="Format"><value>DD.MM.YYYY</value></element></element>
 </choice></define>
</grammar>
"""


@pytest.fixture
def source(invoice: Build, payment: Build, leg, entry: Build) -> GivenSource:
    """An invoice, its payment, and what undoes the payment."""
    undone = entry(
        leg("1400", "D", "1190.00", debtor="10001"),
        leg("1200", "C", "1190.00"),
        seq=3,
        key="ret:1",
        kind="RETURN",
        value_date=date(2026, 12, 9),
        text='Rück"lastschrift\n; x',
        reverses_key="pay:1",
        sha256="0af1",
    )
    return GivenSource(
        [payment(), undone, invoice()],
        accounts=[AccountData(number="8400", name="Erlöse <19 %>"), AccountData(number="9999")],
        debtors=[
            DebtorData(
                account="10001",
                customer_number="K-1",
                company="Müller & Söhne GmbH",
                city="Hamburg",
                country="DE",
                due_days=14,
            )
        ],
        documents=[
            BookedDocument.model_validate(
                {
                    "number": "RE-1001",
                    "kind": "INVOICE",
                    "issued_on": date(2026, 11, 15),
                    "due_on": date(2026, 11, 29),
                    "customer_number": "K-1",
                    "currency": "EUR",
                    "net": Decimal(1000),
                    "vat": Decimal(190),
                    "gross": Decimal(1190),
                    "sha256": "ab" * 32,
                }
            )
        ],
    )


@pytest.fixture
def carrier(source: GivenSource, export: Export) -> dict[str, ExportFile]:
    """The files of November and December by name."""
    files = export(GobdExporter, source, {"end": date(2026, 12, 31)}, location="Berlin")
    return {file.name: file for file in files}


def index_of(carrier: dict[str, ExportFile]) -> etree._Element:
    parser = etree.XMLParser(load_dtd=False, resolve_entities=False, no_network=True)
    return etree.fromstring(carrier["index.xml"].content, parser)


def test_each_table_is_a_file_and_the_entries_are_those_of_the_journal(
    carrier: dict[str, ExportFile],
):
    """Every entry is in exactly one file's keys; the description comes last."""
    assert [(name, file.rows, file.entry_keys) for name, file in carrier.items()] == [
        ("journal.csv", 3, ("inv:RE-1001", "pay:1", "ret:1")),
        ("legs.csv", 7, ()),
        ("accounts.csv", 5, ()),
        ("debtors.csv", 1, ()),
        ("documents.csv", 1, ()),
        ("changes.csv", 1, ()),
        ("index.xml", 6, ()),
    ]


def test_the_rows_are_those_an_auditor_reads(carrier: dict[str, ExportFile]):
    """Days as in Germany, decimal comma, text in quotes on one line, no heading."""
    rows = {name: file.content.decode().split("\r\n") for name, file in carrier.items()}

    assert rows["journal.csv"][0] == (
        '1;"inv:RE-1001";"INVOICE";15.11.2026;15.11.2026;"01.12.2026 09:30:15";"Rechnung RE-1001";'
        '"RE-1001";"INVOICE";29.11.2026;"K-1";"Müller & Söhne GmbH";"EUR";;;;""'
    )
    assert rows["journal.csv"][2].split(";", 6)[6].startswith('"Rück""lastschrift ; x";')
    assert rows["legs.csv"] == [
        '1;1;"1400";"10001";1190,00;;"EUR";;;;;;',
        '1;2;"8400";;;1000,00;"EUR";"STANDARD";19;"DE";;"100";"Nord"',
        '1;3;"1776";;;190,00;"EUR";"STANDARD";19;"DE";;;',
        '2;1;"1200";;1190,00;;"EUR";;;;;;',
        '2;2;"1400";"10001";;1190,00;"EUR";;;;;;',
        '3;1;"1400";"10001";1190,00;;"EUR";;;;;;',
        '3;2;"1200";;;1190,00;"EUR";;;;;;',
        "",
    ]
    assert rows["accounts.csv"] == [
        '"8400";"Erlöse <19 %>"', '"9999";""', '"1200";""', '"1400";""', '"1776";""', "",
    ]  # fmt: skip
    assert rows["debtors.csv"][0] == (
        '"10001";"K-1";"Müller & Söhne GmbH";"";"";"";"";"";"Hamburg";"DE";"";14'
    )
    assert rows["documents.csv"][0] == (
        f'"RE-1001";"INVOICE";15.11.2026;29.11.2026;"K-1";"EUR";1000,00;190,00;1190,00;"{"ab" * 32}"'
    )
    assert rows["changes.csv"][0] == '3;"ret:1";"pay:1";09.12.2026;"Rück""lastschrift ; x"'
    assert len(carrier["journal.csv"].notes) == 1
    assert carrier["journal.csv"].notes[0].startswith("journal.csv, row 3, Buchungstext: “Rück")


def test_the_description_keeps_the_order_of_the_standard(carrier: dict[str, ExportFile]):
    """DOCTYPE by the official name; elements in the order of gdpdu-01-09-2004.dtd."""
    assert carrier["index.xml"].content.startswith(
        b'<?xml version="1.0" encoding="UTF-8"?>\n'
        b'<!DOCTYPE DataSet SYSTEM "gdpdu-01-09-2004.dtd">\n<DataSet>\n'
    )
    index = index_of(carrier)
    etree.RelaxNG(etree.fromstring(_SCHEMA)).assertValid(index)
    assert [index.findtext(f"DataSupplier/{name}") for name in ("Name", "Location", "Comment")] == [
        "Werk GmbH",
        "Berlin",
        "Export 7 vom 01.12.2026",
    ]
    assert index.findtext("Media/Table/Validity/Range/From") == "01.11.2026"
    assert index.findtext("Media/Table/Validity/Range/To") == "31.12.2026"
    assert index.findtext("Media/Table/VariableLength/RecordDelimiter") == "\r\n"


def test_what_is_described_is_what_the_files_hold(carrier: dict[str, ExportFile]):
    """Column by column: as many, no text longer than said, numbers and days readable as such."""
    for table in index_of(carrier).iter("Table"):
        content = carrier[table.findtext("URL") or ""].content.decode()
        columns = [
            one for name in ("VariablePrimaryKey", "VariableColumn") for one in table.iter(name)
        ]
        for row in csv.reader(io.StringIO(content, ""), delimiter=";"):
            assert len(row) == len(columns)
            for cell, column in zip(row, columns, strict=True):
                if (length := column.findtext("MaxLength")) is not None:
                    assert len(cell) <= int(length)
                elif (accuracy := column.findtext("Numeric/Accuracy")) is not None and cell:
                    assert len(cell.partition(",")[2]) == int(accuracy)


def test_keys_are_unique_and_references_meet(carrier: dict[str, ExportFile]):
    """A reference names the key of another table, and each value of it exists there."""
    tables = {table.findtext("Name"): table for table in index_of(carrier).iter("Table")}

    def cells(name: str, columns: list[str]) -> list[tuple[str, ...]]:
        table = tables[name]
        content = carrier[table.findtext("URL") or ""].content.decode()
        names = [
            one.findtext("Name")
            for kind in ("VariablePrimaryKey", "VariableColumn")
            for one in table.iter(kind)
        ]
        rows = csv.reader(io.StringIO(content, ""), delimiter=";")
        return [tuple(row[names.index(column)] for column in columns) for row in rows]

    def key_of(name: str) -> list[str]:
        return [one.findtext("Name") or "" for one in tables[name].iter("VariablePrimaryKey")]

    references = []
    for name, table in tables.items():
        assert name is not None
        keys = cells(name, key_of(name))
        assert len(set(keys)) == len(keys)
        for foreign in table.iter("ForeignKey"):
            own = [one.text or "" for one in foreign.iter("Name")]
            other = foreign.findtext("References") or ""
            references.append((name, own, other))
            values = {row for row in cells(name, own) if any(row)}
            assert values <= set(cells(other, key_of(other)))
    assert references == [
        ("Journal", ["Belegnummer"], "Belege"),
        ("Buchungszeilen", ["Buchungsnummer"], "Journal"),
        ("Buchungszeilen", ["Konto"], "Sachkonten"),
        ("Buchungszeilen", ["Personenkonto"], "Debitoren"),
        ("Änderungen", ["Buchungsnummer"], "Journal"),
    ]


def test_tables_without_rows_are_left_out_and_nothing_refers_to_them(
    invoice: Build, export: Export
):
    """No master data asked for, no documents, nothing undone."""
    files = export(
        GobdExporter,
        GivenSource([invoice()], debtors=[DebtorData(account="10001", customer_number="K-1")]),
        {"options": {"debtors": False}, "company": "A & B <GmbH>\x00"},
    )

    assert [file.name for file in files] == ["journal.csv", "legs.csv", "accounts.csv", "index.xml"]
    index = index_of({file.name: file for file in files})
    assert [one.findtext("References") for one in index.iter("ForeignKey")] == [
        "Journal",
        "Sachkonten",
    ]
    assert index.findtext("DataSupplier/Name") == "A & B <GmbH>?"
