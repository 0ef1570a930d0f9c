"""Bank transactions: find what waits, decide about it, let the rules decide again (F096-F100)."""

import asyncio
from typing import Annotated

from pydantic import Field

from faktura.domain.api_keys import Scope
from faktura.flows.statements import match_open
from faktura.kernel.errors import FieldInvalid, FieldMissing
from faktura.kernel.terms import MovementState
from faktura.services.assignment import assign, assign_to_customer
from faktura.services.bank_accounts import bank_account_of
from faktura.services.bank_lists import listed_movements, movement_details
from faktura.services.dismissal import dismiss, reopen
from faktura.services.imports.checks import Fields
from faktura.services.imports.text_fields import Filled, Iban, Number
from faktura.services.imports.value_fields import Day, as_word
from faktura.store.movement_lists import Direction, MovementFilter
from faktura.web.api.call import Call, Flow, Nothing
from faktura.web.api.cursors import Paged, cursor_of
from faktura.web.api.operation import Resource
from faktura.web.api.paths import id_of
from faktura.web.api.replies import Page, page
from faktura.web.api.resources.bank_statement_answers import MatchedAnswer
from faktura.web.api.resources.bank_transaction_answers import (
    AssignedAnswer,
    BankTransactionAnswer,
    BankTransactionSummary,
)

BANK_TRANSACTIONS = Resource(
    "BankTransactions", "What moved on the bank accounts, and which documents it settles."
)

_ONE = "/BankTransactions/{id}"


class BankTransactionQuery(Paged):
    """Which movements; several conditions hold together."""

    state: Annotated[
        tuple[Annotated[MovementState, as_word(MovementState)], ...], Field(strict=False)
    ] = Field(default=(), description="Repeat it for several states; left out: all.")
    account: Iban | None = Field(default=None, description="IBAN of our bank account.")
    booked_from: Day | None = Field(default=None, description="Booked on this day or later.")
    booked_until: Day | None = Field(default=None, description="Booked before this day.")
    direction: Annotated[Direction, as_word(Direction)] | None = Field(
        default=None, description="Only what came in, or only what went out."
    )


class AssignFields(Fields):
    """What a movement is for: either documents or, where none is named, a customer."""

    invoice_numbers: tuple[Number, ...] | None = Field(
        default=None,
        strict=False,
        description="Documents of one customer that it settles, or whose payments it takes back.",
    )
    customer_number: Number | None = Field(
        default=None, description="Whose credit it becomes, whole."
    )


class DismissFields(Fields):
    """Why a movement is none of ours to book."""

    reason: Filled = Field(description="It is kept with the decision.")


@BANK_TRANSACTIONS.get("/BankTransactions", Scope.BANK_READ)
def bank_transaction_list(
    call: Call[BankTransactionQuery, Nothing],
) -> Page[BankTransactionSummary]:
    """Booked movements, latest booking first, a page at a time."""
    query = call.query
    account = None if query.account is None else bank_account_of(call.tx, query.account)
    wanted = MovementFilter(
        query.state or None,
        None if account is None else account.id,
        query.booked_from,
        query.booked_until,
        query.direction,
    )
    found = listed_movements(call.tx, wanted, after=query.after_id(), limit=query.limit + 1)
    return page(found, query.limit, lambda one: cursor_of(str(one.id)), BankTransactionSummary.of)


@BANK_TRANSACTIONS.get(_ONE, Scope.BANK_READ)
def bank_transaction_get(call: Call[Nothing, Nothing]) -> BankTransactionAnswer:
    """One movement with all decisions about it and their evidence."""
    return BankTransactionAnswer.whole(movement_details(call.tx, id_of(call.path)))


@BANK_TRANSACTIONS.post(f"{_ONE}/assign", Scope.BANK_WRITE)
def bank_transaction_assign(call: Call[Nothing, AssignFields]) -> AssignedAnswer:
    """Let a waiting movement count for documents, or keep it as a customer's credit.

    A payment settles the documents oldest first; the rest is credit. A returned debit undoes their
    payments; what it took on top is the bank's fee.
    """
    body, movement_id = call.body, id_of(call.path)
    if body.customer_number is not None and body.invoice_numbers is None:
        done = assign_to_customer(call.tx, call.tenant, movement_id, body.customer_number)
    else:
        done = assign(call.tx, call.tenant, movement_id, _numbers(body))
    return AssignedAnswer.of(done)


@BANK_TRANSACTIONS.post(f"{_ONE}/dismiss", Scope.BANK_WRITE)
def bank_transaction_dismiss(call: Call[Nothing, DismissFields]) -> BankTransactionAnswer:
    """Let a movement wait no more that is none of ours to book, such as rent or wages."""
    movement_id = id_of(call.path)
    dismiss(call.tx, movement_id, call.body.reason)
    return BankTransactionAnswer.whole(movement_details(call.tx, movement_id))


@BANK_TRANSACTIONS.post(f"{_ONE}/reopen", Scope.BANK_WRITE)
def bank_transaction_reopen(call: Call[Nothing, Nothing]) -> BankTransactionAnswer:
    """Let a dismissed movement wait again."""
    movement_id = id_of(call.path)
    reopen(call.tx, movement_id)
    return BankTransactionAnswer.whole(movement_details(call.tx, movement_id))


@BANK_TRANSACTIONS.post("/BankTransactions/match", Scope.BANK_WRITE)
async def bank_transaction_match(call: Flow[Nothing, Nothing]) -> MatchedAnswer:
    """Let the rules decide about all movements that wait, of all accounts (F096, F097)."""
    matched = await asyncio.to_thread(match_open, call.app.database, call.tenant)
    return MatchedAnswer.of(matched)


def _numbers(body: AssignFields) -> tuple[str, ...]:
    if body.customer_number is not None:
        raise FieldInvalid(
            "documents and a customer are named",
            place="customerNumber",
            mend="Name one of both: documents have their customer",
        )
    if not body.invoice_numbers:
        raise FieldMissing(
            "neither a document nor a customer is named",
            place="invoiceNumbers",
            mend="Name the documents it is for, or the customer whose credit it is",
        )
    return body.invoice_numbers
