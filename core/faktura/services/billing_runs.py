"""Billing runs that the background does: what one may look at, and starting it (O19, O20)."""

from collections.abc import Collection
from datetime import date, timedelta
from uuid import UUID

from faktura.domain.jobs import JobName, JobRequest, JobState
from faktura.domain.tenants import Tenant
from faktura.kernel.clock import local_date
from faktura.kernel.errors import FieldMissing, NotFound, OutOfRange, shortened
from faktura.services.billing import plan_run
from faktura.services.visible_contracts import visible_contract
from faktura.store.billing import RunRecord, Scope, run_totals
from faktura.store.catalogue import list_projects
from faktura.store.customers import read_customer
from faktura.store.jobs import enqueue, enqueue_all, job_of_key, make_ready
from faktura.store.transaction import Tx

_FARTHEST = timedelta(days=731)
# How many workers may share a run, beside the one that has its job.
_HELPERS = 15

Reach = frozenset[UUID]


def run_scope(
    tx: Tx,
    projects: Collection[UUID] | None,
    *,
    project_key: str | None = None,
    customer_number: str | None = None,
    contract_number: str | None = None,
) -> Scope:
    """What a run may look at for somebody who reaches `projects` (None: all of the tenant).

    Of a customer only contracts of these projects are billed. Raises NotFound for what does not
    exist or lies outside, and FieldMissing where somebody who reaches some projects does not say
    which of them.
    """
    reach = None if projects is None else frozenset(projects)
    customer_id = None if customer_number is None else read_customer(tx, customer_number).id
    if project_key is not None:
        reach = _one_project(tx, project_key, reach)
    if contract_number is not None:
        contract = visible_contract(tx, contract_number, reach)
        return Scope(frozenset({contract.project_id}), customer_id, contract.id)
    if customer_id is None and reach is not None and len(reach) != 1:
        raise FieldMissing(
            "which of several projects to bill is not said",
            place="project",
            mend="Name a project, a customer or a contract",
        )
    return Scope(reach, customer_id)


def start_run(tx: Tx, tenant: Tenant, run_date: date, scope: Scope) -> RunRecord:
    """Plan a run of that day and let the background bill it; the unfinished one, where there is one.

    One that the background gave up is tried again. Raises OutOfRange for a day more than two years ahead.
    """
    check_run_date(run_date, local_date(tx.clock, tenant.time_zone), field="date")
    record = plan_run(tx, run_date, scope).record
    # One that a command left unfinished has no job yet; one that has keeps it.
    key = f"{JobName.RUN_BILLING}:{record.id}"
    args = {"run": str(record.id)}
    if enqueue(tx, JobName.RUN_BILLING, args, key=key) is None:
        _try_again(tx, key)
        return record
    if tx.is_postgresql:
        # Workers of other processes and machines share the chunks; SQLite has one writer.
        helpers = min(run_totals(tx, record.id).chunks - 1, _HELPERS)
        enqueue_all(tx, [JobRequest(JobName.BILL_CHUNKS, args) for _ in range(helpers)])
    return record


def _try_again(tx: Tx, key: str) -> None:
    present = job_of_key(tx, key)
    if present is not None:
        make_ready(tx, present, {JobState.QUARANTINED})


def check_run_date(run_date: date, today: date, *, field: str) -> None:
    """Raise OutOfRange for a day more than two years ahead of `today`, a local date.

    Nothing issued can be taken back: a slip of the year must not bill decades.
    """
    if run_date > today + _FARTHEST:
        raise OutOfRange(
            f"{run_date} is more than two years ahead of today, {today}",
            place=field,
            mend="Bill years one after the other, when they have come closer",
        )


def _one_project(tx: Tx, key: str, reach: Reach | None) -> Reach:
    seen = {found.key: found.id for found in list_projects(tx, projects=reach)}
    if key not in seen:
        raise NotFound(
            f"there is no project {shortened(key)}",
            place="project",
            mend=f"Projects: {shortened(', '.join(seen))}",
        )
    return frozenset({seen[key]})
