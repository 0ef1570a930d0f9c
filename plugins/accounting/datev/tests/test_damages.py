"""Good files, damaged in every way we could think of: each one is refused by name (O17)."""

from collections.abc import Callable
from datetime import date
from typing import NamedTuple
from uuid import UUID

import pytest

from faktura.kernel.terms import Chart
from faktura.plugin import DebtorData, ExportBatch, ExportFile, JournalEntryData
from faktura.testing.export_sources import GivenSource
from faktura_datev.accounts import Functions
from faktura_datev.client import Client
from faktura_datev.exporter import DatevFileExporter
from faktura_datev.layouts import DEBTORS, POSTINGS, Layout
from faktura_datev.reader import Fault, read

END = b"\r\n"


class Damage(NamedTuple):
    """What is done to the bytes, the line the fault is in (0: the file), how its text begins."""

    name: str
    do: Callable[[bytes], bytes]
    line: int
    fault: str


def in_line(line: int, old: str, new: str) -> Callable[[bytes], bytes]:
    """Replace the first `old` of a line (from 1)."""

    def do(content: bytes) -> bytes:
        lines = content.split(END)
        before = old.encode("cp1252")
        assert before in lines[line - 1], old
        lines[line - 1] = lines[line - 1].replace(before, new.encode("cp1252"), 1)
        return END.join(lines)

    return do


def in_field(line: int, number: int, raw: str) -> Callable[[bytes], bytes]:
    """Write a field (from 1) of a line otherwise; no text of the good files has a semicolon."""

    def do(content: bytes) -> bytes:
        lines = content.split(END)
        fields = lines[line - 1].split(b";")
        fields[number - 1] = raw.encode("cp1252")
        lines[line - 1] = b";".join(fields)
        return END.join(lines)

    return do


def header(number: int, raw: str, fault: str) -> Damage:
    """A header field written otherwise."""
    return Damage(f"header field {number} {raw}", in_field(1, number, raw), 1, fault)


def column(number: int, raw: str, fault: str) -> Damage:
    """A field of the first record written otherwise."""
    return Damage(f"column {number} {raw}", in_field(3, number, raw), 3, fault)


CLIENT = Client(29098, 55003, Functions(Chart.SKR03, oss_key="0010"))
HEADINGS = "the headings are not those of Buchungsstapel 13 in Windows-1252"
OSS = "the key of OSS, its country and its rate are filled together or not at all"
QUARTET = "currency, rate, base amount and base currency are filled together or not at all"

