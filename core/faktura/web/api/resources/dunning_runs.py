"""Dunning runs: begin one, watch it, see whom it failed on, look ahead (F084)."""

import asyncio

from pydantic import Field

from faktura.domain.api_keys import Scope
from faktura.flows.dunning import rehearse_dunning
from faktura.services.dunning_runs import check_dunning_date, start_dunning
from faktura.services.imports.checks import Fields
from faktura.services.imports.value_fields import Day
from faktura.store.dunning import run_failures
from faktura.store.dunning_lists import list_runs, view_run
from faktura.web.api.call import Call, Flow, Nothing
from faktura.web.api.cursors import Paged, cursor_of
from faktura.web.api.operation import Resource
from faktura.web.api.paths import id_of
from faktura.web.api.replies import Accepted, Page, page
from faktura.web.api.resources.dunning_run_answers import (
    DunningFailureAnswer,
    DunningPreview,
    DunningRunAnswer,
)

DUNNING_RUNS = Resource("DunningRuns", "Reminds of what is overdue on a day, in the background.")

_ONE = "/DunningRuns/{id}"


class DunningRunFields(Fields):
    """Which day is dunned."""

    date: Day = Field(
        description="What was due before this day is dunned; today or an earlier day."
    )


@DUNNING_RUNS.post("/DunningRuns", Scope.DUNNING_WRITE)
def dunning_run_create(call: Call[Nothing, DunningRunFields]) -> Accepted[DunningRunAnswer]:
    """Begin a dunning run; workers do it in the background.

    While a run of the same day is not done, or nobody is left to write to, that one is answered.
    """
    run = start_dunning(call.tx, call.tenant, call.body.date)
    return Accepted(DunningRunAnswer.of(view_run(call.tx, run.id)), f"/DunningRuns/{run.id}")


@DUNNING_RUNS.get("/DunningRuns", Scope.DUNNING_READ)
def dunning_run_list(call: Call[Paged, Nothing]) -> Page[DunningRunAnswer]:
    """Dunning runs, newest first, a page at a time."""
    query = call.query
    found = list_runs(call.tx, after=query.after_id(), limit=query.limit + 1)
    return page(found, query.limit, lambda run: cursor_of(str(run.id)), DunningRunAnswer.of)


@DUNNING_RUNS.get(_ONE, Scope.DUNNING_READ)
def dunning_run_get(call: Call[Nothing, Nothing]) -> DunningRunAnswer:
    """One dunning run: whether it is done, and what it did so far."""
    return DunningRunAnswer.of(view_run(call.tx, id_of(call.path)))


@DUNNING_RUNS.get(f"{_ONE}/Failures", Scope.DUNNING_READ)
def dunning_run_failures(call: Call[Paged, Nothing]) -> Page[DunningFailureAnswer]:
    """Customers whom this run left for a person, by number, a page at a time."""
    query = call.query
    run = view_run(call.tx, id_of(call.path))
    found = run_failures(call.tx, run.id, after=query.after(), limit=query.limit + 1)
    return page(
        found, query.limit, lambda one: cursor_of(one.customer_number), DunningFailureAnswer.of
    )


@DUNNING_RUNS.post("/DunningRuns/preview", Scope.DUNNING_READ)
async def dunning_run_preview(call: Flow[Nothing, DunningRunFields]) -> DunningPreview:
    """What a run would write, charge and leave out; all of it is done, then rolled back."""
    check_dunning_date(call.body.date, call.today, field="date")
    found = await asyncio.to_thread(
        rehearse_dunning, call.app.database, call.tenant, call.body.date
    )
    return DunningPreview.of(found)
