"""Which files a batch becomes: months, limits, names, header, notes."""

from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest

from faktura.kernel.errors import ExportRefused
from faktura.plugin import ExportBatch, ExportFile, JournalEntryData
from faktura.testing.export_sources import GivenSource
from faktura_datev.batch_file import Limits
from faktura_datev.columns import COLUMNS
from faktura_datev.exporter import DatevFileExporter

Exporter = Callable[..., DatevFileExporter]
Batch = Callable[..., ExportBatch]
Export = Callable[..., list[ExportFile]]


@pytest.fixture
def payment(
    leg: Callable[..., dict[str, object]], entry: Callable[..., JournalEntryData]
) -> Callable[..., JournalEntryData]:
    """A payment of 10.00 on a day."""

    def build(seq: int, on: date, **more: object) -> JournalEntryData:
        return entry(
            leg("1200", "BANK", "D", "10.00"),
            leg("1400", "RECEIVABLES", "C", "10.00", debtor="10001"),
            **({"seq": seq, "key": f"pay:{seq}", "value_date": on, "kind": "PAYMENT"} | more),
        )

    return build


def header(file: ExportFile) -> str:
    return file.content.decode("cp1252").split("\r\n")[0]


def test_each_month_with_entries_is_a_file_of_its_fiscal_year(
    payment: Callable[..., JournalEntryData], exporter: Exporter, batch: Batch
):
    """A fiscal year from July: June and July lie in two; August has nothing and no file."""
    entries = [
        payment(3, date(2026, 9, 30)),
        payment(1, date(2026, 6, 30)),
        payment(2, date(2026, 7, 1)),
    ]
    summer = batch(start=date(2026, 6, 10), end=date(2026, 9, 30), fiscal_year_month=7)

    files = list(exporter().export(summer, GivenSource(entries)))

    assert [(file.name, file.rows, file.entry_keys) for file in files] == [
        ("EXTF_Buchungsstapel_202606.csv", 1, ("pay:1",)),
        ("EXTF_Buchungsstapel_202607.csv", 1, ("pay:2",)),
        ("EXTF_Buchungsstapel_202609.csv", 1, ("pay:3",)),
    ]
    assert [header(file).split(";")[12:16] for file in files] == [
        ["20250701", "4", "20260610", "20260630"],
        ["20260701", "4", "20260701", "20260731"],
        ["20260701", "4", "20260901", "20260930"],
    ]


def test_no_entries_are_no_file(export: Export):
    """DATEV refuses a batch without postings."""
    assert export() == []


def test_the_header_has_31_fields_in_datevs_order(
    payment: Callable[..., JournalEntryData], export: Export
):
    """Created in local time, 17 digits; lock written as 0; batch number last."""
    (file,) = export(payment(1, date(2026, 11, 2)))

    assert header(file) == (
        '"EXTF";700;21;"Buchungsstapel";13;20261201093015123;;"FA";"faktura";"";29098;55003;'
        '20260101;4;20261101;20261130;"faktura 202611";"";1;0;0;"EUR";;"";;;"03";;;"";"7"'
    )
    assert file.media_type == "text/csv; charset=windows-1252"


def test_a_locked_batch_says_so_in_header_and_rows(
    payment: Callable[..., JournalEntryData], exporter: Exporter, batch: Batch, records
):
    """Festschreibung: one row that says otherwise would decide for the whole batch."""
    (file,) = exporter(lock=True).export(batch(), GivenSource([payment(1, date(2026, 11, 2))]))

    assert header(file).split(";")[20] == "1"
    assert records(file)[0]["Festschreibung"] == "1"


def test_the_same_batch_gives_the_same_bytes(
    payment: Callable[..., JournalEntryData], export: Export
):
    """Also when the entries come in another order; another creation time shows."""
    one, two = payment(1, date(2026, 11, 2)), payment(2, date(2026, 11, 2))

    assert export(one, two) == export(two, one)
    assert export(one, created_at=datetime(2026, 12, 2, tzinfo=UTC)) != export(one)


class SmallFiles(DatevFileExporter):
    """Two rows a file."""

    limits = Limits(rows=2)


class ThinFiles(DatevFileExporter):
    """No second entry fits."""

    limits = Limits(size=3000)


