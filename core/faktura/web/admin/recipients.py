"""The e-mail recipients of a customer or contract as a table that is edited in place (F125, F126).

A row without an address is no row; the page always ends with an empty one to be filled. Saving
replaces the list as a whole, unless somebody else changed it since it was shown.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from hashlib import sha256
from itertools import count, takewhile

from aiohttp import web

from faktura.domain.customers import Customer, Recipient
from faktura.flows.transactions import in_tx
from faktura.kernel.canonical import canonical_json
from faktura.kernel.errors import Conflict, FakturaError
from faktura.kernel.terms import RecipientUse
from faktura.services.contract_changes import changed_contract, locked_contract
from faktura.services.customer_changes import changed_customer, locked_customer
from faktura.services.imports.customer_record import recipient_fields
from faktura.store.contracts import read_contract
from faktura.store.customers import read_customer, read_customers_by_id
from faktura.store.transaction import Tx
from faktura.web.addresses import address, redirect
from faktura.web.errors import status_of
from faktura.web.forms import form_fields
from faktura.web.keys import APP
from faktura.web.pages import page
from faktura.web.tenant import InTenant, read_in_tenant

_Owned = tuple[Recipient, ...]
Row = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Table:
    """What the form shows; `mark` tells which recipients it was made of."""

    rows: list[Row]
    mark: str


@dataclass(frozen=True, slots=True)
class Owner:
    """Whose recipients a page is about: how they are read, and how they are saved under a lock."""

    route: str
    read: Callable[[Tx, str], tuple[Customer, _Owned]]
    locked: Callable[[Tx, str], _Owned]
    save: Callable[[Tx, InTenant, str, list[object]], None]


def _of_customer(tx: Tx, number: str) -> tuple[Customer, _Owned]:
    customer = read_customer(tx, number)
    return customer, customer.recipients


def _of_contract(tx: Tx, number: str) -> tuple[Customer, _Owned]:
    contract = read_contract(tx, number)
    customers = read_customers_by_id(tx, [contract.customer_id])
    return customers[contract.customer_id], contract.recipients


def _save_customer(tx: Tx, here: InTenant, number: str, recipients: list[object]) -> None:
    changed_customer(tx, here.tenant, locked_customer(tx, number), {"recipients": recipients})


def _save_contract(tx: Tx, _here: InTenant, number: str, recipients: list[object]) -> None:
    changed_contract(tx, locked_contract(tx, number), {"recipients": recipients})


_CUSTOMER = Owner(
    "customer_recipients",
    _of_customer,
    lambda tx, number: locked_customer(tx, number).recipients,
    _save_customer,
)
_CONTRACT = Owner(
    "contract_recipients",
    _of_contract,
    lambda tx, number: locked_contract(tx, number).recipients,
    _save_contract,
)


async def customer_recipients(request: web.Request) -> web.StreamResponse:
    """The table of a customer; a form saves it."""
    return await _answer(request, _CUSTOMER)


async def contract_recipients(request: web.Request) -> web.StreamResponse:
    """The table of a contract, whose recipients come before its customer's (F017)."""
    return await _answer(request, _CONTRACT)


async def _answer(request: web.Request, owner: Owner) -> web.StreamResponse:
    number = request.match_info["number"]
    here, (customer, present) = await read_in_tenant(
        request, lambda tx, _here: owner.read(tx, number)
    )
    shown = partial(_shown, request, owner, here, customer)
    if request.method != "POST":
        return shown(Table(_rows(present), _mark(present)))
    fields = await form_fields(request)
    given = Table(_given(fields), fields.get("mark", ""))
    if "add" in fields:
        return shown(given)
    app = request.app[APP]
    save = partial(_saved, owner=owner, here=here, number=number, given=given)
    try:
        await in_tx(app.database, here.tenant.id, save)
    except FakturaError as error:
        return shown(given, error)
    return redirect(address(request, owner.route, tenant=here.tenant.key, number=number))


def _saved(tx: Tx, *, owner: Owner, here: InTenant, number: str, given: Table) -> None:
    if _mark(owner.locked(tx, number)) != given.mark:
        raise Conflict(
            "somebody else has changed the recipients meanwhile",
            place="recipients",
            mend="Open the page again, then change what is there now",
        )
    owner.save(tx, here, number, [{"email": email, "use": use} for email, use in given.rows])


def _given(fields: Mapping[str, str]) -> list[Row]:
    """The rows of the form in their order, but for those without an address."""
    given = []
    for no in takewhile(lambda no: f"email.{no}" in fields, count()):
        email = fields[f"email.{no}"].strip()
        if email:
            given.append((email, fields.get(f"use.{no}", "")))
    return given


def _rows(recipients: _Owned) -> list[Row]:
    return [(one.email, one.use.value) for one in recipients]


def _mark(recipients: _Owned) -> str:
    """What tells one list of recipients from another."""
    return sha256(canonical_json(recipient_fields(recipients)).encode()).hexdigest()


def _shown(
    request: web.Request,
    owner: Owner,
    here: InTenant,
    customer: Customer,
    table: Table,
    error: FakturaError | None = None,
) -> web.StreamResponse:
    return page(
        request,
        "admin/recipients.html",
        status=200 if error is None else status_of(error),
        here=here,
        route=owner.route,
        number=request.match_info["number"],
        customer=customer,
        rows=[*table.rows, ("", RecipientUse.INVOICE.value)],
        uses=[use.value for use in RecipientUse],
        mark=table.mark,
        error=error,
    )
