"""What all rows of an entry say of it: day, document, text, and the way back to the journal."""

from faktura.kernel.terms import DocumentKind, EntryKind
from faktura.plugin import JournalEntryData
from faktura_datev.document_field import to_field
from faktura_datev.row import Voucher
from faktura_datev.text import as_cp1252, shortened_to

TEXT_LENGTH = 60
# A name of which less is left tells nobody anything.
_LEAST_NAME = 8


def voucher_of(entry: JournalEntryData, *, general_reversal: bool = False) -> Voucher:
    """The voucher of an entry; a full cancellation is a general reversal only where that is asked.

    Raises ExportRefused for a document number that has no place in Belegfeld 1.
    """
    return Voucher(
        on=entry.booked_on,
        document=to_field(entry.document_number) if entry.document_number else "",
        due=entry.due_on,
        text=_text(entry),
        mandate=entry.mandate or "",
        infos=tuple(_infos(entry)),
        link=str(entry.document_link) if entry.document_link else "",
        reversal=general_reversal and _cancels(entry),
    )


def meant_text(entry: JournalEntryData) -> str:
    """Customer and text of an entry before it is fitted into Buchungstext."""
    name = entry.customer_name or ""
    return entry.text if name in entry.text else f"{name} {entry.text}"


def _text(entry: JournalEntryData) -> str:
    """The name gives way first: what happened, to which document, is said by the entry's text."""
    whole = as_cp1252(meant_text(entry))
    name, text = as_cp1252(entry.customer_name or ""), as_cp1252(entry.text)
    room = TEXT_LENGTH - len(text) - 1
    if len(whole) <= TEXT_LENGTH or room < _LEAST_NAME or whole != f"{name} {text}":
        return shortened_to(whole, TEXT_LENGTH)
    return f"{shortened_to(name, room)} {text}"


def _infos(entry: JournalEntryData) -> list[tuple[str, str]]:
    infos = [("Journal", entry.key)]
    if entry.customer_number:
        infos.append(("Kunde", entry.customer_number))
    if entry.reverses_key:
        infos.append(("Kehrt um", entry.reverses_key))
    if entry.booked_on != entry.value_date:
        # P24: its own month was locked already.
        infos.append(("Wertstellung", f"{entry.value_date:%d.%m.%Y}"))
    if entry.service_month:
        infos.append(("Leistungsmonat", f"{entry.service_month:%m.%Y}"))
    return infos


def _cancels(entry: JournalEntryData) -> bool:
    # A part taken back of a right invoice is a posting of its own, not the first one undone.
    return entry.kind is EntryKind.CORRECTION and entry.document_kind is DocumentKind.CANCELLATION
