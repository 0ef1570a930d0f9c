"""Contracts of the house with a term, and what a person or `faktura verify` sees of them."""

import json
from datetime import date
from typing import Any

from sqlalchemy import update

from faktura.kernel.terms import ContractState
from faktura.services.catalogue_changes import changed_article, locked_article
from faktura.services.contract_view import contract_subscriptions, show_contract
from faktura.services.verification import PROOFS, prove
from faktura.store import tables


def contract(number="V-1", *, article="WEB-M", term: Any = None, **changes: Any):
    """An active contract of one web hosting at 30.00 a month from 1 September 2026."""
    subscription = {"items": [{"articleNumber": article, "quantity": "1"}], **(term or {})}
    return {
        "contractNumber": number,
        "customerNumber": "K-1",
        "start": "2026-09-01",
        "billingInterval": {"unit": "MONTH"},
        "subscriptions": [subscription],
        "activate": True,
    } | changes


YEARLY = {
    "minimumTerm": {"unit": "YEAR"},
    "notice": {"count": 3, "unit": "MONTH"},
    "renewal": "FIXED",
    "renewalTerm": {"unit": "YEAR"},
}
THREE_MONTHS = {"minimumTerm": {"count": 3, "unit": "MONTH"}, "renewal": "NONE"}


def terminated(house, number, end):
    """The contract is terminated, with that exclusive end."""

    def write(tx):
        tx.connection.execute(
            update(tables.contract)
            .where(tables.contract.c.number == number)
            .values(state=ContractState.TERMINATED, end=end)
        )

    house.write(write)


def policy(house, number="WEB-M", **changes: bool):
    """Change an article's pause policy, as over REST."""
    house.write(lambda tx: changed_article(tx, locked_article(tx, number), changes))


def due(house, number="V-1"):
    """When the run looks at the contract next."""
    return house.read(show_contract, number).overview.next_due_on


def state(house, number="V-1"):
    """Where the contract stands."""
    return house.read(show_contract, number).overview.contract.state


def pauses(house, number="V-1"):
    """The pauses of each subscription."""
    found = house.read(contract_subscriptions, number)
    return [one.subscription.pauses for one in found]


def billed(house):
    """Service start, end (exclusive) and net of each line, by document and line."""
    d, own = tables.document.c, tables.document_line.c
    with house.database.read(house.tenant.id) as tx:
        rows = tx.connection.execute(
            tables.document_line.select()
            .join(tables.document, (d.tenant_id == own.tenant_id) & (d.id == own.document_id))
            .with_only_columns(own.service_start, own.service_end, own.net)
            .order_by(d.number, own.no)
        ).all()
    return [(str(row[0]), str(row[1]), row[2]) for row in rows]


def told(house, what):
    """The data of the events of one type, an object's in their order."""
    e = tables.event.c
    with house.database.read(house.tenant.id) as tx:
        rows = tx.connection.execute(
            tables.event.select()
            .where(e.tenant_id == tx.tenant_id, e.type == what)
            .order_by(e.object_id, e.sequence)
        ).all()
    return [json.loads(row.data) for row in rows]


def violations(house):
    """Proof and problem of everything that is wrong with the books."""
    with house.database.read(house.tenant.id) as tx:
        return [
            (found.proof.value, found.problem) for proof in PROOFS for found in prove(tx, proof)
        ]


def day(text):
    """`2026-09-01` as a date."""
    return date.fromisoformat(text)
