"""Customers: create, find, change; their accounts (F055, F063, F085, F090-F092, F126)."""

from collections.abc import Sequence
from typing import Annotated

from pydantic import Field

from faktura.domain.api_keys import Scope
from faktura.kernel.errors import NotFound
from faktura.kernel.request_errors import Forbidden
from faktura.services.customer_changes import changed_customer, locked_customer
from faktura.services.customer_deletion import customer_to_delete, delete_customer
from faktura.services.customers import AccountOrder, AccountRow, show_customer
from faktura.services.imports.customer_file import CustomerFields
from faktura.services.imports.customers import create_customer
from faktura.services.imports.opening_file import OpenDocumentFields, OpeningItemFields
from faktura.services.imports.text_fields import Line
from faktura.services.imports.value_fields import as_word
from faktura.services.opening_items import create_opening_item
from faktura.store.customers import list_customers, read_customer
from faktura.web.api.call import Call, Nothing
from faktura.web.api.cursors import Paged, cursor_of, place_of
from faktura.web.api.operation import Resource
from faktura.web.api.patches import Patch, patch_of
from faktura.web.api.replies import Created, Page, page
from faktura.web.api.resources.customer_answers import (
    AccountAnswer,
    AccountsAnswer,
    CustomerAnswer,
    TransactionAnswer,
)
from faktura.web.api.resources.opening_item_answers import OpeningItemAnswer

CUSTOMERS = Resource("Customers", "Who is billed, and what they owe.")

_ONE = "/Customers/{customerNumber}"
_CHANGES = patch_of("CustomerPatch", CustomerFields, fixed={"customerNumber"})


class CustomerQuery(Paged):
    """Which customers."""

    search: Line | None = Field(default=None, description="A part of the number or the name.")


class TransactionQuery(Paged):
    """Which order, and so which balances; how many rows."""

    order: Annotated[AccountOrder, as_word(AccountOrder)] = Field(
        default=AccountOrder.RECORDED,
        description="`recorded`: as entered; `value`: by the day a transaction counts from.",
    )


@CUSTOMERS.get("/Customers", Scope.CUSTOMERS_READ)
def customer_list(call: Call[CustomerQuery, Nothing]) -> Page[CustomerAnswer]:
    """Customers by number, a page at a time."""
    query = call.query
    found = list_customers(call.tx, search=query.search, after=query.after(), limit=query.limit + 1)
    return page(found, query.limit, lambda one: cursor_of(one.number), CustomerAnswer.of)


@CUSTOMERS.post("/Customers", Scope.CUSTOMERS_WRITE)
def customer_create(call: Call[Nothing, CustomerFields]) -> Created[CustomerAnswer]:
    """Add a customer.

    A number with any prefix is taken as given if it is free (F063); left out, the next one of the
    range is drawn.
    """
    new = create_customer(call.tx, call.tenant, call.body)
    return Created(CustomerAnswer.of(new), f"/Customers/{new.number}")


@CUSTOMERS.get(_ONE, Scope.CUSTOMERS_READ, tagged=True)
def customer_get(call: Call[Nothing, Nothing]) -> CustomerAnswer:
    """One customer."""
    return CustomerAnswer.of(read_customer(call.tx, call.path["customerNumber"]))


@CUSTOMERS.patch(_ONE, Scope.CUSTOMERS_WRITE, _CHANGES)
def customer_update(call: Call[Nothing, Patch]) -> CustomerAnswer:
    """Change a customer; issued documents keep what they were issued with (P23)."""
    present = locked_customer(call.tx, call.path["customerNumber"])
    call.check_unchanged(CustomerAnswer.of(present))
    return CustomerAnswer.of(changed_customer(call.tx, call.tenant, present, call.body.values()))


@CUSTOMERS.delete(_ONE, Scope.CUSTOMERS_WRITE)
def customer_delete(call: Call[Nothing, Nothing]) -> CustomerAnswer:
    """Delete a customer that nothing refers to; answers what it was. 409 says what refers to it.

    Only a key for all projects may: what refers to it may lie in any of them.
    """
    if call.access.key.project_id is not None:
        raise Forbidden(
            "customers belong to no project", place="api-key", mend="Use a key for all projects"
        )
    present = customer_to_delete(call.tx, call.path["customerNumber"])
    return CustomerAnswer.of(delete_customer(call.tx, present))


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
