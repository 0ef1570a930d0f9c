"""Contracts as anybody may order them, and issued documents in the words of a preview."""

import json
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st
from sqlalchemy import update
from tests.services.billing.asks import waits
from tests.services.changes.world import World

from faktura.domain.customers import Customer
from faktura.domain.documents import DocumentRecord
from faktura.domain.invoices import DraftDocument, draft_summary
from faktura.store import tables
from faktura.store.billing import Scope
from faktura.store.customers import write_customers
from faktura.store.documents import document_ids, read_documents

FIRST = date(2019, 8, 1)
DAYS = st.integers(0, 100).map(lambda days: FIRST + timedelta(days))
UNITS = {"MEMBER": "MONTH", "SEAT": "MONTH", "USER": "MONTH", "YEARLY": "YEAR", "WEEKLY": "WEEK"}


@dataclass(frozen=True)
class Sold:
    """A contract as it is asked for: article, quantity, start, what else."""

    article: str
    quantity: str
    start: date
    count: int = 1
    in_advance: bool = True
    percent: str | None = None
    contract_discount: bool = False
    waiting: tuple[str, str | None, bool] | None = None
    is_poor: bool = False

    def fields(self, customer: Customer) -> dict[str, object]:
        """The contract as a request gives it."""
        item: dict[str, object] = {"articleNumber": self.article, "quantity": self.quantity}
        if self.percent is not None:
            item["discount"] = {"percent": self.percent}
        return {
            "customerNumber": customer.number,
            "start": str(self.start),
            "billingInterval": {"count": self.count, "unit": UNITS[self.article]},
            "billInAdvance": self.in_advance,
            "subscriptions": [{"items": [item]}],
        }


SOLD = st.builds(
    Sold,
    st.sampled_from(sorted(UNITS)),
    st.sampled_from(["1", "2", "2.5"]),
    st.sampled_from([FIRST, FIRST + timedelta(30), date(2019, 8, 15)]),
    st.integers(1, 3),
    st.booleans(),
    st.sampled_from([None, None, "10", "100"]),
    waiting=st.none()
    | st.tuples(
        st.sampled_from(["2019-08-12", "2019-09-20"]),
        st.sampled_from([None, "2019-08-20"]),
        st.booleans(),
    ),
    is_poor=st.sampled_from([False, False, False, True]),
)
SHOP = st.lists(SOLD, min_size=1, max_size=4)


def opened(world: World, sold: list[Sold], *, joined: bool) -> tuple[Scope, list[str]]:
    """A new customer with these contracts, and the scope of a run over them."""
    customer_id = world.database.new_id()
    customer = replace(
        world.customer,
        id=customer_id,
        number=f"K-{customer_id.hex[-8:]}",
        debtor_account=str(10_000_000 + int(customer_id.hex[-6:], 16)),
    )
    world.with_tenant(collective_invoices=joined)
    with world.database.write(world.tenant.id) as tx:
        write_customers(tx, [customer])
    numbers = []
    for one in sold:
        made = world.contract(**one.fields(customer))
        numbers.append(made)
        if one.waiting is not None:
            since, invoice_on, manual = one.waiting
            dated = {"invoiceOn": invoice_on} if invoice_on and not manual else {}
            waits(world, made, "SEAT", "1", **{"from": since, "manual": manual, **dated})
        if one.is_poor:
            c = tables.contract.c
            with world.database.write(world.tenant.id) as tx:
                tx.connection.execute(
                    update(tables.contract).where(c.number == made).values(currency="CHF")
                )
    return Scope(customer_id=customer.id), numbers


def said(row: dict[str, Any]) -> dict[str, Any]:
    """A previewed invoice, as far as an issued one can show the same."""
    beside = ("contractNumber", "documentFormat", "warnings")
    return {key: row[key] for key in row if key not in beside}


def made(record: DocumentRecord) -> dict[str, Any]:
    """An issued document in the words of a preview."""
    sections: Any = record.snapshot.get("contracts") or [
        {"number": record.snapshot["contractNumber"], "firstLine": 1, "lastLine": len(record.lines)}
    ]
    owner = {
        no: one["number"] for one in sections for no in range(one["firstLine"], one["lastLine"] + 1)
    }
    buyer: Any = record.snapshot["buyer"]
    return {
        "kind": record.kind.value,
        "customerNumber": buyer["number"],
        "contractNumbers": [one["number"] for one in sections],
        "issuedOn": str(record.issued_on),
        "dueOn": str(record.due_on),
        "currency": record.currency,
        "net": str(record.net.decimal),
        "vat": str(record.tax.decimal),
        "gross": str(record.gross.decimal),
        "lines": [
            {
                "article": line.article_number,
                "name": line.name,
                "from": str(line.service.start),
                "to": str(line.service.last_day),
                "quantity": _number(line.quantity),
                "unit": line.unit.value,
                "price": _number(line.price),
                "per": _number(line.base),
                "discount": str(line.discount.decimal),
                "net": str(line.net.decimal),
                "vatRate": _number(line.tax_rate),
                "text": line.description,
                "contractNumber": owner[line.no],
            }
            for line in record.lines
        ],
    }


def _number(value: Any) -> str:
    """A stored decimal has six places; a preview has as many as were given."""
    return f"{value.normalize():f}"


def plain(row: dict[str, Any]) -> dict[str, Any]:
    """The same row with numbers written alike."""
    lines = [
        {
            key: _number(Decimal(text)) if key in ("quantity", "price", "per", "vatRate") else text
            for key, text in line.items()
        }
        for line in row["lines"]
    ]
    return {**said(row), "lines": lines}


def issued(world: World, before: set[Any]) -> list[dict[str, Any]]:
    """What was issued since, in the order of the numbers."""
    with world.database.read(world.tenant.id) as tx:
        new = [one for one in document_ids(tx) if one not in before]
        records = read_documents(tx, new)
    return [made(record) for record in sorted(records, key=lambda one: one.number)]


def known(world: World) -> set[Any]:
    """The documents so far."""
    with world.database.read(world.tenant.id) as tx:
        return set(document_ids(tx))


def plain_data(draft: DraftDocument) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(json.dumps(draft_summary(draft)))
    return found
