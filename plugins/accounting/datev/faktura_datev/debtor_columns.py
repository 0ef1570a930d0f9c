"""The 254 columns of a debtor or creditor (Debitoren/Kreditoren, version 5) as data.

Source: DATEV's format description of personal accounts; lengths in characters.
"""

from faktura_datev.column import Column, Kind

_EMPTY = Column("Leerfeld", Kind.NOTHING, 1)


def _texts(length: int, *names: str) -> tuple[Column, ...]:
    return tuple(Column(name, Kind.TEXT, length) for name in names)


def _numbers(length: int, *names: str) -> tuple[Column, ...]:
    return tuple(Column(name, Kind.NUMBER, length) for name in names)


def _decimals(length: int, *names: str) -> tuple[Column, ...]:
    return tuple(Column(name, Kind.DECIMAL, length) for name in names)


def _dates(*names: str) -> tuple[Column, ...]:
    return tuple(Column(name, Kind.DATE, 8) for name in names)


def _bank(n: int) -> tuple[Column, ...]:
    return (
        Column(f"Bankleitzahl {n}", Kind.TEXT, 8),
        Column(f"Bankbezeichnung {n}", Kind.TEXT, 30),
        Column(f"Bank-Kontonummer {n}", Kind.TEXT, 10),
        Column(f"Länderkennzeichen {n}", Kind.COUNTRY, 2),
        Column(f"IBAN-Nr. {n}", Kind.IBAN, 34),
        _EMPTY,
        Column(f"SWIFT-Code {n}", Kind.SWIFT, 11),
        Column(f"Abw. Kontoinhaber {n}", Kind.TEXT, 70),
        Column(f"Kennz. Hauptbankverb. {n}", Kind.MARK, 1),
        *_dates(f"Bankverb {n} Gültig von", f"Bankverb {n} Gültig bis"),
    )


def _address(kind: str, street: str) -> tuple[Column, ...]:
    """An address; the headings of that on invoices end with its name."""
    return (
        Column(f"Adressart{kind}", Kind.ADDRESS, 3),
        *_texts(36, f"{street}{kind}"),
        *_texts(10, f"Postfach{kind}", f"Postleitzahl{kind}"),
        *_texts(30, f"Ort{kind}"),
        Column(f"Land{kind}", Kind.COUNTRY, 2),
        *_texts(50, f"Versandzusatz{kind}"),
        *_texts(36, f"Adresszusatz{kind}"),
    )


_ON_INVOICES = " (Rechnungsadresse)"

