"""The ledger in its canonical order: by numbers, the same on every database."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Column, ColumnElement, Select, collate, select

from faktura.store.streams import streamed
from faktura.store.tables import (
    account_transaction,
    allocation,
    contract,
    customer,
    document,
    document_line,
    journal_entry,
    leg,
)
from faktura.store.transaction import Tx

d, t, a, e, c = document.c, account_transaction.c, allocation.c, journal_entry.c, customer.c
# What stands in a row of the ledger: numbers, words, days, decimals; never an id.
Section = tuple[str, Iterator[tuple[object, ...]]]


def ledger_in_order(tx: Tx) -> Iterator[Section]:
    """The ledger in sections of rows, in an order that every database keeps; streamed.

    Documents by number with their lines, accounts by customer's number, the journal by its own, and
    allocations by document. Entry keys and sources name ids and are left out.
    """
    yield "document", _rows(tx, _documents(tx))
    yield "line", _rows(tx, _lines(tx))
    yield "transaction", _rows(tx, _transactions(tx))
    yield "entry", _rows(tx, _entries(tx))
    yield "leg", _rows(tx, _legs(tx))
    yield "allocation", _rows(tx, _allocations(tx))


def _rows(tx: Tx, query: Select[Any]) -> Iterator[tuple[object, ...]]:
    for row in streamed(tx, query):
        yield tuple(row)


def _bytewise(tx: Tx, column: Column[str]) -> ColumnElement[str]:
    """Text in the order of its bytes, whatever language the database sorts by."""
    return collate(column, "C" if tx.is_postgresql else "BINARY")


def _documents(tx: Tx) -> Select[Any]:
    k = contract.c
    return (
        select(
            d.number,
            d.kind,
            c.number,
            k.number,
            d.issued_on,
            d.due_on,
            d.service_start,
            d.service_end,
            d.currency,
            d.net,
            d.tax,
            d.gross,
        )
        .join(customer, (c.tenant_id == d.tenant_id) & (c.id == d.customer_id))
        .outerjoin(contract, (k.tenant_id == d.tenant_id) & (k.id == d.contract_id))
        .where(d.tenant_id == tx.tenant_id)
        .order_by(_bytewise(tx, d.number))
    )


def _lines(tx: Tx) -> Select[Any]:
    own = document_line.c
    return (
        select(
            d.number,
            own.no,
            own.article_number,
            own.quantity,
            own.unit,
            own.price,
            own.price_base,
            own.list_net,
            own.discount,
            own.net,
            own.tax_case,
            own.tax_category,
            own.tax_rate,
            own.tax_country,
            own.service_start,
            own.service_end,
            own.cost_centre,
        )
        .join(document, (d.tenant_id == own.tenant_id) & (d.id == own.document_id))
        .where(own.tenant_id == tx.tenant_id)
        .order_by(_bytewise(tx, d.number), own.no)
    )


def _transactions(tx: Tx) -> Select[Any]:
    return (
        select(
            c.number, t.currency, t.no, t.fact, t.value_date, t.amount, t.balance_after, d.number
        )
        .join(customer, (c.tenant_id == t.tenant_id) & (c.id == t.customer_id))
        .outerjoin(document, (d.tenant_id == t.tenant_id) & (d.id == t.document_id))
        .where(t.tenant_id == tx.tenant_id)
        .order_by(_bytewise(tx, c.number), t.currency, t.no)
    )


def _entries(tx: Tx) -> Select[Any]:
    return (
        select(
            e.seq,
            e.kind,
            e.value_date,
            e.booked_on,
            e.service_month,
            e.currency,
            d.number,
            c.number,
        )
        .outerjoin(document, (d.tenant_id == e.tenant_id) & (d.id == e.document_id))
        .outerjoin(customer, (c.tenant_id == e.tenant_id) & (c.id == e.customer_id))
        .where(e.tenant_id == tx.tenant_id)
        .order_by(e.seq)
    )


def _legs(tx: Tx) -> Select[Any]:
    own = leg.c
    return (
        select(
            own.entry_seq,
            own.no,
            own.slot,
            own.account,
            own.side,
            own.minor,
            own.debtor,
            own.tax_case,
            own.tax_rate,
            own.tax_country,
            own.cost_centre,
            own.cost_object,
        )
        .where(own.tenant_id == tx.tenant_id)
        .order_by(own.entry_seq, own.no)
    )


def _allocations(tx: Tx) -> Select[Any]:
    return (
        select(d.number, a.no, c.number, a.currency, a.transaction_no, a.amount, a.reverses_no)
        .join(document, (d.tenant_id == a.tenant_id) & (d.id == a.document_id))
        .join(customer, (c.tenant_id == a.tenant_id) & (c.id == a.customer_id))
        .where(a.tenant_id == tx.tenant_id)
        .order_by(_bytewise(tx, d.number), a.no)
    )
