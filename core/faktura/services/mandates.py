"""SEPA mandates: signed, confirmed, moved to another account, revoked (F103, F104).

The one that a customer's record names is printed on their invoices and collected by; all others are
kept, as the rulebook wants.
"""

from dataclasses import replace
from datetime import date
from uuid import UUID

from faktura.domain.customers import Customer, Mandate
from faktura.domain.events import Event
from faktura.domain.mandates import MandateDetails, amended
from faktura.domain.payment_means import PaymentMeans
from faktura.domain.tenants import Tenant
from faktura.kernel.clock import local_date
from faktura.kernel.errors import FieldInvalid, NumberTaken, TransitionRefused
from faktura.kernel.payment_terms import MandateScheme, MeansState
from faktura.services.customer_changes import locked_customer
from faktura.services.customer_events import CustomerChange, changed_customers
from faktura.services.imports.mandate_fields import NewMandateFields, OtherAccountFields
from faktura.services.mandate_records import new_mandate, on_account
from faktura.services.mandate_view import (
    MandateView,
    mandate_in,
    names_mandate,
    view_mandate,
)
from faktura.services.payment_events import means_events, write_events
from faktura.store.customers import (
    lock_customers,
    read_customers_by_id,
    replace_customers,
)
from faktura.store.numbers import MANDATE, take_numbers
from faktura.store.payment_means import (
    find_mandate,
    read_means,
    rewrite_means,
    write_means,
)
from faktura.store.tenants import ensure_range
from faktura.store.transaction import Tx


def create_mandate(tx: Tx, tenant: Tenant, given: NewMandateFields) -> MandateView:
    """Add a mandate, active at once; the customer's invoices announce it from now on (F104).

    Raises NotFound, NumberTaken for a reference that was given before in either case, FieldInvalid,
    TransitionRefused without a creditor id.
    """
    _check_creditor(tenant)
    customer = locked_customer(tx, given.customer_number)
    _not_in_future(tx, tenant, given.signed_on, "signedOn")
    if given.scheme is MandateScheme.B2B and not customer.is_business:
        raise FieldInvalid(
            f"customer {customer.number} is a consumer: B2B is for companies only",
            place="scheme",
            mend="Have them sign a CORE mandate",
        )
    mandate = MandateDetails(
        given.signed_on,
        given.iban,
        given.holder or customer.name,
        given.bic or "",
        given.scheme,
        given.sequence,
    )
    reference = _own(tx, tenant, given.reference) if given.reference else _drawn(tx, tenant)
    new = new_mandate(tx, tenant, customer, reference, mandate)
    write_means(tx, [new])
    return _announced(tx, tenant, new, customer, "CREATED")


def use_mandate(tx: Tx, tenant: Tenant, means_id: UUID) -> MandateView:
    """Collect by this mandate of the customer's from now on, and announce it on their invoices."""
    means, customer = _locked(tx, means_id)
    _must_be(means, MeansState.ACTIVE)
    return _announced(tx, tenant, means, customer, "PREFERRED")


def confirm_mandate(tx: Tx, tenant: Tenant, means_id: UUID, on: date) -> MandateView:
    """The debtor's bank confirmed a B2B mandate; it can be collected by now. Again, nothing changes.

    Raises TransitionRefused for a CORE mandate or one that is gone, FieldInvalid for a future day.
    """
    means, customer = _locked(tx, means_id)
    _not_in_future(tx, tenant, on, "confirmedOn")
    mandate = mandate_in(means)
    if mandate.scheme is not MandateScheme.B2B or means.state is MeansState.GONE:
        raise TransitionRefused(
            f"mandate {means.reference} is {mandate.scheme} and {means.state}: only B2B mandates that"
            " are not gone are confirmed",
            place="mandate",
        )
    if mandate.confirmed_on is None:
        confirmed = on_account(means, replace(mandate, confirmed_on=on))
        means = _kept(tx, confirmed, customer, "CONFIRMED")
    return view_mandate(tx, tenant, means, customer)


def reactivate_mandate(tx: Tx, tenant: Tenant, means_id: UUID) -> MandateView:
    """Collect by a suspended mandate again; raises TransitionRefused for one that is not suspended."""
    means, customer = _locked(tx, means_id)
    _must_be(means, MeansState.SUSPENDED)
    active = replace(means, state=MeansState.ACTIVE, reason=None)
    return view_mandate(tx, tenant, _kept(tx, active, customer, "ACTIVE"), customer)


