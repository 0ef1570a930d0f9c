"""Revision 0029 of documents: more words for document.kind."""

from faktura.store.alembic.checks import widen

revision = "0029"
down_revision = "0028"

_DOCUMENT_KIND = (
    "INVOICE",
    "CORRECTION",
    "CANCELLATION",
    "CREDIT_NOTE",
    "CREDIT_NOTE_CORRECTION",
    "DEPOSIT",
    "FINAL",
    "OPENING",
)


def upgrade() -> None:
    """Bring the tables to this revision."""
    widen("document", "kind", _DOCUMENT_KIND)
