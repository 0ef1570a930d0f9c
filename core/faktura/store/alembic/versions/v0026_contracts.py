"""Revision 0026 of contracts: commission_rule, contract, contract_discount, contract_template, subscription_item, subscription_pause."""

import sqlalchemy as sa
from alembic import op

from faktura.store.types import Day, Moment, Scaled, Uid

revision = "0026"
down_revision = "0025"


def upgrade() -> None:
    """Bring the tables to this revision."""
    op.create_table(
        "contract_template",
        sa.Column("tenant_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("data", sa.Text(), nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("changed_at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "key", name=op.f("pk_contract_template")),
    )
    op.create_table(
        "commission_rule",
        sa.Column("tenant_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("contract_id", Uid(), nullable=False),
        sa.Column("no", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("partner_id", Uid(), nullable=False),
        sa.Column("article_number", sa.String(length=64), nullable=True),
        sa.Column("percent", Scaled(), nullable=False),
        sa.Column("due", sa.String(length=64), nullable=False),
        sa.CheckConstraint(
            "due IN ('INVOICE', 'PAYMENT')", name=op.f("ck_commission_rule_due_known")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "contract_id"],
            ["contract.tenant_id", "contract.id"],
            name=op.f("fk_commission_rule_tenant_id_contract_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "partner_id"],
            ["customer.tenant_id", "customer.id"],
            name=op.f("fk_commission_rule_tenant_id_partner_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "contract_id", "no", name=op.f("pk_commission_rule")),
    )
    op.create_table(
        "contract_discount",
        sa.Column("tenant_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("id", Uid(), nullable=False),
        sa.Column("contract_id", Uid(), nullable=False),
        sa.Column("scope", sa.String(length=64), nullable=False),
        sa.Column("target", sa.String(length=64), nullable=True),
        sa.Column("percent", Scaled(), nullable=True),
        sa.Column("amount", Scaled(), nullable=True),
        sa.Column("valid_from", Day(), nullable=True),
        sa.Column("valid_until", Day(), nullable=True),
        sa.Column("next_invoice", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
        sa.CheckConstraint(
            "scope IN ('ARTICLE', 'PRODUCT_GROUP', 'CONTRACT')",
            name=op.f("ck_contract_discount_scope_known"),
        ),
        sa.CheckConstraint(
            "valid_until > valid_from", name=op.f("ck_contract_discount_valid_forward")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "contract_id"],
            ["contract.tenant_id", "contract.id"],
            name=op.f("fk_contract_discount_tenant_id_contract_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_contract_discount")),
    )
    with op.batch_alter_table("contract_discount", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_contract_discount_tenant_id_contract_id"),
            ["tenant_id", "contract_id"],
            unique=False,
        )

    op.create_table(
        "subscription_pause",
        sa.Column("tenant_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("subscription_id", Uid(), nullable=False),
        sa.Column("no", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("contract_id", Uid(), nullable=False),
        sa.Column("start", Day(), nullable=False),
        sa.Column("end", Day(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("recorded_at", Moment(), nullable=False),
        sa.CheckConstraint('"end" > start', name=op.f("ck_subscription_pause_pause_forward")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "contract_id"],
            ["contract.tenant_id", "contract.id"],
            name=op.f("fk_subscription_pause_tenant_id_contract_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "subscription_id"],
            ["subscription.tenant_id", "subscription.id"],
            name=op.f("fk_subscription_pause_tenant_id_subscription_id"),
        ),
        sa.PrimaryKeyConstraint(
            "tenant_id", "subscription_id", "no", name=op.f("pk_subscription_pause")
        ),
    )
    with op.batch_alter_table("subscription_pause", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_subscription_pause_tenant_id_contract_id"),
            ["tenant_id", "contract_id"],
            unique=False,
        )

    with op.batch_alter_table("contract", schema=None) as batch_op:
        batch_op.add_column(sa.Column("predecessor_id", Uid(), nullable=True))
        batch_op.create_index(
            batch_op.f("ix_contract_tenant_id_predecessor_id"),
            ["tenant_id", "predecessor_id"],
            unique=False,
        )

    with op.batch_alter_table("subscription_item", schema=None) as batch_op:
        batch_op.add_column(sa.Column("data", sa.Text(), nullable=True))
