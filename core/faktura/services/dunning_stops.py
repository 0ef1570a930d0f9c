"""Keeping a customer, a contract or a document out of dunning, and lifting that again (F083)."""

from dataclasses import dataclass
from uuid import UUID

from faktura.domain.dunning_stops import DunningStop
from faktura.domain.events import Event, EventType
from faktura.domain.tenants import Tenant
from faktura.kernel.clock import local_date
from faktura.kernel.dunning_terms import StopTarget
from faktura.kernel.errors import Conflict, OutOfRange
from faktura.services.imports.dunning_fields import DunningStopFields
from faktura.services.outbox import announce
from faktura.store.contracts import read_contract
from faktura.store.customers import lock_customers, read_customer
from faktura.store.documents import read_document
from faktura.store.dunning_stops import ListedStop, read_stop, stops_of, write_lifted, write_stop
from faktura.store.facts import Facts, write_facts
from faktura.store.transaction import Tx

DUNNING_STOP = "dunning_stop"
_SET, _LIFTED = 1, 2


@dataclass(frozen=True, slots=True)
class _Target:
    id: UUID
    customer_id: UUID


def set_stop(tx: Tx, tenant: Tenant, given: DunningStopFields, *, by: str) -> ListedStop:
    """Dun nothing of the target from now on; notices that were written stay.

    Raises NotFound, OutOfRange for a last day that is over, Conflict where one holds already.
    """
    today = local_date(tx.clock, tenant.time_zone)
    if given.until is not None and given.until < today:
        raise OutOfRange(f"{given.until} is over", place="until", mend=f"Use {today} or later")
    target = _target(tx, given)
    # A run decides under the same lock: it sees the stop, or the stop comes after its notice.
    lock_customers(tx, [target.customer_id])
    for known in stops_of(tx, given.target, target.id):
        if known.holds(today):
            raise Conflict(
                f"{given.number} is stopped already: {known.id}",
                place="number",
                mend="Lift that stop first",
            )
    stop = DunningStop(
        tx.new_id(), given.target, target.id, given.reason, by, tx.now(), given.until
    )
    write_stop(tx, stop)
    made = read_stop(tx, stop.id)
    _tell(tx, made, _SET)
    return made


def lift_stop(tx: Tx, stop_id: UUID, *, by: str) -> ListedStop:
    """Dun the target again from the next run on; raises NotFound, and Conflict where it is lifted."""
    seen = read_stop(tx, stop_id)
    lock_customers(tx, [read_customer(tx, seen.customer_number).id])
    if read_stop(tx, stop_id).stop.lifted_at is not None:
        raise Conflict(f"the stop of {seen.number} is lifted already", place="stop")
    write_lifted(tx, stop_id, at=tx.now(), by=by)
    lifted = read_stop(tx, stop_id)
    _tell(tx, lifted, _LIFTED)
    return lifted


def _target(tx: Tx, given: DunningStopFields) -> _Target:
    match given.target:
        case StopTarget.CUSTOMER:
            customer = read_customer(tx, given.number)
            return _Target(customer.id, customer.id)
        case StopTarget.CONTRACT:
            contract = read_contract(tx, given.number)
            return _Target(contract.id, contract.customer_id)
        case StopTarget.DOCUMENT:
            record = read_document(tx, given.number)
            return _Target(record.id, record.customer_id)


def _tell(tx: Tx, listed: ListedStop, sequence: int) -> None:
    """The reason stays with the stop: it may be about a person, and events are kept for ever."""
    stop = listed.stop
    data: dict[str, object] = {
        "customerNumber": listed.customer_number,
        "target": stop.target.value,
        "number": listed.number,
        "until": None if stop.until is None else str(stop.until),
        "stopped": stop.lifted_at is None,
    }
    told = Event(EventType.DUNNING_STOP_CHANGED, DUNNING_STOP, stop.id, sequence, data)
    announce(tx, write_facts(tx, Facts(events=[told])))
