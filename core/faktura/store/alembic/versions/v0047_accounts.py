"""Revision 0047 of accounts: what is open, by customer."""

from alembic import op

revision = "0047"
down_revision = "0046"


def upgrade() -> None:
    """Bring the tables to this revision."""
    op.create_index(
        op.f("ix_open_item_tenant_id_customer_id_document_id"),
        "open_item",
        ["tenant_id", "customer_id", "document_id"],
    )
