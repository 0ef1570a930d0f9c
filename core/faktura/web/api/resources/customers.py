"""Customers: create, find, change; their accounts (F055, F063, F085, F090-F092, F126)."""

import asyncio
from collections.abc import Sequence
from typing import Annotated, Any

from pydantic import Field

from faktura.domain.api_keys import Scope
from faktura.domain.customers import Customer
from faktura.flows.simulated_date import simulate_date
from faktura.kernel.errors import NotFound
from faktura.kernel.request_errors import Forbidden
from faktura.services.api_keys import Access
from faktura.services.customer_changes import changed_customer, locked_customer
from faktura.services.customer_deletion import customer_to_delete, delete_customer
from faktura.services.customers import AccountOrder, AccountRow, show_customer
from faktura.services.imports.checks import Fields
from faktura.services.imports.customer_file import CustomerFields
from faktura.services.imports.customers import create_customer
from faktura.services.imports.opening_file import OpenDocumentFields, OpeningItemFields
from faktura.services.imports.text_fields import Line
from faktura.services.imports.value_fields import Day, as_word
from faktura.services.opening_items import create_opening_item
from faktura.services.simulated_dates import take_back
from faktura.store.customers import list_customers, read_customer
from faktura.store.simulated_dates import simulated_dates, simulated_on
from faktura.web.api.call import Call, Flow, Nothing
from faktura.web.api.cursors import Paged, cursor_of, place_of
from faktura.web.api.operation import Resource
from faktura.web.api.patches import Patch, patch_of
from faktura.web.api.replies import Created, Page, page
from faktura.web.api.resources.customer_answers import (
    AccountAnswer,
    AccountsAnswer,
    CustomerTodayAnswer,
    SimulatedDateAnswer,
    TransactionAnswer,
)
from faktura.web.api.resources.opening_item_answers import OpeningItemAnswer

CUSTOMERS = Resource("Customers", "Who is billed, and what they owe.")

_ONE = "/Customers/{customerNumber}"
_CHANGES = patch_of("CustomerPatch", CustomerFields, fixed={"customerNumber"})


class CustomerQuery(Paged):
    """Which customers."""

    search: Line | None = Field(default=None, description="A part of the number or the name.")


class SimulatedDateFields(Fields):
    """Where a customer's time goes to."""

    date: Day = Field(description="Not before the day on which the customer lives now.")


class TransactionQuery(Paged):
    """Which order, and so which balances; how many rows."""

    order: Annotated[AccountOrder, as_word(AccountOrder)] = Field(
        default=AccountOrder.RECORDED,
        description="`recorded`: as entered; `value`: by the day a transaction counts from.",
    )


@CUSTOMERS.get("/Customers", Scope.CUSTOMERS_READ)
def customer_list(call: Call[CustomerQuery, Nothing]) -> Page[CustomerTodayAnswer]:
    """Customers by number, a page at a time."""
    query = call.query
    found = list_customers(call.tx, search=query.search, after=query.after(), limit=query.limit + 1)
    days = simulated_dates(call.tx)
    return page(
        found,
        query.limit,
        lambda one: cursor_of(one.number),
        lambda one: CustomerTodayAnswer.on(one, days.get(one.number)),
    )


@CUSTOMERS.post("/Customers", Scope.CUSTOMERS_WRITE)
def customer_create(call: Call[Nothing, CustomerFields]) -> Created[CustomerTodayAnswer]:
    """Add a customer.

    A number with any prefix is taken as given if it is free (F063); left out, the next one of the
    range is drawn.
    """
    new = create_customer(call.tx, call.tenant, call.body)
    return Created(CustomerTodayAnswer.on(new, None), f"/Customers/{new.number}")


@CUSTOMERS.get(_ONE, Scope.CUSTOMERS_READ, tagged=True)
def customer_get(call: Call[Nothing, Nothing]) -> CustomerTodayAnswer:
    """One customer."""
    return _shown(call, read_customer(call.tx, call.path["customerNumber"]))


@CUSTOMERS.patch(_ONE, Scope.CUSTOMERS_WRITE, _CHANGES)
def customer_update(call: Call[Nothing, Patch]) -> CustomerTodayAnswer:
    """Change a customer; issued documents keep what they were issued with (P23)."""
    present = locked_customer(call.tx, call.path["customerNumber"])
    call.check_unchanged(_shown(call, present))
    changed = changed_customer(call.tx, call.tenant, present, call.body.values())
    return _shown(call, changed)


