"""The format of catalogue files (docs/imports.md)."""

from typing import Self

from pydantic import Field, model_validator

from faktura.domain.tax import DatedRate, TaxGroup
from faktura.kernel.errors import FieldInvalid, FieldMissing, OutOfRange
from faktura.kernel.terms import TaxCase
from faktura.services.imports.checks import Fields, ours
from faktura.services.imports.price_fields import PriceFields
from faktura.services.imports.text_fields import Filled, LedgerAccount, Line, Number, Prose
from faktura.services.imports.value_fields import (
    ArticleUnitWord,
    Day,
    Flag,
    NotNegative,
    SupplyWord,
    TaxCaseWord,
)

_AT_HOME = (TaxCase.STANDARD, TaxCase.REDUCED, TaxCase.EXEMPT, TaxCase.SMALL_BUSINESS)
_TAXED = (TaxCase.STANDARD, TaxCase.REDUCED)


class ProjectFields(Fields):
    """One of `projects`."""

    key: Number
    name: Filled


class RateFields(Fields):
    """One of `rates`: per cent, valid from that day until a later one takes over."""

    valid_from: Day
    rate: NotNegative

    @model_validator(mode="after")
    def _per_cent(self) -> Self:
        if self.rate > 100:
            raise ours(
                OutOfRange(f"{self.rate} is no rate", place="rate", mend="Write per cent, e.g. 19")
            )
        return self


class TaxGroupFields(Fields):
    """One of `taxGroups`: the tax at home (F045)."""

    key: Number
    case: TaxCaseWord
    rates: tuple[RateFields, ...] = Field(default=(), strict=False)
    reason: Line = ""
    reason_code: Line = ""

    @model_validator(mode="after")
    def _case_has_its_fields(self) -> Self:
        if self.case not in _AT_HOME:
            raise ours(
                FieldInvalid(
                    f"{self.case} follows from the customer and cannot be a tax group",
                    place="case",
                    mend=f"Use one of {', '.join(_AT_HOME)}",
                )
            )
        if self.case in _TAXED and not self.rates:
            raise ours(FieldMissing("there is no rate", place="rates", mend="Give a dated rate"))
        if self.case not in _TAXED and self.rates:
            raise ours(
                FieldInvalid(f"{self.case} bears no rate", place="rates", mend="Remove the rates")
            )
        if self.case is TaxCase.EXEMPT and not self.reason:
            # § 14 Abs. 4 Nr. 8 UStG: a document without VAT says why.
            raise ours(
                FieldMissing("an exemption needs its reason", place="reason", mend="Name the rule")
            )
        return self._with_one_rate_a_day()

    def _with_one_rate_a_day(self) -> Self:
        days = [dated.valid_from for dated in self.rates]
        for no, day in enumerate(days, 1):
            if day in days[: no - 1]:
                raise ours(
                    FieldInvalid(
                        f"there are two rates from {day}",
                        place=f"rates.{no}.validFrom",
                        mend="Keep one of them",
                    )
                )
        return self

    @property
    def tax_group(self) -> TaxGroup:
        """The tax group."""
        rates = tuple(DatedRate(dated.valid_from, dated.rate) for dated in self.rates)
        return TaxGroup(self.key, self.case, rates, self.reason, self.reason_code)


class ProductGroupFields(Fields):
    """One of `productGroups`: taxed and booked alike (F045, F049)."""

    key: Number
    name: Filled
    tax_group: Number
    revenue_account: LedgerAccount | None = None


class ArticleFields(Fields):
    """One of `articles`."""

    article_number: Number
    name: Filled
    product_group: Number
    project: Number | None = None
    unit: ArticleUnitWord
    supply: SupplyWord
    recurring: Flag = False
    prices: tuple[PriceFields, ...] = Field(default=(), strict=False)
    description: Prose = ""
    html_description: Prose = ""
    cost_centre: Number | None = None


class CatalogueFields(Fields):
    """A whole catalogue file; what it names must be in it or exist already."""

    projects: tuple[ProjectFields, ...] = Field(default=(), strict=False)
    tax_groups: tuple[TaxGroupFields, ...] = Field(default=(), strict=False)
    product_groups: tuple[ProductGroupFields, ...] = Field(default=(), strict=False)
    articles: tuple[ArticleFields, ...] = Field(default=(), strict=False)
