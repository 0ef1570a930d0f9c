"""From charges to a draft document: totals, VAT table, due date (P11, P12).

VAT is computed per (category, rate) on the sum of the rounded lines, never per line.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from faktura.domain.billing_plan import PlannedInvoice
from faktura.domain.charges import Charge
from faktura.domain.contracts import Contract
from faktura.domain.customers import Customer
from faktura.domain.deposit_facts import CreditPart, DeductedDeposit
from faktura.domain.payment_terms import PaymentTerm
from faktura.domain.tenants import Tenant
from faktura.kernel.decimals import LIMIT
from faktura.kernel.errors import OutOfRange
from faktura.kernel.money import Money
from faktura.kernel.periods import Period
from faktura.kernel.rounding import percent_of
from faktura.kernel.terms import DocumentKind, DocumentLinkKind, PaymentMethod, TaxCategory


@dataclass(frozen=True, slots=True)
class VatTotal:
    """One row of the VAT table: the sum of the lines of a category and rate, and their tax."""

    category: TaxCategory
    rate: Decimal
    taxable: Money
    tax: Money
    reason: str = ""
    reason_code: str = ""


@dataclass(frozen=True, slots=True)
class Original:
    """An issued document that another one names, and why (BG-3)."""

    document_id: UUID
    number: str
    issued_on: date
    why: DocumentLinkKind
    kind: DocumentKind


@dataclass(frozen=True, slots=True)
class DraftDocument:
    """A document without its number: all that will be frozen when it is issued.

    Amounts are signed as the customer's account sees them: what a correction takes back is
    negative. `contracts` are those of a collective invoice in the order of its lines (F053);
    `contract` is the first of them. `reason` says on a correction why it was made. A final
    invoice deducts `deposits`; a deposit out of a payment without invoice is `paid_by` parts of it
    (F061).
    """

    kind: DocumentKind
    customer: Customer
    contract: Contract
    currency: str
    issued_on: date
    due_on: date
    payment_method: PaymentMethod
    payment_term: PaymentTerm
    charges: tuple[Charge, ...]
    vat: tuple[VatTotal, ...]
    net: Money
    tax: Money
    gross: Money
    service: Period
    originals: tuple[Original, ...] = ()
    contracts: tuple[Contract, ...] = ()
    reason: str = ""
    deposits: tuple[DeductedDeposit, ...] = ()
    paid_by: tuple[CreditPart, ...] = ()

    @property
    def single_contract(self) -> Contract | None:
        """The contract that the document is of; None for a collective invoice."""
        return None if self.contracts else self.contract

    @property
    def contract_numbers(self) -> tuple[str, ...]:
        """The numbers of all its contracts, in the order of its lines."""
        return tuple(contract.number for contract in self.contracts or (self.contract,))

    @property
    def place(self) -> str:
        """Where an error about it is to be looked for: `contract V-1`, `contracts V-1, V-2`."""
        numbers = ", ".join(self.contract_numbers)
        return f"contracts {numbers}" if self.contracts else f"contract {numbers}"

    def contract_of(self, charge: Charge) -> Contract:
        """The contract that a line is of."""
        for contract in self.contracts:
            if contract.id == charge.contract_id:
                return contract
        return self.contract


def vat_table(charges: Sequence[Charge], currency: str) -> tuple[VatTotal, ...]:
    """Rows by category and falling rate; reasons of one row are joined."""
    sums: dict[tuple[TaxCategory, Decimal], int] = {}
    words: dict[tuple[TaxCategory, Decimal], dict[tuple[str, str], None]] = {}
    for charge in charges:
        key = charge.tax.category, charge.tax.rate
        sums[key] = sums.get(key, 0) + charge.net.minor
        words.setdefault(key, {})[charge.tax.reason, charge.tax.reason_code] = None
    rows = []
    for (category, rate), minor in sorted(sums.items(), key=lambda row: (row[0][0], -row[0][1])):
        taxable = Money(minor, currency)
        reasons = words[category, rate]
        codes = [code for _, code in reasons if code]
        rows.append(
            VatTotal(
                category,
                rate,
                taxable,
                percent_of(taxable, rate),
                "; ".join(reason for reason, _ in reasons if reason),
                codes[0] if len(codes) == len(reasons) == 1 else "",
            )
        )
    return tuple(rows)


def service_of(charges: Sequence[Charge]) -> Period:
    """The service period of a document: from the first to the last day of its lines."""
    return Period(
        min(charge.service.start for charge in charges),
        max(charge.service.end for charge in charges),
    )


def draft_invoice(tenant: Tenant, planned: PlannedInvoice, on: date) -> DraftDocument:
    """The draft of a planned invoice; invoice date = run date, service date = the periods (P5).

    The contract's payment method and term override the customer's, and those the tenant's (F011).
    Raises OutOfRange for a line of 10^12 and more.
    """
    contract, customer, charges = planned.contract, planned.customer, planned.charges
    _check_sizes(charges)
    vat = vat_table(charges, contract.currency)
    net = Money(sum(row.taxable.minor for row in vat), contract.currency)
    tax = Money(sum(row.tax.minor for row in vat), contract.currency)
    term = contract.payment_term or customer.payment_term or tenant.payment_term
    return DraftDocument(
        DocumentKind.INVOICE,
        customer,
        contract,
        contract.currency,
        on,
        term.due_on(on),
        contract.payment_method or customer.payment_method,
        term,
        charges,
        vat,
        net,
        tax,
        net + tax,
        service_of(charges),
    )


def _check_sizes(charges: Sequence[Charge]) -> None:
    """Refuse before a number is spent what no column could hold, once summed on an account."""
    for charge in charges:
        if abs(charge.list_net.decimal) >= LIMIT:
            raise OutOfRange(
                f"{charge.article.number} comes to {charge.list_net}",
                place="quantity × price",
                mend="Correct the quantity or the price",
            )


def draft_summary(draft: DraftDocument) -> dict[str, object]:
    """A draft in plain data, for previews and for drafts that wait for a person."""
    return {
        "kind": draft.kind.value,
        "customerNumber": draft.customer.number,
        "contractNumber": None if draft.contracts else draft.contract.number,
        "contractNumbers": list(draft.contract_numbers),
        "issuedOn": str(draft.issued_on),
        "dueOn": str(draft.due_on),
        "currency": draft.currency,
        "net": str(draft.net.decimal),
        "vat": str(draft.tax.decimal),
        "gross": str(draft.gross.decimal),
        "lines": [
            {
                "article": charge.article.number,
                "name": charge.article.name,
                "from": str(charge.service.start),
                "to": str(charge.service.last_day),
                "quantity": f"{charge.quantity:f}",
                "unit": charge.unit.value,
                "price": f"{charge.price:f}",
                "per": f"{charge.base:f}",
                "discount": str(charge.discount_amount.decimal),
                "net": str(charge.net.decimal),
                "vatRate": f"{charge.tax.rate:f}",
                "text": charge.text,
                "contractNumber": draft.contract_of(charge).number,
            }
            for charge in draft.charges
        ],
    }
