"""What the kinds of documents are called, numbered and booked as (F062, F066; domain.md)."""

from collections.abc import Mapping
from dataclasses import dataclass

from faktura.kernel.terms import AccountFact, DocumentKind, EntryKind


@dataclass(frozen=True, slots=True)
class KindRules:
    """The rules of a kind.

    `ranges` are number ranges by name: the first that is set up gives the number. `title` is the
    word on the account; `key` prefixes the journal entry's key. `printed_positive` kinds print the
    amounts that they take off as positive ones.
    """

    ranges: tuple[str, ...]
    fact: AccountFact
    entry: EntryKind
    title: str
    key: str
    printed_positive: bool = False


KINDS: Mapping[DocumentKind, KindRules] = {
    DocumentKind.INVOICE: KindRules(
        ("INVOICE",), AccountFact.INVOICE, EntryKind.INVOICE, "Rechnung", "inv"
    ),
    DocumentKind.DEPOSIT: KindRules(
        ("DEPOSIT", "INVOICE"), AccountFact.DEPOSIT, EntryKind.DEPOSIT, "Anzahlungsrechnung", "dep"
    ),
    DocumentKind.FINAL: KindRules(
        ("FINAL", "INVOICE"), AccountFact.INVOICE, EntryKind.INVOICE, "Schlussrechnung", "inv"
    ),
    DocumentKind.CORRECTION: KindRules(
        ("CORRECTION",),
        AccountFact.CORRECTION,
        EntryKind.CORRECTION,
        "Rechnungskorrektur",
        "cor",
        printed_positive=True,
    ),
    DocumentKind.CANCELLATION: KindRules(
        ("CANCELLATION", "CORRECTION"),
        AccountFact.CORRECTION,
        EntryKind.CORRECTION,
        "Stornorechnung",
        "cor",
    ),
    DocumentKind.CREDIT_NOTE: KindRules(
        ("CREDIT_NOTE", "CORRECTION"),
        AccountFact.CREDIT_NOTE,
        EntryKind.CREDIT_NOTE,
        "Gutschrift",
        "crn",
        printed_positive=True,
    ),
    DocumentKind.CREDIT_NOTE_CORRECTION: KindRules(
        ("CREDIT_NOTE_CORRECTION", "CREDIT_NOTE", "CORRECTION"),
        AccountFact.CREDIT_NOTE,
        EntryKind.CREDIT_NOTE,
        "Gutschriftskorrektur",
        "crn",
        printed_positive=True,
    ),
    DocumentKind.OPENING: KindRules(
        (), AccountFact.OPENING, EntryKind.OPENING, "Saldovortrag", "open"
    ),
    DocumentKind.DUNNING: KindRules(
        ("DUNNING",), AccountFact.DUNNING, EntryKind.DUNNING, "Mahnkosten", "dun"
    ),
}

# Every range that gives numbers to documents.
DOCUMENT_RANGES = frozenset(name for rules in KINDS.values() for name in rules.ranges)

# Each line of these bills exactly one activity; lines of all others bill none.
BILLING = frozenset({DocumentKind.INVOICE, DocumentKind.FINAL})

# The buyer writes them: the partner supplies, we are billed (§ 14 Abs. 2 Satz 5 UStG).
SELF_BILLED = frozenset({DocumentKind.CREDIT_NOTE, DocumentKind.CREDIT_NOTE_CORRECTION})

# They have no lines and no VAT, and no format writes them: the paper is another one (P54, F084).
WITHOUT_LINES = frozenset({DocumentKind.OPENING, DocumentKind.DUNNING})

# A correction of these takes revenue back.
CORRECTING = frozenset(
    {DocumentKind.CORRECTION, DocumentKind.CANCELLATION, DocumentKind.CREDIT_NOTE_CORRECTION}
)
