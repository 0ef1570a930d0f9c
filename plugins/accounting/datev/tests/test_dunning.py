"""Charges of dunning: open items tell fee and interest from the claim itself (datev 4, column 18)."""

from collections.abc import Callable

from faktura.plugin import ExportFile, JournalEntryData

Leg = Callable[..., dict[str, object]]
Entry = Callable[..., JournalEntryData]
Export = Callable[..., list[ExportFile]]
Records = Callable[[ExportFile], list[dict[str, str]]]


def _matters(rows: list[dict[str, str]]) -> list[tuple[str, ...]]:
    return [
        (
            row["Umsatz (ohne Soll/Haben-Kz)"],
            row["Soll/Haben-Kennzeichen"],
            row["Konto"],
            row["Gegenkonto (ohne BU-Schlüssel)"],
            row.get("Sachverhalt", ""),
        )
        for row in rows
    ]


def test_fee_and_interest_are_rows_of_40_and_31(
    leg: Leg, entry: Entry, export: Export, records: Records
):
    """Sachverhalt 40 is a dunning fee, 31 dunning interest; neither has VAT."""
    charges = entry(
        leg("1400", "RECEIVABLES", "D", "45.70", debtor="10001"),
        leg("2700", "DUNNING_FEES", "C", "45.00"),
        leg("2650", "DUNNING_INTEREST", "C", "0.70"),
        kind="DUNNING",
        key="dun:MG-000001",
        text="Mahnkosten MG-000001",
        document_number="MG-000001",
    )

    (file,) = export(charges)

    assert _matters(records(file)) == [
        ("45,00", "S", "10001", "2700", "40"),
        ("0,70", "S", "10001", "2650", "31"),
    ]


def test_a_waiver_of_one_of_them_keeps_the_sign_of_what_it_is(
    leg: Leg, entry: Entry, export: Export, records: Records
):
    """Whichever account the row begins with, it says what is given up."""
    waived = entry(
        leg("2650", "DUNNING_INTEREST", "D", "0.70"),
        leg("1400", "RECEIVABLES", "C", "0.70", debtor="10001"),
        kind="DUNNING_WAIVED",
        key="dunw:1:1",
        text="Erlass MG-000001",
        document_number="MG-000001",
    )

    (file,) = export(waived)

    assert _matters(records(file)) == [("0,70", "S", "2650", "10001", "31")]
