"""What the tables of e-mail recipients say, German and English."""

from collections.abc import Mapping

RECIPIENTS: Mapping[str, tuple[str, str]] = {
    "recipients.customer": (
        "E-Mail-Empfänger des Kunden {number}",
        "Recipients of customer {number}",
    ),
    "recipients.contract": (
        "E-Mail-Empfänger des Vertrags {number}",
        "Recipients of contract {number}",
    ),
    "recipients.back": ("Rechnungen des Kunden {number}", "Invoices of customer {number}"),
    "recipients.hint_customer": (
        "Für jeden Zweck ohne Empfänger gilt die Adresse des Kunden. Leere Zeilen entfallen.",
        "For a use without a recipient the customer's own address counts. Empty rows are left out.",
    ),
    "recipients.hint_contract": (
        "Die Empfänger des Vertrags gehen denen des Kunden vor. Leere Zeilen entfallen.",
        "The contract's recipients come before the customer's. Empty rows are left out.",
    ),
    "recipients.email": ("E-Mail-Adresse", "E-mail address"),
    "recipients.use": ("Zweck", "Use"),
    "recipients.use.INVOICE": ("Rechnungen", "Invoices"),
    "recipients.use.DUNNING": ("Mahnungen", "Dunning"),
    "recipients.use.PAYMENT": ("Zahlungen", "Payments"),
    "recipients.save": ("Speichern", "Save"),
    "recipients.add": ("Zeile hinzufügen", "Add a row"),
}
