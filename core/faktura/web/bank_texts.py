"""What the page of bank connections says, German and English; the states are domain/feed_words.py's."""

from collections.abc import Mapping

BANK: Mapping[str, tuple[str, str]] = {
    "bank.title": ("Bankverbindungen", "Bank connections"),
    "bank.none": ("Noch ist keine Bank verbunden.", "No bank is connected yet."),
    "bank.no_feed": (
        "Es gibt noch keinen Zugang zu einem Bankdienst. Wer faktura betreibt, legt ihn an mit:",
        "There is no access to a bank feed yet. Whoever runs faktura adds one with:",
    ),
    "bank.account": ("Konto", "Account"),
    "bank.linked": ("Verknüpft mit", "Linked to"),
    "bank.not_linked": ("nicht verknüpft", "not linked"),
    "bank.connect": ("Bank verbinden", "Connect a bank"),
    "bank.sync": ("Jetzt abrufen", "Update now"),
    "bank.new_pin": ("Banking-PIN ändern", "Change the banking PIN"),
    "bank.form": ("Formular der Bank öffnen", "Open the bank's form"),
    "bank.form_hint": (
        "Sie melden sich bei der Bank an; Ihre Zugangsdaten kommen nie zu uns.",
        "You sign in at the bank; your credentials never come to us.",
    ),
}
