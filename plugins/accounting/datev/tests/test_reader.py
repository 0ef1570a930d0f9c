"""The strict reader: import errors that are known from practice, each found and named."""

from collections.abc import Callable

import pytest

from faktura.kernel.terms import Chart
from faktura.plugin import ExportFile, JournalEntryData
from faktura_datev.accounts import Functions
from faktura_datev.client import Client
from faktura_datev.reader import Fault, Record, read

HALF_FILLED = "currency, rate, base amount and base currency are filled together or not at all"
NOT_IN_YEAR = "does not lie in the fiscal year that starts on"
CLIENT = Client(29098, 55003, Functions(Chart.SKR03))


@pytest.fixture
def content(
    leg: Callable[..., dict[str, object]],
    entry: Callable[..., JournalEntryData],
    export: Callable[..., list[ExportFile]],
) -> str:
    """A right file with an invoice (line 3) and its payment (line 4)."""
    invoice = entry(
        leg("1400", "RECEIVABLES", "D", "119.00", debtor="10001"),
        leg("8400", "REVENUE", "C", "100.00"),
        leg("1776", "VAT", "C", "19.00"),
        customer_name="Müller",
    )
    payment = entry(
        leg("1200", "BANK", "D", "119.00"),
        leg("1400", "RECEIVABLES", "C", "119.00", debtor="10001"),
        kind="PAYMENT",
        key="pay:1",
        seq=2,
    )
    (file,) = export(invoice, payment)
    return file.content.decode("cp1252")


def faults(content: str | bytes) -> list[Fault]:
    raw = content if isinstance(content, bytes) else content.encode("cp1252")
    return [found for found in read(raw, CLIENT) if isinstance(found, Fault)]


def test_a_right_file_has_records_and_no_faults(content: str):
    """Records come with their line and their filled columns, unquoted."""
    found = list(read(content.encode("cp1252"), CLIENT))

    assert [record.line for record in found] == [3, 4]
    assert isinstance(found[0], Record)
    assert {n: found[0].cells[n] for n in (1, 2, 7, 8, 14)} == {
        1: "119,00",
        2: "S",
        7: "10001",
        8: "8400",
        14: "Müller Rechnung RE-1001",
    }


@pytest.mark.parametrize(
    ("right", "wrong", "problem"),
    [
        ('8400;"";', '8400;"3";', "tax key 3 on the automatic account 8400"),
        ('8400;"";', '8400;"0009";', "tax key 9 on the automatic account 8400"),
        ("10001;8400", "8401;8400", "two automatic accounts, 8401 and 8400, need tax key 40"),
        ('8400;"";', '8200;"0040";', "tax key 40 lifts nothing on 10001 and 8200"),
        ("10001;8400", "8200;8200", "account 8200 is posted against itself"),
        ("10001;8400", "100010;8400", "account 100010 is longer than this client's"),
        ("8400", "8125", "account 8125 needs the buyer's VAT id in column 40"),
        ("119,00", "0,00", "the amount is 0; DATEV wants it above"),
        ("1511", "1512", "Belegdatum 1512 does not lie in 2026-11-01 to 2026-11-30"),
        ("1511", "3111", "Belegdatum 3111 does not lie in 2026-11-01 to 2026-11-30"),
        ("1511", "9999", "Belegdatum 9999 does not lie in 2026-11-01 to 2026-11-30"),
        ("119,00;", ";", "without Umsatz (ohne Soll/Haben-Kz)"),
        ('"S"', '""', "without Soll/Haben-Kennzeichen"),
        ("8400;", ";", "without Gegenkonto (ohne BU-Schlüssel)"),
        (";0;;;;", ";1;;;;", "Festschreibung differs from the header's 0"),
        (";0;;;;", ";;;;;", "Festschreibung differs from the header's 0"),
        (";0;;;;", ";0;;;31022026;", "Fälligkeit 31022026 is no day of the calendar"),
        ('"Journal"', '""', "columns 22 and 21 are filled together or not at all"),
        ('"S";""', '"S";"USD"', HALF_FILLED),
        ('"S";"";;;""', '"S";"USD";1,10;90,00;""', HALF_FILLED),
    ],
)  # fmt: skip
def test_a_rule_between_columns_that_is_broken_is_named(
    content: str, right: str, wrong: str, problem: str
):
    """BU key on an automatic account, wrong year, zero amount, half-filled pairs."""
    assert right in content.split("\r\n")[2]

    head, headings, first, rest = content.split("\r\n", 3)
    broken = "\r\n".join([head, headings, first.replace(right, wrong, 1), rest])

    assert faults(broken) == [Fault(3, problem)]


