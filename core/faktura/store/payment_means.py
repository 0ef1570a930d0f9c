"""Saved means of payment and mandates as rows; what only providers and banks need lies in JSON."""

from collections.abc import Collection, Iterable, Mapping
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, bindparam, func, select, update

from faktura.domain.payment_means import MeansDetails, PaymentMeans
from faktura.kernel.errors import NotFound
from faktura.kernel.payment_terms import MeansState
from faktura.kernel.terms import PaymentMethod
from faktura.store.batches import in_batches
from faktura.store.codec import from_json, to_json
from faktura.store.duplicates import refusing_duplicates
from faktura.store.tables import payment_means
from faktura.store.transaction import Tx

m = payment_means.c


def write_means(tx: Tx, means: Iterable[PaymentMeans]) -> None:
    """Add means; raises NumberTaken for a mandate's reference that its creditor id has already."""
    now = tx.now()
    rows = [
        {"tenant_id": tx.tenant_id, "id": one.id, "changed_at": now, **_columns(one)}
        for one in means
    ]
    if not rows:
        return
    with refusing_duplicates("mandate reference"):
        tx.connection.execute(payment_means.insert(), rows)


def rewrite_means(tx: Tx, means: Iterable[PaymentMeans]) -> None:
    """Keep means as they are now; the caller holds their customers' locks."""
    now = tx.now()
    rows = [
        {"of": one.id, **{f"new_{name}": value for name, value in _columns(one).items()}}
        for one in means
    ]
    if not rows:
        return
    names = [name for name in rows[0] if name != "of"]
    statement = (
        update(payment_means)
        .where(m.tenant_id == tx.tenant_id, m.id == bindparam("of"))
        .values(
            {name.removeprefix("new_"): bindparam(name) for name in names} | {"changed_at": now}
        )
    )
    tx.connection.execute(statement, rows)


def read_means(tx: Tx, means_id: UUID) -> PaymentMeans:
    """The means of that id; raises NotFound."""
    row = tx.connection.execute(
        select(payment_means).where(m.tenant_id == tx.tenant_id, m.id == means_id)
    ).one_or_none()
    if row is None:
        raise NotFound(f"there is no means of payment {means_id}", place="meansId")
    return _means(row)


def means_of_customers(tx: Tx, customer_ids: Iterable[UUID]) -> dict[UUID, list[PaymentMeans]]:
    """All means of these customers and of their contracts, oldest first; absent where none is."""
    found: dict[UUID, list[PaymentMeans]] = {}
    for batch in in_batches(customer_ids):
        rows = tx.connection.execute(
            select(payment_means)
            .where(m.tenant_id == tx.tenant_id, m.customer_id.in_(batch))
            .order_by(m.created_at, m.id)
        )
        for row in rows:
            found.setdefault(row.customer_id, []).append(_means(row))
    return found


def find_means(tx: Tx, instance: str, reference: str) -> PaymentMeans | None:
    """What the provider account knows by that reference; None where it is none of ours."""
    row = tx.connection.execute(
        select(payment_means)
        .where(m.tenant_id == tx.tenant_id, m.instance == instance, m.reference == reference)
        .order_by(m.id)
        .limit(1)
    ).one_or_none()
    return None if row is None else _means(row)


def find_mandate(tx: Tx, creditor_id: str, reference: str) -> PaymentMeans | None:
    """The mandate of that reference, whichever case it is written in (F103)."""
    return find_mandates(tx, creditor_id, [reference]).get(reference_key(reference))


def find_mandates(
    tx: Tx, creditor_id: str, references: Iterable[str]
) -> Mapping[str, PaymentMeans]:
    """The mandates of these references, by `reference_key`; absent where there is none."""
    found: dict[str, PaymentMeans] = {}
    for batch in in_batches(sorted({reference_key(one) for one in references})):
        rows = tx.connection.execute(
            select(payment_means).where(
                m.tenant_id == tx.tenant_id,
                m.creditor_id == creditor_id,
                m.reference_key.in_(batch),
            )
        )
        found.update((row.reference_key, _means(row)) for row in rows)
    return found


def list_mandates(
    tx: Tx,
    *,
    customer_ids: Collection[UUID] | None = None,
    after: UUID | None = None,
    limit: int | None = None,
) -> list[PaymentMeans]:
    """Mandates of ours in the order in which they were made, of those behind `after`."""
    query = select(payment_means).where(m.tenant_id == tx.tenant_id, m.creditor_id.is_not(None))
    if customer_ids is not None:
        query = query.where(m.customer_id.in_(sorted(customer_ids)))
    if after is not None:
        query = query.where(m.id > after)
    rows = tx.connection.execute(query.order_by(m.id).limit(limit))
    return [_means(row) for row in rows]


def count_means_at(tx: Tx, instance: str) -> int:
    """How many means of a provider account can still be used."""
    return tx.connection.execute(
        select(func.count())
        .select_from(payment_means)
        .where(m.tenant_id == tx.tenant_id, m.instance == instance, m.state != MeansState.GONE)
    ).scalar_one()


def mark_used(tx: Tx, means_ids: Iterable[UUID], on: date) -> None:
    """These means were collected by on that local day; an earlier day than is known changes nothing.

    Mandates of ours are passed over: they are used once our bank credits the debit.
    """
    _mark(tx, means_ids, on, m.creditor_id.is_(None))


def mark_collected(tx: Tx, means_ids: Iterable[UUID], on: date) -> None:
    """The same for mandates of ours, by which our bank collected on that day."""
    _mark(tx, means_ids, on, m.creditor_id.is_not(None))


def _mark(tx: Tx, means_ids: Iterable[UUID], on: date, whose: ColumnElement[bool]) -> None:
    for batch in in_batches(means_ids):
        tx.connection.execute(
            update(payment_means)
            .where(
                m.tenant_id == tx.tenant_id,
                m.id.in_(batch),
                m.last_used_on.is_(None) | (m.last_used_on < on),
                whose,
            )
            .values(last_used_on=on, changed_at=tx.now())
        )


def reference_key(reference: str) -> str:
    """A mandate's reference as SEPA compares it: without regard to case, nor to blanks at its ends."""
    return reference.strip().upper()


def _columns(one: PaymentMeans) -> dict[str, object]:
    is_ours = one.creditor_id is not None
    return {
        "customer_id": one.customer_id,
        "contract_id": one.contract_id,
        "method": one.method,
        "instance": one.instance,
        "reference": one.reference,
        "state": one.state,
        "label": one.label,
        "fingerprint": one.fingerprint,
        "expires_on": one.expires_on,
        "last_used_on": one.last_used_on,
        "creditor_id": one.creditor_id,
        "reference_key": reference_key(one.reference) if is_ours else None,
        "data": to_json(one.details, MeansDetails),
        "reason": one.reason,
        "created_at": one.created_at,
    }


def _means(row: Any) -> PaymentMeans:
    return PaymentMeans(
        id=row.id,
        customer_id=row.customer_id,
        method=PaymentMethod(row.method),
        reference=row.reference,
        label=row.label,
        created_at=row.created_at,
        contract_id=row.contract_id,
        instance=row.instance,
        state=MeansState(row.state),
        fingerprint=row.fingerprint,
        expires_on=row.expires_on,
        last_used_on=row.last_used_on,
        creditor_id=row.creditor_id,
        details=from_json(row.data, MeansDetails),
        reason=row.reason,
    )
