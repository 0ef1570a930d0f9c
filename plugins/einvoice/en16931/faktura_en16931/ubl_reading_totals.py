"""Sums of a document read back from UBL: allowances, charges, VAT, totals; and periods."""

from decimal import Decimal
from typing import Final, NamedTuple

from faktura.kernel.terms import TaxCategory
from faktura.plugin import Allowance, DocumentPeriod, Totals, VatBreakdown
from faktura_en16931.ubl_codes import VAT_SCHEME
from faktura_en16931.xml_reading import Part

_ZERO: Final = Decimal(0)


class AllowanceTerms(NamedTuple):
    """Terms of an allowance or a charge; on a line it has no VAT of its own."""

    group: str
    amount: str
    base: str
    percent: str
    reason: str
    reason_code: str
    vat_category: str | None = None
    vat_rate: str | None = None


_ALLOWANCE: Final = AllowanceTerms(
    *("BG-20", "BT-92", "BT-93", "BT-94", "BT-97", "BT-98", "BT-95", "BT-96")
)
_CHARGE: Final = AllowanceTerms(
    *("BG-21", "BT-99", "BT-100", "BT-101", "BT-104", "BT-105", "BT-102", "BT-103")
)


def read_allowances(
    part: Part,
    currency: str,
    allowance: AllowanceTerms = _ALLOWANCE,
    charge: AllowanceTerms = _CHARGE,
) -> tuple[tuple[Allowance, ...], tuple[Allowance, ...]]:
    """Allowances and charges right below `part`; those of the document unless other terms are given."""
    allowances: list[Allowance] = []
    charges: list[Allowance] = []
    for one in part.parts("cac:AllowanceCharge"):
        if one.indicator("cbc:ChargeIndicator", allowance.group):
            charges.append(_allowance(one, charge, currency))
        else:
            allowances.append(_allowance(one, allowance, currency))
    return tuple(allowances), tuple(charges)


def read_period(part: Part, start: str, end: str) -> DocumentPeriod | None:
    """BG-14 or BG-26; a period with one end only has no place in the document and stays unread."""
    period = part.part("cac:InvoicePeriod")
    if period is None or not (period.part("cbc:StartDate") and period.part("cbc:EndDate")):
        return None
    return DocumentPeriod(
        start=period.needed_day("cbc:StartDate", start), end=period.needed_day("cbc:EndDate", end)
    )


def read_totals(part: Part, currency: str) -> Totals:
    """BG-22; what may be omitted is zero, BT-111 may be absent."""
    total = part.need("cac:LegalMonetaryTotal", "BG-22")
    vat, foreign = _tax_totals(part, currency)
    accounting = part.code("cbc:TaxCurrencyCode", "BT-6") or currency

    def needed(name: str, term: str) -> Decimal:
        return total.needed_amount(f"cbc:{name}", term, currency)

    def optional(name: str, term: str) -> Decimal:
        return total.amount(f"cbc:{name}", term, currency) or _ZERO

    return Totals(
        lines=needed("LineExtensionAmount", "BT-106"),
        allowances=optional("AllowanceTotalAmount", "BT-107"),
        charges=optional("ChargeTotalAmount", "BT-108"),
        net=needed("TaxExclusiveAmount", "BT-109"),
        vat=vat.needed_amount("cbc:TaxAmount", "BT-110", currency) if vat else _ZERO,
        vat_accounting=foreign.amount("cbc:TaxAmount", "BT-111", accounting) if foreign else None,
        gross=needed("TaxInclusiveAmount", "BT-112"),
        prepaid=optional("PrepaidAmount", "BT-113"),
        rounding=optional("PayableRoundingAmount", "BT-114"),
        due=needed("PayableAmount", "BT-115"),
    )


def read_vat(part: Part, currency: str) -> tuple[VatBreakdown, ...]:
    """BG-23 of the total in the document's currency."""
    total, _ = _tax_totals(part, currency)
    subtotals = total.parts("cac:TaxSubtotal") if total else []
    return tuple(_breakdown(one, currency) for one in subtotals)


def _tax_totals(part: Part, currency: str) -> tuple[Part | None, Part | None]:
    """The TaxTotal in the document's currency, and the one in the accounting currency BT-6."""
    accounting = part.code("cbc:TaxCurrencyCode", "BT-6")
    foreign = _total_in(part, accounting) if accounting != currency else None
    # One of a third currency is no other thing: its amount is refused.
    others = (total for total in part.parts("cac:TaxTotal") if total is not foreign)
    return _total_in(part, currency) or next(others, None), foreign


def _total_in(part: Part, currency: str | None) -> Part | None:
    for total in part.parts("cac:TaxTotal"):
        amount = total.part("cbc:TaxAmount")
        if currency and amount and amount.element.get("currencyID") == currency:
            return total
    return None


def _breakdown(part: Part, currency: str) -> VatBreakdown:
    category = part.needed_category("cac:TaxCategory/cbc:ID", "BT-118")
    rate = part.decimal("cac:TaxCategory/cbc:Percent", "BT-119")
    part.known("cac:TaxCategory/cac:TaxScheme/cbc:ID", VAT_SCHEME)
    return VatBreakdown(
        category=category,
        # XRechnung has a rate of zero where EN 16931 has none (BR-DE-14).
        rate=None if category is TaxCategory.O and not rate else rate,
        taxable=part.needed_amount("cbc:TaxableAmount", "BT-116", currency),
        tax=part.needed_amount("cbc:TaxAmount", "BT-117", currency),
        exemption_reason=part.text("cac:TaxCategory/cbc:TaxExemptionReason", "BT-120"),
        exemption_code=part.code("cac:TaxCategory/cbc:TaxExemptionReasonCode", "BT-121"),
    )


def _allowance(part: Part, terms: AllowanceTerms, currency: str) -> Allowance:
    category, rate = None, None
    if terms.vat_category and terms.vat_rate:
        category = part.category("cac:TaxCategory/cbc:ID", terms.vat_category)
        rate = part.decimal("cac:TaxCategory/cbc:Percent", terms.vat_rate)
        part.known("cac:TaxCategory/cac:TaxScheme/cbc:ID", VAT_SCHEME)
    return Allowance(
        amount=part.needed_amount("cbc:Amount", terms.amount, currency),
        base=part.amount("cbc:BaseAmount", terms.base, currency),
        percent=part.decimal("cbc:MultiplierFactorNumeric", terms.percent),
        reason=part.text("cbc:AllowanceChargeReason", terms.reason),
        reason_code=part.code("cbc:AllowanceChargeReasonCode", terms.reason_code),
        vat_category=category,
        vat_rate=rate,
    )