POSTINGS_DAMAGES = [
    # The header, field by field.
    header(1, '"DTVF"', "header field 1 Kennzeichen"),
    header(2, "510", "header field 2 Versionsnummer"),
    header(3, "16", "header field 3 Formatkategorie"),
    header(4, '"Buchungsstapel "', "header field 4 Formatname"),
    header(5, "12", "header field 5 Formatversion"),
    header(6, "20261201", "header field 6 Erzeugt am"),
    header(6, '"20261201093015123"', "header field 6 Erzeugt am"),
    header(7, "20261201093015123", "header field 7 Importiert"),
    header(8, '"FAK"', "header field 8 Herkunft"),
    header(9, '"Ada Brandt"', "header field 9 Exportiert von"),
    header(10, '"x"', "header field 10 Importiert von"),
    header(11, "1000000000", "header field 11 Beraternummer"),
    header(11, "29099", "Beraternummer is 29099, this client's is 29098"),
    header(12, "0", "header field 12 Mandantennummer"),
    header(12, "55004", "Mandantennummer is 55004"),
    header(13, "20261301", "WJ-Beginn 20261301 is no day"),
    header(13, "20260102", "the fiscal year cannot start on 2026-01-02"),
    header(13, "20270101", "2026-11-01 to 2026-11-30 does not lie in the fiscal year"),
    header(14, "5", "Sachkontenlänge is 5, this client's is 4"),
    header(14, "9", "header field 14 Sachkontenlänge"),
    header(15, "", "header field 15 Datum von"),
    header(15, "20261131", "Datum von 20261131"),
    header(16, "20261031", "2026-11-01 to 2026-10-31 does not lie"),
    header(17, '"faktura: 202611"', "header field 17 Bezeichnung"),
    header(18, '"ABC"', "header field 18 Diktatkürzel"),
    header(19, "3", "header field 19 Buchungstyp"),
    header(20, "10", "header field 20 Rechnungslegungszweck"),
    header(21, "", "header field 21 Festschreibung"),
    header(22, '"€"', "header field 22 WKZ"),
    header(23, "1", "header field 23 reserviert"),
    header(24, '"x"', "header field 24 Derivatskennzeichen"),
    header(27, '"04"', 'Sachkontenrahmen is "04"'),
    header(27, "03", "header field 27 Sachkontenrahmen"),
    header(28, "12345", "header field 28 ID der Branchenlösung"),
    header(30, "", "header field 30 reserviert"),
    header(31, f'"{"7" * 17}"', "header field 31 Anwendungsinformation"),
    # The fields of a record, each in its own way.
    column(1, "", "without Umsatz"),
    column(1, "0,00", "the amount is 0"),
    column(1, "-119,00", "column 1"),
    column(1, "119.00", "column 1"),
    column(1, "1.119,00", "column 1"),
    column(1, "119,000", "column 1"),
    column(1, '"119,00"', "column 1"),
    column(2, '"D"', "column 2"),
    column(2, "S", "column 2"),
    column(2, '""', "without Soll/Haben-Kennzeichen"),
    column(3, '"USD"', QUARTET),
    column(3, '"US"', "column 3"),
    column(4, "1,10", QUARTET),
    column(5, "90,00", QUARTET),
    column(7, "0", "column 7 Konto"),
    column(7, "100010", "account 100010 is longer than this client's"),
    column(7, "8400", "account 8400 is posted against itself"),
    column(7, "8401", "two automatic accounts, 8401 and 8400, need tax key 40"),
    column(8, "8125", "account 8125 needs the buyer's VAT id in column 40"),
    column(8, "84OO", "column 8 Gegenkonto"),
    column(9, '"0003"', "tax key 3 on the automatic account 8400"),
    column(9, '"40+"', "column 9 BU-Schlüssel"),
    Damage(
        "a useless key 40", in_line(3, '8400;""', '8200;"0040"'), 3, "tax key 40 lifts nothing on"
    ),
    column(9, '"0010"', "tax key 10 on the automatic account 8400"),
    column(10, "3111", "Belegdatum 3111 does not lie in"),
    column(10, "0112", "Belegdatum 0112 does not lie in"),
    column(10, "151126", "column 10 Belegdatum"),
    column(10, "", "without Belegdatum"),
    column(11, '"RE 1001"', "column 11 Belegfeld 1"),
    column(11, '"RE.1001"', "column 11 Belegfeld 1"),
    column(11, '"RÜ-1001"', "column 11 Belegfeld 1"),
    column(11, f'"{"R" * 37}"', "column 11 Belegfeld 1"),
    column(12, '"0112202600000"', "column 12 Belegfeld 2"),
    column(13, "2,38%", "column 13 Skonto"),
    column(14, f'"{"x" * 61}"', "column 14 Buchungstext"),
    column(14, '"Mü"ller"', "column 14 Buchungstext"),
    column(14, '"Mü\tller"', "column 14 Buchungstext"),
    column(20, '"BEDI ""1234"""', "Beleglink BEDI"),
    column(21, '""', "columns 22 and 21 are filled together"),
    column(22, f'"{"k" * 211}"', "column 22 Beleginfo - Inhalt 1"),
    column(37, '"Nord-Ost"', "column 37 KOST1"),
    column(38, f'"{"9" * 37}"', "column 38 KOST2"),
    column(40, '"AT U123"', "column 40"),
    column(41, "20,00", OSS),
    column(41, "20", "column 41"),
    column(105, f'"{"M" * 36}"', "column 105 SEPA-Mandatsreferenz"),
    column(114, "1", "Festschreibung differs from the header's 0"),
    column(114, "", "Festschreibung differs from the header's 0"),
    column(117, "31022026", "Fälligkeit 31022026 is no day of the calendar"),
    column(117, "011226", "column 117 Fälligkeit"),
    column(118, '"2"', "column 118 Generalumkehr"),
    # Lines and bytes.
    Damage("no headings", in_line(2, "Umsatz", "1,00;"), 2, HEADINGS),
    Damage("one heading less", in_line(2, ";Abw. Skontokonto", ""), 2, HEADINGS),
    Damage("headings quoted", in_line(2, "Konto;", '"Konto";'), 2, HEADINGS),
    Damage("a field less", in_line(3, '"";', ""), 3, "124 fields instead of 125"),
    Damage("a field more", in_line(3, "S", 'S";"'), 3, "126 fields instead of 125"),
    Damage("an empty line", lambda c: c + END, 5, "1 fields instead of 125"),
    Damage("a footer", lambda c: c + b"Summe;238,00" + END, 5, "2 fields instead of 125"),
    Damage("no last line end", lambda c: c.removesuffix(END), 0, "the last line does not end"),
    Damage("line feeds only", lambda c: c.replace(END, b"\n"), 1, "the header has"),
    Damage("no records", lambda c: END.join(c.split(END)[:2]) + END, 0, "the file has 0 postings"),
    Damage("in UTF-8", lambda c: c.decode("cp1252").encode(), 2, HEADINGS),
    Damage("in UTF-16", lambda c: c.decode("cp1252").encode("utf-16"), 1, "the header has"),
    Damage("a byte order mark", lambda c: b"\xef\xbb\xbf" + c, 1, "header field 1"),
    Damage(
        "a byte of no character",
        lambda c: c.replace("Müller".encode("cp1252"), b"M\x81ller", 1),
        3,
        "bytes that are not Windows-1252",
    ),
    Damage("a NUL", lambda c: c.replace(b"ller", b"ll\x00r", 1), 3, "column 14 Buchungstext"),
    Damage("a line feed in a text", in_line(3, "ller", "l\nler"), 3, "column 14 Buchungstext"),
    Damage("commas for semicolons", in_line(3, ";", ","), 3, "124 fields instead of 125"),
    Damage("cut in the middle", lambda c: c[:-300], 4, ""),
    Damage("nothing at all", lambda _: b"", 1, "the header has 1 fields"),
]


