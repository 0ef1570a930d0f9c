"""What follows a chargeback as the policy of the method says: rest, or pay by transfer (F030, F094).

Written in the transaction that books the chargeback, so nothing here may refuse: what cannot be done
says why, and the money is booked all the same.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import assert_never
from uuid import UUID

from faktura.domain.chargebacks import Done, Step
from faktura.domain.contracts import Contract
from faktura.domain.events import EventType
from faktura.domain.pauses import Pause
from faktura.domain.subscriptions import Subscription, subscriptions_of
from faktura.domain.tenants import Tenant
from faktura.kernel.clock import local_date
from faktura.kernel.errors import FakturaError
from faktura.kernel.payment_terms import FollowUp
from faktura.kernel.terms import ContractState, PaymentMethod
from faktura.services.contract_events import tell_of_contracts
from faktura.services.customer_events import CustomerChange, changed_customers
from faktura.services.pausing import pause_subscription
from faktura.services.payment_events import write_events
from faktura.store.billable import view_of
from faktura.store.contracts import read_contracts, update_frame
from faktura.store.customers import read_customers_by_id, replace_customers
from faktura.store.document_contracts import contracts_of_documents
from faktura.store.documents import read_documents
from faktura.store.transaction import Tx


@dataclass(frozen=True, slots=True)
class Case:
    """What a chargeback concerns: whose it is, the method that was used, the documents' contracts.

    `cause` names the chargeback to whoever asks later why something changed (P35).
    """

    customer_id: UUID
    method: PaymentMethod
    contracts: tuple[str, ...]
    cause: str


def contracts_billed_by(tx: Tx, document_ids: Sequence[UUID]) -> tuple[str, ...]:
    """All contracts of these documents, by number; none of an opening item."""
    of_each = contracts_of_each(tx, document_ids).values()
    return tuple(sorted({number for numbers in of_each for number in numbers}))


def contracts_of_each(tx: Tx, document_ids: Sequence[UUID]) -> dict[UUID, tuple[str, ...]]:
    """The contracts of each of these documents, by number; empty for an opening item."""
    several = contracts_of_documents(tx, list(document_ids))
    found: dict[UUID, tuple[str, ...]] = {}
    for record in read_documents(tx, document_ids):
        numbers = {one.number for one in several.get(record.id, ())}
        if record.contract_id is not None:
            numbers.add(str(record.snapshot["contractNumber"]))
        found[record.id] = tuple(sorted(numbers))
    return found


def follow_up(tx: Tx, tenant: Tenant, what: FollowUp, case: Case) -> tuple[Step, ...]:
    """Do it to all contracts of the case, or to its customer; what was done to each.

    Only contracts that are still active change (P34). The caller holds the customer's lock.
    """
    match what:
        case FollowUp.NONE:
            return ()
        case FollowUp.PAUSE_SUBSCRIPTION:
            return tuple(_pause(tx, tenant, one, case) for one in _contracts(tx, case))
        case FollowUp.CONTRACT_TO_TRANSFER:
            return tuple(_contract_to_transfer(tx, one, case) for one in _contracts(tx, case))
        case FollowUp.CUSTOMER_TO_TRANSFER:
            return (_customer_to_transfer(tx, case),)
        case _ as never:
            assert_never(never)


def _contracts(tx: Tx, case: Case) -> list[Contract]:
    return read_contracts(tx, case.contracts)


def _pause(tx: Tx, tenant: Tenant, contract: Contract, case: Case) -> Step:
    if contract.state is not ContractState.ACTIVE:
        return _not_active(contract)
    today = local_date(tx.clock, tenant.time_zone)
    subscriptions = subscriptions_of(view_of(tx, contract.id).items)
    why = "" if subscriptions else "no subscription"
    paused = False
    for no, subscription in enumerate(subscriptions, 1):
        if any(today in pause for pause in subscription.pauses):
            # A second return in the same pause does not pause twice (P35).
            why = "paused already"
            continue
        pause = Pause(today, _until_next(subscription, today), case.cause)
        try:
            pause_subscription(tx, tenant, contract.number, pause, subscription=no)
            paused = True
        except FakturaError as error:
            why = error.problem
    return Step(contract.number, Done.PAUSED if paused else Done.NOTHING, why)


def _until_next(subscription: Subscription, today: date) -> date | None:
    """When a pause begins that was planned before: ours ends there."""
    return min((one.start for one in subscription.pauses if one.start > today), default=None)


def _contract_to_transfer(tx: Tx, contract: Contract, case: Case) -> Step:
    if contract.state is not ContractState.ACTIVE:
        return _not_active(contract)
    customer = read_customers_by_id(tx, [contract.customer_id])[contract.customer_id]
    method = contract.payment_method or customer.payment_method
    if method is not case.method:
        # Another way of paying was chosen since: that one did not fail.
        return Step(contract.number, Done.NOTHING, f"is paid by {method}")
    changed = replace(contract, payment_method=PaymentMethod.TRANSFER)
    update_frame(tx, changed)
    told: dict[str, object] = {"paymentMethod": PaymentMethod.TRANSFER.value, "reason": case.cause}
    tell_of_contracts(
        tx, EventType.CONTRACT_CHANGED, [changed], {changed.id: told}, {contract.id: contract}
    )
    return Step(contract.number, Done.MOVED)


def _customer_to_transfer(tx: Tx, case: Case) -> Step:
    customer = read_customers_by_id(tx, [case.customer_id])[case.customer_id]
    if customer.payment_method is not case.method:
        return Step(customer.number, Done.NOTHING, f"pays by {customer.payment_method}")
    changed = replace(customer, payment_method=PaymentMethod.TRANSFER)
    replace_customers(tx, [changed])
    told = CustomerChange(customer, changed, {"reason": case.cause})
    write_events(tx, changed_customers(tx, [told]))
    return Step(customer.number, Done.MOVED)


def _not_active(contract: Contract) -> Step:
    return Step(contract.number, Done.NOTHING, f"contract is {contract.state} (P34)")
