"""Whom a provider's fact concerns: a payment of ours, a means of ours, one that is missing, nobody.

Other systems use the same accounts: what carries another mark than ours is theirs, and what carries
none is ours only if we know what it names (F119).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum, unique
from uuid import UUID

from faktura.domain.attempts import Attempt
from faktura.domain.payment_means import PaymentMeans
from faktura.domain.tenants import Tenant
from faktura.kernel.errors import NotFound
from faktura.kernel.payment_terms import PaymentFactKind
from faktura.plugin import PaymentFact
from faktura.store.attempts import find_by_reference, read_attempt
from faktura.store.customers import read_customers_by_number
from faktura.store.payment_means import find_means
from faktura.store.refunds_at_provider import find_refund, read_refund
from faktura.store.transaction import Tx

K = PaymentFactKind

ABOUT_MEANS = frozenset({K.MEANS_SAVED, K.MEANS_CHANGED, K.MEANS_GONE})


@unique
class Standing(StrEnum):
    """Whether a fact is ours; MISSING carries our mark and names what is not here (yet)."""

    KNOWN = "KNOWN"
    MISSING = "MISSING"
    FOREIGN = "FOREIGN"


@dataclass(frozen=True, slots=True)
class Subject:
    """A fact and what it is about; `customer_id` is whose it is where that is known."""

    fact: PaymentFact
    standing: Standing
    attempt: Attempt | None = None
    means: PaymentMeans | None = None
    customer_id: UUID | None = None


def subjects_of(
    tx: Tx, tenant: Tenant, instance: str, facts: Iterable[PaymentFact]
) -> list[Subject]:
    """What these facts of an account are about; those that concern no payment are left out."""
    return [_subject(tx, tenant, instance, fact) for fact in facts if fact.kind is not K.IGNORED]


def named(subject: Subject) -> str:
    """What a fact is about as its provider calls it; empty where it does not say."""
    fact = subject.fact
    return fact.reference or means_reference(fact) or (fact.attempt.hex if fact.attempt else "")


def means_reference(fact: PaymentFact) -> str:
    """The provider's id of the means of payment that a fact names."""
    return fact.means_reference or (fact.means.means.reference if fact.means else "")


def refund_of(tx: Tx, attempt_id: UUID, refund_id: UUID | None, reference: str) -> UUID | None:
    """The refund of an attempt's payment by our id or its provider's; None where none is kept here."""
    if refund_id is not None:
        try:
            found = read_refund(tx, refund_id).refund
        except NotFound:
            return None
        return found.id if found.attempt_id == attempt_id else None
    known = find_refund(tx, attempt_id, reference) if reference else None
    return None if known is None else known.id


def _subject(tx: Tx, tenant: Tenant, instance: str, fact: PaymentFact) -> Subject:
    if fact.tenant and fact.tenant != tenant.key:
        return Subject(fact, Standing.FOREIGN)
    attempt = _attempt(tx, instance, fact)
    missing = Standing.MISSING if fact.tenant else Standing.FOREIGN
    if fact.kind in ABOUT_MEANS:
        return _of_means(tx, instance, fact, attempt, missing)
    if attempt is None:
        return Subject(fact, missing)
    return Subject(fact, Standing.KNOWN, attempt, customer_id=attempt.customer_id)


def _of_means(
    tx: Tx, instance: str, fact: PaymentFact, attempt: Attempt | None, missing: Standing
) -> Subject:
    reference = means_reference(fact)
    means = find_means(tx, instance, reference) if reference else None
    if means is not None:
        return Subject(fact, Standing.KNOWN, attempt, means, means.customer_id)
    if fact.kind is not K.MEANS_SAVED:
        return Subject(fact, missing)
    owner = attempt.customer_id if attempt else _customer(tx, fact)
    return Subject(fact, missing if owner is None else Standing.KNOWN, attempt, None, owner)


def _attempt(tx: Tx, instance: str, fact: PaymentFact) -> Attempt | None:
    """The attempt of this account; one of another account is not what its provider talks about."""
    found = fact.attempt
    if found is None and fact.reference:
        found = find_by_reference(tx, instance, fact.reference)
    if found is None:
        return None
    try:
        attempt = read_attempt(tx, found)
    except NotFound:
        return None
    return attempt if attempt.instance == instance else None


def _customer(tx: Tx, fact: PaymentFact) -> UUID | None:
    """The customer whose number a fact gives; without our mark it may be anybody's number."""
    if not fact.tenant or not fact.customer_number:
        return None
    found = read_customers_by_number(tx, [fact.customer_number]).get(fact.customer_number)
    return None if found is None else found.id
