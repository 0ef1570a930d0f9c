"""Which facts are written of to customers, and what writing needs beside the fact (F087, F093, F084)."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from faktura.domain.events import EventType
from faktura.domain.mails import MailAsk
from faktura.kernel.outbox_terms import MailUse
from faktura.kernel.terms import DocumentKind
from faktura.store.events import SealedEvent
from faktura.store.mail_documents import document_ids_of
from faktura.store.mails import customer_ids
from faktura.store.transaction import Tx

_DOCUMENTS = frozenset(
    {
        EventType.INVOICE_CREATED,
        EventType.INVOICECORRECTION_CREATED,
        EventType.CREDIT_NOTE_CREATED,
    }
)
# A document of the charges is asked for by its notice, an opening item by the other system (P54).
_USES: Mapping[DocumentKind, MailUse] = {
    DocumentKind.INVOICE: MailUse.INVOICE,
    DocumentKind.DEPOSIT: MailUse.INVOICE,
    DocumentKind.FINAL: MailUse.INVOICE,
    DocumentKind.CORRECTION: MailUse.CORRECTION,
    DocumentKind.CANCELLATION: MailUse.CORRECTION,
    DocumentKind.CREDIT_NOTE: MailUse.CREDIT_NOTE,
    DocumentKind.CREDIT_NOTE_CORRECTION: MailUse.CREDIT_NOTE,
}
_NOTICES: Mapping[object, MailUse] = {
    "PAYMENT_FAILED": MailUse.PAYMENT_FAILED,
    "ACTION_NEEDED": MailUse.PAYMENT_FAILED,
    "CHARGEBACK": MailUse.CHARGEBACK,
}
# Of a notice nothing is kept beside its event but what its text says: no address, no link.
_NOTICE_FIELDS = (
    "notice",
    "invoices",
    "contracts",
    "method",
    "amount",
    "currency",
    "reason",
    "followUp",
    "changed",
    "nextRetryAt",
)


def asks_of(tx: Tx, events: Sequence[SealedEvent]) -> list[MailAsk]:
    """The mails that these events are written of by, in their order; most events by none."""
    told = [(one, use) for one in events if (use := use_of(one.type, one.data)) is not None]
    if not told:
        return []
    owners = customer_ids(tx, [_customer(one) for one, _ in told])
    named = document_ids_of(tx, [n for one, _ in told if (n := _only_invoice(one)) is not None])
    return [
        MailAsk(
            use,
            fact_of(one.object_id, one.sequence),
            one.lane,
            owners.get(_customer(one)),
            _document(one, named),
            _given(one),
        )
        for one, use in told
    ]


def use_of(event_type: str, data: Mapping[str, object]) -> MailUse | None:
    """What a mail of such an event is for; None where nobody is written to."""
    if event_type in _DOCUMENTS:
        by_type = (
            DocumentKind.CORRECTION
            if event_type == EventType.INVOICECORRECTION_CREATED
            else DocumentKind.INVOICE
        )
        return _USES.get(DocumentKind(str(data.get("kind") or by_type)))
    if event_type == EventType.CUSTOMER_NOTICE:
        return _NOTICES.get(data.get("notice"))
    return MailUse.DUNNING if event_type == EventType.DUNNING_CREATED else None


def fact_of(object_id: UUID, sequence: int) -> str:
    """What a mail of an event names as its fact."""
    return f"event:{object_id.hex}:{sequence}"


def _customer(one: SealedEvent) -> str:
    return str(one.data.get("customerNumber") or one.data.get("customer") or "")


def _only_invoice(one: SealedEvent) -> str | None:
    """The document of a notice that is about one alone."""
    invoices = one.data.get("invoices")
    if one.type != EventType.CUSTOMER_NOTICE or not isinstance(invoices, list):
        return None
    return str(invoices[0]) if len(invoices) == 1 else None


def _document(one: SealedEvent, named: Mapping[str, UUID]) -> UUID | None:
    if one.type in _DOCUMENTS:
        return one.object_id
    number = _only_invoice(one)
    return None if number is None else named.get(number)


def _given(one: SealedEvent) -> dict[str, object]:
    match one.type:
        case EventType.CUSTOMER_NOTICE:
            return {name: one.data[name] for name in _NOTICE_FIELDS if name in one.data}
        case EventType.DUNNING_CREATED:
            return {"notice": str(one.data.get("notice") or one.object_id)}
        case _:
            return {}
