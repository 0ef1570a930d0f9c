"""Mandates as a person looks at them: with their customers, and whether they can be collected by."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from faktura.domain.customers import Customer
from faktura.domain.mandates import MandateDetails, not_usable, usable_until
from faktura.domain.payment_means import PaymentMeans
from faktura.domain.tenants import Tenant
from faktura.kernel.clock import local_date
from faktura.kernel.errors import NotFound
from faktura.store.customers import read_customer, read_customers_by_id
from faktura.store.payment_means import find_mandate, list_mandates, read_means
from faktura.store.transaction import Tx


@dataclass(frozen=True, slots=True)
class MandateView:
    """A mandate with its customer; `is_used` is whether their invoices announce it.

    `problem` says why it cannot be collected by today; None where it can.
    """

    means: PaymentMeans
    mandate: MandateDetails
    customer: Customer
    is_used: bool
    problem: str | None

    @property
    def usable_until(self) -> date:
        """The last day on which it can be collected by (36 months)."""
        return usable_until(self.mandate, self.means.last_used_on)


def mandate_of(tx: Tx, tenant: Tenant, reference: str) -> UUID:
    """The id of the mandate of that reference, in whichever case; raises NotFound."""
    found = find_mandate(tx, tenant.seller.creditor_id, reference)
    if found is None:
        raise NotFound(f"there is no mandate {reference}", place="reference")
    return found.id


def show_mandate(tx: Tx, tenant: Tenant, means_id: UUID) -> MandateView:
    """The mandate; raises NotFound, also for what a provider keeps."""
    means = read_means(tx, means_id)
    mandate_in(means)
    return view_mandate(
        tx, tenant, means, read_customers_by_id(tx, [means.customer_id])[means.customer_id]
    )


def show_mandates(
    tx: Tx,
    tenant: Tenant,
    customer_number: str | None = None,
    *,
    after: UUID | None = None,
    limit: int | None = None,
) -> list[MandateView]:
    """Mandates in the order in which they were made, of those behind `after`; raises NotFound."""
    of = None if customer_number is None else [read_customer(tx, customer_number).id]
    found = list_mandates(tx, customer_ids=of, after=after, limit=limit)
    customers = read_customers_by_id(tx, {one.customer_id for one in found})
    return [view_mandate(tx, tenant, one, customers[one.customer_id]) for one in found]


def view_mandate(tx: Tx, tenant: Tenant, means: PaymentMeans, customer: Customer) -> MandateView:
    """A mandate of this customer."""
    mandate = mandate_in(means)
    problem = not_usable(
        mandate,
        last_used_on=means.last_used_on,
        is_business=customer.is_business,
        on=local_date(tx.clock, tenant.time_zone),
    )
    return MandateView(means, mandate, customer, names_mandate(means, customer), problem)


def mandate_in(means: PaymentMeans) -> MandateDetails:
    """What a mandate says; raises NotFound for what a provider keeps."""
    if means.mandate is None:
        raise NotFound(f"there is no mandate {means.id}", place="mandateId")
    return means.mandate


def names_mandate(means: PaymentMeans, customer: Customer) -> bool:
    """Whether the customer's record names this mandate, in whichever case."""
    named = customer.mandate
    return named is not None and named.reference.upper() == means.reference.upper()
