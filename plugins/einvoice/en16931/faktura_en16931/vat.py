"""The rules of the VAT categories (BR-S, BR-Z, BR-E, BR-AE, BR-IC, BR-G, BR-O), sums exact."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Final, NamedTuple

from faktura.kernel.money import Money, minor_digits
from faktura.kernel.rounding import net_within, percent_of
from faktura.kernel.terms import TaxCategory
from faktura.plugin import Finding, InvoiceDocument, VatBreakdown
from faktura_en16931.findings import error
from faktura_en16931.text import is_blank
from faktura_en16931.vat_parties import check_vat_parties

_ZERO: Final = Decimal(0)
_CORRECTIONS: Final = frozenset({"381", "384", "389"})
_Group = tuple[TaxCategory, Decimal | None]


class _Category(NamedTuple):
    prefix: str
    is_taxed: bool
    has_reason: bool


_CATEGORIES: Final = {
    TaxCategory.S: _Category("BR-S", is_taxed=True, has_reason=False),
    TaxCategory.Z: _Category("BR-Z", is_taxed=False, has_reason=False),
    TaxCategory.E: _Category("BR-E", is_taxed=False, has_reason=True),
    TaxCategory.AE: _Category("BR-AE", is_taxed=False, has_reason=True),
    TaxCategory.K: _Category("BR-IC", is_taxed=False, has_reason=True),
    TaxCategory.G: _Category("BR-G", is_taxed=False, has_reason=True),
    TaxCategory.O: _Category("BR-O", is_taxed=False, has_reason=True),
}


def check_vat(document: InvoiceDocument) -> Iterator[Finding]:
    """Each (category, rate) of lines, allowances and charges has its one exact breakdown."""
    if not document.vat:
        yield error("BR-CO-18", "BG-23", "The document has no VAT breakdown", "document.vat")
    expected = _sums(document)
    seen: dict[_Group, None] = {}  # as the categories below: in the document's order
    for breakdown in document.vat:
        group = (breakdown.category, breakdown.rate)
        if group in seen:
            rule = f"{_CATEGORIES[breakdown.category].prefix}-01"
            message = f"Two VAT breakdowns of {_named(group)}"
            yield error(rule, "BG-23", message, "document.vat")
        seen[group] = None
        taxable = expected.get(group, _ZERO)
        yield from _breakdown(breakdown, taxable, document)
    for group in expected:
        if group not in seen:
            rule = f"{_CATEGORIES[group[0]].prefix}-01"
            message = f"No VAT breakdown for {_named(group)}"
            yield error(rule, "BG-23", message, "document.vat")
    groups = dict.fromkeys((*expected, *seen))
    for category, rate in groups:
        yield from _rate(category, rate)
    yield from check_vat_parties(dict.fromkeys(category for category, _ in groups), document)


def _sums(document: InvoiceDocument) -> dict[_Group, Decimal]:
    """BT-116 as it should be: line nets less allowances plus charges."""
    sums: dict[_Group, Decimal] = {}
    for line in document.lines:
        group = (line.vat_category, line.vat_rate)
        sums[group] = sums.get(group, _ZERO) + line.net
    for sign, entries in ((-1, document.allowances), (1, document.charges)):
        for entry in entries:
            if entry.vat_category is not None:
                group = (entry.vat_category, entry.vat_rate)
                sums[group] = sums.get(group, _ZERO) + sign * entry.amount
    return sums


def _breakdown(
    breakdown: VatBreakdown, taxable: Decimal, document: InvoiceDocument
) -> Iterator[Finding]:
    currency = document.currency
    category = _CATEGORIES[breakdown.category]
    named = _named((breakdown.category, breakdown.rate))
    if breakdown.taxable != taxable:
        message = f"The breakdown of {named} states {breakdown.taxable}, its parts give {taxable}"
        yield error(f"{category.prefix}-08", "BT-116", message, "document.vat")
    tax = _ZERO
    if category.is_taxed and breakdown.rate is not None:
        tax = percent_of(Money.from_decimal(breakdown.taxable, currency), breakdown.rate).decimal
    is_right = abs(breakdown.tax - tax) <= _spare(document)
    if not is_right and not _is_within_gross(breakdown, currency):
        rule = "BR-CO-17" if category.is_taxed else f"{category.prefix}-09"
        message = f"The VAT of {named} is {tax}, not {breakdown.tax}"
        yield error(rule, "BT-117", message, "document.vat")
    has_reason = not (is_blank(breakdown.exemption_reason) and is_blank(breakdown.exemption_code))
    if has_reason != category.has_reason:
        if category.has_reason:
            message = f"{named} needs the reason of its exemption, as text or code"
        else:
            message = f"{named} is no exemption, but a reason for one is stated"
        yield error(f"{category.prefix}-10", "BT-120", message, "taxGroup.reason")


def _spare(document: InvoiceDocument) -> Decimal:
    """The VAT of several corrections adds up to the invoice's: each may be a cent beside its own.

    The rule itself leaves that room (BR-CO-17).
    """
    is_correction = document.type_code in _CORRECTIONS and bool(document.preceding)
    smallest = Decimal(1).scaleb(-minor_digits(document.currency))
    return smallest if is_correction else _ZERO


def _is_within_gross(breakdown: VatBreakdown, currency: str) -> bool:
    """Whether the net was computed out of a gross amount: VAT may then be a cent beside the rate.

    The rule itself leaves that room (BR-CO-17): some gross amounts are no net plus its VAT.
    """
    if breakdown.category is not TaxCategory.S or breakdown.rate is None:
        return False
    taxable = Money.from_decimal(breakdown.taxable, currency)
    gross = taxable + Money.from_decimal(breakdown.tax, currency)
    return net_within(gross, breakdown.rate) == taxable


def _rate(category: TaxCategory, rate: Decimal | None) -> Iterator[Finding]:
    if category is TaxCategory.O:
        is_right, rule = rate is None, "has no rate"
    elif category is TaxCategory.S:
        is_right, rule = rate is not None and rate > 0, "has a rate above zero"
    else:
        is_right, rule = rate == 0, "has the rate 0"
    if not is_right:
        message = f"VAT category {category} {rule}, not {rate}"
        yield error(
            f"{_CATEGORIES[category].prefix}-05", "BT-152", message, "productGroup.taxGroup"
        )


def _named(group: _Group) -> str:
    category, rate = group
    return f"{category}" if rate is None else f"{category} {rate:f} %"
