"""The journal as CSV."""

import csv
import io
from collections.abc import Callable
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from faktura.kernel.errors import ExportRefused
from faktura.plugin import AccountData, ExportFile, JournalEntryData
from faktura.testing.export_sources import GivenSource
from faktura_journal.columns import COLUMNS, DEFAULT_COLUMNS
from faktura_journal.journal_csv import JournalCsvExporter

Build = Callable[..., JournalEntryData]
Export = Callable[..., list[ExportFile]]


def text_of(file: ExportFile, encoding: str = "utf-8-sig") -> list[str]:
    return file.content.decode(encoding).split("\r\n")


def test_one_row_is_one_leg_with_the_usual_columns(invoice: Build, export: Export):
    """Text in quotes, numbers bare, UTF-8 with its mark, CRLF; debit and credit apart."""
    source = GivenSource([invoice()], accounts=[AccountData(number="8400", name="Erlöse 19 %")])

    (file,) = export(JournalCsvExporter, source)

    assert file.content.startswith(b"\xef\xbb\xbfkey;seq;leg;kind;accounting_date;")
    common = '"INVOICE";2026-11-15;2026-11-15;2026-12-01T09:30:15+01:00'
    tail = '"RE-1001";"K-1";"Müller & Söhne GmbH";"Rechnung RE-1001";2026-11-29;'
    taxed = f'"STANDARD";19;"DE";"100";"Nord";{tail}'
    assert text_of(file) == [
        ";".join(DEFAULT_COLUMNS),
        f'"inv:RE-1001";1;1;{common};"1400";"";"8400 1776";"10001";1190,00;;"EUR";;;;;;{tail}',
        f'"inv:RE-1001";1;2;{common};"8400";"Erlöse 19 %";"1400";;;1000,00;"EUR";{taxed}',
        f'"inv:RE-1001";1;3;{common};"1776";"";"1400";;;190,00;"EUR";"STANDARD";19;"DE";;;{tail}',
        "",
    ]
    assert (file.name, file.media_type, file.rows, file.entry_keys, file.notes) == (
        "journal_20261101-20261130.csv",
        "text/csv; charset=utf-8",
        3,
        ("inv:RE-1001",),
        (),
    )


@pytest.mark.parametrize(
    ("chosen", "lines"),
    [
        (
            {"columns": ["account", "amount", "accounting_date"], "delimiter": ","},
            [
                "account,amount,accounting_date",
                '"1400","1190,00",2026-11-15',
                '"8400","-1000,00",2026-11-15',
            ],
        ),
        (
            {
                "columns": ["amount", "value_date", "slot"],
                "delimiter": "\t",
                "decimal_mark": ".",
                "date_format": "%d.%m.%Y",
                "encoding": "utf-8",
            },
            [
                "amount\tvalue_date\tslot",
                '1190.00\t15.11.2026\t"RECEIVABLES"',
                '-1000.00\t15.11.2026\t"REVENUE"',
            ],
        ),
        (
            {"columns": ["due_on", "document_kind"], "delimiter": "|", "date_format": "%Y%m%d"},
            ["due_on|document_kind", '20261129|"INVOICE"', '20261129|"INVOICE"'],
        ),
    ],
)
def test_columns_marks_and_formats_are_chosen(
    invoice: Build, export: Export, chosen: dict[str, object], lines: list[str]
):
    """A number that holds the delimiter is quoted."""
    (file,) = export(JournalCsvExporter, GivenSource([invoice()]), **chosen)

    assert text_of(file)[:3] == lines


def test_every_column_can_be_chosen(invoice: Build, export: Export):
    """What an entry does not have is an empty cell."""
    given = invoice(
        service_month=date(2026, 11, 1),
        mandate="M-1",
        reverses_key="inv:RE-1000",
        created_by="ada",
        document_link="12345678-1234-5678-1234-567812345678",
        sha256="ab",
    )

    (file,) = export(JournalCsvExporter, GivenSource([given]), columns=list(COLUMNS))

    (row, *_) = csv.DictReader(text_of(file), delimiter=";")
    assert list(row) == list(COLUMNS)
    assert {name for name, value in row.items() if not value} == {
        "account_name", "credit", "tax_case", "tax_rate", "tax_country", "buyer_vat_id",
        "cost_centre", "cost_object",
    }  # fmt: skip
    assert (row["document_link"], row["service_month"], row["sha256"]) == (
        "12345678-1234-5678-1234-567812345678",
        "2026-11-01",
        "ab",
    )


def test_a_month_can_be_a_file(invoice: Build, payment: Build, export: Export):
    """One file is in memory at a time; every entry is in one of them."""
    source = GivenSource([payment(), invoice()])
    of = {"end": date(2026, 12, 31)}

    files = export(JournalCsvExporter, source, of, file_per="month", columns=["key"])

    assert [(file.name, file.rows, file.entry_keys) for file in files] == [
        ("journal_202611.csv", 3, ("inv:RE-1001",)),
        ("journal_202612.csv", 2, ("pay:1",)),
    ]


