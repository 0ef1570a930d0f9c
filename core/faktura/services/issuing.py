"""Issuing documents: checks, then number, snapshot, account, journal, events, seal.

Everything is decided before a number is spent; the number block is the last thing taken.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Protocol
from uuid import UUID

from faktura.domain.account import AccountHead, opened, recorded
from faktura.domain.consumer_notices import consumer_notice
from faktura.domain.costs import single_centre
from faktura.domain.customers import Customer
from faktura.domain.derivation import derivation_of
from faktura.domain.document_kinds import KINDS
from faktura.domain.documents import DocumentRecord, LineRecord
from faktura.domain.finalise import missing_fields
from faktura.domain.format_choice import ChosenBy, FormatChoice, format_of_customer
from faktura.domain.invoices import DraftDocument
from faktura.domain.posting import document_entry
from faktura.domain.snapshot import buyer_snapshot, document_snapshot, seller_snapshot
from faktura.domain.tenants import Tenant
from faktura.kernel.canonical import canonical_json
from faktura.kernel.errors import FinaliseRefused, PluginMissing
from faktura.plugin import DocumentFormat, Finding, Severity
from faktura.services.deferrals import revenue_to_defer
from faktura.services.deposit_receipts import deposit_receipts
from faktura.services.deposit_settlement import settle_deposits
from faktura.services.document_events import events_of
from faktura.services.invoice_view import invoice_document
from faktura.services.outbox import announce
from faktura.services.printed_document import mend_of
from faktura.services.render_jobs import have_rendered
from faktura.services.set_off import set_off
from faktura.store.accounts import OpenItem, account_heads
from faktura.store.deferrals import write_deferrals
from faktura.store.document_numbers import document_numbers
from faktura.store.facts import Facts, FrozenDocument, write_facts
from faktura.store.tenants import holding_accounts
from faktura.store.transaction import Tx

_NO_NUMBER_YET = "ENTWURF"
# Who asks for a format by its name, whether or not it is offered.
_ASKED_IN = {
    ChosenBy.CUSTOMER: "customer.documentFormat",
    ChosenBy.TENANT: "tenant.document_format",
}


class Formats(Protocol):
    """The document formats a tenant can use, by name."""

    def format_of(self, format_id: str) -> DocumentFormat:
        """The format of that name; raises PluginMissing."""
        ...

    @property
    def offered(self) -> frozenset[str]:
        """The names of all formats there are."""
        ...


@dataclass(frozen=True, slots=True)
class Prepared:
    """A draft that passed every check, frozen but for its id and number.

    `warnings` are what its format's rules say beside: they keep nothing from being issued.
    """

    draft: DraftDocument
    snapshot: str
    derivations: tuple[str, ...]
    format_id: str | None
    warnings: tuple[Finding, ...] = ()


@dataclass(slots=True)
class Desk:
    """Prepares the documents of one tenant; what their parts share is made once."""

    tenant: Tenant
    formats: Formats
    _seller: dict[str, object] = field(init=False)
    _buyers: dict[UUID, tuple[Customer, dict[str, object]]] = field(
        init=False, default_factory=dict
    )

    def __post_init__(self) -> None:
        """Freeze the seller once."""
        self._seller = seller_snapshot(self.tenant.seller)

    def prepare(self, draft: DraftDocument) -> Prepared:
        """Check a draft and freeze it; raises FinaliseRefused naming every field to fill (F044)."""
        missing = missing_fields(self.tenant, draft)
        if missing:
            raise FinaliseRefused(
                "; ".join(str(field) for field in missing),
                place=draft.place,
                mend="Fill these fields; the next run issues the invoice",
            )
        customer = draft.customer
        buyer = self._buyer(customer)
        chosen = format_of_customer(customer, self.tenant.document_format, self.formats.offered)
        format_id = None if chosen is None else chosen.format_id
        notice = consumer_notice(self.tenant, draft)
        snapshot = document_snapshot(draft, self._seller, buyer, format_id, notice)
        derivations = [derivation_of(charge, draft.contract_of(charge)) for charge in draft.charges]
        warnings: tuple[Finding, ...] = ()
        if chosen is not None:
            warnings = self._check_format(chosen, draft, snapshot, derivations)
        texts = tuple(canonical_json(facts) for facts in derivations)
        return Prepared(draft, canonical_json(snapshot), texts, format_id, warnings)

    def _buyer(self, customer: Customer) -> dict[str, object]:
        known = self._buyers.get(customer.id)
        # A correction names the ids of its original, the invoice beside it those of today.
        if known is None or known[0] != customer:
            known = self._buyers[customer.id] = customer, buyer_snapshot(customer)
        return known[1]

    def _check_format(
        self,
        chosen: FormatChoice,
        draft: DraftDocument,
        snapshot: Mapping[str, object],
        derivations: Sequence[Mapping[str, object]],
    ) -> tuple[Finding, ...]:
        """What the format's rules warn about; raises FinaliseRefused naming all that they forbid."""
        record = draft_record(draft, snapshot, derivations)
        findings = self._format(chosen, draft).check(invoice_document(record))
        errors = [finding for finding in findings if finding.severity is Severity.ERROR]
        if errors:
            raise FinaliseRefused(
                "; ".join(f"{finding.term} {finding.message}" for finding in errors),
                place=f"{draft.place}, format {chosen.format_id}",
                mend=f"Fill {', '.join(dict.fromkeys(mend_of(draft.kind, one.mend) for one in errors))}",
            )
        return findings

    def _format(self, chosen: FormatChoice, draft: DraftDocument) -> DocumentFormat:
        """The chosen format; raises FinaliseRefused with the field that asks for one not offered."""
        try:
            return self.formats.format_of(chosen.format_id)
        except PluginMissing as missing:
            field_name = _ASKED_IN.get(chosen.chosen_by)
            if field_name is None:
                raise
            offered = ", ".join(sorted(self.formats.offered)) or "none"
            raise FinaliseRefused(
                missing.problem,
                place=f"{draft.place}, {field_name}",
                mend=f"Change {field_name} or enable the plugin of that format; offered: {offered}",
            ) from None