@pytest.mark.parametrize(
    ("right", "wrong", "column"),
    [
        ("119,00", "119.00", "column 1 Umsatz (ohne Soll/Haben-Kz) cannot be 119.00"),
        ("119,00", "119,0", "column 1 Umsatz (ohne Soll/Haben-Kz) cannot be 119,0"),
        ("119,00", "-119,00", "column 1 Umsatz (ohne Soll/Haben-Kz) cannot be -119,00"),
        ("119,00", '"119,00"', 'column 1 Umsatz (ohne Soll/Haben-Kz) cannot be "119,00"'),
        ("119,00", "12345678901,00", "column 1 Umsatz (ohne Soll/Haben-Kz) cannot be 123456"),
        ('"S"', '"D"', 'column 2 Soll/Haben-Kennzeichen cannot be "D"'),
        ('"S"', "S", "column 2 Soll/Haben-Kennzeichen cannot be S"),
        ('"S"', '"S', 'column 2 Soll/Haben-Kennzeichen cannot be "S'),
        ('"S";""', '"S";', "column 3 WKZ Umsatz cannot be nothing"),
        ("10001;", "0;", "column 7 Konto cannot be 0"),
        ("RE-1001", "RE.1001", 'column 11 Belegfeld 1 cannot be "RE.1001"'),
        ("RE-1001", "RE 1001", 'column 11 Belegfeld 1 cannot be "RE 1001"'),
        ("RE-1001", "R" * 37, "column 11 Belegfeld 1 cannot be"),
        ("Müller Rechnung RE-1001", "x" * 61, "column 14 Buchungstext cannot be"),
        ("Müller", "Mül\nler", "column 14 Buchungstext cannot be"),
        ("Müller", 'Mül"ler', "column 14 Buchungstext cannot be"),
        ("1511", "15.11.", "column 10 Belegdatum cannot be 15.11."),
    ],
)
def test_a_field_of_the_wrong_form_is_named(content: str, right: str, wrong: str, column: str):
    """Type, length, quoting and characters of each column; the value is shown shortened."""
    head, headings, first, rest = content.split("\r\n", 3)
    broken = "\r\n".join([head, headings, first.replace(right, wrong, 1), rest])

    (fault,) = faults(broken)

    assert fault.line == 3
    assert fault.problem.startswith(column)


@pytest.mark.parametrize(
    ("right", "wrong", "problem"),
    [
        ('"EXTF"', '"DTVF"', 'header field 1 Kennzeichen cannot be "DTVF"'),
        (";13;", ";12;", "header field 5 Formatversion cannot be 12"),
        ("29098", "29099", "Beraternummer is 29099, this client's is 29098"),
        ("55003", "55004", "Mandantennummer is 55004, this client's is 55003"),
        ("29098", "99", "header field 11 Beraternummer cannot be 99"),
        ('"03"', '"04"', 'Sachkontenrahmen is "04", this client\'s is "03"'),
        (";4;2026", ";5;2026", "Sachkontenlänge is 5, this client's is 4"),
        (";0;0;", ";0;;", "header field 21 Festschreibung cannot be -"),
        ('"EUR"', "EUR", "header field 22 WKZ cannot be EUR"),
        ("20260101", "20250101", f"2026-11-01 to 2026-11-30 {NOT_IN_YEAR} 2025-01-01"),
        ("20260101", "20260115", "the fiscal year cannot start on 2026-01-15"),
        ("20261101;20261130", "20261130;20261101", f"2026-11-30 to 2026-11-01 {NOT_IN_YEAR} 2026-01-01"),
        ("20261130", "20261131", "WJ-Beginn, Datum von or Datum bis is no day of the calendar"),
        (';"7"', "", "the header has 30 fields instead of 31"),
        ('"7"', '"7";', "the header has 32 fields instead of 31"),
    ],
)  # fmt: skip
def test_a_wrong_header_stops_the_reading(content: str, right: str, wrong: str, problem: str):
    """Mixed consultants and clients, wrong fiscal year, wrong version."""
    head, rest = content.split("\r\n", 1)
    assert right in head

    assert faults(f"{head.replace(right, wrong, 1)}\r\n{rest}") == [Fault(1, problem)]


