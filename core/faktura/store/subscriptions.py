"""The recurring part of contracts: subscriptions with their pauses, and items."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import chain
from operator import attrgetter
from uuid import UUID

from sqlalchemy import bindparam, func, select, update

from faktura.domain.articles import Price
from faktura.domain.costs import Costs
from faktura.domain.discounts import Discount
from faktura.domain.external_links import ExternalLink
from faktura.domain.pauses import Pause
from faktura.domain.subscriptions import Subscription, SubscriptionItem
from faktura.kernel.periods import Interval
from faktura.kernel.terms import Renewal
from faktura.store.batches import in_batches
from faktura.store.bulk import Row, bulk_write
from faktura.store.catalogue import Catalogue
from faktura.store.codec import from_json, to_json
from faktura.store.tables import contract, subscription, subscription_item, subscription_pause
from faktura.store.transaction import Tx

_NO_PRICES = "[]"


@dataclass(frozen=True, slots=True)
class _Terms:
    """The terms of a subscription that no query asks for."""

    minimum_term: Interval | None = None
    notice: Interval | None = None
    renewal_term: Interval | None = None
    terminated_as_of: date | None = None


@dataclass(frozen=True, slots=True)
class _Booked:
    """How an item is booked and explained (F029, F042); most items set nothing of it."""

    ledger_account: str | None = None
    links: tuple[ExternalLink, ...] = ()
    note: str = ""
    costs: Costs = ()


_AS_USUAL = _Booked()


def write_subscriptions(tx: Tx, subscriptions: Iterable[tuple[UUID, Subscription]]) -> None:
    """Add subscriptions, each with its contract's id."""
    rows: list[Row] = [
        (
            tx.tenant_id,
            new.id,
            contract_id,
            new.term_start,
            new.payment_start,
            new.renewal,
            _terms(new),
        )
        for contract_id, new in subscriptions
    ]
    bulk_write(tx, subscription, rows)


def write_items(tx: Tx, items: Iterable[tuple[UUID, SubscriptionItem]]) -> None:
    """Add subscription items, each with its contract's id."""
    rows: list[Row] = [
        (
            tx.tenant_id,
            new.id,
            contract_id,
            new.subscription.id,
            new.article.id,
            new.quantity,
            new.anchor,
            new.start,
            new.until,
            to_json(new.special_prices, tuple[Price, ...]),
            None if new.discount is None else to_json(new.discount, Discount),
            booked_json(new),
        )
        for contract_id, new in items
    ]
    bulk_write(tx, subscription_item, rows)


def end_items(tx: Tx, items: Iterable[SubscriptionItem]) -> None:
    """Store until when existing items run, and the note on their last part of a period."""
    rows = [{"own": one.id, "new_until": one.until, "new_data": booked_json(one)} for one in items]
    if not rows:
        return
    tx.connection.execute(
        update(subscription_item)
        .where(
            subscription_item.c.tenant_id == tx.tenant_id,
            subscription_item.c.id == bindparam("own"),
        )
        .values(until=bindparam("new_until"), data=bindparam("new_data")),
        rows,
    )


def update_terms(tx: Tx, changed: Subscription) -> None:
    """Store the terms of a subscription that no query asks for."""
    tx.connection.execute(
        update(subscription)
        .where(subscription.c.tenant_id == tx.tenant_id, subscription.c.id == changed.id)
        .values(terms=_terms(changed))
    )


def _terms(of: Subscription) -> str:
    terms = _Terms(of.minimum_term, of.notice, of.renewal_term, of.terminated_as_of)
    return to_json(terms, _Terms)


def booked_json(item: SubscriptionItem) -> str | None:
    """How the item is booked and explained, as its row keeps it; None where it sets nothing."""
    own = _Booked(item.ledger_account, item.links, item.note, item.costs)
    return None if own == _AS_USUAL else to_json(own, _Booked)