@CUSTOMERS.delete(_ONE, Scope.CUSTOMERS_WRITE)
def customer_delete(call: Call[Nothing, Nothing]) -> CustomerTodayAnswer:
    """Delete a customer that nothing refers to; answers what it was. 409 says what refers to it.

    Only a key for all projects may: what refers to it may lie in any of them.
    """
    _check_whole(call.access)
    present = customer_to_delete(call.tx, call.path["customerNumber"])
    shown = _shown(call, present)
    delete_customer(call.tx, present)
    return shown


@CUSTOMERS.post(f"{_ONE}/SimulatedDate", Scope.BILLING_WRITE)
async def customer_simulate_date(
    call: Flow[Nothing, SimulatedDateFields],
) -> SimulatedDateAnswer:
    """Let a customer of a sandbox go forward to a day; all others stay where they are (O23).

    What would have come by then is done, day by day: due contracts are billed, renewed and ended, overdue
    documents dunned. Only a key for all projects may. Begun again after an interruption it goes on.
    """
    _check_whole(call.access)
    app, tenant = call.app, call.tenant
    done = await asyncio.to_thread(
        simulate_date,
        app.database,
        tenant,
        app.adapters.formats(tenant.id),
        call.path["customerNumber"],
        call.body.date,
    )
    return SimulatedDateAnswer.of(done)


@CUSTOMERS.delete(f"{_ONE}/SimulatedDate", Scope.BILLING_WRITE)
def customer_simulate_no_date(call: Call[Nothing, Nothing]) -> CustomerTodayAnswer:
    """Let a customer live on the real day again; what was issued meanwhile stays issued (O23)."""
    _check_whole(call.access)
    return CustomerTodayAnswer.on(
        take_back(call.tx, call.tenant, call.path["customerNumber"]), None
    )


@CUSTOMERS.get(f"{_ONE}/Accounts", Scope.CUSTOMERS_READ)
def customer_accounts(call: Call[Nothing, Nothing]) -> AccountsAnswer:
    """What the customer owes today, in each currency that was ever used."""
    details = show_customer(call.tx, call.path["customerNumber"], AccountOrder.RECORDED)
    return AccountsAnswer(
        customer_number=details.customer.number,
        accounts=tuple(AccountAnswer.of(account) for account in details.accounts),
    )


@CUSTOMERS.post(f"{_ONE}/OpeningItems", Scope.CUSTOMERS_WRITE)
def customer_opening_item_create(
    call: Call[Nothing, OpenDocumentFields],
) -> Created[OpeningItemAnswer]:
    """Take over a document that another system left open (P54); only a key for all projects may.

    It is claimed and settled under its old number like any document, but is no revenue and is never
    rendered or exported.
    """
    if call.access.key.project_id is not None:
        raise Forbidden(
            "opening items belong to no project",
            place="api-key",
            mend="Use a key for all projects",
        )
    customer = read_customer(call.tx, call.path["customerNumber"])
    given = OpeningItemFields.model_validate(
        {**call.body.model_dump(mode="json", by_alias=True), "customerNumber": customer.number}
    )
    new = create_opening_item(call.tx, call.tenant, given)
    return Created(OpeningItemAnswer.of(new), f"/Customers/{customer.number}/Transactions")


@CUSTOMERS.get(f"{_ONE}/Transactions", Scope.CUSTOMERS_READ)
def customer_transactions(call: Call[TransactionQuery, Nothing]) -> Page[TransactionAnswer]:
    """What happened on the customer's accounts, oldest first, currency by currency (F090-F092)."""
    query = call.query
    details = show_customer(call.tx, call.path["customerNumber"], query.order)
    rows = [row for account in details.accounts for row in account.rows]
    return page(
        rows[_first(rows, query) :],
        query.limit,
        lambda row: cursor_of(*_place(row)),
        TransactionAnswer.of,
    )


def _shown(call: Call[Any, Any], customer: Customer) -> CustomerTodayAnswer:
    simulated = simulated_on(call.tx, customer.id) if call.tenant.sandbox else None
    return CustomerTodayAnswer.on(customer, simulated)


def _check_whole(access: Access) -> None:
    if access.key.project_id is not None:
        raise Forbidden(
            "customers belong to no project", place="api-key", mend="Use a key for all projects"
        )


def _first(rows: Sequence[AccountRow], query: TransactionQuery) -> int:
    if query.cursor is None:
        return 0
    behind = place_of(query.cursor, 2)
    for at, row in enumerate(rows, 1):
        if _place(row) == behind:
            return at
    raise NotFound("the cursor is of no transaction of this customer", place="cursor")


def _place(row: AccountRow) -> tuple[str, str]:
    one = row.transaction
    return one.amount.currency, str(one.no)