def test_a_header_over_a_thousand_characters_is_refused(content: str):
    """DATEV reads no longer header line."""
    head, rest = content.split("\r\n", 1)

    found = faults(f"{head.replace('faktura 202611', 'x' * 900)}\r\n{rest}")

    assert Fault(1, f"the header has {len(head) + 886} characters, 1000 are allowed") in found


def test_headings_must_be_the_exact_ones(content: str):
    """They also show a file in UTF-8, which DATEV would read as mojibake."""
    problem = "the headings are not those of Buchungsstapel 13 in Windows-1252"

    assert faults(content.replace("Stück", "Stueck")) == [Fault(2, problem)]
    assert Fault(2, problem) in faults(content.encode("utf-8"))


def test_bytes_outside_windows_1252_are_refused(content: str):
    """0x81 stands for nothing in Windows-1252."""
    broken = content.encode("cp1252").replace("Müller".encode("cp1252"), b"M\x81ller")

    assert faults(broken) == [Fault(3, "bytes that are not Windows-1252")]


def test_a_byte_order_mark_is_refused(content: str):
    """It belongs to UTF-8; without it DATEV reads Windows-1252."""
    (fault,) = faults(b"\xef\xbb\xbf" + content.encode("cp1252"))

    assert fault.problem.startswith("header field 1 Kennzeichen cannot be")


def test_a_record_with_too_few_or_too_many_fields_is_refused(content: str):
    """Each record has exactly 125 fields; a semicolon inside quotes is none."""
    head, headings, first, rest = content.split("\r\n", 3)

    assert faults("\r\n".join([head, headings, first[:-1], rest])) == [
        Fault(3, "124 fields instead of 125")
    ]
    assert faults("\r\n".join([head, headings, first.replace("Müller", "M;ü"), rest])) == []
    assert faults("\r\n".join([head, headings, first + ";", rest])) == [
        Fault(3, "126 fields instead of 125")
    ]


def test_an_empty_batch_is_refused(content: str):
    """DATEV answers "no payload"; so does an empty file with its missing header."""
    head, headings, _ = content.split("\r\n", 2)

    assert faults(f"{head}\r\n{headings}\r\n") == [
        Fault(0, "the file has 0 postings, 1 to 99999 are allowed")
    ]
    assert faults("") == [Fault(1, "the header has 1 fields instead of 31")]


def test_more_postings_than_datev_takes_are_refused(content: str):
    """At most 99,999 postings and 50 MB; seen here by a file of faulty lines."""
    head, headings, _ = content.split("\r\n", 2)
    many = (f"{head}\r\n{headings}\r\n" + "\r\n" * 100_000).encode("cp1252")

    assert faults(many)[-1] == Fault(0, "the file has 100000 postings, 1 to 99999 are allowed")


def test_a_file_over_fifty_megabytes_is_refused(content: str):
    """Said first, and the rest is still read."""
    padded = content.encode("cp1252") + b" " * 50_000_000

    found = faults(padded)

    assert found[0] == Fault(0, f"the file has {len(padded)} bytes, 50000000 are allowed")


def test_every_line_ends_with_carriage_return_and_line_feed(content: str):
    """The last one too."""
    assert faults(content.removesuffix("\r\n")) == [
        Fault(0, "the last line does not end with CR LF")
    ]
    assert faults(content.replace("\r\n", "\n")) != []


def test_an_account_taken_back_to_its_length_is_looked_up_with_its_leading_zeros(content: str):
    """1 is account 0001 at length 4, and has no function."""
    assert faults(content.replace("1200;10001", "1;10001")) == []


def test_foreign_currency_needs_its_rate(content: str):
    """Currency and rate together, base amount and base currency together."""
    assert faults(content.replace('"S";"";;;""', '"S";"USD";1,100000;108,18;"EUR"', 1)) == []