DEBTORS_DAMAGES = [
    header(3, "21", "header field 3 Formatkategorie"),
    header(4, '"Debitoren"', "header field 4 Formatname"),
    header(5, "4", "header field 5 Formatversion"),
    header(15, "20261101", "header field 15 Datum von"),
    header(19, "1", "header field 19 Buchungstyp"),
    header(21, "0", "header field 21 Festschreibung"),
    header(22, '"EUR"', "header field 22 WKZ"),
    header(13, "20260231", "WJ-Beginn 20260231 is no day"),
    column(1, "", "without Konto"),
    column(1, "1001", "personal account 1001 does not have 5 digits"),
    column(1, '"10001"', "column 1 Konto"),
    Damage("one account twice", in_field(4, 1, "10001"), 4, "personal account 10001 is in the"),
    column(2, '""', "Adressattyp 2 without Name (Adressattyp Unternehmen)"),
    column(2, f'"{"x" * 51}"', "column 2"),
    column(4, '"Huber"', "Name (Adressattyp natürl. Person) does not belong to Adressattyp 2"),
    column(7, '""', "without Adressattyp"),
    column(7, '"3"', "column 7 Adressattyp"),
    column(7, '"1"', "Adressattyp 1 without Name (Adressattyp natürl. Person)"),
    column(9, '""', "EU-Land and EU-UStID are filled together"),
    column(9, '"D"', "column 9 EU-Land"),
    column(10, f'"{"1" * 14}"', "column 10 EU-UStID"),
    column(15, '"HAUS"', "column 15 Adressart"),
    column(20, '"de"', "column 20 Land"),
    column(26, '"1"', "column 26 Kennz. Korrespondenzadresse"),
    column(27, "31022026", "Adresse Gültig von 31022026 is no day of the calendar"),
    column(45, '""', "SWIFT-Code 1 without IBAN-Nr. 1"),
    column(46, '"x"', "column 46 Leerfeld"),
    column(47, '"BYLA"', "column 47 SWIFT-Code 1"),
    column(60, '"1"', "more than one bank account is the main one"),
    column(110, "1000", "column 110 Fälligkeit in Tagen (Debitor)"),
    column(222, f'"{"M" * 36}"', "column 222 SEPA-Mandatsreferenz 1"),
    Damage("a field less", in_line(3, '"";', ""), 3, "253 fields instead of 254"),
    Damage("another heading", in_line(2, "Ort", "Stadt"), 2, "the headings are not those of Deb"),
    Damage("twice", lambda c: c + c.split(END)[2] + END, 5, "personal account 10001 is in the"),
    Damage("no accounts", lambda c: END.join(c.split(END)[:2]) + END, 0, "the file has 0"),
]


