"""What subscribers hear of new documents (P48)."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from faktura.domain.document_files import rendering_id
from faktura.domain.document_kinds import CORRECTING
from faktura.domain.events import Event, EventType
from faktura.domain.invoices import Original
from faktura.kernel.terms import DocumentKind, DocumentLinkKind
from faktura.store.documents import Rendering
from faktura.store.events import next_sequences
from faktura.store.facts import FrozenDocument
from faktura.store.transaction import Tx

INVOICE = "invoice"

_CREATED = {
    DocumentKind.CORRECTION: EventType.INVOICECORRECTION_CREATED,
    DocumentKind.CANCELLATION: EventType.INVOICECORRECTION_CREATED,
    DocumentKind.CREDIT_NOTE: EventType.CREDIT_NOTE_CREATED,
    DocumentKind.CREDIT_NOTE_CORRECTION: EventType.CREDIT_NOTE_CREATED,
}


def events_of(tx: Tx, documents: Sequence[FrozenDocument]) -> list[Event]:
    """One event for each document, and one for each that another one corrects."""
    events = [_created(frozen) for frozen in documents]
    corrections = [frozen for frozen in documents if frozen.draft.kind in CORRECTING]
    if not corrections:
        return events
    originals = {one.document_id for frozen in corrections for one in _corrected(frozen)}
    sequences = next_sequences(tx, sorted(originals))
    for frozen in corrections:
        for one in _corrected(frozen):
            cancelled = frozen.draft.kind is DocumentKind.CANCELLATION
            what = EventType.INVOICE_CANCELLED if cancelled else EventType.INVOICE_CORRECTED
            data: dict[str, object] = {
                "number": one.number,
                "customerNumber": frozen.draft.customer.number,
                "correction": frozen.number,
                "gross": str(frozen.draft.gross.decimal),
                "currency": frozen.draft.currency,
            }
            sequence = sequences[one.document_id]
            sequences[one.document_id] += 1
            events.append(Event(what, INVOICE, one.document_id, sequence, data))
    return events


def rendering_events(renderings: Sequence[Rendering], numbers: Mapping[UUID, str]) -> list[Event]:
    """One event for each new rendering: so its bytes stand under a seal as the document does (O15).

    A rendering is an object of its own: whoever pays or corrects the document meanwhile takes the
    document's numbers.
    """
    return [
        Event(
            EventType.DOCUMENT_RENDERED,
            "rendering",
            rendering_id(one.document_id, one.format, one.rule_set),
            1,
            {
                "number": numbers[one.document_id],
                "format": one.format,
                "ruleSet": one.rule_set,
                "mediaType": one.media_type,
                "size": one.size,
                "sha256": one.sha256.hex(),
            },
        )
        for one in renderings
    ]


def _corrected(frozen: FrozenDocument) -> list[Original]:
    return [one for one in frozen.draft.originals if one.why is DocumentLinkKind.CORRECTS]


def _created(frozen: FrozenDocument) -> Event:
    draft = frozen.draft
    data: dict[str, object] = {
        "number": frozen.number,
        "customerNumber": draft.customer.number,
        "contractNumber": None if draft.contracts else draft.contract.number,
        "gross": str(draft.gross.decimal),
        "currency": draft.currency,
        "dueDate": str(draft.due_on),
    }
    if draft.contracts:
        data["contractNumbers"] = list(draft.contract_numbers)
    if draft.kind is not DocumentKind.INVOICE:
        data["kind"] = draft.kind.value
    if corrected := _corrected(frozen):
        data["corrects"] = [one.number for one in corrected]
    what = _CREATED.get(draft.kind, EventType.INVOICE_CREATED)
    return Event(what, INVOICE, frozen.id, 1, data)
