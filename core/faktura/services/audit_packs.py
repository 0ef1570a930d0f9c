"""What an auditor asks about one document, gathered from one moment of the database (O27)."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

from faktura.domain.audit_pack import Head, PackedFact, PackedSeal
from faktura.domain.tenants import Tenant
from faktura.kernel.errors import IntegrityBroken
from faktura.store.audit_facts import (
    Settled,
    column_names,
    contract_ids_of,
    facts_about,
    family_of,
    seals_from,
    settled_by,
)
from faktura.store.documents import Rendering, document_id, read_documents, read_renderings
from faktura.store.exported_entries import ExportedEntry, exported_entries
from faktura.store.movement_lists import (
    DecisionView,
    MovementView,
    movements_by_id,
    read_decisions,
)
from faktura.store.sealed_facts import chain_end
from faktura.store.transaction import Tx


@dataclass(frozen=True, slots=True)
class BankLine:
    """A bank movement as the bank told it, and what was decided about it."""

    movement: MovementView
    decisions: tuple[DecisionView, ...]


@dataclass(frozen=True, slots=True)
class AuditPack:
    """All of a pack but the rendered bytes; `columns` names the values of the facts' rows."""

    number: str
    documents: tuple[str, ...]
    head: Head
    columns: dict[str, list[str]]
    facts: tuple[PackedFact, ...]
    seals: tuple[PackedSeal, ...]
    renderings: tuple[tuple[str, Rendering], ...]
    bank_lines: tuple[BankLine, ...]
    exports: tuple[ExportedEntry, ...]


def chain_head_of(tx: Tx, tenant: Tenant) -> Head:
    """Where the tenant's chain of seals ends now, to be kept where nobody here can change it."""
    end = chain_end(tx)
    if end is None:
        raise IntegrityBroken("the tenant has no chain of seals", place=f"tenant {tenant.key}")
    return Head(tenant.key, end.seal_seq, end.seal_hash.hex(), tx.now())


def gather_pack(tx: Tx, tenant: Tenant, number: str) -> AuditPack:
    """The facts about a document and about all that correct it or settle it; raises NotFound.

    Of its contracts the whole history, of the chain the seals from the first of these facts on.
    """
    family = family_of(tx, document_id(tx, number))
    settled = settled_by(tx, family)
    facts = tuple(facts_about(tx, family, contract_ids_of(tx, family), settled))
    sealed_under = {fact.seal for fact in facts}
    return AuditPack(
        number,
        tuple(record.number for record in read_documents(tx, family)),
        chain_head_of(tx, tenant),
        column_names(),
        facts,
        tuple(seals_from(tx, min(sealed_under), sealed_under)),
        _renderings(tx, family),
        _bank_lines(tx, settled),
        tuple(exported_entries(tx, _entry_numbers(facts))),
    )


def _renderings(tx: Tx, family: Collection[UUID]) -> tuple[tuple[str, Rendering], ...]:
    numbers = {record.id: record.number for record in read_documents(tx, family)}
    return tuple((numbers[one.document_id], one) for one in read_renderings(tx, family))


def _bank_lines(tx: Tx, settled: Settled) -> tuple[BankLine, ...]:
    return tuple(
        BankLine(movement, tuple(read_decisions(tx, movement.id)))
        for movement in movements_by_id(tx, settled.movements)
    )


def _entry_numbers(facts: Sequence[PackedFact]) -> list[int]:
    """The places in the journal: the first value of an entry's row."""
    return [
        first
        for fact in facts
        if fact.table == "journal_entry" and isinstance(first := fact.rows[0][0], int)
    ]
