"""What only the page shows of a frozen document: texts before and behind the lines, its deposits."""

from collections.abc import Iterator
from typing import cast

from faktura.domain.deposit_facts import deducted_deposits
from faktura.domain.deposit_table import Whole, deposit_notes, rates_of_deposits, rest_after
from faktura.domain.document_kinds import SELF_BILLED
from faktura.domain.document_words import document_words
from faktura.domain.documents import DocumentRecord, LineRecord
from faktura.domain.snapshot_fields import (
    Frozen,
    language_of,
    rows_of_snapshot,
    text_of_snapshot,
)
from faktura.plugin import DepositRow, DepositTable, Note, PrintDetails
from faktura.services.payment_view import PaymentView


def print_details(record: DocumentRecord, payment: PaymentView) -> PrintDetails:
    """The details of a frozen document; why it was corrected stands before the lines."""
    snapshot = record.snapshot
    language = language_of(snapshot)
    reason = text_of_snapshot(snapshot, "reason")
    why = (document_words(language).reason.format(reason=reason),) if reason else ()
    return PrintDetails(
        kind=record.kind,
        language=language,
        header_texts=(*why, *_texts(snapshot, "headerText", language)),
        footer_texts=(*_texts(snapshot, "footerText", language), *_notice(snapshot)),
        deposits=_deposits(record),
        collect_on=payment.collect_on,
    )


def document_notes(record: DocumentRecord, printed: PrintDetails) -> tuple[Note, ...]:
    """All that is printed as text (BG-1): what we write for a partner says so first.

    § 14 Abs. 4 Nr. 10 UStG asks for the word; the page has it as title, a file needs the note.
    """
    word = document_words(printed.language).titles.get(record.kind)
    whole = Whole(record.net, record.tax)
    texts = (
        *((word,) if word and record.kind in SELF_BILLED else ()),
        *printed.header_texts,
        *printed.footer_texts,
        *deposit_notes(record.snapshot, whole, printed.language),
    )
    return tuple(Note(text=text) for text in texts)


def contract_of_line(snapshot: Frozen, line: LineRecord, language: str) -> str:
    """The contract of a line on a collective invoice (F053); "" on any other document."""
    for section in _sections(snapshot):
        if cast("int", section["firstLine"]) <= line.no <= cast("int", section["lastLine"]):
            return _contract(section, language)
    return ""


def _texts(snapshot: Frozen, key: str, language: str) -> Iterator[str]:
    """The document's own text; on a collective invoice those of each contract, named (F053)."""
    own = text_of_snapshot(snapshot, key)
    if own:
        yield own
    for section in _sections(snapshot):
        text = text_of_snapshot(section, key)
        if text:
            yield f"{_contract(section, language)}: {text}"


def _notice(snapshot: Frozen) -> Iterator[str]:
    """What a consumer is told about default (§ 286 Abs. 3 BGB)."""
    notice = text_of_snapshot(snapshot, "consumerNotice")
    if notice:
        yield notice


def _sections(snapshot: Frozen) -> list[Frozen]:
    """The contracts of a collective invoice; none of any other document."""
    return rows_of_snapshot(snapshot, "contracts")


def _contract(section: Frozen, language: str) -> str:
    return document_words(language).contract.format(number=section["number"])


def _deposits(record: DocumentRecord) -> DepositTable | None:
    deposits = deducted_deposits(record.snapshot)
    if not deposits:
        return None
    rows = rates_of_deposits(deposits, record.currency)
    rest = rest_after(Whole(record.net, record.tax), rows)
    return DepositTable(
        rows=tuple(
            DepositRow(
                number=row.deposit.number,
                issued_on=row.deposit.issued_on,
                received_on=row.deposit.received_on,
                net=row.net.decimal,
                vat_rate=row.rate,
                vat=row.tax.decimal,
                gross=(row.net + row.tax).decimal,
            )
            for row in rows
        ),
        remaining_net=rest.net.decimal,
        remaining_vat=rest.tax.decimal,
    )
