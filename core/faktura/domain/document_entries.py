"""The head of a document's journal entry: equal for all kinds, whatever their legs are."""

from collections.abc import Sequence
from uuid import UUID

from faktura.domain.document_kinds import KINDS
from faktura.domain.invoices import DraftDocument
from faktura.domain.journal import Entry, Leg, checked


def entry_of(
    document: DraftDocument, legs: Sequence[Leg], *, document_id: UUID, number: str
) -> Entry | None:
    """The entry of a document when it is issued; None without legs. Raises IntegrityBroken."""
    if not legs:
        return None
    rules = KINDS[document.kind]
    return checked(
        Entry(
            f"{rules.key}:{number}",
            rules.entry,
            document.issued_on,
            document.currency,
            f"{number} {document.customer.name}",
            tuple(legs),
            document_id,
            document.customer.id,
        )
    )
