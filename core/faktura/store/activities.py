"""Activities: what is billed, by item and period, and what waits to be billed."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, func, select, text, update

from faktura.domain.activities import OpenActivity, ReopenedPeriod
from faktura.domain.costs import Costs
from faktura.domain.discounts import Discount
from faktura.domain.external_links import ExternalLink
from faktura.kernel.errors import Conflict
from faktura.kernel.periods import Period
from faktura.kernel.terms import Origin
from faktura.store.batches import in_batches
from faktura.store.bulk import Row, bulk_write, encode, write_encoded
from faktura.store.catalogue import Catalogue
from faktura.store.codec import from_json, to_json
from faktura.store.tables import activity
from faktura.store.transaction import Tx

# In the words of the index of what waits: SQLite uses it for no others, such as `billed = 0`.
WAITING = text("NOT activity.billed")


@dataclass(frozen=True, slots=True)
class _Agreed:
    """What was agreed for an activity that waits; no query asks for it."""

    unit_price: Decimal | None = None
    discount: Discount | None = None
    text: str = ""
    ledger_account: str | None = None
    links: tuple[ExternalLink, ...] = ()
    costs: Costs = ()


@dataclass(frozen=True, slots=True)
class BilledActivity:
    """A recurring activity that came into being by being billed (or by a migration, F019).

    Amounts are minor units; `document_id` is None for a migration and for a period that cost
    nothing.
    """

    id: UUID
    contract_id: UUID
    item_id: UUID
    article_id: UUID
    origin: Origin
    service: Period
    quantity: Decimal
    net: int | None = None
    gross: int | None = None
    document_id: UUID | None = None
    line_no: int | None = None


@dataclass(frozen=True, slots=True)
class BilledOneOff:
    """A waiting activity that is billed now."""

    id: UUID
    net: int
    gross: int
    document_id: UUID | None
    line_no: int | None


def encode_billed(tx: Tx, billed: Sequence[BilledActivity], run_id: UUID | None) -> list[Row]:
    """Billed activities as `add_billed` takes them; their documents need not be there yet."""
    rows: list[Row] = [
        (
            tx.tenant_id,
            new.id,
            new.contract_id,
            new.item_id,
            new.article_id,
            new.origin,
            new.service.start,
            new.service.end,
            new.quantity,
            new.net,
            new.gross,
            new.document_id,
            new.line_no,
            run_id,
            None,
            True,
            False,
            None,
            None,
        )
        for new in billed
    ]
    return encode(tx.connection.dialect, activity, rows) if rows else []


def write_billed(tx: Tx, billed: Sequence[BilledActivity], run_id: UUID | None) -> None:
    """Add billed activities; the database refuses a period of an item that is billed already."""
    add_billed(tx, encode_billed(tx, billed, run_id))


def add_billed(tx: Tx, encoded: Sequence[Row]) -> None:
    """Add billed activities that were encoded before, now that their documents are there."""
    if encoded:
        write_encoded(tx, activity, encoded)


def write_open(tx: Tx, contract_id: UUID, waiting: Iterable[OpenActivity]) -> None:
    """Add one-offs and usage that wait to be billed."""
    rows: list[Row] = [
        (
            tx.tenant_id,
            new.id,
            contract_id,
            None,
            new.article.id,
            new.origin,
            new.service.start,
            new.service.end,
            new.quantity,
            None,
            None,
            None,
            None,
            None,
            None,
            False,
            new.manual,
            new.invoice_on,
            agreed_json(new),
        )
        for new in waiting
    ]
    bulk_write(tx, activity, rows)


def agreed_json(of: OpenActivity) -> str:
    """What was agreed for an activity that waits, as its row keeps it."""
    agreed = _Agreed(of.unit_price, of.discount, of.text, of.ledger_account, of.links, of.costs)
    return to_json(agreed, _Agreed)


def mark_billed(tx: Tx, billed: Sequence[BilledOneOff], run_id: UUID | None) -> None:
    """Mark waiting activities as billed by this run; each can be billed exactly once (F040).

    Raises Conflict where one is billed already: the transaction must not be committed then.
    """
    if not billed:
        return
    marked = tx.connection.execute(
        update(activity)
        .where(
            activity.c.tenant_id == tx.tenant_id,
            activity.c.id == bindparam("waiting_id"),
            ~activity.c.billed,
        )
        .values(billed=True, run_id=run_id),
        [
            {
                "waiting_id": done.id,
                "net": done.net,
                "gross": done.gross,
                "document_id": done.document_id,
                "line_no": done.line_no,
            }
            for done in billed
        ],
    ).rowcount
    if marked != len(billed):
        raise Conflict(f"{len(billed) - marked} of {len(billed)} activities are billed already")


def billed_until(tx: Tx, item_ids: Sequence[UUID]) -> dict[UUID, date]:
    """Per item the exclusive end of what is billed; items without a billed period are absent."""
    found: dict[UUID, date] = {}
    for batch in in_batches(item_ids):
        rows = tx.connection.execute(
            select(activity.c.item_id, func.max(activity.c.service_end).label("until"))
            .where(
                activity.c.tenant_id == tx.tenant_id,
                activity.c.item_id.in_(batch),
                activity.c.reversed_by.is_(None),
            )
            .group_by(activity.c.item_id)
        )
        found.update((row.item_id, row.until) for row in rows)
    return found


@dataclass(frozen=True, slots=True)
class Waiting:
    """What waits to be billed on a contract, each in the order in which it was recorded."""

    activities: tuple[OpenActivity, ...] = ()
    reopened: tuple[ReopenedPeriod, ...] = ()


NOTHING_WAITS = Waiting()


def read_waiting(tx: Tx, contract_ids: Sequence[UUID], catalogue: Catalogue) -> dict[UUID, Waiting]:
    """What waits, by contract; contracts on which nothing waits are absent."""
    found: dict[UUID, list[Any]] = {}
    for batch in in_batches(contract_ids):
        rows = tx.connection.execute(
            select(activity).where(
                activity.c.tenant_id == tx.tenant_id,
                activity.c.contract_id.in_(batch),
                WAITING,
            )
        )
        for row in rows:
            found.setdefault(row.contract_id, []).append(row)
    # Asked for in this order, SQLite would walk through every activity of the tenant.
    return {owner: _waiting(sorted(own, key=_id), catalogue) for owner, own in found.items()}


def _id(row: Any) -> UUID:
    key: UUID = row.id
    return key


def _waiting(rows: Iterable[Any], catalogue: Catalogue) -> Waiting:
    activities: list[OpenActivity] = []
    reopened: list[ReopenedPeriod] = []
    for row in rows:
        service = Period(row.service_start, row.service_end)
        if row.item_id is None:
            activities.append(open_activity(row, service, catalogue))
        else:
            reopened.append(ReopenedPeriod(row.id, row.item_id, service))
    return Waiting(tuple(activities), tuple(reopened))


def booked_as(data: str | None) -> tuple[str | None, tuple[ExternalLink, ...], Costs]:
    """Ledger account, links and costs in a row's `data`; a period of an item has none (F042)."""
    agreed = _Agreed() if data is None else from_json(data, _Agreed)
    return agreed.ledger_account, agreed.links, agreed.costs


def open_activity(row: Any, service: Period, catalogue: Catalogue) -> OpenActivity:
    """The waiting one-off or usage behind a row of all the table's columns."""
    agreed = from_json(row.data, _Agreed)
    return OpenActivity(
        row.id,
        catalogue.articles[row.article_id],
        Origin(row.origin),
        row.quantity,
        service,
        row.invoice_on,
        row.manual,
        agreed.unit_price,
        agreed.discount,
        agreed.text,
        agreed.ledger_account,
        agreed.links,
        agreed.costs,
    )
