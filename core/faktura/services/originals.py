"""Issued documents that are to be taken back: seen, locked, and looked at again under the lock (F064)."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from faktura.domain.articles import Article
from faktura.domain.contracts import Contract
from faktura.domain.corrections import Correctable
from faktura.domain.document_kinds import KINDS
from faktura.domain.documents import DocumentRecord
from faktura.domain.tenants import Tenant
from faktura.kernel.clock import local_date
from faktura.kernel.errors import Conflict, OutOfRange
from faktura.kernel.terms import DocumentKind, DocumentLinkKind
from faktura.services.billing_runs import check_run_date
from faktura.services.reversals import correctables, is_given_up
from faktura.store.contracts import read_contracts
from faktura.store.customers import lock_customers, read_customers_by_id
from faktura.store.document_contracts import contracts_of_documents
from faktura.store.document_links import LinkedDocument, naming
from faktura.store.documents import no_document, read_document
from faktura.store.transaction import Tx
from faktura.store.written_off import given_up


@dataclass(frozen=True, slots=True)
class LockedOriginal:
    """A document, nobody else writes to whose customer's account, and the articles of its lines.

    `contracts` are all that it bills; `document` has what corrections took off its lines so far.
    """

    document: Correctable
    articles: Mapping[str, Article]
    contracts: tuple[Contract, ...]
    named_by: tuple[LinkedDocument, ...]

    @property
    def record(self) -> DocumentRecord:
        """The document as it was frozen."""
        return self.document.record

    @property
    def corrections(self) -> list[str]:
        """Numbers of the documents that correct it."""
        why = DocumentLinkKind.CORRECTS
        return [one.number for one in self.named_by if one.why is why]


def locked_original(
    tx: Tx, number: str, kinds: Collection[DocumentKind], projects: Collection[UUID] | None = None
) -> LockedOriginal:
    """The document of that number, if it is of one of these kinds.

    Raises NotFound, in the same words for one that only other `projects` (None: all) may see, and
    Conflict for another kind (F064), or where a part was given up: its VAT is corrected already.
    """
    seen, contracts = visible_record(tx, number, projects)
    if seen.kind not in kinds:
        raise Conflict(
            f"{number} is of kind {seen.kind} and not taken back this way (F064)",
            place="invoiceNumber",
            mend=f"Possible for {', '.join(sorted(kinds))}",
        )
    lock_customers(tx, [seen.customer_id])
    if given_up(tx, [seen.id]):
        raise is_given_up(number)
    (customer,) = read_customers_by_id(tx, [seen.customer_id]).values()
    ((document, articles),) = correctables(tx, contracts[0], customer, [seen.id])
    if seen.contract_id is None:
        document = replace(document, contracts=contracts)
    return LockedOriginal(document, articles, contracts, tuple(naming(tx, seen.id)))


def visible_record(
    tx: Tx, number: str, projects: Collection[UUID] | None = None
) -> tuple[DocumentRecord, tuple[Contract, ...]]:
    """The document of that number with its contracts; raises NotFound as `locked_original`."""
    seen = read_document(tx, number)
    contracts = tuple(read_contracts(tx, _contract_numbers(tx, seen)))
    if projects is not None and not (
        contracts and all(contract.project_id in projects for contract in contracts)
    ):
        raise no_document(number)
    return seen, contracts


def _contract_numbers(tx: Tx, record: DocumentRecord) -> list[str]:
    """The contracts of a document in the order of its lines; none of an opening item."""
    if record.contract_id is not None:
        return [str(record.snapshot["contractNumber"])]
    sections = record.snapshot.get("contracts")
    if isinstance(sections, list):
        return list(dict.fromkeys(str(one["number"]) for one in sections))
    found: Iterable[str] = (
        one.number for one in contracts_of_documents(tx, [record.id]).get(record.id, ())
    )
    return list(found)


def day_of_correction(tx: Tx, tenant: Tenant, original: DocumentRecord, on: date | None) -> date:
    """The day on which a document is corrected: today where none is given, never before its own.

    Raises OutOfRange.
    """
    today = local_date(tx.clock, tenant.time_zone)
    if on is None:
        return max(today, original.issued_on)
    check_run_date(on, today, field="date")
    if on < original.issued_on:
        raise OutOfRange(
            f"{original.number} was issued on {original.issued_on}: it cannot be corrected on {on}",
            place="date",
            mend=f"Use {original.issued_on} or later",
        )
    return on


def check_uncorrected(original: LockedOriginal) -> None:
    """Raise Conflict where any part of the document is taken back already (F064)."""
    if original.corrections:
        raise Conflict(
            f"{original.record.number} is corrected by {', '.join(original.corrections)} (F064)",
            place="invoiceNumber",
            mend="Correct what is left of it",
        )


def check_not_deducted(tx: Tx, original: LockedOriginal) -> None:
    """Raise Conflict where a final invoice that stands deducts the deposit (F064)."""
    for one in original.named_by:
        if one.why is not DocumentLinkKind.DEDUCTS or _is_cancelled(tx, one.id):
            continue
        raise Conflict(
            f"{KINDS[one.kind].title} {one.number} deducts {original.record.number} (F064)",
            place="invoiceNumber",
            mend=f"Cancel {one.number} first",
        )


def _is_cancelled(tx: Tx, document_id: UUID) -> bool:
    return any(one.kind is DocumentKind.CANCELLATION for one in naming(tx, document_id))
