"""Credit that we paid out by hand: of corrections, or money that counts for no document (P37).

A bank movement that goes out and names the credit does the same as a negative payment; this is for
what no imported statement says.
"""

from collections.abc import Collection
from uuid import UUID

from faktura.domain.customers import Customer
from faktura.domain.documents import DocumentRecord
from faktura.domain.tenants import Tenant
from faktura.kernel.errors import Conflict, TransitionRefused
from faktura.kernel.money import Money, total
from faktura.kernel.terms import AccountFact, DocumentLinkKind
from faktura.services.imports.payment_fields import RefundFields
from faktura.services.ledger import Ledger, open_ledger
from faktura.services.manual_money import ByHand, Recorded, by_hand, recorded_before
from faktura.services.originals import visible_record
from faktura.services.payments import refund, refund_credit
from faktura.store.customers import read_customer
from faktura.store.document_links import naming
from faktura.store.free_credit import free_credit
from faktura.store.payable import DocumentState
from faktura.store.transaction import Tx


def record_refund(
    tx: Tx,
    tenant: Tenant,
    customer_number: str,
    given: RefundFields,
    projects: Collection[UUID] | None = None,
) -> Recorded:
    """Pay out credit of a customer, never more than there is.

    A document is named whose credit it is, or whose corrections have it; without one it is money
    that counts for no document. Raises as `record_payment`, and TransitionRefused for too much.
    """
    customer = read_customer(tx, customer_number)
    if given.invoice_number is None:
        return _of_account(tx, by_hand(tx, tenant, given), customer)
    seen = visible_record(tx, given.invoice_number, projects)[0]
    if seen.customer_id != customer.id:
        raise Conflict(
            f"{seen.number} is no document of {customer.number}",
            place="invoiceNumber",
            mend="Name the customer whose document it is",
        )
    return _of_document(tx, by_hand(tx, tenant, given, seen.currency), seen)


def _of_account(tx: Tx, hand: ByHand, customer: Customer) -> Recorded:
    ledger = open_ledger(tx, hand.tenant, (), [customer.id])
    before = recorded_before(tx, hand, AccountFact.REFUND, customer.id, {})
    if before is not None:
        return before
    free = free_credit(tx, customer.id, hand.amount.currency).total
    if hand.amount > free:
        raise TransitionRefused(
            f"{hand.amount} are more than the credit of {customer.number} that counts for no"
            f" document, {max(free, Money.zero(free.currency))} (P37)",
            place="amount",
            mend="Name the correction whose credit it is, or refund less",
        )
    refund_credit(ledger, hand.source, customer.id, hand.amount)
    ledger.write(tx)
    return Recorded(hand.reference, hand.amount, (), hand.amount, ledger.missing)


def _of_document(tx: Tx, hand: ByHand, seen: DocumentRecord) -> Recorded:
    why = DocumentLinkKind.CORRECTS
    numbers = [seen.number, *(one.number for one in naming(tx, seen.id) if one.why is why)]
    ledger = open_ledger(tx, hand.tenant, numbers)
    states = [ledger.document(number) for number in numbers]
    own = [state for state in states if state.customer_id == seen.customer_id]
    documents = {state.id: state.number for state in own}
    before = recorded_before(tx, hand, AccountFact.REFUND, seen.customer_id, documents)
    if before is not None:
        return before
    parts = _parts(hand.amount, own, seen.number)
    _pay_out(ledger, hand, parts)
    ledger.write(tx)
    nothing = Money.zero(hand.amount.currency)
    return Recorded(hand.reference, hand.amount, tuple(parts), nothing, ledger.missing)


def _parts(amount: Money, states: list[DocumentState], number: str) -> list[tuple[str, Money]]:
    """What each document's credit gives, the named one's first."""
    given = [(state.number, -state.open) for state in states if state.open.minor < 0]
    available = total([credit for _, credit in given], amount.currency)
    if amount > available:
        raise TransitionRefused(
            f"{amount} are more than the credit that {number} and its corrections have,"
            f" {available} (P37)",
            place="amount",
            mend="Refund less, or name no document for money that counts for none",
        )
    parts, rest = [], amount
    for one, credit in given:
        part = min(rest, credit)
        if part:
            parts.append((one, part))
            rest -= part
    return parts


def _pay_out(ledger: Ledger, hand: ByHand, parts: list[tuple[str, Money]]) -> None:
    for number, part in parts:
        refund(ledger, hand.source, number, part)