def revoke_mandate(tx: Tx, tenant: Tenant, means_id: UUID, reason: str) -> MandateView:
    """End a mandate for good; the customer's record names none then, if it named this one.

    What is at the bank already is collected; one that is gone already stays as it is.
    """
    means, customer = _locked(tx, means_id)
    events: list[Event] = []
    if means.state is not MeansState.GONE:
        means = replace(means, state=MeansState.GONE, reason=reason)
        rewrite_means(tx, [means])
        events += means_events(tx, [means], {customer.id: customer.number}, "REVOKED")
    if names_mandate(means, customer):
        recorded = replace(customer, mandate=None)
        events += _record(tx, customer, recorded)
        customer = recorded
    write_events(tx, events)
    return view_mandate(tx, tenant, means, customer)


def amend_mandate(tx: Tx, tenant: Tenant, means_id: UUID, given: OtherAccountFields) -> MandateView:
    """Move a mandate to another account of the customer; the bank is told with the next collection.

    Raises TransitionRefused for one that is gone, and for B2B: its bank has to confirm a new one.
    """
    means, customer = _locked(tx, means_id)
    mandate = mandate_in(means)
    if mandate.scheme is MandateScheme.B2B or means.state is MeansState.GONE:
        raise TransitionRefused(
            f"mandate {means.reference} is {mandate.scheme} and {means.state}: it is not moved",
            place="mandate",
            mend="Have the customer sign another one",
        )
    changed = amended(
        mandate,
        given.iban,
        bic=given.bic or "",
        holder=given.holder or "",
        is_collected=means.last_used_on is not None,
    )
    now = on_account(means, changed)
    if now == means:
        return view_mandate(tx, tenant, means, customer)
    if names_mandate(means, customer):
        rewrite_means(tx, [now])
        return _announced(tx, tenant, now, customer, "AMENDED")
    return view_mandate(tx, tenant, _kept(tx, now, customer, "AMENDED"), customer)


def _announced(
    tx: Tx, tenant: Tenant, means: PaymentMeans, customer: Customer, change: str
) -> MandateView:
    mandate = mandate_in(means)
    named = Mandate(means.reference, mandate.iban, mandate.signed_on)
    events = means_events(tx, [means], {customer.id: customer.number}, change)
    if named != customer.mandate:
        recorded = replace(customer, mandate=named)
        events += _record(tx, customer, recorded)
        customer = recorded
    write_events(tx, events)
    return view_mandate(tx, tenant, means, customer)


def _record(tx: Tx, before: Customer, after: Customer) -> list[Event]:
    replace_customers(tx, [after])
    return changed_customers(tx, [CustomerChange(before, after)])


def _kept(tx: Tx, means: PaymentMeans, customer: Customer, change: str) -> PaymentMeans:
    rewrite_means(tx, [means])
    write_events(tx, means_events(tx, [means], {customer.id: customer.number}, change))
    return means


def _locked(tx: Tx, means_id: UUID) -> tuple[PaymentMeans, Customer]:
    owner = read_means(tx, means_id).customer_id
    lock_customers(tx, [owner])
    means = read_means(tx, means_id)
    mandate_in(means)
    return means, read_customers_by_id(tx, [owner])[owner]


def _must_be(means: PaymentMeans, state: MeansState) -> None:
    if means.state is not state:
        raise TransitionRefused(
            f"mandate {means.reference} is {means.state}, not {state}",
            place="mandate",
            mend="One that is gone stays so: have the customer sign another one",
        )


def _not_in_future(tx: Tx, tenant: Tenant, on: date, field: str) -> None:
    today = local_date(tx.clock, tenant.time_zone)
    if on > today:
        raise FieldInvalid(f"{on} is after today, {today}", place=field)


def _check_creditor(tenant: Tenant) -> None:
    if not tenant.seller.creditor_id:
        raise TransitionRefused(
            "the tenant has no SEPA creditor id, and mandates are given to one",
            place="tenant.seller.creditor_id",
            mend="Set it: faktura tenants update FILE",
        )


def _own(tx: Tx, tenant: Tenant, reference: str) -> str:
    if find_mandate(tx, tenant.seller.creditor_id, reference) is not None:
        raise NumberTaken(
            f"the mandate {reference} exists already (F103)",
            place="reference",
            mend="Choose another one, or leave it out to have one drawn",
        )
    return reference


def _drawn(tx: Tx, tenant: Tenant) -> str:
    today = local_date(tx.clock, tenant.time_zone)
    ensure_range(tx, MANDATE)
    while True:
        # Own references may stand in its way; its gaps mean nothing.
        (number,) = take_numbers(tx, MANDATE, today, 1)
        if find_mandate(tx, tenant.seller.creditor_id, number) is None:
            return number
