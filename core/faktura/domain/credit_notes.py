"""Settlement credit notes: we bill ourselves for what a partner supplies (F066, § 14 Abs. 2 UStG).

The partner is the supplier, we are the buyer; on the partner's account the amount is negative, as we
owe it. The VAT is the partner's.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from faktura.domain.articles import Article, PickedPrice, Price
from faktura.domain.charges import Charge
from faktura.domain.contracts import Contract
from faktura.domain.corrections import AT_ONCE
from faktura.domain.customers import Customer
from faktura.domain.invoices import DraftDocument, service_of, vat_table
from faktura.domain.line_amounts import list_amount
from faktura.domain.proration import WHOLE
from faktura.domain.tax import SMALL_BUSINESS_REASON, TaxDecision, TaxGroup, rate_on
from faktura.domain.tenants import Tenant
from faktura.kernel.decimals import LIMIT, ONE
from faktura.kernel.errors import FieldMissing, OutOfRange, TaxCaseMissing, TransitionRefused
from faktura.kernel.money import Money
from faktura.kernel.periods import Period
from faktura.kernel.terms import ContractState, DocumentKind, Origin, TaxCase, TaxCategory

_NEVER = frozenset({ContractState.DRAFT, ContractState.VOIDED})


@dataclass(frozen=True, slots=True)
class CreditPosition:
    """What the partner supplied: `quantity` and `unit_price` (net) are positive."""

    article: Article
    quantity: Decimal
    unit_price: Decimal
    service: Period
    text: str = ""


def credit_note(
    tenant: Tenant,
    partner: Customer,
    contract: Contract,
    positions: Sequence[CreditPosition],
    on: date,
) -> DraftDocument:
    """The draft of a credit note to a partner; its amounts are negative: we owe them.

    Raises FieldMissing without positions, TaxCaseMissing for a partner abroad, TransitionRefused for
    a contract that was never concluded, OutOfRange for a line of 10^12 and more.
    """
    if not positions:
        raise FieldMissing("nothing is credited", place="positions", mend="Name what is paid for")
    if contract.state in _NEVER:
        raise TransitionRefused(
            f"contract {contract.number} is {contract.state}: nothing is credited on it (F066)",
            place="contractNumber",
            mend="Use a contract of the partner that was concluded",
        )
    charges = tuple(_charge(tenant, partner, contract, one) for one in positions)
    vat = vat_table(charges, contract.currency)
    net = Money(sum(row.taxable.minor for row in vat), contract.currency)
    tax = Money(sum(row.tax.minor for row in vat), contract.currency)
    return DraftDocument(
        DocumentKind.CREDIT_NOTE,
        partner,
        contract,
        contract.currency,
        on,
        on,
        contract.payment_method or partner.payment_method,
        AT_ONCE,
        charges,
        vat,
        net,
        tax,
        net + tax,
        service_of(charges),
    )


def _charge(
    tenant: Tenant, partner: Customer, contract: Contract, position: CreditPosition
) -> Charge:
    article, quantity = position.article, -position.quantity
    net = list_amount(position.unit_price, quantity, contract.currency, WHOLE)
    if abs(net.decimal) >= LIMIT:
        raise OutOfRange(
            f"{article.number} comes to {abs(net)}",
            place="quantity × unitPrice",
            mend="Correct the quantity or the price",
        )
    return Charge(
        Origin.ONE_OFF,
        None,
        None,
        article,
        quantity,
        quantity,
        article.unit,
        position.unit_price,
        ONE,
        net,
        (),
        Money(0, contract.currency),
        net,
        supplied_tax(tenant, partner, article.group.tax_group, position.service.last_day),
        position.service,
        WHOLE,
        PickedPrice(Price(position.unit_price, contract.currency), special=True),
        position.text,
        contract_id=contract.id,
        costs=contract.costs or article.booked_costs,
    )


def supplied_tax(tenant: Tenant, partner: Customer, group: TaxGroup, last_day: date) -> TaxDecision:
    """The VAT of what a partner supplies to us, by the tax group of the article.

    A partner who is a small business is credited with articles of such a group. Raises
    TaxCaseMissing for a partner abroad: we would owe the VAT (§ 13b UStG).
    """
    country = partner.address.country
    if country != tenant.country:
        raise TaxCaseMissing(
            f"the partner is in {country or 'no country'}: we would owe the VAT ourselves (§ 13b UStG)",
            place="customer.billingAddress.country",
            mend="Let the partner write the invoice, and book it as received",
        )
    if group.case in (TaxCase.SMALL_BUSINESS, TaxCase.EXEMPT):
        usual = SMALL_BUSINESS_REASON if group.case is TaxCase.SMALL_BUSINESS else ""
        return TaxDecision(
            group.case,
            TaxCategory.E,
            Decimal(0),
            country,
            group.reason or usual,
            group.reason_code,
        )
    rate = rate_on(group.rates, last_day, owner=f"tax group {group.key}")
    return TaxDecision(group.case, TaxCategory.S if rate else TaxCategory.Z, rate, country)