def test_a_month_over_the_limits_is_numbered_files_of_whole_entries(
    payment: Callable[..., JournalEntryData],
    leg: Callable[..., dict[str, object]],
    exporter: Exporter,
    batch: Batch,
    entry: Callable[..., JournalEntryData],
):
    """At most 99,999 rows and 50 MB a file; here 2 rows, then a size of one entry."""
    single = payment(1, date(2026, 11, 2))
    double = entry(
        leg("1200", "BANK", "D", "30.00"),
        leg("1400", "RECEIVABLES", "C", "10.00", debtor="10001"),
        leg("1400", "RECEIVABLES", "C", "20.00", debtor="10002"),
        seq=2,
        key="pay:2",
    )
    entries = [single, double, payment(3, date(2026, 11, 20)), payment(4, date(2026, 11, 20))]
    settings, runtime = exporter().settings, exporter().runtime

    small = list(SmallFiles(settings, runtime).export(batch(), GivenSource(entries)))
    thin = list(ThinFiles(settings, runtime).export(batch(), GivenSource(entries[2:])))

    assert [(file.name, file.rows, file.entry_keys) for file in small] == [
        ("EXTF_Buchungsstapel_202611_1.csv", 1, ("pay:1",)),
        ("EXTF_Buchungsstapel_202611_2.csv", 2, ("pay:2",)),
        ("EXTF_Buchungsstapel_202611_3.csv", 2, ("pay:3", "pay:4")),
    ]
    assert [file.name for file in thin] == [
        "EXTF_Buchungsstapel_202611_1.csv",
        "EXTF_Buchungsstapel_202611_2.csv",
    ]


def test_text_that_had_to_be_changed_is_named_in_the_notes(
    payment: Callable[..., JournalEntryData], export: Export, records
):
    """Nothing is cut or transliterated silently; what Windows-1252 has stays as it is."""
    (file,) = export(
        payment(1, date(2026, 11, 2), customer_name="Łódź & Müller", text="Zahlung"),
        payment(2, date(2026, 11, 3), customer_name=None, text="x" * 61),
        payment(3, date(2026, 11, 4), customer_name="Café Größe", text="Zahlung von Café Größe"),
        payment(4, date(2026, 11, 5), customer_name="N" * 41, text="PRAP-Auflösung RE-1 12/2026"),
        payment(5, date(2026, 11, 6), customer_name="N" * 41, text="Z" * 52),
    )

    assert [row["Buchungstext"] for row in records(file)] == [
        "Lódz & Müller Zahlung",
        "x" * 59 + "…",
        "Zahlung von Café Größe",
        # 60 - 27 - 1 = 32 are left for the name; 7 would be too few.
        "N" * 31 + "… PRAP-Auflösung RE-1 12/2026",
        "N" * 41 + " " + "Z" * 17 + "…",
    ]
    assert file.notes[:2] == (
        "entry pay:1: “Łódź & Müller Zahlung” is written as “Lódz & Müller Zahlung”",
        f"entry pay:2: “{'x' * 61}” is written as “{'x' * 59}…”",
    )
    assert [note[:12] for note in file.notes[2:]] == ["entry pay:4:", "entry pay:5:"]


def test_a_batch_without_document_due_date_or_customer_leaves_the_columns_empty(
    payment: Callable[..., JournalEntryData], export: Export, records
):
    """None means absent."""
    (file,) = export(payment(1, date(2026, 11, 2), document_number=None, text="Zahlung"))

    assert records(file) == [
        {
            "Umsatz (ohne Soll/Haben-Kz)": "10,00",
            "Soll/Haben-Kennzeichen": "S",
            "Konto": "1200",
            "Gegenkonto (ohne BU-Schlüssel)": "10001",
            "Belegdatum": "0211",
            "Buchungstext": "Zahlung",
            "Beleginfo - Art 1": "Journal",
            "Beleginfo - Inhalt 1": "pay:1",
            "Festschreibung": "0",
        }
    ]


def test_the_record_has_125_columns_of_which_84_are_text():
    """Column numbers of text fields as in DATEV's description of version 13."""
    text = [n for n, column in enumerate(COLUMNS, start=1) if column.quoted]

    assert len(COLUMNS) == 125
    assert text == [
        2, 3, 6, 9, 11, 12, 14, 16, *range(20, 39), 40, 42, *range(48, 88), 91, 95, 96, 98, 102,
        103, 105, 107, 109, 110, 112, 118, 120, 121, 123,
    ]  # fmt: skip
    assert len(text) == 84
    assert (COLUMNS[46].name, COLUMNS[48].name) == (
        "BU 49 Funktionsergänzung",
        "Zusatzinformation- Inhalt 1",
    )
    assert COLUMNS[116].name == "Fälligkeit"


def test_a_long_file_is_read_back_stretch_by_stretch(
    payment: Callable[..., JournalEntryData], export: Export
):
    """All 501 rows are there; a fault in the last is named by its line: header, headings, 501."""
    entries = [payment(n, date(2026, 11, 2)) for n in range(1, 501)]
    last, faulty = payment(501, date(2026, 11, 3)), {"mandate": "M" * 36}

    (file,) = export(*entries, last)

    assert (file.rows, len(file.entry_keys), file.content.count(b"\r\n")) == (501, 501, 503)
    with pytest.raises(ExportRefused, match=r"entry pay:501: .* line 503: column 105 SEPA"):
        export(*entries, last.model_copy(update=faulty))