def test_yen_have_no_decimals(invoice: Build, leg, entry: Build, export: Export):
    """Amounts have the decimals of their currency."""
    yen = entry(leg("1200", "D", "1190"), leg("8400", "C", "1190"), currency="JPY")

    (file,) = export(JournalCsvExporter, GivenSource([yen]), columns=["debit"])

    assert text_of(file)[1] == "1190"


@pytest.mark.parametrize("sign", ["=", "+", "-", "@"])
def test_text_that_a_spreadsheet_would_compute_is_guarded_and_noted(
    sign: str, invoice: Build, export: Export
):
    """A customer's name must not run in the accountant's spreadsheet; a setting leaves it."""
    source = GivenSource([invoice(text=f"{sign}SUMME(A1)")])

    (guarded,) = export(JournalCsvExporter, source, columns=["text", "amount"])
    (bare,) = export(JournalCsvExporter, source, columns=["text"], guard_formulas=False)

    assert text_of(guarded)[1:3] == [
        f'"\'{sign}SUMME(A1)";1190,00',
        f'"\'{sign}SUMME(A1)";-1000,00',
    ]
    assert guarded.notes == (
        f"entry inv:RE-1001, column text: “{sign}SUMME(A1)” is written as “'{sign}SUMME(A1)”",
    )
    assert (text_of(bare)[1], bare.notes) == (f'"{sign}SUMME(A1)"', ())


def test_windows_1252_transliterates_free_text_and_says_so(invoice: Build, export: Export):
    """Nothing is cut or changed silently; what the set has stays as it is."""
    source = GivenSource([invoice(customer_name="Łódź, Győr & Zoë 東", text="Größe – 5 €")])

    (file,) = export(
        JournalCsvExporter, source, encoding="cp1252", columns=["customer_name", "text"]
    )

    assert text_of(file, "cp1252")[1] == '"?ódz, Gyor & Zoë ?";"Größe – 5 €"'
    assert file.media_type == "text/csv; charset=windows-1252"
    assert file.notes[0] == (
        "entry inv:RE-1001, column customer_name: “Łódź, Győr & Zoë 東” is written as "
        "“?ódz, Gyor & Zoë ?”"
    )


def test_a_code_that_windows_1252_lacks_is_refused(leg, entry: Build, export: Export):
    """A cost centre with other letters would be another cost centre."""
    given = entry(leg("1200", "D", "1.00", cost_centre="Łódź"), leg("8400", "C", "1.00"))

    with pytest.raises(ExportRefused) as refused:
        export(JournalCsvExporter, GivenSource([given]), encoding="cp1252")

    assert refused.value.place == "entry inv:RE-1001, column cost_centre"


@given(text=st.text(), name=st.text(), centre=st.text(min_size=1))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_a_text_says_it_stays_in_its_cell(
    text: str, name: str, centre: str, leg, entry: Build, export: Export
):
    """Read by another reader: three rows of four cells, amounts untouched."""
    given = entry(
        leg("1200", "D", "2.00", cost_centre=centre),
        leg("8400", "C", "1.00"),
        leg("8401", "C", "1.00"),
        text=text,
        customer_name=name,
    )

    (file,) = export(
        JournalCsvExporter,
        GivenSource([given]),
        columns=["text", "customer_name", "cost_centre", "amount"],
    )

    rows = list(csv.reader(io.StringIO(file.content.decode("utf-8-sig"), ""), delimiter=";"))
    assert [row[3] for row in rows] == ["amount", "2,00", "-1,00", "-1,00"]
    assert not any(cell.startswith(("=", "+", "-", "@")) for row in rows for cell in row[:3])


def test_an_entry_outside_the_batch_is_refused(payment: Build, export: Export):
    """December in the batch of November."""
    with pytest.raises(ExportRefused, match="2026-12-02 lies outside 2026-11-01 to 2026-11-30"):
        export(JournalCsvExporter, GivenSource([payment()]))


def test_an_entry_that_does_not_balance_is_refused(leg, entry: Build, export: Export):
    """The core never posts one; a file that holds one would be worse than none."""
    given = entry(leg("1200", "D", "2.01"), leg("8400", "C", "2.00"))

    with pytest.raises(ExportRefused, match=r"debits and credits differ by 0\.01 EUR") as refused:
        export(JournalCsvExporter, GivenSource([given]))

    assert refused.value.place == "entry inv:RE-1001"


def test_a_late_entry_stands_under_its_accounting_date(invoice: Build, export: Export):
    """P24: a fact of a locked month is booked on the first open day and keeps its value date."""
    late = invoice(value_date=date(2026, 10, 30), booked_on=date(2026, 11, 1))

    (file,) = export(
        JournalCsvExporter, GivenSource([late]), columns=["accounting_date", "value_date"]
    )

    assert text_of(file)[1] == "2026-11-01;2026-10-30"
