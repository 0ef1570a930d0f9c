"""Revision 0018 of jobs: procrastinate beside our rows on PostgreSQL, and what waits there handed to it."""

from alembic import op

from faktura.store.procrastinate_schema import create_procrastinate

revision = "0018"
down_revision = "0017"

# No worker of the older release runs now: what one held is due again.
_FREE = "UPDATE job SET state = 'READY', worker = NULL, lease_until = NULL WHERE state = 'RUNNING'"

# What is done keeps its order, before all that procrastinate numbers from 1.
_MAKE_ROOM = "UPDATE job SET place = place - (SELECT max(place) FROM job)"

_DEFER = """
    SELECT procrastinate_defer_jobs_v1(ARRAY(
        SELECT CAST(
            ROW(
                'faktura', name, 0, tenant_id || ':' || lock, NULL,
                jsonb_build_object('tenant', tenant_id, 'job', id), run_at
            ) AS procrastinate_job_to_defer_v1
        )
        FROM job WHERE state <> 'DONE' ORDER BY id
    ))
"""

_NUMBER = """
    UPDATE job SET place = deferred.id
    FROM procrastinate_jobs AS deferred
    WHERE job.tenant_id = CAST(deferred.args ->> 'tenant' AS integer)
        AND job.id = CAST(deferred.args ->> 'job' AS uuid)
"""

_QUARANTINE = """
    SELECT procrastinate_finish_job_v1(place, 'failed', false)
    FROM job WHERE state = 'QUARANTINED'
"""


def upgrade() -> None:
    """Bring the tables to this revision."""
    connection = op.get_bind()
    if connection.dialect.name == "postgresql":
        create_procrastinate(connection)
        for statement in (_FREE, _MAKE_ROOM, _DEFER, _NUMBER, _QUARANTINE):
            op.execute(statement)
