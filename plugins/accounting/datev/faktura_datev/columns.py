"""The 125 columns of a booking record (Buchungsstapel, version 13) as data.

Source: DATEV's format description of the booking batch; lengths in characters.
"""

from faktura_datev.column import Column, Kind


def _pairs(title: str, content: str, count: int) -> tuple[Column, ...]:
    return tuple(
        column
        for n in range(1, count + 1)
        for column in (
            Column(f"{title} {n}", Kind.TEXT, 20),
            Column(f"{content} {n}", Kind.TEXT, 210),
        )
    )


COLUMNS: tuple[Column, ...] = (
    Column("Umsatz (ohne Soll/Haben-Kz)", Kind.AMOUNT, 10),
    Column("Soll/Haben-Kennzeichen", Kind.SIDE, 1),
    Column("WKZ Umsatz", Kind.CURRENCY, 3),
    Column("Kurs", Kind.DECIMAL, 4, 6),
    Column("Basis-Umsatz", Kind.AMOUNT, 10),
    Column("WKZ Basis-Umsatz", Kind.CURRENCY, 3),
    Column("Konto", Kind.ACCOUNT, 9),
    Column("Gegenkonto (ohne BU-Schlüssel)", Kind.ACCOUNT, 9),
    Column("BU-Schlüssel", Kind.TAX_KEY, 4),
    Column("Belegdatum", Kind.DAY, 4),
    Column("Belegfeld 1", Kind.DOCUMENT, 36),
    Column("Belegfeld 2", Kind.DOCUMENT, 12),
    Column("Skonto", Kind.AMOUNT, 8),
    Column("Buchungstext", Kind.TEXT, 60),
    Column("Postensperre", Kind.FLAG, 1),
    Column("Diverse Adressnummer", Kind.WORD, 9),
    Column("Geschäftspartnerbank", Kind.NUMBER, 3),
    Column("Sachverhalt", Kind.NUMBER, 2),
    Column("Zinssperre", Kind.FLAG, 1),
    Column("Beleglink", Kind.TEXT, 210),
    *_pairs("Beleginfo - Art", "Beleginfo - Inhalt", 8),
    Column("KOST1 - Kostenstelle", Kind.COST, 36),
    Column("KOST2 - Kostenstelle", Kind.COST, 36),
    Column("Kost-Menge", Kind.DECIMAL, 12, 4),
    Column("EU-Land u. UStID (Bestimmung)", Kind.VAT_ID, 15),
    Column("EU-Steuersatz (Bestimmung)", Kind.AMOUNT, 2),
    Column("Abw. Versteuerungsart", Kind.TAXATION, 1),
    Column("Sachverhalt L+L", Kind.NUMBER, 3),
    Column("Funktionsergänzung L+L", Kind.NUMBER, 3),
    Column("BU 49 Hauptfunktionstyp", Kind.NUMBER, 1),
    Column("BU 49 Hauptfunktionsnummer", Kind.NUMBER, 2),
    Column("BU 49 Funktionsergänzung", Kind.NUMBER, 3),
    # The heading has no blank before the second hyphen.
    *_pairs("Zusatzinformation - Art", "Zusatzinformation- Inhalt", 20),
    Column("Stück", Kind.NUMBER, 8),
    Column("Gewicht", Kind.AMOUNT, 8),
    Column("Zahlweise", Kind.NUMBER, 2),
    Column("Forderungsart", Kind.WORD, 10),
    Column("Veranlagungsjahr", Kind.NUMBER, 4),
    Column("Zugeordnete Fälligkeit", Kind.DATE, 8),
    Column("Skontotyp", Kind.NUMBER, 1),
    Column("Auftragsnummer", Kind.TEXT, 30),
    Column("Buchungstyp", Kind.WORD, 2),
    Column("USt-Schlüssel (Anzahlungen)", Kind.NUMBER, 4),
    Column("EU-Land (Anzahlungen)", Kind.WORD, 2),
    Column("Sachverhalt L+L (Anzahlungen)", Kind.NUMBER, 3),
    Column("EU-Steuersatz (Anzahlungen)", Kind.AMOUNT, 2),
    # DATEV's own programs write 0 here for "none".
    Column("Erlöskonto (Anzahlungen)", Kind.NUMBER, 9),
    Column("Herkunft-Kz", Kind.WORD, 2),
    Column("Buchungs GUID", Kind.TEXT, 36),
    Column("KOST-Datum", Kind.DATE, 8),
    Column("SEPA-Mandatsreferenz", Kind.TEXT, 35),
    Column("Skontosperre", Kind.FLAG, 1),
    Column("Gesellschaftername", Kind.TEXT, 76),
    Column("Beteiligtennummer", Kind.NUMBER, 4),
    Column("Identifikationsnummer", Kind.TEXT, 11),
    Column("Zeichnernummer", Kind.TEXT, 20),
    Column("Postensperre bis", Kind.DATE, 8),
    Column("Bezeichnung SoBil-Sachverhalt", Kind.TEXT, 30),
    Column("Kennzeichen SoBil-Buchung", Kind.NUMBER, 2),
    Column("Festschreibung", Kind.FLAG, 1),
    Column("Leistungsdatum", Kind.DATE, 8),
    Column("Datum Zuord. Steuerperiode", Kind.DATE, 8),
    Column("Fälligkeit", Kind.DATE, 8),
    Column("Generalumkehr (GU)", Kind.REVERSAL, 1),
    Column("Steuersatz", Kind.AMOUNT, 2),
    Column("Land", Kind.WORD, 2),
    Column("Abrechnungsreferenz", Kind.TEXT, 50),
    Column("BVV-Position", Kind.NUMBER, 1),
    Column("EU-Land u. UStID (Ursprung)", Kind.VAT_ID, 15),
    Column("EU-Steuersatz (Ursprung)", Kind.AMOUNT, 2),
    Column("Abw. Skontokonto", Kind.ACCOUNT, 9),
)

# Column numbers, counted from 1 as in DATEV's description.
AMOUNT, SIDE, ACCOUNT, CONTRA, TAX_KEY, DAY = 1, 2, 7, 8, 9, 10
CURRENCY, RATE, BASE_AMOUNT, BASE_CURRENCY = 3, 4, 5, 6
DOCUMENT_1, DOCUMENT_2, TEXT, FIRST_INFO = 11, 12, 14, 21
MATTER, LINK, COST_1, COST_2, DESTINATION, EU_RATE = 18, 20, 37, 38, 40, 41
MANDATE, LOCK, DUE, REVERSAL = 105, 114, 117, 118

REQUIRED = (AMOUNT, SIDE, ACCOUNT, CONTRA, DAY)
"""The columns no record may leave empty."""

PARTNERS = {
    number: partner
    for first, last in ((21, 36), (48, 87))
    for kind in range(first, last, 2)
    for number, partner in ((kind, kind + 1), (kind + 1, kind))
}
"""Columns that are filled together: kind and content, each with the other."""
