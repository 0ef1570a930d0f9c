"""Discounts of contracts, and what each took off the activities that stand (F076, F077)."""

from collections.abc import Mapping, Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import delete, exists, or_, select, update

from faktura.domain.discounts import ContractDiscount, Discount, DiscountUse
from faktura.kernel.contract_terms import DiscountScope
from faktura.store.batches import in_batches
from faktura.store.bulk import Row, bulk_write
from faktura.store.tables import activity, contract_discount, discount_use
from faktura.store.transaction import Tx


def read_discounts(
    tx: Tx, contract_ids: Sequence[UUID]
) -> dict[UUID, tuple[ContractDiscount, ...]]:
    """Discounts by contract in the order in which they were added; contracts without are absent."""
    d = contract_discount.c
    found: dict[UUID, list[ContractDiscount]] = {}
    for batch in in_batches(contract_ids):
        rows = tx.connection.execute(
            select(contract_discount).where(d.tenant_id == tx.tenant_id, d.contract_id.in_(batch))
        )
        for row in sorted(rows, key=lambda one: one.id):
            found.setdefault(row.contract_id, []).append(
                ContractDiscount(
                    row.id,
                    DiscountScope(row.scope),
                    row.target,
                    Discount(row.percent, row.amount, row.reason),
                    row.valid_from,
                    row.valid_until,
                    row.next_invoice,
                )
            )
    return {owner: tuple(own) for owner, own in found.items()}


def read_discount_uses(tx: Tx, contract_ids: Sequence[UUID]) -> dict[UUID, tuple[DiscountUse, ...]]:
    """What discounts took off activities that are not reversed, by contract."""
    u, a = discount_use.c, activity.c
    found: dict[UUID, list[DiscountUse]] = {}
    for batch in in_batches(contract_ids):
        rows = tx.connection.execute(
            select(u.contract_id, u.discount_id, u.interval_start, u.amount, u.activity_id)
            .join(activity, (a.tenant_id == u.tenant_id) & (a.id == u.activity_id))
            .where(
                u.tenant_id == tx.tenant_id,
                a.tenant_id == tx.tenant_id,
                a.contract_id.in_(batch),
                a.reversed_by.is_(None),
            )
        )
        for row in rows:
            use = DiscountUse(row.discount_id, row.interval_start, row.amount, row.activity_id)
            found.setdefault(row.contract_id, []).append(use)
    return {owner: tuple(own) for owner, own in found.items()}


def write_discounts(tx: Tx, contract_id: UUID, discounts: Sequence[ContractDiscount]) -> None:
    """Add discounts to a contract."""
    now = tx.now()
    rows: list[Row] = [
        (
            tx.tenant_id,
            new.id,
            contract_id,
            new.scope,
            new.target,
            new.discount.percent,
            new.discount.amount,
            new.valid_from,
            new.valid_until,
            new.next_invoice,
            new.discount.reason,
            now,
        )
        for new in discounts
    ]
    bulk_write(tx, contract_discount, rows)


def write_discount_uses(tx: Tx, uses: Mapping[UUID, Sequence[tuple[UUID, DiscountUse]]]) -> None:
    """Record what discounts took off activities, by contract, each with the activity's id."""
    rows: list[Row] = [
        (tx.tenant_id, activity_id, use.discount_id, contract_id, use.interval_start, use.amount)
        for contract_id, own in uses.items()
        for activity_id, use in own
    ]
    bulk_write(tx, discount_use, rows)


def end_discount(tx: Tx, discount_id: UUID, valid_until: date) -> None:
    """Let a discount count no longer for periods that start on or after that day."""
    tx.connection.execute(
        update(contract_discount)
        .where(contract_discount.c.tenant_id == tx.tenant_id, contract_discount.c.id == discount_id)
        .values(valid_until=valid_until)
    )


def has_uses(tx: Tx, discount_id: UUID) -> bool:
    """Whether a discount ever took anything off, also off what has been reversed since."""
    found = exists().where(
        discount_use.c.tenant_id == tx.tenant_id, discount_use.c.discount_id == discount_id
    )
    return bool(tx.connection.execute(select(found)).scalar_one())


def remove_discount(tx: Tx, discount_id: UUID) -> None:
    """Delete a discount that has no uses."""
    tx.connection.execute(
        delete(contract_discount).where(
            contract_discount.c.tenant_id == tx.tenant_id, contract_discount.c.id == discount_id
        )
    )


def with_discounts(tx: Tx, contract_ids: Sequence[UUID], on: date) -> frozenset[UUID]:
    """Those of the contracts that have a discount which counts on that day or later (F076).

    One for the next invoice that has been used counts no longer.
    """
    d, u = contract_discount.c, discount_use.c
    used = exists().where(
        u.tenant_id == d.tenant_id,
        u.discount_id == d.id,
        activity.c.tenant_id == u.tenant_id,
        activity.c.id == u.activity_id,
        activity.c.reversed_by.is_(None),
    )
    found: set[UUID] = set()
    for batch in in_batches(contract_ids):
        rows = tx.connection.execute(
            select(d.contract_id)
            .where(
                d.tenant_id == tx.tenant_id,
                d.contract_id.in_(batch),
                or_(d.valid_until.is_(None), d.valid_until > on),
                or_(~d.next_invoice, ~used),
            )
            .distinct()
        )
        found.update(rows.scalars())
    return frozenset(found)
