"""Revision 0008 of contracts: contract, subscription, subscription_item."""

import sqlalchemy as sa
from alembic import op

from faktura.store.types import Day, Moment, Scaled, Uid

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Bring the tables to this revision."""
    op.create_table(
        "contract",
        sa.Column("tenant_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("id", Uid(), nullable=False),
        sa.Column("number", sa.String(length=64), nullable=False),
        sa.Column("customer_id", Uid(), nullable=False),
        sa.Column("project_id", Uid(), nullable=False),
        sa.Column("shard", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=64), nullable=False),
        sa.Column("start", Day(), nullable=False),
        sa.Column("interval_count", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("interval_unit", sa.String(length=64), nullable=False),
        sa.Column("billing_anchor", Day(), nullable=False),
        sa.Column("currency", sa.String(length=64), nullable=False),
        sa.Column("in_advance", sa.Boolean(), nullable=False),
        sa.Column("day_count", sa.String(length=64), nullable=False),
        sa.Column("end", Day(), nullable=True),
        sa.Column("internal_identifier", sa.Text(), nullable=False),
        sa.Column("data", sa.Text(), nullable=False),
        sa.Column("next_due_on", Day(), nullable=True),
        sa.Column("created_at", Moment(), nullable=False),
        sa.CheckConstraint(
            "day_count IN ('ACTUAL', 'THIRTY_360', 'NONE')",
            name=op.f("ck_contract_day_count_known"),
        ),
        sa.CheckConstraint(
            "interval_unit IN ('DAY', 'WEEK', 'MONTH', 'YEAR')",
            name=op.f("ck_contract_interval_unit_known"),
        ),
        sa.CheckConstraint(
            "kind IN ('SIMPLE', 'SUBSCRIPTION')", name=op.f("ck_contract_kind_known")
        ),
        sa.CheckConstraint(
            "state IN ('DRAFT', 'ACTIVE', 'TERMINATED', 'ENDED', 'VOIDED')",
            name=op.f("ck_contract_state_known"),
        ),
        sa.CheckConstraint("interval_count >= 1", name=op.f("ck_contract_interval_forward")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "customer_id"],
            ["customer.tenant_id", "customer.id"],
            name=op.f("fk_contract_tenant_id_customer_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "project_id"],
            ["project.tenant_id", "project.id"],
            name=op.f("fk_contract_tenant_id_project_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_contract")),
        sa.UniqueConstraint("tenant_id", "number", name=op.f("uq_contract_tenant_id_number")),
    )
    with op.batch_alter_table("contract", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_contract_tenant_id_customer_id"),
            ["tenant_id", "customer_id"],
            unique=False,
        )

    op.create_table(
        "subscription",
        sa.Column("tenant_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("id", Uid(), nullable=False),
        sa.Column("contract_id", Uid(), nullable=False),
        sa.Column("term_start", Day(), nullable=False),
        sa.Column("payment_start", Day(), nullable=True),
        sa.Column("renewal", sa.String(length=64), nullable=False),
        sa.Column("terms", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "renewal IN ('FIXED', 'INDEFINITE', 'NONE')", name=op.f("ck_subscription_renewal_known")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "contract_id"],
            ["contract.tenant_id", "contract.id"],
            name=op.f("fk_subscription_tenant_id_contract_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_subscription")),
    )
    with op.batch_alter_table("subscription", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_subscription_tenant_id_contract_id"),
            ["tenant_id", "contract_id"],
            unique=False,
        )

    op.create_table(
        "subscription_item",
        sa.Column("tenant_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("id", Uid(), nullable=False),
        sa.Column("contract_id", Uid(), nullable=False),
        sa.Column("subscription_id", Uid(), nullable=False),
        sa.Column("article_id", Uid(), nullable=False),
        sa.Column("quantity", Scaled(), nullable=False),
        sa.Column("anchor", Day(), nullable=False),
        sa.Column("start", Day(), nullable=False),
        sa.Column("until", Day(), nullable=True),
        sa.Column("special_prices", sa.Text(), nullable=False),
        sa.Column("discount", sa.Text(), nullable=True),
        sa.CheckConstraint("until > start", name=op.f("ck_subscription_item_runs_forward")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "article_id"],
            ["article.tenant_id", "article.id"],
            name=op.f("fk_subscription_item_tenant_id_article_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "contract_id"],
            ["contract.tenant_id", "contract.id"],
            name=op.f("fk_subscription_item_tenant_id_contract_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "subscription_id"],
            ["subscription.tenant_id", "subscription.id"],
            name=op.f("fk_subscription_item_tenant_id_subscription_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_subscription_item")),
    )
    with op.batch_alter_table("subscription_item", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_subscription_item_tenant_id_contract_id"),
            ["tenant_id", "contract_id"],
            unique=False,
        )
