"""Revision 0022 of contracts: contract."""

from alembic import op

revision = "0022"
down_revision = "0021"


def upgrade() -> None:
    """Bring the tables to this revision."""
    with op.batch_alter_table("contract", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_contract_tenant_id_internal_identifier"),
            ["tenant_id", "internal_identifier"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_contract_tenant_id_project_id_number"),
            ["tenant_id", "project_id", "number"],
            unique=False,
        )
