"""Issued documents in a format: what to render, in which, and the record of what was rendered."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import cast
from uuid import UUID

from faktura.domain.documents import DocumentRecord
from faktura.domain.format_choice import Buyer, format_for
from faktura.domain.tenants import Tenant
from faktura.kernel.errors import FieldMissing, IntegrityBroken, RenderRefused
from faktura.kernel.terms import DocumentKind
from faktura.plugin import DocumentFormat, Finding
from faktura.services.document_events import rendering_events
from faktura.services.invoice_view import invoice_document
from faktura.services.outbox import announce
from faktura.store.billing import read_run_record
from faktura.store.documents import (
    Rendering,
    document_id,
    document_ids,
    lock_documents,
    read_document,
    read_renderings,
    write_renderings,
)
from faktura.store.facts import Facts, write_facts
from faktura.store.transaction import Tx


@dataclass(frozen=True, slots=True)
class Selection:
    """Which documents: one by its number, those of a billing run, these ids, or all."""

    number: str | None = None
    run_id: UUID | None = None
    ids: tuple[UUID, ...] | None = None


@dataclass(frozen=True, slots=True)
class Recorded:
    """What stands for each document that was rendered, and how many of them are new."""

    standing: tuple[Rendering, ...]
    new: int


def selected(tx: Tx, selection: Selection) -> list[UUID]:
    """Ids of the documents in the order of their numbers; of opening items only one that is named.

    Raises NotFound for an unknown number and for a run that does not exist.
    """
    if selection.number is not None:
        return [document_id(tx, selection.number)]
    if selection.ids is not None:
        return list(selection.ids)
    found = list(document_ids(tx, run_id=selection.run_id, rendered=True))
    if selection.run_id is not None and not found:
        # A run without documents is one all the same.
        read_run_record(tx, selection.run_id)
    return found


def own_format(record: DocumentRecord, tenant_format: str | None, offered: Collection[str]) -> str:
    """The format that a document was issued for; one without goes by the rule for new ones.

    Raises RenderRefused for an opening item, FieldMissing where no format fits.
    """
    check_rendered(record)
    frozen = record.snapshot["format"]
    if frozen:
        return str(frozen)
    buyer = cast("Mapping[str, object]", record.snapshot["buyer"])
    facts = Buyer(None, str(buyer["leitwegId"] or ""), bool(buyer["isBusiness"]))
    choice = format_for(facts, tenant_format, offered)
    if choice is None:
        raise FieldMissing(
            "no format is named, and neither the customer nor the tenant has one",
            place="format",
            mend="Name the format to have it in",
        )
    return choice.format_id


def own_format_of(tx: Tx, tenant: Tenant, offered: Collection[str], number: str) -> str:
    """The format of the document of that number, as `own_format`; raises NotFound as well."""
    return own_format(read_document(tx, number), tenant.document_format, offered)


def check_document(tx: Tx, document_format: DocumentFormat, number: str) -> tuple[Finding, ...]:
    """What a format's rules say about an issued document; raises NotFound, RenderRefused."""
    record = read_document(tx, number)
    check_rendered(record)
    return document_format.check(invoice_document(record))


def check_rendered(record: DocumentRecord) -> None:
    """Raise RenderRefused for what no format writes: opening items (P54) and charges of dunning."""
    if record.kind is DocumentKind.OPENING:
        raise RenderRefused(
            "an opening item is never rendered (P54): it was issued by another system",
            place=f"document {record.number}",
            mend="Take the document from the system that issued it",
        )
    if record.kind is DocumentKind.DUNNING:
        raise RenderRefused(
            "charges of dunning are never rendered: the customer gets the notice",
            place=f"document {record.number}",
            mend="Take the notice's letter: faktura dunning letter",
        )


def record_renderings(
    tx: Tx, rendered: Sequence[Rendering], numbers: Mapping[UUID, str]
) -> Recorded:
    """Record renderings whose bytes are durable; one that was recorded meanwhile stands instead.

    Raises IntegrityBroken when a document was rendered before under the same rules and its bytes
    were others: rendering reads frozen data only, so something has changed that must not.
    """
    lock_documents(tx, [one.document_id for one in rendered])
    present: dict[tuple[UUID, str], list[Rendering]] = {}
    for known in read_renderings(tx, [one.document_id for one in rendered]):
        present.setdefault((known.document_id, known.format), []).append(known)
    fresh, standing = [], []
    for one in rendered:
        before = present.get((one.document_id, one.format))
        if before is None:
            fresh.append(one)
            standing.append(one)
        else:
            _check_same(one, before, numbers[one.document_id])
            standing.append(before[-1])
    write_renderings(tx, fresh)
    if fresh:
        announce(tx, write_facts(tx, Facts(events=rendering_events(fresh, numbers))))
    return Recorded(tuple(standing), len(fresh))


def _check_same(one: Rendering, before: Sequence[Rendering], number: str) -> None:
    for known in before:
        if known.rule_set == one.rule_set and known.sha256 != one.sha256:
            raise IntegrityBroken(
                f"it has other bytes than when it was rendered first ({one.rule_set})",
                place=f"document {number}, format {one.format}",
                mend="Run `faktura verify`; the first bytes are in the content store under"
                f" {known.sha256.hex()}",
            )
