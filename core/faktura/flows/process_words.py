"""What the product calls by English words, as the Verfahrensdokumentation says it in German."""

from collections.abc import Mapping
from datetime import date
from typing import Final

from faktura.kernel.accounting_terms import BatchState, DeferralMethod
from faktura.kernel.terms import TaxCase

METHODS: Final[Mapping[str, str]] = {
    DeferralMethod.NONE: "keine Abgrenzung",
    DeferralMethod.DAY: "taggenau",
    DeferralMethod.MONTH: "nach ganzen Monaten",
    DeferralMethod.HALF_MONTH: "nach halben Monaten",
}
STATES: Final[Mapping[str, str]] = {
    BatchState.MADE: "erstellt",
    BatchState.SENT: "übertragen",
    BatchState.ACCEPTED: "angenommen",
    BatchState.FAILED: "abgelehnt",
    BatchState.VOIDED: "zurückgenommen",
}
TAX_CASES: Final[Mapping[str, str]] = {
    TaxCase.STANDARD: "Regelsteuersatz",
    TaxCase.REDUCED: "ermäßigter Steuersatz",
    TaxCase.EXEMPT: "steuerfrei",
    TaxCase.SMALL_BUSINESS: "Kleinunternehmer",
    TaxCase.REVERSE_CHARGE: "Steuerschuld des Empfängers",
    TaxCase.INTRA_COMMUNITY: "innergemeinschaftliche Lieferung",
    TaxCase.EXPORT: "Ausfuhr",
    TaxCase.NOT_TAXABLE: "nicht steuerbar",
    TaxCase.OSS: "Fernverkauf (OSS)",
}
# A source is one of these or the chart, a number range one of these or the tenant's own.
SOURCES: Final[Mapping[str, str]] = {
    "own": "eigenes Konto",
    "tenant": "Mandant",
    "product group": "Produktgruppe",
    "bank account": "Bankkonto",
    "journal": "Journal",
}
RANGES: Final[Mapping[str, str]] = {
    "INVOICE": "Rechnungen",
    "CORRECTION": "Korrekturen",
    "CUSTOMER": "Kunden",
    "CONTRACT": "Verträge",
    "DEBTOR": "Debitoren",
}
# From this day on ranges are valid that nobody gave a day.
_BEGINNING = date(1970, 1, 1)


def german_day(day: date) -> str:
    """The day as people write it: 22.11.2026."""
    return f"{day:%d.%m.%Y}"


def since(day: date) -> str:
    """From when on something is valid."""
    return "von Anfang an" if day == _BEGINNING else german_day(day)