def draft_record(
    draft: DraftDocument,
    snapshot: Mapping[str, object],
    derivations: Sequence[Mapping[str, object]],
) -> DocumentRecord:
    """A draft in the form of an issued document, for previews and checks."""
    return DocumentRecord(
        draft.contract.id,
        _NO_NUMBER_YET,
        draft.kind,
        draft.customer.id,
        None if draft.single_contract is None else draft.single_contract.id,
        draft.issued_on,
        draft.due_on,
        draft.service,
        draft.currency,
        draft.net,
        draft.tax,
        draft.gross,
        snapshot,
        tuple(
            LineRecord(
                no,
                charge.article.number,
                charge.article.name,
                charge.text or charge.article.description,
                charge.quantity,
                charge.unit,
                charge.price,
                charge.base,
                charge.list_net,
                charge.discount_amount,
                charge.net,
                charge.tax.case,
                charge.tax.category,
                charge.tax.rate,
                charge.tax.country,
                charge.service,
                single_centre(charge.costs),
                derivation,
                charge.costs,
            )
            for no, (charge, derivation) in enumerate(
                zip(draft.charges, derivations, strict=True), 1
            )
        ),
    )


def issue(
    tx: Tx, tenant: Tenant, prepared: Sequence[Prepared], *, on: date, run_id: UUID | None
) -> list[FrozenDocument]:
    """Number and write prepared documents with all that follows from them, under one seal.

    Deposits are deducted, released and taxed as the documents have it (F061). What a correction
    takes back is set off against the document it corrects, then against the new
    invoices beside it. The customers' accounts are locked by the caller. Returns the documents in
    the given order.
    """
    if not prepared:
        return []
    tenant = holding_accounts(tx, tenant)
    heads = account_heads(tx, {ready.draft.customer.id for ready in prepared})
    numbers = document_numbers(tx, [ready.draft.kind for ready in prepared], on)
    facts = Facts()
    for ready, number in zip(prepared, numbers, strict=True):
        frozen = frozen_document(tx, ready, number, run_id)
        gather_document(facts, tenant, frozen, heads)
    settle_deposits(tx, tenant, facts, heads, on)
    facts.allocations.extend(set_off(tx, facts))
    if facts.allocations:
        facts.entries.extend(deposit_receipts(tx, tenant, facts, on))
    facts.events.extend(events_of(tx, facts.documents))
    announce(tx, write_facts(tx, facts))
    if deferrals := revenue_to_defer(tx, tenant, facts.documents):
        write_deferrals(tx, deferrals)
    render(tx, prepared, facts.documents)
    return facts.documents


def frozen_document(tx: Tx, ready: Prepared, number: str, run_id: UUID | None) -> FrozenDocument:
    """A prepared document with an id and that number."""
    return FrozenDocument(
        tx.new_id(), number, ready.draft, ready.snapshot, ready.derivations, run_id
    )


def render(tx: Tx, prepared: Sequence[Prepared], frozen: Sequence[FrozenDocument]) -> None:
    """Have documents rendered, each in the format it was prepared for, once they are committed."""
    have_rendered(
        tx, [(one.id, ready.format_id) for one, ready in zip(frozen, prepared, strict=True)]
    )


def gather_document(
    facts: Facts,
    tenant: Tenant,
    frozen: FrozenDocument,
    heads: dict[tuple[UUID, str], AccountHead],
) -> None:
    """Add a document with its account transaction, entry and open item; `heads` move on with it."""
    draft = frozen.draft
    key = draft.customer.id, draft.currency
    rules = KINDS[draft.kind]
    posted, heads[key] = recorded(
        heads.get(key) or opened(draft.currency),
        draft.customer.id,
        rules.fact,
        draft.gross,
        value_date=draft.issued_on,
        text=f"{rules.title} {frozen.number}",
        source=f"{rules.key}:{frozen.number}",
        document_id=frozen.id,
    )
    facts.documents.append(frozen)
    facts.transactions.append(posted)
    entry = document_entry(tenant, draft, document_id=frozen.id, number=frozen.number)
    if entry is not None:
        facts.entries.append(entry)
    if draft.gross:
        facts.open_items.append(
            OpenItem(frozen.id, draft.customer.id, frozen.number, draft.gross, draft.due_on)
        )
