"""Saved means of payment: kept, brought up to date, chosen, suspended, forgotten (P43).

A change affects the next collection only: an attempt has frozen what it collects by.
"""

from collections.abc import Collection
from dataclasses import replace
from uuid import UUID

from faktura.domain.payment_means import MeansDetails, PaymentMeans
from faktura.kernel.errors import Conflict, FieldInvalid, TransitionRefused
from faktura.kernel.payment_terms import MeansState
from faktura.plugin import MeansReference, SavedMeans
from faktura.services.payment_events import means_events, write_events
from faktura.services.visible_contracts import visible_contract
from faktura.store.attempts import lock_attempts, rewrite_attempts
from faktura.store.collectable import given_up_with
from faktura.store.customers import lock_customers, read_customer, read_customers_by_id
from faktura.store.payment_accounts import account_of
from faktura.store.payment_means import (
    find_means,
    means_of_customers,
    read_means,
    rewrite_means,
    write_means,
)
from faktura.store.transaction import Tx

FORGOTTEN = "forgotten at the customer's wish"


def list_means(tx: Tx, customer_number: str) -> list[PaymentMeans]:
    """All means of a customer and of their contracts, oldest first; raises NotFound."""
    customer = read_customer(tx, customer_number)
    return means_of_customers(tx, [customer.id]).get(customer.id, [])


def reference_of_means(means: PaymentMeans) -> MeansReference:
    """The means as its provider knows it."""
    return MeansReference(
        reference=means.reference, customer=means.details.customer, details=means.details.texts
    )


def save_means(
    tx: Tx,
    customer_id: UUID,
    instance: str,
    saved: SavedMeans,
    *,
    provider_customer: str = "",
    contract_id: UUID | None = None,
) -> PaymentMeans:
    """Keep what a customer let us keep; known already, it is brought up to date.

    One that is gone stays gone: a late report that it was saved does not bring it back. Raises
    Conflict where it is another customer's, NotFound for an unknown account.
    """
    lock_customers(tx, [customer_id])
    known = find_means(tx, account_of(tx, instance).instance, saved.means.reference)
    if known is None:
        new = PaymentMeans(
            tx.new_id(),
            customer_id,
            saved.method,
            saved.means.reference,
            saved.label,
            tx.now(),
            contract_id=contract_id,
            instance=instance,
            fingerprint=saved.fingerprint or None,
            expires_on=saved.expires_on,
            details=MeansDetails(saved.means.customer or provider_customer, saved.means.details),
        )
        write_means(tx, [new])
        _tell(tx, new, "SAVED")
        return new
    if known.customer_id != customer_id:
        raise Conflict(
            f"the means of payment {saved.label} at {instance} is another customer's",
            place="means",
            mend="Have the customer save it again",
        )
    return _updated(tx, known, saved)


def update_means(tx: Tx, instance: str, saved: SavedMeans) -> PaymentMeans | None:
    """Bring a means up to date with what its provider says now; None where it is none of ours.

    What failed by a card that its network has renewed is tried once more (payments 6.6).
    """
    known = find_means(tx, instance, saved.means.reference)
    if known is None:
        return None
    before = _locked(tx, known.id)
    now = _updated(tx, before, saved)
    if (now.expires_on, now.fingerprint) != (before.expires_on, before.fingerprint):
        _try_again(tx, now)
    return now


def _try_again(tx: Tx, means: PaymentMeans) -> None:
    given_up = lock_attempts(tx, given_up_with(tx, means.customer_id, means.id))
    rewrite_attempts(tx, [replace(one, retry_at=tx.now()) for one in given_up.values()])


def suspend_means(tx: Tx, means_id: UUID, reason: str) -> bool:
    """Collect by it no more until a person allows it again; False where it was not active."""
    means = _locked(tx, means_id)
    if means.state is not MeansState.ACTIVE:
        return False
    _keep(tx, replace(means, state=MeansState.SUSPENDED, reason=reason), "SUSPENDED")
    return True


def means_gone(tx: Tx, means_id: UUID, reason: str) -> bool:
    """It does not exist any more, for good; False where that is known."""
    means = _locked(tx, means_id)
    if means.state is MeansState.GONE:
        return False
    _keep(tx, replace(means, state=MeansState.GONE, reason=reason), "GONE")
    return True


def allow_again(tx: Tx, means_id: UUID) -> PaymentMeans:
    """Collect by a suspended means again; raises TransitionRefused for one that is not suspended."""
    means = _locked(tx, means_id)
    if means.state is not MeansState.SUSPENDED:
        raise TransitionRefused(
            f"{means.label} is {means.state}, not suspended",
            place="means",
            mend="One that is gone has to be given again by the customer",
        )
    return _keep(tx, replace(means, state=MeansState.ACTIVE, reason=None), "ACTIVE")


def prefer_means(
    tx: Tx,
    means_id: UUID,
    contract_number: str | None,
    projects: Collection[UUID] | None = None,
) -> PaymentMeans:
    """Collect by this means from now on: for one contract alone, else for all that have none.

    Raises NotFound for a contract outside `projects` (None: all), FieldInvalid for another
    customer's, TransitionRefused for a means that is not active and for a mandate.
    """
    means = _locked(tx, means_id)
    if means.state is not MeansState.ACTIVE:
        raise TransitionRefused(f"{means.label} is {means.state}", place="means")
    if means.mandate is not None:
        # Invoices announce the mandate that they are collected by (P41).
        raise TransitionRefused(
            f"{means.reference} is a mandate: the customer's record says which one is collected by",
            place="means",
            mend="Use: faktura payments mandates use",
        )
    contract_id = None
    if contract_number is not None:
        contract = visible_contract(tx, contract_number, projects)
        contract_id = contract.id
        if contract.customer_id != means.customer_id:
            raise FieldInvalid(
                f"contract {contract_number} is another customer's", place="contractNumber"
            )
    details = replace(means.details, preferred_at=tx.now())
    return _keep(tx, replace(means, contract_id=contract_id, details=details), "PREFERRED")


def _updated(tx: Tx, known: PaymentMeans, saved: SavedMeans) -> PaymentMeans:
    details = replace(
        known.details,
        customer=saved.means.customer or known.details.customer,
        texts=saved.means.details or known.details.texts,
    )
    now = replace(
        known,
        label=saved.label or known.label,
        fingerprint=saved.fingerprint or known.fingerprint,
        expires_on=saved.expires_on or known.expires_on,
        details=details,
    )
    return known if now == known else _keep(tx, now, "UPDATED")


def _locked(tx: Tx, means_id: UUID) -> PaymentMeans:
    lock_customers(tx, [read_means(tx, means_id).customer_id])
    return read_means(tx, means_id)


def _keep(tx: Tx, means: PaymentMeans, change: str) -> PaymentMeans:
    rewrite_means(tx, [means])
    _tell(tx, means, change)
    return means


def _tell(tx: Tx, means: PaymentMeans, change: str) -> None:
    customer = read_customers_by_id(tx, [means.customer_id])[means.customer_id]
    write_events(tx, means_events(tx, [means], {customer.id: customer.number}, change))