COLUMNS: tuple[Column, ...] = (
    Column("Konto", Kind.ACCOUNT, 9),
    *_texts(50, "Name (Adressattyp Unternehmen)", "Unternehmensgegenstand"),
    *_texts(30, "Name (Adressattyp natürl. Person)", "Vorname (Adressattyp natürl. Person)"),
    *_texts(50, "Name (Adressattyp keine Angabe)"),
    Column("Adressattyp", Kind.ADDRESSEE, 1),
    *_texts(15, "Kurzbezeichnung"),
    Column("EU-Land", Kind.COUNTRY, 2),
    Column("EU-UStID", Kind.VAT_ID, 13),
    *_texts(30, "Anrede"),
    *_texts(25, "Titel/Akad. Grad"),
    *_texts(15, "Adelstitel"),
    *_texts(14, "Namensvorsatz"),
    *_address("", "Straße"),
    *_texts(30, "Abweichende Anrede"),
    *_texts(50, "Abw. Zustellbezeichnung 1"),
    *_texts(36, "Abw. Zustellbezeichnung 2"),
    Column("Kennz. Korrespondenzadresse", Kind.FLAG, 1),
    *_dates("Adresse Gültig von", "Adresse Gültig bis"),
    *(
        column
        for name in ("Telefon", "Telefon GL", "E-Mail", "Internet", "Fax", "Sonstige")
        for column in (*_texts(60, name), *_texts(40, f"Bemerkung ({name})"))
    ),
    *(column for n in range(1, 6) for column in _bank(n)),
    _EMPTY,
    *_texts(100, "Briefanrede"),
    *_texts(50, "Grußformel"),
    *_texts(15, "Kunden-/Lief.-Nr."),
    *_texts(20, "Steuernummer"),
    *_texts(2, "Sprache"),
    *_texts(40, "Ansprechpartner", "Vertreter", "Sachbearbeiter"),
    *_numbers(9, "Diverse-Konto"),
    *_numbers(1, "Ausgabeziel"),
    *_texts(1, "Währungssteuerung"),
    *_decimals(10, "Kreditlimit (Debitor)"),
    *_numbers(3, "Zahlungsbedingung", "Fälligkeit in Tagen (Debitor)"),
    *_decimals(2, "Skonto in Prozent (Debitor)"),
    *_numbers(3, "Kreditoren-Ziel 1 Tg."),
    *_decimals(2, "Kreditoren-Skonto 1 %"),
    *_numbers(3, "Kreditoren-Ziel 2 Tg."),
    *_decimals(2, "Kreditoren-Skonto 2 %"),
    *_numbers(3, "Kreditoren-Ziel 3 Brutto Tg.", "Kreditoren-Ziel 4 Tg."),
    *_decimals(2, "Kreditoren-Skonto 4 %"),
    *_numbers(3, "Kreditoren-Ziel 5 Tg."),
    *_decimals(2, "Kreditoren-Skonto 5 %"),
    *_numbers(1, "Mahnung", "Kontoauszug"),
    *_numbers(3, "Mahntext 1", "Mahntext 2", "Mahntext 3", "Kontoauszugstext"),
    *_decimals(5, "Mahnlimit Betrag"),
    *_decimals(2, "Mahnlimit %"),
    *_numbers(1, "Zinsberechnung"),
    *_decimals(2, "Mahnzinssatz 1", "Mahnzinssatz 2", "Mahnzinssatz 3"),
    *_texts(1, "Lastschrift"),
    _EMPTY,
    *_numbers(4, "Mandantenbank"),
    *_texts(1, "Zahlungsträger"),
    *_texts(40, *(f"Indiv. Feld {n}" for n in range(1, 16))),
    *_texts(30, f"Abweichende Anrede{_ON_INVOICES}"),
    *_address(_ON_INVOICES, "Straße"),
    *_texts(50, f"Abw. Zustellbezeichnung 1{_ON_INVOICES}"),
    *_texts(36, f"Abw. Zustellbezeichnung 2{_ON_INVOICES}"),
    *_dates(f"Adresse Gültig von{_ON_INVOICES}", f"Adresse Gültig bis{_ON_INVOICES}"),
    *(column for n in range(6, 11) for column in _bank(n)),
    *_texts(15, "Nummer Fremdsystem"),
    *_numbers(1, "Insolvent"),
    *_texts(35, *(f"SEPA-Mandatsreferenz {n}" for n in range(1, 11))),
    *_numbers(9, "Verknüpftes OPOS-Konto"),
    *_dates("Mahnsperre bis", "Lastschriftsperre bis", "Zahlungssperre bis"),
    *_numbers(1, "Gebührenberechnung"),
    *_decimals(5, "Mahngebühr 1", "Mahngebühr 2", "Mahngebühr 3"),
    *_numbers(1, "Pauschalenberechnung"),
    *_decimals(5, "Verzugspauschale 1", "Verzugspauschale 2", "Verzugspauschale 3"),
    *_texts(15, "Alternativer Suchname"),
    *_numbers(1, "Status", "Anschrift manuell geändert (Korrespondenzadresse)"),
    *_texts(210, "Anschrift individuell (Korrespondenzadresse)"),
    *_numbers(1, f"Anschrift manuell geändert{_ON_INVOICES}"),
    *_texts(210, f"Anschrift individuell{_ON_INVOICES}"),
    *_numbers(1, "Fristberechnung bei Debitor"),
    *_numbers(3, "Mahnfrist 1", "Mahnfrist 2", "Mahnfrist 3", "Letzte Frist"),
)

# Column numbers, counted from 1 as in DATEV's description.
ACCOUNT, COMPANY, LAST_NAME, FIRST_NAME, OTHER_NAME, ADDRESSEE = 1, 2, 4, 5, 6, 7
EU_COUNTRY, EU_VAT_ID = 9, 10
ADDRESS, STREET, POSTCODE, CITY, COUNTRY, ADDITIONAL = 15, 16, 18, 19, 20, 22
CORRESPONDENCE, PHONE, EMAIL, CONTACT = 26, 29, 33, 102
BANK_COUNTRY, IBAN, BIC, HOLDER, MAIN_BANK = 44, 45, 47, 48, 49
CUSTOMER, DUE_DAYS, MANDATE = 99, 110, 222

REQUIRED = (ACCOUNT, ADDRESSEE)
"""The columns no record may leave empty."""

NAMES = {"0": OTHER_NAME, "1": LAST_NAME, "2": COMPANY}
"""Which column has the name, by addressee: 0 no statement, 1 a person, 2 a company."""

MAIN_BANKS = tuple(
    n for n, column in enumerate(COLUMNS, start=1) if column.name.startswith("Kennz. Hauptbank")
)
"""The marks of the main bank account; at most one is set."""