@pytest.fixture
def content(
    leg: Callable[..., dict[str, object]],
    entry: Callable[..., JournalEntryData],
    export: Callable[..., list[ExportFile]],
) -> bytes:
    """A right file with an invoice (line 3), whose columns of ours are filled, and a payment."""
    invoice = entry(
        leg("1400", "RECEIVABLES", "D", "119.00", debtor="10001"),
        leg("8400", "REVENUE", "C", "100.00", cost_centre="100", cost_object="A"),
        leg("1776", "VAT", "C", "19.00"),
        customer_name="Müller",
        due_on=date(2026, 12, 1),
        mandate="MND-1",
        document_link=UUID("cb6a8f8f-099a-43a9-8baa-0cb64e299ba1"),
    )
    payment = entry(
        leg("1200", "BANK", "D", "119.00"),
        leg("1400", "RECEIVABLES", "C", "119.00", debtor="10001"),
        kind="PAYMENT",
        key="pay:1",
        seq=2,
    )
    (file,) = export(invoice, payment)
    return file.content


@pytest.fixture
def customers(
    exporter: Callable[..., DatevFileExporter], batch: Callable[..., ExportBatch]
) -> bytes:
    """A right file of a company with a bank account (line 3) and of a person (line 4)."""
    company = DebtorData(
        account="10001", customer_number="K-1", company="Möbel Huber", street="Nelkenweg 5",
        country="DE", vat_id="DE133546770", iban="DE02120300000000202051", bic="BYLADEM1001",
        mandate="MND-1", due_days=14,
    )  # fmt: skip
    person = DebtorData(account="10002", customer_number="K-2", last_name="Maier")
    (file,) = exporter().export(batch(), GivenSource(debtors=[company, person]))
    return file.content


def faults(content: bytes, layout: Layout) -> list[Fault]:
    return [each for each in read(content, CLIENT, layout) if isinstance(each, Fault)]


def test_the_good_files_have_no_fault(content: bytes, customers: bytes):
    """So each fault below comes from its damage."""
    assert faults(content, POSTINGS) == []
    assert faults(customers, DEBTORS) == []


def test_there_are_at_least_sixty_kinds_of_damage_and_no_two_are_the_same():
    assert len({damage.name for damage in POSTINGS_DAMAGES}) == len(POSTINGS_DAMAGES) >= 60


@pytest.mark.parametrize("damage", POSTINGS_DAMAGES, ids=lambda damage: damage.name)
def test_every_damage_to_postings_is_found_where_it_is(content: bytes, damage: Damage):
    """Line and field are named, so that a person finds them."""
    found = faults(damage.do(content), POSTINGS)
    assert any(f.line == damage.line and f.problem.startswith(damage.fault) for f in found), found


@pytest.mark.parametrize("damage", DEBTORS_DAMAGES, ids=lambda damage: damage.name)
def test_every_damage_to_customers_is_found_where_it_is(customers: bytes, damage: Damage):
    """Line and field are named here too."""
    found = faults(damage.do(customers), DEBTORS)
    assert any(f.line == damage.line and f.problem.startswith(damage.fault) for f in found), found
