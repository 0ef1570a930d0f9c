"""Revision 0019 of documents: a kept file is as many rows of `blob` as it has parts."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"


def upgrade() -> None:
    """Bring the tables to this revision."""
    # No ALTER gives a table another key on both databases: what lies there moves aside and back,
    # each file as its only part.
    op.execute("CREATE TABLE blob_before AS SELECT tenant_id, sha256, content FROM blob")
    op.drop_table("blob")
    op.create_table(
        "blob",
        sa.Column("tenant_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("sha256", sa.LargeBinary(length=32), nullable=False),
        sa.Column("part", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "sha256", "part", name=op.f("pk_blob")),
    )
    op.execute(
        "INSERT INTO blob (tenant_id, sha256, part, content)"
        " SELECT tenant_id, sha256, 0, content FROM blob_before"
    )
    op.drop_table("blob_before")
