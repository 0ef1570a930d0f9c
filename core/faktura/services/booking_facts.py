"""What every change of a booking ends with: the next due day rewritten, the fact told."""

from collections.abc import Mapping

from faktura.domain.contracts import Contract
from faktura.domain.events import EventType
from faktura.domain.tenants import Tenant
from faktura.services.contract_dues import reschedule
from faktura.services.contract_events import tell_of_contracts
from faktura.store.transaction import Tx


def tell_of_booking(
    tx: Tx,
    tenant: Tenant,
    contract: Contract,
    facts: Mapping[str, object],
    what: EventType = EventType.CONTRACT_CHANGED,
) -> None:
    """Rewrite when the contract is next due, and tell what changed of it, in this transaction."""
    reschedule(tx, tenant, [contract.id])
    tell_of_contracts(tx, what, [contract], extra={contract.id: facts})
