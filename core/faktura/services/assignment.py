"""A person decides about a movement that waits: which documents it pays or returns, or whose it is."""

from collections.abc import Sequence
from uuid import UUID

from faktura.domain.allocation import DueDocument, spread
from faktura.domain.movements import MovementClass
from faktura.domain.returns import Payment, return_amounts
from faktura.domain.tenants import Tenant
from faktura.kernel.bank_terms import MovementState
from faktura.kernel.errors import FieldMissing, TransitionRefused
from faktura.kernel.money import Money, total
from faktura.kernel.terms import AccountFact
from faktura.services.differences import recover_returned
from faktura.services.ledger import Ledger
from faktura.services.movement_cases import waiting_case
from faktura.services.payments import take_back
from faktura.services.person_desk import Assigned, PersonDesk
from faktura.store.customers import read_customer
from faktura.store.transaction import Tx

_REASON = "assigned by a person"


def assign(
    tx: Tx,
    tenant: Tenant,
    movement_id: UUID,
    numbers: Sequence[str],
    rest_as: AccountFact | None = None,
) -> Assigned:
    """Let a waiting movement count for the named documents of one customer.

    A payment settles them oldest first up to its amount; the rest is credit on the account. What
    stays open of them is given up where `rest_as` says how: WRITE_OFF or CASH_DISCOUNT. A returned
    debit undoes their payments; what it took on top is the bank's fee. Raises NotFound,
    FieldMissing, CurrencyMismatch, and TransitionRefused where it would not come out even, would
    leave credit for a document of which something was given up, or gives up more than may be.
    """
    if not numbers:
        raise FieldMissing("no document is named", place="number")
    case = waiting_case(tx, movement_id)
    named = tuple(dict.fromkeys(numbers))
    desk = PersonDesk.of(tx, tenant, case, named)
    if len(set(desk.owners.values())) > 1:
        raise TransitionRefused(
            "the documents belong to several customers",
            place=", ".join(named),
            mend="Name the documents of one customer, or each part: faktura bank split",
        )
    if case.kind is MovementClass.RETURN:
        return desk.finish(take_returned(desk, named), _REASON)
    return desk.finish(_settle(desk, named, rest_as), _REASON)


def assign_to_customer(tx: Tx, tenant: Tenant, movement_id: UUID, customer_number: str) -> Assigned:
    """Keep a waiting payment whole as credit on the customer's account, as no document is named (P37).

    Raises NotFound, and TransitionRefused for money that went out: only documents say for what.
    """
    case = waiting_case(tx, movement_id)
    amount = case.movement.amount
    if amount.minor <= 0:
        raise TransitionRefused(
            f"{amount} did not come in, so it is no credit",
            place=f"movement {movement_id}",
            mend="Name the documents it belongs to",
        )
    customer = read_customer(tx, customer_number)
    desk = PersonDesk.of(tx, tenant, case, (), [customer.id])
    return desk.finish(desk.settle((), [(customer.id, amount)], None), _REASON)


def take_returned(desk: PersonDesk, numbers: Sequence[str]) -> Assigned:
    """Undo the documents' payments by a returned debit; what it took on top is the bank's fee.

    Raises TransitionRefused where another amount was paid than the bank says it gave back.
    """
    ledger, case = desk.ledger, desk.case
    booked = abs(case.movement.amount)
    payments = [_only_payment(ledger, number) for number in numbers]
    original = total([payment.amount for payment in payments], booked.currency)
    fee = booked - original
    stated = return_amounts(case.movement)
    if case.movement.states_original and stated is not None and stated.original != original:
        raise TransitionRefused(
            f"{stated.original} was given back, but {original} was paid",
            place=", ".join(numbers),
            mend="Name all documents of the collection",
        )
    if fee.minor < 0:
        raise TransitionRefused(
            f"{booked} was taken back, but {original} was paid", place=", ".join(numbers)
        )
    take_back(ledger, case.source, payments, fee)
    recover_returned(desk.tx, ledger, case.source, payments)
    desk.debits.note_return(case.source, case.movement, payments, fee)
    parts = tuple((payment.number, -payment.amount) for payment in payments)
    return Assigned(MovementState.RETURNED, parts, Money.zero(booked.currency), fee)


def check_claims_stand(ledger: Ledger, rest: Money) -> None:
    """What was given up lives again with its VAT first, or its money would lie there as credit.

    Raises TransitionRefused for a rest that is left while something of the documents is given up.
    """
    found = [one.number for one in ledger.given_up()]
    if rest and found:
        raise TransitionRefused(
            f"{rest} are more than is open, and {found[0]} was written off or given a discount",
            place=found[0],
            mend=f"Take that back first: faktura invoices write-off {found[0]} --undo; or name the"
            " customer, whose credit it is then",
        )


def _settle(desk: PersonDesk, numbers: Sequence[str], rest_as: AccountFact | None) -> Assigned:
    amount = desk.case.movement.amount
    states = [desk.ledger.document(number) for number in numbers]
    plan = spread(amount, [DueDocument(s.number, s.open, s.due_on) for s in states])
    if plan.rest.minor < 0:
        raise TransitionRefused(
            f"{abs(plan.rest)} more was paid out than is open as credit",
            place=", ".join(numbers),
            mend="Name all credit that was paid out",
        )
    check_claims_stand(desk.ledger, plan.rest)
    left = [(desk.owners[numbers[0]], plan.rest)] if plan.rest else []
    return desk.settle(plan.parts, left, rest_as)


def _only_payment(ledger: Ledger, number: str) -> Payment:
    found = [payment for payment in ledger.payments() if payment.number == number]
    if len(found) != 1:
        raise TransitionRefused(
            f"{len(found)} payments of {number} count now, a return undoes one", place=number
        )
    return found[0]
