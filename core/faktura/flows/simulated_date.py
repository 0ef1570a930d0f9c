"""A sandbox's customer goes forward in time, day by day, while all others stay where they are (O23).

Cut off anywhere it is begun again: the customer stands on the day that was reached, and its work, done
twice, changes nothing.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from faktura.domain.tenants import Tenant
from faktura.flows.billing import run_billing
from faktura.flows.contract_day import settle_day
from faktura.flows.dunning import finish_dunning
from faktura.services.issuing import Formats
from faktura.services.simulated_dates import begin, plan_dunning_of, reach
from faktura.store.billing import Scope
from faktura.store.database import Database
from faktura.store.simulated_dates import next_due_of


@dataclass(frozen=True, slots=True)
class Simulated:
    """Where the customer stands now, and what happened on the way there."""

    number: str
    on: date
    documents: int = 0
    quarantined: int = 0
    ended: int = 0
    renewed: int = 0
    notices: int = 0

    def __add__(self, other: "Simulated") -> "Simulated":
        """What happened on both ways, one after the other."""
        return Simulated(
            self.number,
            other.on,
            self.documents + other.documents,
            other.quarantined,
            self.ended + other.ended,
            self.renewed + other.renewed,
            self.notices + other.notices,
        )


def simulate_date(
    database: Database, tenant: Tenant, formats: Formats, number: str, to: date
) -> Simulated:
    """Bring the customer to that day: bill, renew, end and dun what each day up to it would have.

    Nothing is collected: what the customer pays is booked by hand, or by a provider's sandbox. Raises
    NotFound, TransitionRefused, OutOfRange as `begin`.
    """
    with database.write(tenant.id) as tx:
        customer, first = begin(tx, tenant, number, to)
    done = Simulated(number, first)
    for on in _days(first, to):
        with database.write(tenant.id) as tx:
            if not reach(tx, customer.id, on):
                continue
        done += _live(database, tenant, formats, Simulated(number, on), customer.id)
    return done


def _live(
    database: Database, tenant: Tenant, formats: Formats, day: Simulated, customer_id: UUID
) -> Simulated:
    """One day of the customer's: what a real one would have done to them."""
    scope = Scope(customer_id=customer_id)
    settled = settle_day(database, tenant, day.on, scope)
    documents = quarantined = notices = 0
    with database.read(tenant.id) as tx:
        due = next_due_of(tx, customer_id)
    if due is not None and due <= day.on:
        totals = run_billing(database, tenant, formats, day.on, scope=scope).totals
        documents, quarantined = totals.documents, totals.quarantined
    with database.write(tenant.id) as tx:
        runs = plan_dunning_of(tx, tenant, customer_id, day.on)
    for run_id in runs:
        notices += len(finish_dunning(database, tenant, run_id).done.notices)
    return Simulated(
        day.number, day.on, documents, quarantined, settled.ended, settled.renewed, notices
    )


def _days(first: date, last: date) -> Iterator[date]:
    """Every day from `first` to `last`, both inclusive."""
    for past in range((last - first).days + 1):
        yield first + timedelta(days=past)
