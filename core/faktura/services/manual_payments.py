"""Payments that a person records: for a document, or as credit of a customer (F106, P37)."""

from collections.abc import Collection
from uuid import UUID

from faktura.domain.tenants import Tenant
from faktura.kernel.errors import TransitionRefused
from faktura.kernel.money import Money
from faktura.kernel.terms import AccountFact
from faktura.services.imports.payment_fields import MoneyFields
from faktura.services.ledger import open_ledger
from faktura.services.manual_money import Recorded, by_hand, recorded_before
from faktura.services.originals import visible_record
from faktura.services.payments import keep_credit, pay
from faktura.store.customers import read_customer
from faktura.store.payable import DocumentState
from faktura.store.transaction import Tx
from faktura.store.written_off import given_up


def record_payment(
    tx: Tx,
    tenant: Tenant,
    number: str,
    given: MoneyFields,
    projects: Collection[UUID] | None = None,
) -> Recorded:
    """Let money count for a document up to what is open of it; the rest is the customer's credit.

    Its entry is a draft while the bank account has no ledger account. The same reference with the
    same content again writes nothing. Raises NotFound, OutOfRange, CurrencyMismatch, Conflict for
    a reference that stands for something else, and TransitionRefused for a document that is credit
    or was written off.
    """
    seen = visible_record(tx, number, projects)[0]
    hand = by_hand(tx, tenant, given, seen.currency)
    ledger = open_ledger(tx, hand.tenant, [number])
    documents = {seen.id: number}
    before = recorded_before(tx, hand, AccountFact.PAYMENT, seen.customer_id, documents)
    if before is not None:
        return before
    state = ledger.document(number)
    _check_claim(tx, state, hand.amount)
    part = min(hand.amount, state.open)
    if part:
        pay(ledger, hand.source, number, part)
    rest = hand.amount - part
    if rest:
        keep_credit(ledger, hand.source, seen.customer_id, rest)
    ledger.write(tx)
    parts = ((number, part),) if part else ()
    return Recorded(hand.reference, hand.amount, parts, rest, ledger.missing)


def record_credit(tx: Tx, tenant: Tenant, customer_number: str, given: MoneyFields) -> Recorded:
    """Keep money whole as credit of a customer, as no document is named; raises as `record_payment`."""
    customer = read_customer(tx, customer_number)
    hand = by_hand(tx, tenant, given)
    ledger = open_ledger(tx, hand.tenant, (), [customer.id])
    before = recorded_before(tx, hand, AccountFact.PAYMENT, customer.id, {})
    if before is not None:
        return before
    keep_credit(ledger, hand.source, customer.id, hand.amount)
    ledger.write(tx)
    return Recorded(hand.reference, hand.amount, (), hand.amount, ledger.missing)


def _check_claim(tx: Tx, state: DocumentState, amount: Money) -> None:
    if state.open.minor < 0:
        raise TransitionRefused(
            f"{state.number} is credit of {abs(state.open)}: nobody pays it",
            place="invoiceNumber",
            mend="Record what we paid out as a refund",
        )
    if amount > state.open and given_up(tx, [state.id]):
        raise TransitionRefused(
            f"{state.number} was written off or given a discount; {state.open} are open of it",
            place="invoiceNumber",
            mend=f"Take the write-off back first: faktura invoices write-off {state.number} --undo",
        )
