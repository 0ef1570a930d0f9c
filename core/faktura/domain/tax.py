"""Which VAT a line bears: the tax case, its category and rate, and the words that explain it.

The rate is that of the last day of the service period (§ 13 Abs. 1 Nr. 1a, § 27 Abs. 1 UStG, P13).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Protocol

from faktura.domain.countries import EU_COUNTRIES
from faktura.kernel.errors import FieldInvalid, FieldMissing, TaxCaseMissing
from faktura.kernel.terms import Supply, TaxCase, TaxCategory

ZERO = Decimal(0)

# § 19 UStG has no VATEX code of its own.
SMALL_BUSINESS_REASON = "Gemäß § 19 UStG wird keine Umsatzsteuer berechnet."
AT_HOME = frozenset({TaxCase.STANDARD, TaxCase.REDUCED, TaxCase.EXEMPT, TaxCase.SMALL_BUSINESS})


@dataclass(frozen=True, slots=True)
class DatedRate:
    """A rate in per cent, valid from that day until a later one takes over."""

    valid_from: date
    rate: Decimal


@dataclass(frozen=True, slots=True)
class TaxGroup:
    """The tax of a product group at home: its case and dated rates (F045, F046).

    `case` is STANDARD, REDUCED, EXEMPT or SMALL_BUSINESS; `reason` and `reason_code` (VATEX) are
    printed for the exempt ones.
    """

    key: str
    case: TaxCase
    rates: tuple[DatedRate, ...] = ()
    reason: str = ""
    reason_code: str = ""

    def __post_init__(self) -> None:
        """Refuse a case that depends on the buyer: it is decided per supply, not set."""
        if self.case not in AT_HOME:
            raise FieldInvalid(
                f"tax group {self.key} cannot be {self.case}",
                place="taxGroup.case",
                mend=f"Use one of {', '.join(sorted(AT_HOME))}",
            )


@dataclass(frozen=True, slots=True)
class OssRates:
    """A destination country's dated rates for consumers (one-stop shop)."""

    standard: tuple[DatedRate, ...]
    reduced: tuple[DatedRate, ...] = ()


@dataclass(frozen=True, slots=True)
class TaxDecision:
    """What a line bears; `country` is where the tax is due, `reason` what the document must say."""

    case: TaxCase
    category: TaxCategory
    rate: Decimal
    country: str
    reason: str = ""
    reason_code: str = ""


class TaxSetup(Protocol):
    """What the decision needs to know of the tenant."""

    @property
    def country(self) -> str: ...
    @property
    def small_business(self) -> bool: ...
    @property
    def tax_cases(self) -> frozenset[TaxCase]: ...
    @property
    def oss_from(self) -> date | None: ...
    @property
    def oss_rates(self) -> Mapping[str, OssRates]: ...


@dataclass(frozen=True, slots=True)
class Buyer:
    """What the decision needs to know of the customer."""

    country: str
    is_business: bool
    vat_id: str = ""


def rate_on(rates: tuple[DatedRate, ...], day: date, *, owner: str) -> Decimal:
    """The latest rate that is valid on `day`; raises TaxCaseMissing where none is."""
    valid = [dated for dated in rates if dated.valid_from <= day]
    if not valid:
        raise TaxCaseMissing(f"{owner} has no rate for {day}", mend="Record a dated tax rate")
    return max(valid, key=lambda dated: dated.valid_from).rate


def decide(
    seller: TaxSetup, buyer: Buyer, group: TaxGroup, supply: Supply, last_day: date
) -> TaxDecision:
    """The tax of a supply whose service ends on `last_day` (inclusive).

    Raises TaxCaseMissing when the tenant has not set up the case, FieldMissing when a business
    abroad has no VAT id or a buyer no country: none is ever billed at the home rate silently.
    """
    if not buyer.country:
        raise FieldMissing(
            "the customer has no country",
            place="customer.billingAddress.country",
            mend="Record the country: the VAT depends on it",
        )
    decision = _decide(seller, buyer, group, supply, last_day)
    if decision.case not in seller.tax_cases:
        raise TaxCaseMissing(
            f"the tax case {decision.case} is not set up (buyer in {buyer.country})",
            place="tenant.taxCases",
            mend=f"Set up {decision.case} for the tenant or correct the customer's tax data",
        )
    return decision


