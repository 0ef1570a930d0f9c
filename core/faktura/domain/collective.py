"""Collective invoices: what one customer owes on several contracts, on one document (F053).

Joined is what falls due on the same day, of the same project, and agrees in all that stands once on
a document. Each contract keeps its lines together, with its own header and footer.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import chain, groupby
from uuid import UUID

from faktura.domain.billing_plan import PlannedInvoice
from faktura.domain.contracts import Contract
from faktura.domain.customers import Recipient
from faktura.domain.invoices import DraftDocument, draft_invoice
from faktura.domain.payment_terms import PaymentTerm
from faktura.domain.tenants import Tenant
from faktura.kernel.terms import PaymentMethod, TaxCategory


@dataclass(frozen=True, slots=True)
class _Head:
    """What stands once on a document; `ordinal` parts the missed intervals of a contract (P5)."""

    customer_id: UUID
    project_id: UUID
    due_on: date
    ordinal: int
    currency: str
    payment_method: PaymentMethod
    payment_term: PaymentTerm
    order_reference: str
    recipients: tuple[Recipient, ...]
    # BR-O-11: what is not taxable stands alone on its document.
    not_taxable: bool


@dataclass(frozen=True, slots=True)
class Section:
    """The lines of one contract on a collective invoice, both ends inclusive, counted from 1."""

    contract: Contract
    first_line: int
    last_line: int


def grouped(tenant: Tenant, planned: Sequence[PlannedInvoice]) -> list[tuple[PlannedInvoice, ...]]:
    """Planned invoices that become one document each: oldest due day first, by contract number.

    `planned` has the invoices of each contract in their order. Recipients count as a set: in
    another order they get the same letter.
    """
    found: dict[_Head, list[PlannedInvoice]] = {}
    before: dict[tuple[UUID, date], int] = {}
    for invoice in planned:
        key = invoice.contract.id, invoice.due_on
        before[key] = before.get(key, 0) + 1
        found.setdefault(_head(tenant, invoice, before[key]), []).append(invoice)
    groups = [tuple(sorted(group, key=_number)) for group in found.values()]
    return sorted(groups, key=lambda group: (group[0].due_on, _number(group[0])))


def _number(invoice: PlannedInvoice) -> tuple[str, int]:
    return invoice.contract.number, invoice.interval


def _head(tenant: Tenant, invoice: PlannedInvoice, ordinal: int) -> _Head:
    contract, customer = invoice.contract, invoice.customer
    return _Head(
        customer.id,
        contract.project_id,
        invoice.due_on,
        ordinal,
        contract.currency,
        contract.payment_method or customer.payment_method,
        contract.payment_term or customer.payment_term or tenant.payment_term,
        contract.order_reference or customer.order_reference,
        tuple(sorted(contract.recipients, key=lambda one: (one.email, one.use))),
        any(charge.tax.category is TaxCategory.O for charge in invoice.charges),
    )


def collective_invoice(tenant: Tenant, group: Sequence[PlannedInvoice], on: date) -> DraftDocument:
    """One draft of a group's invoices, lines by contract; of a single one it is that one's draft."""
    first = group[0]
    if len(group) == 1:
        return draft_invoice(tenant, first, on)
    charges = tuple(chain.from_iterable(invoice.charges for invoice in group))
    draft = draft_invoice(tenant, replace(first, charges=charges), on)
    return replace(draft, contracts=tuple(invoice.contract for invoice in group))


def sections(document: DraftDocument) -> list[Section]:
    """The contracts of a collective invoice with their lines; none of any other document."""
    contracts = {contract.id: contract for contract in document.contracts}
    if not contracts:
        return []
    numbered = enumerate(document.charges, 1)
    groups = [
        (contract_id, [no for no, _ in lines])
        for contract_id, lines in groupby(numbered, key=lambda line: line[1].contract_id)
    ]
    return [
        Section(contracts[contract_id], numbers[0], numbers[-1])
        for contract_id, numbers in groups
        if contract_id in contracts
    ]
