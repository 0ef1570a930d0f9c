"""The mandate of a customer's record and its row, kept in step: invoices announce the record's (P41).

Rows are made in the transaction that writes the record, once the tenant has a creditor id. Those of
records that were written before are made by `adopt_mandates` when an account is set up.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from faktura.domain.customers import Customer, Mandate
from faktura.domain.events import Event
from faktura.domain.mandates import (
    MandateDetails,
    account_fingerprint,
    account_label,
    amended,
)
from faktura.domain.payment_means import MeansDetails, PaymentMeans
from faktura.domain.tenants import Tenant
from faktura.kernel.errors import Conflict, FakturaError, NumberTaken
from faktura.kernel.payment_terms import MeansState
from faktura.kernel.terms import PaymentMethod
from faktura.services.imports.findings import Spot
from faktura.services.payment_events import means_events, write_events
from faktura.store.customers import list_customers, lock_customers, read_customers_by_id
from faktura.store.payment_means import (
    find_mandates,
    reference_key,
    rewrite_means,
    write_means,
)
from faktura.store.transaction import Tx

_CUSTOMERS_A_TRANSACTION = 500
Known = Mapping[str, PaymentMeans]


@dataclass(frozen=True, slots=True)
class Adopted:
    """How many mandates were made of records, and of which customers' records none could be.

    `last` is the last customer that was looked at; empty when none is left.
    """

    made: int = 0
    refused: tuple[tuple[str, str], ...] = ()
    last: str = ""


def check_mandates(
    tx: Tx,
    tenant: Tenant,
    given: Sequence[tuple[Spot, Customer]],
    before: Mapping[str, Customer] | None = None,
) -> None:
    """Note where a record names a mandate that is another customer's, or was revoked (F103).

    `before` are the records that change, by number: a mandate that they name already is left alone.
    """
    known = _known(tx, tenant, [customer for _, customer in given])
    owners: dict[str, Customer] = {}
    for spot, customer in given:
        present = (before or {}).get(customer.number)
        named = None if present is None else present.mandate
        if customer.mandate in (None, named) or not tenant.seller.creditor_id:
            continue
        with spot.part("mandate").noting():
            _check(customer.mandate, customer, known, owners)


def record_mandates(tx: Tx, tenant: Tenant, customers: Sequence[Customer]) -> list[Event]:
    """Make the records' mandates, or bring them up to date; gives what is to be told of it.

    The caller has checked them and holds the customers' locks, or has just added them.
    """
    known = _known(tx, tenant, customers)
    new, changed = [], []
    for customer in customers:
        if customer.mandate is None or not tenant.seller.creditor_id:
            continue
        row = known.get(reference_key(customer.mandate.reference))
        if row is None:
            new.append(_made(tx, tenant, customer, customer.mandate))
        elif (now := _in_step(row, customer.mandate)) != row:
            changed.append(now)
    write_means(tx, new)
    rewrite_means(tx, changed)
    numbers = {customer.id: customer.number for customer in customers}
    return [
        *means_events(tx, new, numbers, "CREATED"),
        *means_events(tx, changed, numbers, "AMENDED"),
    ]


def adopt_mandates(tx: Tx, tenant: Tenant, *, after: str = "") -> Adopted:
    """Make mandates of the records of some customers behind `after`; again, it makes only new ones.

    A mandate that two records name is the first customer's; the others are told by number.
    """
    found = list_customers(tx, after=after or None, limit=_CUSTOMERS_A_TRANSACTION)
    if not found or not tenant.seller.creditor_id:
        return Adopted()
    lock_customers(tx, [one.id for one in found])
    present = read_customers_by_id(tx, [one.id for one in found])
    customers = [present[one.id] for one in found]
    known, owners = _known(tx, tenant, customers), dict[str, Customer]()
    wanted, refused = [], []
    for customer in customers:
        mandate = customer.mandate
        if mandate is None or _is_own(known, mandate, customer):
            continue
        try:
            _check(mandate, customer, known, owners)
            wanted.append(customer)
        except FakturaError as error:
            refused.append((customer.number, error.problem))
    write_events(tx, record_mandates(tx, tenant, wanted))
    last = customers[-1].number if len(found) == _CUSTOMERS_A_TRANSACTION else ""
    return Adopted(len(wanted), tuple(refused), last)


def new_mandate(
    tx: Tx, tenant: Tenant, customer: Customer, reference: str, mandate: MandateDetails
) -> PaymentMeans:
    """A mandate as a means of payment, active from the beginning (F104); not written yet."""
    return PaymentMeans(
        tx.new_id(),
        customer.id,
        PaymentMethod.SEPA_DEBIT,
        reference,
        account_label(mandate.iban),
        tx.now(),
        fingerprint=account_fingerprint(mandate.iban),
        creditor_id=tenant.seller.creditor_id,
        details=MeansDetails(mandate=mandate),
    )


def on_account(means: PaymentMeans, mandate: MandateDetails) -> PaymentMeans:
    """The mandate as it is now, recognised by the account that it is on."""
    return replace(
        means,
        label=account_label(mandate.iban),
        fingerprint=account_fingerprint(mandate.iban),
        details=replace(means.details, mandate=mandate),
    )


def _made(tx: Tx, tenant: Tenant, customer: Customer, mandate: Mandate) -> PaymentMeans:
    details = MandateDetails(mandate.signed_on, mandate.iban, customer.name)
    return new_mandate(tx, tenant, customer, mandate.reference, details)


def _in_step(row: PaymentMeans, record: Mandate) -> PaymentMeans:
    mandate = row.mandate
    if mandate is None:
        return row
    if mandate.iban != record.iban:
        mandate = amended(mandate, record.iban, is_collected=row.last_used_on is not None)
    return on_account(row, replace(mandate, signed_on=record.signed_on))


def _known(tx: Tx, tenant: Tenant, customers: Sequence[Customer]) -> Known:
    references = [one.mandate.reference for one in customers if one.mandate is not None]
    return find_mandates(tx, tenant.seller.creditor_id, references) if references else {}


def _is_own(known: Known, mandate: Mandate, customer: Customer) -> bool:
    row = known.get(reference_key(mandate.reference))
    return row is not None and row.customer_id == customer.id


def _check(
    mandate: Mandate | None, customer: Customer, known: Known, owners: dict[str, Customer]
) -> None:
    if mandate is None:
        return
    key = reference_key(mandate.reference)
    row = known.get(key)
    other = owners.setdefault(key, customer)
    if other is not customer or (row is not None and row.customer_id != customer.id):
        raise NumberTaken(
            f"the mandate {mandate.reference} is another customer's (F103)",
            place="reference",
            mend="A reference is of one mandate, in whichever case it is written",
        )
    if row is not None and row.state is MeansState.GONE:
        raise Conflict(
            f"the mandate {mandate.reference} is gone: {row.reason}",
            place="reference",
            mend="Have the customer sign another one, with another reference",
        )
