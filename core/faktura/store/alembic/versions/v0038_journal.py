"""Revision 0038 of journal: deferral, journal_entry, ledger_account, leg, period_lock."""

import sqlalchemy as sa
from alembic import op

from faktura.store.alembic.checks import widen
from faktura.store.schema.insert_only import guard
from faktura.store.types import Day, Moment, Scaled, Uid

revision = "0038"
down_revision = "0037"

_JOURNAL_ENTRY_KIND = (
    "INVOICE",
    "CORRECTION",
    "PAYMENT",
    "RETURN",
    "RETURN_FEE",
    "REFUND",
    "WRITE_OFF",
    "SET_UNPAID",
    "CREDIT_NOTE",
    "DEPOSIT",
    "DEPOSIT_RECEIVED",
    "DEPOSIT_DEDUCTED",
    "OPENING",
    "DEFERRAL",
    "RELEASE",
    "MANUAL",
    "REVERSAL",
    "RECOVERY",
)
_LEG_SLOT = (
    "RECEIVABLES",
    "REVENUE",
    "VAT",
    "BANK",
    "BANK_FEES",
    "DEPOSITS_REQUESTED",
    "DEPOSITS_RECEIVED",
    "OPENING_BALANCE",
    "COMMISSION",
    "INPUT_VAT",
    "DEFERRED_REVENUE",
    "DEFERRAL_CONTRA",
    "WRITE_OFF",
    "RECOVERED",
    "MANUAL",
)


def upgrade() -> None:
    """Bring the tables to this revision."""
    op.create_table(
        "ledger_account",
        sa.Column("tenant_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("number", sa.String(length=64), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "number", name=op.f("pk_ledger_account")),
    )
    op.create_table(
        "period_lock",
        sa.Column("tenant_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("no", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("locked_to", Day(), nullable=False),
        sa.Column("locked_by", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("recorded_at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "no", name=op.f("pk_period_lock")),
    )
    op.create_table(
        "deferral",
        sa.Column("tenant_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("document_id", Uid(), nullable=False),
        sa.Column("line_no", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("method", sa.String(length=64), nullable=False),
        sa.Column("currency", sa.String(length=64), nullable=False),
        sa.Column("net", sa.BigInteger(), nullable=False),
        sa.Column("service_start", Day(), nullable=False),
        sa.Column("service_end", Day(), nullable=False),
        sa.Column("booked_month", Day(), nullable=False),
        sa.Column("account", sa.String(length=64), nullable=True),
        sa.Column("tax_case", sa.String(length=64), nullable=False),
        sa.Column("tax_rate", Scaled(), nullable=False),
        sa.Column("tax_country", sa.String(length=64), nullable=False),
        sa.Column("costs", sa.Text(), nullable=True),
        sa.Column("next_month", Day(), nullable=True),
        sa.CheckConstraint(
            "method IN ('NONE', 'DAY', 'MONTH', 'HALF_MONTH')",
            name=op.f("ck_deferral_method_known"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "document_id"],
            ["document.tenant_id", "document.id"],
            name=op.f("fk_deferral_tenant_id_document_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "document_id", "line_no", name=op.f("pk_deferral")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("deferral", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_deferral_tenant_id_next_month"),
            ["tenant_id", "next_month"],
            unique=False,
        )

    with op.batch_alter_table("journal_entry", schema=None) as batch_op:
        batch_op.add_column(sa.Column("booked_on", Day(), nullable=True))
        batch_op.add_column(sa.Column("service_month", Day(), nullable=True))
        batch_op.add_column(sa.Column("created_by", sa.Text(), nullable=True))

    with op.batch_alter_table("leg", schema=None) as batch_op:
        batch_op.add_column(sa.Column("cost_object", sa.String(length=64), nullable=True))
    for statement in guard(op.get_bind().dialect.name, "period_lock"):
        op.execute(statement)
    widen("journal_entry", "kind", _JOURNAL_ENTRY_KIND)
    widen("leg", "slot", _LEG_SLOT)
