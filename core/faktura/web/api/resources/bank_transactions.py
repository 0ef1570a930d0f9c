"""Bank transactions: find what waits, decide about it, let the rules decide again (F096-F100)."""

import asyncio
from typing import Annotated

from pydantic import Field

from faktura.domain.api_keys import Scope
from faktura.flows.statements import match_open
from faktura.kernel.bank_terms import GivenUpAs, MovementState
from faktura.kernel.errors import FieldInvalid, FieldMissing
from faktura.kernel.terms import AccountFact
from faktura.services.assignment import assign, assign_to_customer
from faktura.services.bank_accounts import bank_account_of
from faktura.services.bank_lists import listed_movements, movement_details
from faktura.services.confirming import Confirming, confirm
from faktura.services.dismissal import dismiss, reopen
from faktura.services.imports.checks import Fields
from faktura.services.imports.payment_fields import TakenBackFields
from faktura.services.imports.text_fields import Filled, Iban, Number
from faktura.services.imports.value_fields import Amount, Count, Day, Positive, as_word
from faktura.services.splitting import split
from faktura.services.undoing_matches import undo
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
    BankTransactionUndoneAnswer,
)

BANK_TRANSACTIONS = Resource(
    "BankTransactions", "What moved on the bank accounts, and which documents it settles."
)

_ONE = "/BankTransactions/{id}"
_GIVE_UP = (
    "How what stays open of the documents is given up, within the tenant's limits; left out: not."
)
GivenUpWord = Annotated[GivenUpAs, as_word(GivenUpAs)]


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

    give_up_as: GivenUpWord | None = Field(default=None, description=_GIVE_UP)


class ConfirmFields(Fields):
    """Which proposal is booked."""

    proposal: Count = Field(
        default=1, description="Counted from 1, as `proposals` has them; left out: the best one."
    )
    decision_no: Count | None = Field(
        default=None,
        description="The decision that was looked at: it is refused where there is a newer one.",
    )
    give_up_as: GivenUpWord | None = Field(default=None, description=_GIVE_UP)


class SplitPartFields(Fields):
    """What of a movement is for a document."""

    invoice_number: Number = Field(description="Number of the document.")
    amount: Amount = Field(description="In the movement's currency; of credit notes negative.")


class SplitCreditFields(Fields):
    """What of a movement stays as a customer's credit."""

    customer_number: Number = Field(description="Number of the customer.")
    amount: Positive = Field(description="In the movement's currency.")


class SplitFields(Fields):
    """What a movement is for, to the cent: parts and credits sum to it."""

    parts: tuple[SplitPartFields, ...] = Field(
        default=(), strict=False, description="Documents of any customers, each once."
    )
    credits: tuple[SplitCreditFields, ...] = Field(
        default=(), strict=False, description="Customers whose credit a part becomes, each once."
    )
    give_up_as: GivenUpWord | None = Field(default=None, description=_GIVE_UP)


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
        rest_as = _fact(body.give_up_as)
        done = assign(call.tx, call.tenant, movement_id, _numbers(body), rest_as)
    return AssignedAnswer.of(done)


@BANK_TRANSACTIONS.post(f"{_ONE}/confirm", Scope.BANK_WRITE)
def bank_transaction_confirm(call: Call[Nothing, ConfirmFields]) -> AssignedAnswer:
    """Book what is proposed or marked for a waiting movement, exactly as it is shown.

    It is refused where the documents stand differently by now. Whoever paid is known by the account
    from then on.
    """
    body = call.body
    said = Confirming(body.proposal, body.decision_no, _fact(body.give_up_as))
    return AssignedAnswer.of(confirm(call.tx, call.tenant, id_of(call.path), said))


@BANK_TRANSACTIONS.post(f"{_ONE}/split", Scope.BANK_WRITE)
def bank_transaction_split(call: Call[Nothing, SplitFields]) -> AssignedAnswer:
    """Split a waiting movement over documents and customers, each with its amount (P37)."""
    body = call.body
    parts = [(one.invoice_number, one.amount) for one in body.parts]
    left = [(one.customer_number, one.amount) for one in body.credits]
    rest_as = _fact(body.give_up_as)
    done = split(call.tx, call.tenant, id_of(call.path), parts, left, rest_as)
    return AssignedAnswer.of(done)


@BANK_TRANSACTIONS.post(f"{_ONE}/undo", Scope.BANK_WRITE)
def bank_transaction_undo(call: Call[Nothing, TakenBackFields]) -> BankTransactionUndoneAnswer:
    """Take a booked movement back whole: all is reversed, nothing is deleted (P25).

    What it paid is open again, and what was given up with it. It waits for a person; the rules leave it
    alone.
    """
    movement_id = id_of(call.path)
    done = undo(call.tx, call.tenant, movement_id, call.body)
    return BankTransactionUndoneAnswer.undone(movement_details(call.tx, movement_id), done)


@BANK_TRANSACTIONS.post(f"{_ONE}/dismiss", Scope.BANK_WRITE)
def bank_transaction_dismiss(call: Call[Nothing, DismissFields]) -> BankTransactionAnswer:
    """Let a movement wait no more that is none of ours to book, such as rent, or a duplicate."""
    movement_id = id_of(call.path)
    dismiss(call.tx, movement_id, call.body.reason)
    return BankTransactionAnswer.whole(movement_details(call.tx, movement_id))


@BANK_TRANSACTIONS.post(f"{_ONE}/reopen", Scope.BANK_WRITE)
def bank_transaction_reopen(call: Call[Nothing, Nothing]) -> BankTransactionAnswer:
    """Let a dismissed movement wait again, or one that is held as a possible duplicate."""
    movement_id = id_of(call.path)
    reopen(call.tx, movement_id)
    return BankTransactionAnswer.whole(movement_details(call.tx, movement_id))


@BANK_TRANSACTIONS.post("/BankTransactions/match", Scope.BANK_WRITE)
async def bank_transaction_match(call: Flow[Nothing, Nothing]) -> MatchedAnswer:
    """Let the rules decide about all movements that wait, of all accounts (F096, F097)."""
    matched = await asyncio.to_thread(match_open, call.app.database, call.tenant)
    return MatchedAnswer.of(matched)


def _fact(given: GivenUpAs | None) -> AccountFact | None:
    return None if given is None else AccountFact(given.value)


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
