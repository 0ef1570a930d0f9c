"""The strict reader: import errors that are known from practice, each found and named."""

from collections.abc import Callable

import pytest

from faktura.kernel.terms import Chart
from faktura.plugin import ExportFile, JournalEntryData
from faktura_datev.accounts import Functions
from faktura_datev.client import Client
from faktura_datev.reader import Fault, Record, read

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


def test_lenient_reading_forgives_what_datevs_own_programs_write(content: str):
    """A number as `""` and a whole amount without decimals; everything else is still a fault."""
    head, headings, first, rest = content.split("\r\n", 3)
    fields = first.split(";")
    fields[0], fields[107] = "119", '""'
    odd = "\r\n".join([head, headings, ";".join(fields), rest]).encode("cp1252")
    worse = odd.replace(b"119;", b"119,0;", 1)

    found = list(read(odd, CLIENT, lenient=True))

    assert isinstance(found[0], Record)
    assert found[0].cells[1] == "119,00"
    assert 108 not in found[0].cells
    assert [fault.line for fault in read(odd, CLIENT) if isinstance(fault, Fault)] == [3, 3]
    assert isinstance(next(read(worse, CLIENT, lenient=True)), Fault)
