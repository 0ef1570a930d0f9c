"""Revision 0021 of billing: a stored scope names any number of projects."""

import json

import sqlalchemy as sa
from alembic import op

from faktura.kernel.canonical import canonical_json
from faktura.store.types import Uid

revision = "0021"
down_revision = "0020"

_run = sa.table(
    "billing_run",
    sa.column("tenant_id", sa.Integer),
    sa.column("id", Uid),
    sa.column("scope", sa.Text),
)


def upgrade() -> None:
    """Bring the rows to this revision."""
    connection = op.get_bind()
    for row in connection.execute(sa.select(_run)).all():
        scope = json.loads(row.scope)
        if "project" not in scope:
            continue
        project = scope.pop("project")
        written = canonical_json({**scope, "projects": None if project is None else [project]})
        connection.execute(
            sa.update(_run)
            .where(_run.c.tenant_id == row.tenant_id, _run.c.id == row.id)
            .values(scope=written)
        )
