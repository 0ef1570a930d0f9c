"""A person decides about a movement that waits: which documents it pays or returns, or whose it is."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from faktura.domain.allocation import DueDocument, spread
from faktura.domain.matching import NumberIndex, Outcome
from faktura.domain.movements import MovementClass
from faktura.domain.returns import Payment, return_amounts
from faktura.domain.tenants import Tenant
from faktura.kernel.canonical import canonical_json
from faktura.kernel.errors import FieldMissing, TransitionRefused
from faktura.kernel.money import Money, total
from faktura.kernel.terms import MovementState
from faktura.services.bank_attempts import named_attempts
from faktura.services.debits_at_bank import DebitDesk
from faktura.services.ledger import Ledger, open_ledger
from faktura.services.payments import keep_credit, pay, take_back
from faktura.services.reconciliation import Case, read_cases
from faktura.store.customers import read_customer
from faktura.store.documents import no_document
from faktura.store.movement_lists import read_movement
from faktura.store.movements import DecisionRow, set_state, write_decisions
from faktura.store.payable import owners_of
from faktura.store.tenants import holding_accounts
from faktura.store.transaction import Tx
from faktura.store.written_off import WRITE_OFF_KEYS

RULE = "person"
_RULE_VERSION = 1


@dataclass(frozen=True, slots=True)
class Assigned:
    """What became of a movement: each document's part, and what stays as credit or was a fee."""

    state: MovementState
    parts: tuple[tuple[str, Money], ...]
    credit: Money
    fee: Money


def assign(tx: Tx, tenant: Tenant, movement_id: UUID, numbers: Sequence[str]) -> Assigned:
    """Let a waiting movement count for the named documents of one customer.

    A payment settles them oldest first up to its amount; the rest is credit on the account. A
    returned debit undoes their payments; what it took on top is the bank's fee. Raises NotFound,
    FieldMissing, CurrencyMismatch, and TransitionRefused where it would not come out even, or would
    leave credit for a document that was written off.
    """
    if not numbers:
        raise FieldMissing("no document is named", place="number")
    tenant = holding_accounts(tx, tenant)
    case = _waiting_case(tx, movement_id)
    named = tuple(dict.fromkeys(numbers))
    customer_id = _owner(tx, named)
    ledger = open_ledger(tx, tenant, named)
    debits = DebitDesk.of(
        tx, ledger, named_attempts(tx, [case.movement.end_to_end_id]).of_documents(named)
    )
    if case.kind is MovementClass.RETURN:
        done = _undo(ledger, debits, case, named)
    else:
        done = _settle(ledger, case, named, customer_id)
        debits.note_credit(case.source)
    ledger.write(tx)
    debits.follow(tx, tenant)
    write_decisions(tx, [_decision(case, done, ledger.customers[customer_id].number)])
    set_state(tx, [movement_id], done.state)
    return done


def assign_to_customer(tx: Tx, tenant: Tenant, movement_id: UUID, customer_number: str) -> Assigned:
    """Keep a waiting payment whole as credit on the customer's account, as no document is named (P37).

    Raises NotFound, and TransitionRefused for money that went out: only documents say for what.
    """
    tenant = holding_accounts(tx, tenant)
    case = _waiting_case(tx, movement_id)
    amount = case.movement.amount
    if amount.minor <= 0:
        raise TransitionRefused(
            f"{amount} did not come in, so it is no credit",
            place=f"movement {movement_id}",
            mend="Name the documents it belongs to",
        )
    customer = read_customer(tx, customer_number)
    ledger = open_ledger(tx, tenant, (), [customer.id])
    keep_credit(ledger, case.source, customer.id, amount)
    ledger.write(tx)
    done = Assigned(MovementState.BOOKED, (), amount, Money.zero(amount.currency))
    write_decisions(tx, [_decision(case, done, customer.number)])
    set_state(tx, [movement_id], done.state)
    return done


def _waiting_case(tx: Tx, movement_id: UUID) -> Case:
    cases = read_cases(tx, NumberIndex(), [movement_id])
    if not cases:
        state = read_movement(tx, movement_id).state
        raise TransitionRefused(
            f"it is {state} already",
            place=f"movement {movement_id}",
            mend="faktura bank open lists those that wait",
        )
    return cases[0]


def _owner(tx: Tx, numbers: Sequence[str]) -> UUID:
    owners = owners_of(tx, numbers)
    for number in numbers:
        if number not in owners:
            raise no_document(number)
    if len(set(owners.values())) > 1:
        raise TransitionRefused(
            "the documents belong to several customers",
            place=", ".join(numbers),
            mend="Name the documents of one customer",
        )
    return owners[numbers[0]]


def _settle(ledger: Ledger, case: Case, numbers: Sequence[str], customer_id: UUID) -> Assigned:
    amount = case.movement.amount
    states = [ledger.document(number) for number in numbers]
    plan = spread(amount, [DueDocument(s.number, s.open, s.due_on) for s in states])
    if plan.rest.minor < 0:
        raise TransitionRefused(
            f"{abs(plan.rest)} more was paid out than is open as credit",
            place=", ".join(numbers),
            mend="Name all credit that was paid out",
        )
    if plan.rest:
        _check_claims_stand(ledger, plan.rest)
    for number, part in plan.parts:
        pay(ledger, case.source, number, part)
    if plan.rest:
        keep_credit(ledger, case.source, customer_id, plan.rest)
    return Assigned(MovementState.BOOKED, plan.parts, plan.rest, Money.zero(amount.currency))


def _check_claims_stand(ledger: Ledger, rest: Money) -> None:
    """What was written off lives again with its VAT first, or its money would lie there as credit."""
    found = [one.number for one in ledger.shares() if one.entry_key.startswith(WRITE_OFF_KEYS)]
    if found:
        raise TransitionRefused(
            f"{rest} are more than is open, and {found[0]} was written off",
            place=found[0],
            mend=f"Take the write-off back first: faktura invoices write-off {found[0]} --undo; or"
            " name the customer, whose credit it is then",
        )


def _undo(ledger: Ledger, debits: DebitDesk, case: Case, numbers: Sequence[str]) -> Assigned:
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
    debits.note_return(case.source, case.movement, payments, fee)
    parts = tuple((payment.number, -payment.amount) for payment in payments)
    return Assigned(MovementState.RETURNED, parts, Money.zero(booked.currency), fee)


def _only_payment(ledger: Ledger, number: str) -> Payment:
    found = [payment for payment in ledger.payments() if payment.number == number]
    if len(found) != 1:
        raise TransitionRefused(
            f"{len(found)} payments of {number} count now, a return undoes one", place=number
        )
    return found[0]


def _decision(case: Case, done: Assigned, customer_number: str) -> DecisionRow:
    parts = [[number, str(part)] for number, part in done.parts]
    proof = {"text": case.movement.searched_text, "customer": customer_number, "documents": parts}
    reason = "assigned by a person"
    if done.credit:
        reason += f", {done.credit} kept as credit of {customer_number}"
    if done.fee:
        reason += f", fee {done.fee}"
    return DecisionRow(
        case.waiting.id, Outcome.ASSIGNED, RULE, _RULE_VERSION, reason, canonical_json(proof)
    )
