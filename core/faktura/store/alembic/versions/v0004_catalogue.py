"""Revision 0004 of catalogue: article, article_price, product_group, project, tax_group."""

import sqlalchemy as sa
from alembic import op

from faktura.store.types import Day, Scaled, Uid

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Bring the tables to this revision."""
    op.create_table(
        "project",
        sa.Column("tenant_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("id", Uid(), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_project")),
        sa.UniqueConstraint("tenant_id", "key", name=op.f("uq_project_tenant_id_key")),
    )
    op.create_table(
        "tax_group",
        sa.Column("tenant_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("data", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "key", name=op.f("pk_tax_group")),
    )
    op.create_table(
        "product_group",
        sa.Column("tenant_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("tax_group_key", sa.String(length=64), nullable=False),
        sa.Column("revenue_account", sa.String(length=64), nullable=True),
        sa.ForeignKeyConstraint(
            ["tenant_id", "tax_group_key"],
            ["tax_group.tenant_id", "tax_group.key"],
            name=op.f("fk_product_group_tenant_id_tax_group_key"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "key", name=op.f("pk_product_group")),
    )
    op.create_table(
        "article",
        sa.Column("tenant_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("id", Uid(), nullable=False),
        sa.Column("number", sa.String(length=64), nullable=False),
        sa.Column("project_id", Uid(), nullable=True),
        sa.Column("product_group_key", sa.String(length=64), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("unit", sa.String(length=64), nullable=False),
        sa.Column("supply", sa.String(length=64), nullable=False),
        sa.Column("recurring", sa.Boolean(), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("html_description", sa.Text(), nullable=False),
        sa.Column("cost_centre", sa.String(length=64), nullable=True),
        sa.CheckConstraint(
            "supply IN ('GOODS', 'SERVICE', 'DIGITAL')", name=op.f("ck_article_supply_known")
        ),
        sa.CheckConstraint(
            "unit IN ('PIECE', 'NONE', 'HOUR', 'MINUTE', 'SECOND', 'DAY', 'WEEK', 'MONTH', 'YEAR', 'GIGABYTE', 'KILOGRAM', 'KILOMETRE', 'LITRE', 'METRE', 'SQUARE_METRE', 'LUMP_SUM')",
            name=op.f("ck_article_unit_known"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "product_group_key"],
            ["product_group.tenant_id", "product_group.key"],
            name=op.f("fk_article_tenant_id_product_group_key"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "project_id"],
            ["project.tenant_id", "project.id"],
            name=op.f("fk_article_tenant_id_project_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_article")),
        sa.UniqueConstraint("tenant_id", "number", name=op.f("uq_article_tenant_id_number")),
    )
    op.create_table(
        "article_price",
        sa.Column("tenant_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("article_id", Uid(), nullable=False),
        sa.Column("no", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("unit_price", Scaled(), nullable=False),
        sa.Column("currency", sa.String(length=64), nullable=False),
        sa.Column("valid_from", Day(), nullable=True),
        sa.Column("valid_until", Day(), nullable=True),
        sa.Column("from_quantity", Scaled(), nullable=False),
        sa.CheckConstraint("valid_until > valid_from", name=op.f("ck_article_price_valid_forward")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "article_id"],
            ["article.tenant_id", "article.id"],
            name=op.f("fk_article_price_tenant_id_article_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "article_id", "no", name=op.f("pk_article_price")),
        sqlite_with_rowid=False,
    )
