"""Contracts: create, find, change, activate, void; what they bill and would bill (F002-F018)."""

import asyncio
from typing import Annotated, Any

from pydantic import Field

from faktura.domain.api_keys import Scope
from faktura.flows.previews import preview_of
from faktura.kernel.terms import ContractState, Origin
from faktura.services.billing_runs import check_run_date
from faktura.services.contract_changes import changed_contract, locked_contract
from faktura.services.contract_view import (
    ContractQuery,
    contract_subscriptions,
    list_contracts,
    show_contract,
    waiting_view,
)
from faktura.services.contract_view import contract_activities as read_activities
from faktura.services.contracts import activate_contracts, add_activity, void_contract
from faktura.services.imports.checks import Fields
from faktura.services.imports.contract_file import (
    ActivityFields,
    ContractChangeFields,
    ContractFields,
)
from faktura.services.imports.contracts import create_contract
from faktura.services.imports.text_fields import Line, Number
from faktura.services.imports.value_fields import Day, as_word
from faktura.web.api.call import Call, Flow, Nothing
from faktura.web.api.cursors import Paged, cursor_of
from faktura.web.api.operation import Resource
from faktura.web.api.patches import Patch, patch_of
from faktura.web.api.replies import Created, Page, page
from faktura.web.api.resources.activity_answers import ActivitiesAnswer, ActivityAnswer
from faktura.web.api.resources.contract_answers import (
    ContractAnswer,
    ContractSubscriptionsAnswer,
    SubscriptionAnswer,
)
from faktura.web.api.resources.preview_answers import InvoicePreview, PreviewAnswer

CONTRACTS = Resource("Contracts", "The base of every invoice: terms, subscriptions, activities.")

_ONE = "/Contracts/{contractNumber}"
_CHANGES = patch_of("ContractPatch", ContractChangeFields)


class ContractListQuery(Paged):
    """Which contracts (F018); several conditions hold together."""

    search: Line | None = Field(default=None, description="A part of the number or identifier.")
    customer_number: Number | None = Field(default=None, description="Those of this customer.")
    internal_identifier: Line | None = Field(
        default=None, description="Your own name for it, whole."
    )
    state: Annotated[
        tuple[Annotated[ContractState, as_word(ContractState)], ...], Field(strict=False)
    ] = Field(default=(), description="Repeat it for several states.")


class ActivityQuery(Fields):
    """Which activities, and what counts as due."""

    origin: Annotated[tuple[Annotated[Origin, as_word(Origin)], ...], Field(strict=False)] = Field(
        default=(), description="Repeat it for several origins (F058); left out: all."
    )
    date: Day | None = Field(default=None, description="Due are those a run of this day bills.")


class PreviewFields(Fields):
    """The day of the run that is looked ahead to."""

    date: Day | None = Field(default=None, description="Left out: today, in the tenant's zone.")


@CONTRACTS.get("/Contracts", Scope.CONTRACTS_READ)
def contract_list(call: Call[ContractListQuery, Nothing]) -> Page[ContractAnswer]:
    """Contracts by number, a page at a time."""
    query = call.query
    wanted = ContractQuery(
        query.customer_number,
        query.internal_identifier,
        query.state or tuple(ContractState),
        query.search,
    )
    found = list_contracts(
        call.tx,
        wanted,
        projects=call.access.projects,
        after=query.after(),
        limit=query.limit + 1,
    )
    return page(found, query.limit, lambda one: cursor_of(one.contract.number), ContractAnswer.of)


@CONTRACTS.post("/Contracts", Scope.CONTRACTS_WRITE)
def contract_create(call: Call[Nothing, ContractFields]) -> Created[ContractAnswer]:
    """Add a contract, as a draft unless `activate` says otherwise (F005, F010).

    `billedUntil` of an item is the first day that is not billed yet (F019).
    """
    new = create_contract(call.tx, call.tenant, call.body, call.access.projects)
    return Created(_answer(call, new.number), f"/Contracts/{new.number}")


@CONTRACTS.get(_ONE, Scope.CONTRACTS_READ, tagged=True)
def contract_get(call: Call[Nothing, Nothing]) -> ContractAnswer:
    """One contract."""
    return _answer(call, call.path["contractNumber"])