def _decide(
    seller: TaxSetup, buyer: Buyer, group: TaxGroup, supply: Supply, last_day: date
) -> TaxDecision:
    if seller.small_business or group.case is TaxCase.SMALL_BUSINESS:
        # F045: the tenant as a whole, or the tax group of the article.
        own = group.reason if group.case is TaxCase.SMALL_BUSINESS else ""
        reason = own or SMALL_BUSINESS_REASON
        return TaxDecision(
            TaxCase.SMALL_BUSINESS, TaxCategory.E, ZERO, seller.country, reason=reason
        )
    if buyer.country == seller.country:
        return _at_home(seller.country, group, last_day)
    if buyer.country in EU_COUNTRIES:
        return _in_the_union(seller, buyer, group, supply, last_day)
    return _third_country(seller, buyer, group, supply, last_day)


def _at_home(country: str, group: TaxGroup, last_day: date) -> TaxDecision:
    if group.case is TaxCase.EXEMPT:
        return TaxDecision(
            group.case, TaxCategory.E, ZERO, country, group.reason, group.reason_code
        )
    rate = rate_on(group.rates, last_day, owner=f"tax group {group.key}")
    # BR-S-5: a rate of nothing (§ 12 Abs. 3 UStG) is a category of its own.
    return TaxDecision(group.case, TaxCategory.S if rate else TaxCategory.Z, rate, country)


def _in_the_union(
    seller: TaxSetup, buyer: Buyer, group: TaxGroup, supply: Supply, last_day: date
) -> TaxDecision:
    if buyer.is_business:
        return _to_union_business(buyer, supply)
    # § 3a Abs. 5, § 3c UStG: goods and digital services follow the consumer from the threshold on.
    if supply is Supply.SERVICE or seller.oss_from is None or last_day < seller.oss_from:
        return _at_home(seller.country, group, last_day)
    return TaxDecision(
        TaxCase.OSS, TaxCategory.S, _oss_rate(seller, buyer, group, last_day), buyer.country
    )


def _oss_rate(seller: TaxSetup, buyer: Buyer, group: TaxGroup, last_day: date) -> Decimal:
    if group.case is TaxCase.EXEMPT:
        # Whether the exemption holds there is a matter of the other country's law.
        raise TaxCaseMissing(
            f"tax group {group.key} is exempt at home, not for consumers in {buyer.country}",
            place="taxGroup.case",
            mend="Use another tax group for this contract, or clear the VAT with your adviser",
        )
    rates = seller.oss_rates.get(buyer.country)
    if rates is None:
        raise TaxCaseMissing(
            f"no OSS rates are recorded for {buyer.country}",
            place="tenant.ossRates",
            mend=f"Record the rates of {buyer.country}",
        )
    # What is reduced here need not be there: without a reduced rate nothing is guessed.
    dated = rates.reduced if group.case is TaxCase.REDUCED else rates.standard
    return rate_on(dated, last_day, owner=f"OSS {group.case} of {buyer.country}")


def _to_union_business(buyer: Buyer, supply: Supply) -> TaxDecision:
    if not buyer.vat_id:
        raise FieldMissing(
            f"the business customer in {buyer.country} has no VAT id",
            place="customer.euTaxId",
            mend="Record the VAT id, or mark the customer as a consumer",
        )
    if supply is Supply.GOODS:
        return TaxDecision(
            TaxCase.INTRA_COMMUNITY,
            TaxCategory.K,
            ZERO,
            buyer.country,
            "Steuerfreie innergemeinschaftliche Lieferung",
            "VATEX-EU-IC",
        )
    # § 14a Abs. 1 UStG prescribes the words.
    return TaxDecision(
        TaxCase.REVERSE_CHARGE,
        TaxCategory.AE,
        ZERO,
        buyer.country,
        "Steuerschuldnerschaft des Leistungsempfängers",
        "VATEX-EU-AE",
    )


def _third_country(
    seller: TaxSetup, buyer: Buyer, group: TaxGroup, supply: Supply, last_day: date
) -> TaxDecision:
    if supply is Supply.GOODS:
        return TaxDecision(
            TaxCase.EXPORT,
            TaxCategory.G,
            ZERO,
            buyer.country,
            "Steuerfreie Ausfuhrlieferung",
            "VATEX-EU-G",
        )
    if buyer.is_business or supply is Supply.DIGITAL:
        return TaxDecision(
            TaxCase.NOT_TAXABLE, TaxCategory.O, ZERO, buyer.country, "Nicht steuerbar", "VATEX-EU-O"
        )
    # § 3a Abs. 1 UStG: other services to consumers are taxed where the seller is.
    return _at_home(seller.country, group, last_day)
