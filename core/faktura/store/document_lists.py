"""Lists of issued documents, newest number first, narrowed by what people know of a document."""

import operator
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, func, or_, select

from faktura.domain.payment_state import PaymentState, payment_state
from faktura.kernel.errors import NotFound, shortened
from faktura.kernel.money import Money
from faktura.kernel.terms import DocumentKind
from faktura.store.document_contracts import contracts_of_documents, of_contract, of_projects
from faktura.store.document_links import is_taken_back, taken_back
from faktura.store.pages import containing
from faktura.store.tables import (
    account_transaction,
    contract,
    customer,
    document,
    dunning_level,
    open_item,
)
from faktura.store.transaction import Tx
from faktura.store.written_off import is_written_off, written_off


@dataclass(frozen=True, slots=True)
class DocumentRow:
    """A document in a list; `open` is what is not settled.

    `contract_numbers` are all that it bills; `contract_number` is None where they are several.
    `dunning_level` is how far it was dunned, 0 where it never was (F083).
    """

    id: UUID
    number: str
    kind: DocumentKind
    customer_number: str
    customer_name: str
    contract_number: str | None
    issued_on: date
    due_on: date
    net: Money
    tax: Money
    gross: Money
    open: Money
    contract_numbers: tuple[str, ...] = ()
    taken_back: PaymentState | None = None
    written_off: bool = False
    dunning_level: int = 0

    def state(self, on: date) -> PaymentState:
        """Where its payment stands on a local day, or how it was taken back."""
        return self.taken_back or payment_state(
            self.gross, self.open, self.due_on, on, written_off=self.written_off
        )


