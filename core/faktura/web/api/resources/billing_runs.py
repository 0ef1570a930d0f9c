"""Billing runs: begin one, watch it, see what it left for a person, look ahead (F060)."""

import asyncio
from uuid import UUID

from pydantic import Field

from faktura.domain.api_keys import Scope
from faktura.flows.previews import Page as PreviewRange
from faktura.flows.previews import PreviewPage, preview_page
from faktura.services.billing_runs import check_run_date, run_scope, start_run
from faktura.services.imports.checks import Fields
from faktura.services.imports.text_fields import Number
from faktura.services.imports.value_fields import Day
from faktura.store.billing import Scope as RunScope
from faktura.store.billing_lists import list_runs, read_run
from faktura.store.quarantine import Which, read_quarantine
from faktura.store.transaction import Tx
from faktura.web.api.call import Call, Flow, Nothing
from faktura.web.api.cursors import Paged, cursor_of
from faktura.web.api.operation import Resource
from faktura.web.api.paths import id_of
from faktura.web.api.replies import Accepted, Page, page
from faktura.web.api.resources.billing_answers import (
    BillingRunAnswer,
    QuarantineAnswer,
    RunPreview,
)

BILLING_RUNS = Resource("BillingRuns", "Bills what is due on a day, in the background.")

_ONE = "/BillingRuns/{id}"


class BillingRunFields(Fields):
    """Which day is billed, and of what; several conditions hold together."""

    date: Day = Field(description="What is due on this day or before is billed; invoices bear it.")
    project: Number | None = Field(
        default=None, description="Only contracts of the project of this key."
    )
    customer_number: Number | None = Field(
        default=None, description="Only contracts of this customer."
    )
    contract_number: Number | None = Field(default=None, description="Only this contract.")


class BillingPreviewFields(BillingRunFields, Paged):
    """The run that is looked ahead to, and which part of it; `limit` counts contracts."""


@BILLING_RUNS.post("/BillingRuns", Scope.BILLING_WRITE)
def billing_run_create(call: Call[Nothing, BillingRunFields]) -> Accepted[BillingRunAnswer]:
    """Begin a billing run; workers do it in the background.

    While a run of the same day over the same contracts is not done, it is answered instead of a
    new one. A key that reaches several projects names a project, a customer or a contract.
    """
    scope = _scope(call.tx, call.access.projects, call.body)
    run = start_run(call.tx, call.tenant, call.body.date, scope)
    view = read_run(call.tx, run.id, call.access.projects)
    return Accepted(BillingRunAnswer.of(view), f"/BillingRuns/{run.id}")


@BILLING_RUNS.get("/BillingRuns", Scope.BILLING_READ)
def billing_run_list(call: Call[Paged, Nothing]) -> Page[BillingRunAnswer]:
    """Billing runs that stay within the key's projects, newest first, a page at a time."""
    query = call.query
    found = list_runs(
        call.tx, after=query.after_id(), limit=query.limit + 1, projects=call.access.projects
    )
    return page(found, query.limit, lambda run: cursor_of(str(run.id)), BillingRunAnswer.of)


@BILLING_RUNS.get(_ONE, Scope.BILLING_READ)
def billing_run_get(call: Call[Nothing, Nothing]) -> BillingRunAnswer:
    """One billing run: whether it is done, and what it did so far."""
    return BillingRunAnswer.of(read_run(call.tx, id_of(call.path), call.access.projects))


@BILLING_RUNS.get(f"{_ONE}/Quarantine", Scope.BILLING_READ)
def billing_run_quarantine(call: Call[Paged, Nothing]) -> Page[QuarantineAnswer]:
    """Contracts that this run was the last to leave for a person, by number, a page at a time."""
    query, projects = call.query, call.access.projects
    run = read_run(call.tx, id_of(call.path), projects)
    found = read_quarantine(
        call.tx,
        Which(run_id=run.id, projects=projects, after=query.after()),
        limit=query.limit + 1,
    )
    return page(found, query.limit, lambda one: cursor_of(one.contract_number), QuarantineAnswer.of)


@BILLING_RUNS.post("/BillingRuns/preview", Scope.BILLING_READ)
async def billing_run_preview(call: Flow[Nothing, BillingPreviewFields]) -> Page[RunPreview]:
    """What a run would issue and what it would keep back; nothing is written (F060).

    A contract with several invoices has several rows, one with none has no row.
    """
    found = await asyncio.to_thread(_previewed, call)
    return Page(
        data=[RunPreview.of(row) for row in found.rows],
        next_cursor=None if found.next_after is None else cursor_of(found.next_after),
    )


def _previewed(call: Flow[Nothing, BillingPreviewFields]) -> PreviewPage:
    app, tenant, body = call.app, call.tenant, call.body
    check_run_date(body.date, call.today, field="date")
    with app.database.read(tenant.id) as tx:
        scope = _scope(tx, call.access.projects, body)
    return preview_page(
        app.database,
        tenant,
        app.adapters.formats(tenant.id),
        body.date,
        scope,
        PreviewRange(body.after(), body.limit),
    )


def _scope(tx: Tx, projects: frozenset[UUID], body: BillingRunFields) -> RunScope:
    return run_scope(
        tx,
        projects,
        project_key=body.project,
        customer_number=body.customer_number,
        contract_number=body.contract_number,
    )
