"""What subscribers read of a fact: one JSON object a delivery, the same over all its tries (F116).

An object's states are those of the fact, and absent once they are forgotten. What is open of an
invoice, and how far it is dunned, is as of the moment of sending.
"""

from collections.abc import Sequence
from datetime import UTC
from uuid import UUID

from pydantic_core import from_json, to_json

from faktura.domain.events import Delivery, object_number
from faktura.services.document_events import INVOICE
from faktura.services.event_states import State
from faktura.store.event_details import EventDetail, read_details
from faktura.store.invoice_heads import InvoiceHead, invoice_heads
from faktura.store.transaction import Tx

# By the type of object: under which names its states are told, after and before.
_STATES = {
    "customer": ("customer", "oldCustomer"),
    "item": ("item", "oldItem"),
    "contract": ("contract", "oldContract"),
}


def event_bodies(tx: Tx, deliveries: Sequence[Delivery]) -> dict[UUID, State]:
    """The body of each delivery, by its id; JSON values only, and no secret ever."""
    return {one: from_json(body) for one, body in body_texts(tx, deliveries).items()}


def body_texts(tx: Tx, deliveries: Sequence[Delivery]) -> dict[UUID, bytes]:
    """The same as they are signed and sent: UTF-8 JSON without blanks."""
    details = read_details(
        tx, {(one.object_id, one.sequence) for one in deliveries if one.object_type in _STATES}
    )
    heads = invoice_heads(tx, {one.object_id for one in deliveries if one.object_type == INVOICE})
    return {
        one.id: _body(one, details.get((one.object_id, one.sequence)), heads.get(one.object_id))
        for one in deliveries
    }


def _body(one: Delivery, detail: EventDetail | None, head: InvoiceHead | None) -> bytes:
    states = {} if detail is None else _states(one.object_type, detail)
    data = {name: value for name, value in one.data.items() if name not in states}
    if head is not None:
        data["invoice"] = _invoice(head)
    body = to_json(
        {
            "id": str(one.id),
            "type": one.type,
            "tenant": one.tenant_key,
            "sequence": one.sequence,
            "occurred_at": one.occurred_at.astimezone(UTC).isoformat(),
            "object": _object(one),
            "data": data,
        }
    )
    if not states:
        return body
    # States are long, and JSON already: they are put in as they are, behind what else the data says.
    told = ",".join(f'"{name}":{state}' for name, state in states.items())
    return b"%b%b%b}}" % (body[:-2], b"," if data else b"", told.encode())


def _object(one: Delivery) -> State:
    named: State = {"type": one.object_type, "id": str(one.object_id)}
    number = object_number(one.object_type, one.data)
    return named if number is None else {**named, "number": number}


def _states(object_type: str, detail: EventDetail) -> dict[str, str]:
    now, old = _STATES[object_type]
    told = ((now, detail.after), (old, detail.before))
    return {name: state for name, state in told if state is not None}


def _invoice(head: InvoiceHead) -> State:
    return {
        "number": head.number,
        "kind": head.kind.value,
        "issuedOn": head.issued_on.isoformat(),
        "dueOn": head.due_on.isoformat(),
        "currency": head.gross.currency,
        "net": str(head.net.decimal),
        "tax": str(head.tax.decimal),
        "gross": str(head.gross.decimal),
        "open": str(head.open.decimal),
        "dunningLevel": head.dunning_level,
    }