@dataclass(frozen=True, slots=True)
class PaidAsOf:
    """Documents whose payment is in this state on this local day."""

    state: PaymentState
    on: date


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a list is narrowed to; None does not narrow. Days `from` are inclusive, `until` exclusive.

    Documents of no contract belong to no project: they are listed where `projects` is None.
    `unsettled` are those of which something is owed still, overdue or not.
    `search` is part of the document's number or of the customer's number or name, letters A to Z in
    either case.
    """

    customer_number: str | None = None
    contract_number: str | None = None
    projects: Collection[UUID] | None = None
    kind: DocumentKind | None = None
    issued_from: date | None = None
    issued_until: date | None = None
    due_until: date | None = None
    paid: PaidAsOf | None = None
    run_id: UUID | None = None
    search: str = ""
    kinds: Collection[DocumentKind] | None = None
    unsettled: bool = False


_ALL = Wanted()

# Built once: joining the tables costs more than reading a page of them.
_ROWS = (
    select(
        *(document.c[name] for name in ("id", "number", "kind", "issued_on", "due_on")),
        *(document.c[name] for name in ("net", "tax", "gross", "currency")),
        customer.c.number.label("customer_number"),
        customer.c.name.label("customer_name"),
        contract.c.number.label("contract_number"),
        open_item.c.open,
        dunning_level.c.level.label("dunning_level"),
    )
    .join(
        customer,
        (customer.c.tenant_id == document.c.tenant_id) & (customer.c.id == document.c.customer_id),
    )
    .outerjoin(
        contract,
        (contract.c.tenant_id == document.c.tenant_id) & (contract.c.id == document.c.contract_id),
    )
    .outerjoin(
        open_item,
        (open_item.c.tenant_id == document.c.tenant_id)
        & (open_item.c.document_id == document.c.id),
    )
    .outerjoin(
        dunning_level,
        (dunning_level.c.tenant_id == document.c.tenant_id)
        & (dunning_level.c.document_id == document.c.id),
    )
)


def list_documents(
    tx: Tx, wanted: Wanted = _ALL, *, after: str | None = None, limit: int = 100
) -> list[DocumentRow]:
    """Documents in the reverse order of their numbers; `after` goes on below that number.

    It is the order in which numbers were taken, whatever prefix or width they had then. Raises
    NotFound where no document has the number `after`.
    """
    query = _ROWS.where(document.c.tenant_id == tx.tenant_id, *_conditions(tx, wanted))
    if after is not None:
        query = query.where(_below(tx, after))
    # Seals are in the order in which number blocks were taken; within one a longer number is a
    # later one of its range.
    seal: ColumnElement[int] = document.c.seal_seq
    if wanted.customer_number is not None or wanted.contract_number is not None:
        # Few rows are found by key and sorted: SQLite would rather walk all seals for their order.
        seal = seal + 0
    newest = (seal.desc(), func.length(document.c.number).desc(), document.c.number.desc())
    rows = tx.connection.execute(query.order_by(*newest).limit(limit)).all()
    return _with_contracts(tx, _written_off(tx, _taken_back(tx, [_row(row) for row in rows])))


def _taken_back(tx: Tx, found: list[DocumentRow]) -> list[DocumentRow]:
    """The rows, with how each was taken back whole (F064)."""
    states = taken_back(tx, [row.id for row in found])
    return [replace(row, taken_back=states[row.id]) if row.id in states else row for row in found]


def _written_off(tx: Tx, found: list[DocumentRow]) -> list[DocumentRow]:
    """The rows, with which of those that nothing is open of were given up."""
    settled = [row.id for row in found if not row.open]
    given_up = written_off(tx, settled) if settled else set()
    return [replace(row, written_off=True) if row.id in given_up else row for row in found]


def _with_contracts(tx: Tx, found: list[DocumentRow]) -> list[DocumentRow]:
    """The rows with their contracts; asked only where one has none of its own (F053)."""
    shared = [row.id for row in found if row.contract_number is None]
    if not shared:
        return found
    contracts = contracts_of_documents(tx, shared)
    return [
        replace(row, contract_numbers=tuple(one.number for one in contracts[row.id]))
        if row.id in contracts
        else row
        for row in found
    ]


def _below(tx: Tx, number: str) -> ColumnElement[bool]:
    d = document.c
    seal: int | None = tx.connection.execute(
        select(d.seal_seq).where(d.tenant_id == tx.tenant_id, d.number == number)
    ).scalar_one_or_none()
    if seal is None:
        raise NotFound(f"there is no document {shortened(number)}", place="cursor")
    length = func.length(d.number)
    return and_(
        d.seal_seq <= seal,
        or_(
            d.seal_seq < seal,
            length < len(number),
            and_(length == len(number), d.number < number),
        ),
    )


def _conditions(tx: Tx, wanted: Wanted) -> Iterator[ColumnElement[bool]]:
    d = document.c
    if wanted.customer_number is not None:
        owner = select(customer.c.id).where(
            customer.c.tenant_id == tx.tenant_id, customer.c.number == wanted.customer_number
        )
        yield d.id.in_(_on_account_of(tx, owner))
    if wanted.contract_number is not None:
        owner = select(contract.c.customer_id).where(
            contract.c.tenant_id == tx.tenant_id, contract.c.number == wanted.contract_number
        )
        yield d.id.in_(_on_account_of(tx, owner))
        yield of_contract(wanted.contract_number)
    if wanted.projects is not None:
        yield of_projects(wanted.projects)
    if wanted.kinds is not None:
        yield d.kind.in_(sorted(wanted.kinds))
    if wanted.paid is not None:
        yield _is_in(wanted.paid)
    if wanted.unsettled:
        yield open_item.c.open > 0
    if wanted.search:
        yield containing(wanted.search, d.number, customer.c.number, customer.c.name)
    yield from _plain(wanted)


def _plain(wanted: Wanted) -> Iterator[ColumnElement[bool]]:
    d = document.c
    for column, compare, value in (
        (d.kind, operator.eq, wanted.kind),
        (d.issued_on, operator.ge, wanted.issued_from),
        (d.issued_on, operator.lt, wanted.issued_until),
        (d.due_on, operator.lt, wanted.due_until),
        (d.run_id, operator.eq, wanted.run_id),
    ):
        if value is not None:
            yield compare(column, value)


def _on_account_of(tx: Tx, owner: Select[Any]) -> Select[Any]:
    # Every document is on its customer's account, which lies together; documents lie by recording.
    t = account_transaction.c
    return select(t.document_id).where(
        t.tenant_id == tx.tenant_id,
        t.customer_id == owner.scalar_subquery(),
        t.document_id.is_not(None),
    )


def _is_in(paid: PaidAsOf) -> ColumnElement[bool]:
    """The rules of `payment_state`, over all documents at once."""
    if paid.state is PaymentState.CANCELLED:
        return is_taken_back(cancelled=True)
    if paid.state is PaymentState.CORRECTED:
        return and_(is_taken_back(), ~is_taken_back(cancelled=True))
    return and_(_stands_so(paid), ~is_taken_back())


def _stands_so(paid: PaidAsOf) -> ColumnElement[bool]:
    """How the payment of documents stands that nobody took back."""
    d, o = document.c, open_item.c
    owed = and_(o.open > 0, d.due_on >= paid.on)
    stands = {
        PaymentState.PAID: and_(o.open.is_(None), ~is_written_off()),
        PaymentState.WRITTEN_OFF: and_(o.open.is_(None), is_written_off()),
        PaymentState.CREDIT: o.open < 0,
        PaymentState.OVERDUE: and_(o.open > 0, d.due_on < paid.on),
        PaymentState.PARTLY_PAID: and_(owed, o.open < d.gross),
        PaymentState.OPEN: and_(owed, o.open >= d.gross),
    }
    return stands[paid.state]


def _row(row: Any) -> DocumentRow:
    return DocumentRow(
        row.id,
        row.number,
        DocumentKind(row.kind),
        row.customer_number,
        row.customer_name,
        row.contract_number,
        row.issued_on,
        row.due_on,
        Money(row.net, row.currency),
        Money(row.tax, row.currency),
        Money(row.gross, row.currency),
        Money(row.open or 0, row.currency),
        () if row.contract_number is None else (row.contract_number,),
        dunning_level=row.dunning_level or 0,
    )
