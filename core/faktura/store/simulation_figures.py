"""Figures of a simulated company for its report: sums by day, and what is open at a moment."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select

from faktura.domain.document_kinds import WITHOUT_LINES
from faktura.kernel.terms import AccountFact
from faktura.store.tables import account_transaction, document, dunning_notice, open_item
from faktura.store.transaction import Tx

_BACK = (AccountFact.RETURN, AccountFact.CHARGEBACK)


@dataclass(frozen=True, slots=True)
class CountedDay:
    """How many there were on a day, and what they come to in minor units."""

    day: date
    count: int
    minor: int


def revenue_by_day(tx: Tx, currency: str) -> list[CountedDay]:
    """Documents with lines by their day of issue, net: what gives back lowers it."""
    d = document.c
    rows = tx.connection.execute(
        select(d.issued_on, func.count().label("documents"), func.sum(d.net).label("net"))
        .where(
            d.tenant_id == tx.tenant_id,
            d.currency == currency,
            d.kind.not_in(sorted(WITHOUT_LINES)),
        )
        .group_by(d.issued_on)
        .order_by(d.issued_on)
    )
    return [CountedDay(row.issued_on, int(row.documents), int(row.net)) for row in rows]


def moved_by_day(tx: Tx, currency: str, facts: tuple[AccountFact, ...]) -> list[CountedDay]:
    """Transactions of these kinds by the day of their value; a positive sum is owed to us."""
    t = account_transaction.c
    rows = tx.connection.execute(
        select(t.value_date, func.count().label("times"), func.sum(t.amount).label("minor"))
        .where(t.tenant_id == tx.tenant_id, t.currency == currency, t.fact.in_(facts))
        .group_by(t.value_date)
        .order_by(t.value_date)
    )
    return [CountedDay(row.value_date, int(row.times), int(row.minor)) for row in rows]


def payments_by_day(tx: Tx, currency: str) -> list[CountedDay]:
    """Payments, as positive amounts."""
    found = moved_by_day(tx, currency, (AccountFact.PAYMENT,))
    return [CountedDay(one.day, one.count, -one.minor) for one in found]


def returns_by_day(tx: Tx, currency: str) -> list[CountedDay]:
    """Payments that were taken back: returned debits and chargebacks."""
    return moved_by_day(tx, currency, _BACK)


def dunnings_by_day(tx: Tx, currency: str) -> list[CountedDay]:
    """Dunning notices by their day, with what they reminded of."""
    n = dunning_notice.c
    rows = tx.connection.execute(
        select(n.dunned_on, func.count().label("notices"), func.sum(n.open).label("minor"))
        .where(n.tenant_id == tx.tenant_id, n.currency == currency)
        .group_by(n.dunned_on)
        .order_by(n.dunned_on)
    )
    return [CountedDay(row.dunned_on, int(row.notices), int(row.minor)) for row in rows]


def open_in_all(tx: Tx, currency: str) -> int:
    """What is open of all documents now, in minor units."""
    o = open_item.c
    return int(
        tx.connection.execute(
            select(func.coalesce(func.sum(o.open), 0)).where(
                o.tenant_id == tx.tenant_id, o.currency == currency
            )
        ).scalar_one()
    )
