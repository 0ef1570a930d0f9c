"""Debits that wait for a file: what each says there, and why one is left out (F101-F103, P41).

Read in one transaction, decided without one: the adapter is asked about every debit in between.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from uuid import UUID

from faktura.domain.attempts import Attempt
from faktura.domain.collection_dates import DebitRule, reachable_dates
from faktura.domain.customers import Customer
from faktura.domain.mandates import MandateAmendment, MandateDetails, not_usable
from faktura.domain.payment_means import PaymentMeans
from faktura.domain.tenants import Tenant
from faktura.kernel.clock import zone
from faktura.kernel.money import Money
from faktura.kernel.payment_terms import MandateScheme, MandateSequence, MeansState
from faktura.plugin import DebitItem, DebitMandate, DebtorAddress
from faktura.store.collectable import states_of
from faktura.store.customers import read_customers_by_id
from faktura.store.debit_files import means_in_files, waiting_attempts
from faktura.store.payment_means import means_of_customers
from faktura.store.transaction import Tx


@dataclass(frozen=True, slots=True)
class WaitingDebit:
    """A debit that the account took, with its document's number and what is open of that now.

    `is_under_way` says that its mandate is collected by in a file that the bank has not answered.
    """

    attempt: Attempt
    number: str
    open: Money
    customer: Customer
    means: PaymentMeans | None
    is_under_way: bool


@dataclass(frozen=True, slots=True)
class Ready:
    """A debit as it stands in a file; `submit_until` is its cut-off, exclusive, UTC.

    `is_late` says that it comes later than was wished: an earlier day cannot be reached any more.
    """

    waiting: WaitingDebit
    item: DebitItem
    submit_until: datetime
    is_late: bool


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A debit that is in no file, and why."""

    waiting: WaitingDebit
    reason: str


@dataclass(slots=True)
class Sorted:
    """What becomes of waiting debits.

    `later` ones cannot be handed in yet, `spoilt` ones wait until a person mended them, `over` ones
    are given up: another run collects their documents with what is so then.
    """

    ready: list[Ready] = field(default_factory=list)
    later: list[LeftOut] = field(default_factory=list)
    spoilt: list[LeftOut] = field(default_factory=list)
    over: list[LeftOut] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Terms:
    """By what debits are sorted: the account's rules, the moment, and how far ahead is taken."""

    tenant: Tenant
    rules: Mapping[MandateScheme, DebitRule]
    now: datetime
    until: date


def read_waiting(tx: Tx, instance: str) -> list[WaitingDebit]:
    """All debits that wait for a file of the account, oldest first."""
    found = waiting_attempts(tx, instance)
    customers = {one.customer_id for one, _ in found}
    by_id = read_customers_by_id(tx, customers)
    means = {one.id: one for many in means_of_customers(tx, customers).values() for one in many}
    states = states_of(tx, {one.document_id for one, _ in found})
    under_way = means_in_files(tx, instance, {one.means_id for one, _ in found if one.means_id})
    return [
        WaitingDebit(
            one,
            number,
            states[one.document_id].open,
            by_id[one.customer_id],
            means.get(one.means_id) if one.means_id else None,
            one.means_id in under_way,
        )
        for one, number in found
    ]


def sort_debits(waiting: Iterable[WaitingDebit], terms: Terms) -> Sorted:
    """Decide about each: ready in the order of a file, or left out with its reason."""
    found = Sorted()
    for one in waiting:
        mandate = _usable(one, terms)
        if isinstance(mandate, str):
            found.over.append(LeftOut(one, mandate))
            continue
        ready, opens_on = _ready(one, *mandate, terms)
        if opens_on > terms.until:
            found.later.append(LeftOut(one, f"the bank takes it from {opens_on} on"))
        else:
            found.ready.append(ready)
    found.ready.sort(key=_place)
    _mark_sequences(found)
    return found


def _usable(one: WaitingDebit, terms: Terms) -> tuple[PaymentMeans, MandateDetails] | str:
    """The mandate, or why the debit must not go out any more; nobody was asked for the money yet."""
    if one.open != one.attempt.amount:
        return f"{one.open} is open by now, not {one.attempt.amount}"
    means, mandate = one.means, None if one.means is None else one.means.mandate
    if means is None or mandate is None:
        return "its mandate is not known any more"
    if means.state is not MeansState.ACTIVE:
        return f"mandate {means.reference} is {means.state}" + (
            f": {means.reason}" if means.reason else ""
        )
    why = not_usable(
        mandate,
        last_used_on=means.last_used_on,
        is_business=one.customer.is_business,
        on=one.attempt.due_on,
    )
    return (means, mandate) if why is None else f"mandate {means.reference} {why}"


def _ready(
    one: WaitingDebit, means: PaymentMeans, mandate: MandateDetails, terms: Terms
) -> tuple[Ready, date]:
    """The debit as it would stand in a file, and the first day on which the bank takes it."""
    rule, time_zone = terms.rules[mandate.scheme], zone(terms.tenant.time_zone)
    days = reachable_dates(one.attempt.due_on, rule, terms.now, time_zone)
    item = DebitItem(
        end_to_end=one.attempt.id.hex,
        amount=one.attempt.amount.decimal,
        mandate=_as_filed(one, means, mandate, terms.tenant),
        remittance=f"{one.number} {terms.tenant.seller.legal_name}",
        due_on=days.collect_on,
    )
    cut_off = datetime.combine(days.submit_on, rule.cut_off, time_zone).astimezone(UTC)
    return Ready(one, item, cut_off, days.collect_on > one.attempt.due_on), days.opens_on


def _as_filed(
    one: WaitingDebit, means: PaymentMeans, mandate: MandateDetails, tenant: Tenant
) -> DebitMandate:
    known = mandate.amendment or MandateAmendment()
    address, creditor_id = one.customer.address, tenant.seller.creditor_id
    other_creditor = means.creditor_id if means.creditor_id != creditor_id else None
    return DebitMandate(
        reference=means.reference,
        signed_on=mandate.signed_on,
        scheme=mandate.scheme,
        sequence=mandate.sequence,
        debtor_name=mandate.holder,
        iban=mandate.iban,
        bic=mandate.bic,
        first_collection=means.last_used_on is None and not one.is_under_way,
        confirmed_on=mandate.confirmed_on,
        address=DebtorAddress(
            street=address.street,
            post_code=address.zip_code,
            town=address.city,
            country=address.country,
        ),
        former_reference=known.reference,
        former_creditor_id=known.creditor_id or other_creditor or "",
        former_account=known.iban,
    )


def _place(one: Ready) -> tuple[date, MandateScheme, MandateSequence, str, str]:
    mandate = one.item.mandate
    return (
        one.item.due_on,
        mandate.scheme,
        mandate.sequence,
        mandate.reference,
        one.item.end_to_end,
    )


def _mark_sequences(found: Sorted) -> None:
    """A mandate has one first debit, and a one-off mandate no second one."""
    seen = set[UUID | None]()
    ready: list[Ready] = []
    for one in found.ready:
        means_id, mandate = one.waiting.attempt.means_id, one.item.mandate
        is_again = means_id in seen or one.waiting.is_under_way
        if is_again and mandate.sequence is MandateSequence.ONE_OFF:
            reason = f"mandate {mandate.reference} is for one collection, which is under way"
            found.later.append(LeftOut(one.waiting, reason))
            continue
        if means_id in seen and mandate.first_collection:
            later = mandate.model_copy(update={"first_collection": False})
            one = replace(one, item=one.item.model_copy(update={"mandate": later}))
        seen.add(means_id)
        ready.append(one)
    found.ready = ready