@CONTRACTS.patch(_ONE, Scope.CONTRACTS_WRITE, _CHANGES)
def contract_update(call: Call[Nothing, Patch]) -> ContractAnswer:
    """Change payment term and method (F011), texts (F016), recipients (F017) and references.

    Possible until the contract has ended or was voided; issued documents keep what they have.
    """
    number = call.path["contractNumber"]
    present = locked_contract(call.tx, number, call.access.projects)
    call.check_unchanged(_answer(call, number))
    changed_contract(call.tx, present, call.body.values())
    return _answer(call, number)


@CONTRACTS.post(f"{_ONE}/activate", Scope.CONTRACTS_WRITE)
def contract_activate(call: Call[Nothing, Nothing]) -> ContractAnswer:
    """Make a draft active: the next run bills it (F010)."""
    number = call.path["contractNumber"]
    activate_contracts(call.tx, call.tenant, [number], call.access.projects)
    return _answer(call, number)


@CONTRACTS.post(f"{_ONE}/void", Scope.CONTRACTS_WRITE)
def contract_void(call: Call[Nothing, Nothing]) -> ContractAnswer:
    """Void a draft, for good; an active contract is never voided (F012)."""
    number = call.path["contractNumber"]
    void_contract(call.tx, number, call.access.projects)
    return _answer(call, number)


@CONTRACTS.get(f"{_ONE}/Subscription", Scope.CONTRACTS_READ)
def contract_subscription(call: Call[Nothing, Nothing]) -> ContractSubscriptionsAnswer:
    """The recurring part: terms and items, and until when each item is billed."""
    number = call.path["contractNumber"]
    found = contract_subscriptions(call.tx, number, call.access.projects)
    return ContractSubscriptionsAnswer(
        contract_number=number,
        subscriptions=tuple(SubscriptionAnswer.of(one, call.today) for one in found),
    )


@CONTRACTS.get(f"{_ONE}/Activities", Scope.CONTRACTS_READ)
def contract_activities(call: Call[ActivityQuery, Nothing]) -> ActivitiesAnswer:
    """What was billed, what is due and what waits (F058, F059), up to two years ahead."""
    number, query = call.path["contractNumber"], call.query
    on = query.date or call.today
    check_run_date(on, call.today, field="date")
    found = read_activities(
        call.tx,
        call.tenant,
        number,
        on,
        origins=query.origin or tuple(Origin),
        projects=call.access.projects,
    )
    return ActivitiesAnswer(
        contract_number=number,
        date=on,
        activities=tuple(ActivityAnswer.of(one) for one in found),
    )


@CONTRACTS.post(f"{_ONE}/Activities", Scope.CONTRACTS_WRITE)
def contract_activity_create(call: Call[Nothing, ActivityFields]) -> Created[ActivityAnswer]:
    """Record a one-off or usage, billed from `invoiceOn`, else with the next invoice (F040)."""
    number = call.path["contractNumber"]
    added = add_activity(call.tx, call.tenant, number, call.body, call.access.projects)
    view = waiting_view(call.tx, call.tenant, number, added)
    return Created(ActivityAnswer.of(view), f"/Contracts/{number}/Activities")


@CONTRACTS.post(f"{_ONE}/preview", Scope.CONTRACTS_READ)
async def contract_preview(call: Flow[Nothing, PreviewFields]) -> PreviewAnswer:
    """The invoices that a run of a day would issue for the contract; nothing is written (F060).

    The day is at most two years ahead, as that of a run.
    """
    on = call.body.date or call.today
    check_run_date(on, call.today, field="date")
    found = await asyncio.to_thread(
        preview_of,
        call.app.database,
        call.tenant,
        call.path["contractNumber"],
        on,
        projects=call.access.projects,
    )
    return PreviewAnswer(
        invoices=tuple(InvoicePreview.of(one) for one in found.invoices),
        next_due_on=found.next_due_on,
    )


def _answer(call: Call[Any, Any], number: str) -> ContractAnswer:
    return ContractAnswer.of(show_contract(call.tx, number, call.access.projects).overview)
