"""Revision 0010 of accounts: account_transaction, allocation, open_item."""

import sqlalchemy as sa
from alembic import op

from faktura.store.schema.insert_only import guard
from faktura.store.types import Day, Moment, Uid

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    """Bring the tables to this revision."""
    op.create_table(
        "account_transaction",
        sa.Column("tenant_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("customer_id", Uid(), nullable=False),
        sa.Column("currency", sa.String(length=64), nullable=False),
        sa.Column("no", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("fact", sa.String(length=64), nullable=False),
        sa.Column("value_date", Day(), nullable=False),
        sa.Column("recorded_at", Moment(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("source", sa.String(length=64), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("balance_after", sa.BigInteger(), nullable=False),
        sa.Column("document_id", Uid(), nullable=True),
        sa.Column("remittance", sa.Text(), nullable=True),
        sa.Column("content_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("seal_seq", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.CheckConstraint(
            "fact IN ('OPENING', 'INVOICE', 'CORRECTION', 'PAYMENT', 'RETURN', 'CHARGEBACK', 'REFUND', 'WRITE_OFF', 'SET_UNPAID')",
            name=op.f("ck_account_transaction_fact_known"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "customer_id"],
            ["customer.tenant_id", "customer.id"],
            name=op.f("fk_account_transaction_tenant_id_customer_id"),
        ),
        sa.PrimaryKeyConstraint(
            "tenant_id", "customer_id", "currency", "no", name=op.f("pk_account_transaction")
        ),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("account_transaction", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_account_transaction_tenant_id_seal_seq"),
            ["tenant_id", "seal_seq"],
            unique=False,
        )

    op.create_table(
        "allocation",
        sa.Column("tenant_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("document_id", Uid(), nullable=False),
        sa.Column("no", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("customer_id", Uid(), nullable=False),
        sa.Column("currency", sa.String(length=64), nullable=False),
        sa.Column("transaction_no", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("movement_id", Uid(), nullable=True),
        sa.Column("entry_key", sa.String(length=64), nullable=False),
        sa.Column("reverses_no", sa.BigInteger(), autoincrement=False, nullable=True),
        sa.Column("content_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("seal_seq", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "customer_id", "currency", "transaction_no"],
            [
                "account_transaction.tenant_id",
                "account_transaction.customer_id",
                "account_transaction.currency",
                "account_transaction.no",
            ],
            name=op.f("fk_allocation_tenant_id_customer_id_currency_transaction_no"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "document_id"],
            ["document.tenant_id", "document.id"],
            name=op.f("fk_allocation_tenant_id_document_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "document_id", "no", name=op.f("pk_allocation")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("allocation", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_allocation_tenant_id_movement_id"),
            ["tenant_id", "movement_id"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_allocation_tenant_id_seal_seq"), ["tenant_id", "seal_seq"], unique=False
        )

    op.create_table(
        "open_item",
        sa.Column("tenant_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("document_id", Uid(), nullable=False),
        sa.Column("customer_id", Uid(), nullable=False),
        sa.Column("number", sa.String(length=64), nullable=False),
        sa.Column("currency", sa.String(length=64), nullable=False),
        sa.Column("open", sa.BigInteger(), nullable=False),
        sa.Column("due_on", Day(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "document_id"],
            ["document.tenant_id", "document.id"],
            name=op.f("fk_open_item_tenant_id_document_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "document_id", name=op.f("pk_open_item")),
        sqlite_with_rowid=False,
    )
    for statement in guard(op.get_bind().dialect.name, "account_transaction"):
        op.execute(statement)
    for statement in guard(op.get_bind().dialect.name, "allocation"):
        op.execute(statement)