def read_items(
    tx: Tx, contract_ids: Iterable[UUID], catalogue: Catalogue
) -> dict[UUID, list[SubscriptionItem]]:
    """Items by contract id, in the order in which they were added."""
    wanted = list(contract_ids)
    subscriptions = _read_subscriptions(tx, wanted)
    found: dict[UUID, list[SubscriptionItem]] = {}
    rows = chain.from_iterable(
        tx.connection.execute(
            select(subscription_item).where(
                subscription_item.c.tenant_id == tx.tenant_id,
                subscription_item.c.contract_id.in_(batch),
            )
        )
        for batch in in_batches(wanted)
    )
    for row in rows:
        special = row.special_prices
        booked = _AS_USUAL if row.data is None else from_json(row.data, _Booked)
        item = SubscriptionItem(
            row.id,
            subscriptions[row.subscription_id],
            catalogue.articles[row.article_id],
            row.quantity,
            row.anchor,
            row.start,
            row.until,
            () if special == _NO_PRICES else from_json(special, tuple[Price, ...]),
            None if row.discount is None else from_json(row.discount, Discount),
            booked.ledger_account,
            booked.links,
            booked.note,
            booked.costs,
        )
        found.setdefault(row.contract_id, []).append(item)
    # Asked for in this order, SQLite would walk through every item of the tenant.
    return {owner: sorted(own, key=attrgetter("id")) for owner, own in found.items()}


def _read_subscriptions(tx: Tx, contract_ids: list[UUID]) -> dict[UUID, Subscription]:
    rows = chain.from_iterable(
        tx.connection.execute(
            select(subscription).where(
                subscription.c.tenant_id == tx.tenant_id, subscription.c.contract_id.in_(batch)
            )
        )
        for batch in in_batches(contract_ids)
    )
    pauses = _read_pauses(tx, contract_ids)
    found = {}
    for row in rows:
        terms = from_json(row.terms, _Terms)
        found[row.id] = Subscription(
            row.id,
            row.term_start,
            terms.minimum_term,
            terms.notice,
            Renewal(row.renewal),
            terms.renewal_term,
            row.payment_start,
            terms.terminated_as_of,
            tuple(pauses.get(row.id, ())),
        )
    return found


def _read_pauses(tx: Tx, contract_ids: list[UUID]) -> dict[UUID, list[Pause]]:
    p = subscription_pause.c
    found: dict[UUID, list[Pause]] = {}
    for batch in in_batches(contract_ids):
        rows = tx.connection.execute(
            select(p.subscription_id, p.start, p.end, p.reason).where(
                p.tenant_id == tx.tenant_id, p.contract_id.in_(batch)
            )
        )
        for row in rows:
            found.setdefault(row.subscription_id, []).append(Pause(row.start, row.end, row.reason))
    return {owner: sorted(own, key=attrgetter("start")) for owner, own in found.items()}


def write_pause(tx: Tx, contract_id: UUID, subscription_id: UUID, pause: Pause) -> None:
    """Add a pause of a subscription; the caller holds the lock of the contract's customer."""
    p = subscription_pause.c
    last = tx.connection.execute(
        select(func.max(p.no)).where(
            p.tenant_id == tx.tenant_id, p.subscription_id == subscription_id
        )
    ).scalar()
    row: Row = (
        tx.tenant_id,
        subscription_id,
        (last or 0) + 1,
        contract_id,
        pause.start,
        pause.end,
        pause.reason,
        tx.now(),
    )
    bulk_write(tx, subscription_pause, [row])


def end_pause(tx: Tx, subscription_id: UUID, end: date) -> None:
    """End the open pause of a subscription (exclusive)."""
    p = subscription_pause.c
    tx.connection.execute(
        update(subscription_pause)
        .where(
            p.tenant_id == tx.tenant_id,
            p.subscription_id == subscription_id,
            p.end.is_(None),
        )
        .values(end=end)
    )


def paused_contracts(tx: Tx, article_id: UUID) -> dict[UUID, UUID]:
    """Contracts with an item of the article that have or had a pause; each with its customer."""
    p, i = subscription_pause.c, subscription_item.c
    rows = tx.connection.execute(
        select(contract.c.id, contract.c.customer_id)
        .join(subscription_pause, (p.tenant_id == tx.tenant_id) & (p.contract_id == contract.c.id))
        .join(subscription_item, (i.tenant_id == tx.tenant_id) & (i.contract_id == contract.c.id))
        .where(contract.c.tenant_id == tx.tenant_id, i.article_id == article_id)
        .distinct()
    )
    return {row.id: row.customer_id for row in rows}
