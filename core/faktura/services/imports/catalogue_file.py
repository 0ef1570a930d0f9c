"""The format of catalogue files (docs/imports.md)."""

from typing import Annotated, Self

from pydantic import Field, WithJsonSchema, model_validator

from faktura.domain.pauses import PausePolicy
from faktura.domain.tax import DatedRate, TaxGroup
from faktura.kernel.errors import FieldInvalid, FieldMissing, OutOfRange
from faktura.kernel.terms import TaxCase
from faktura.services.imports.checks import Fields, ours
from faktura.services.imports.cost_fields import CostName, CostsGiven
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


HomeTaxCaseWord = Annotated[
    TaxCaseWord, WithJsonSchema({"type": "string", "enum": [case.value for case in _AT_HOME]})
]


class ProjectFields(Fields):
    """A project: a brand or product line; invoices never mix projects."""

    key: Number = Field(description="What others name it by; fixed.")
    name: Filled = Field(description="What people call it.")


class RateFields(Fields):
    """A tax rate, valid from that day until a later one takes over."""

    valid_from: Day = Field(description="First day on which it is valid.")
    rate: NotNegative = Field(description="Per cent, 0 to 100.")

    @model_validator(mode="after")
    def _per_cent(self) -> Self:
        if self.rate > 100:
            raise ours(
                OutOfRange(f"{self.rate} is no rate", place="rate", mend="Write per cent, e.g. 19")
            )
        return self


class TaxGroupFields(Fields):
    """A tax group: the tax at home; cases abroad follow from the customer (F045)."""

    key: Number = Field(description="What product groups name it by; fixed.")
    case: HomeTaxCaseWord = Field(description="The tax case at home.")
    rates: tuple[RateFields, ...] = Field(
        default=(),
        strict=False,
        description="At least one for STANDARD and REDUCED, of different days; else none.",
    )
    reason: Line = Field(
        default="", description="Printed on documents without VAT; EXEMPT needs it (§ 14 UStG)."
    )
    reason_code: Line = Field(default="", description="VATEX code of the exemption (BT-121).")

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
    """A product group: articles that are taxed and booked alike (F045, F049)."""

    key: Number = Field(description="What articles name it by; fixed.")
    name: Filled = Field(description="What people call it.")
    tax_group: Number = Field(description="Key of its tax group.")
    revenue_account: LedgerAccount | None = Field(
        default=None,
        description="Ledger account of its revenue, 3 to 9 digits; left out: the chart's.",
    )


class ArticleChangeFields(Fields):
    """What may change of an article that exists; its prices have their own history."""

    name: Filled = Field(description="Printed on documents.")
    description: Prose = Field(default="", description="Printed on invoices below the name (F050).")
    html_description: Prose = Field(
        default="", description="HTML, only on order pages and in the portal (F050)."
    )
    cost_centre: CostName | None = Field(default=None, description="Cost centre of its revenue.")
    costs: CostsGiven = Field(
        default=(),
        description="Shares of several cost centres and cost objects, instead of `costCentre`.",
    )
    pause_extends_term: Flag = Field(
        default=False, description="Whether a term grows by the days of a pause (P10)."
    )
    pause_billed_later: Flag = Field(
        default=False,
        description="Whether periods that a pause held up are billed when it is over (P10).",
    )
    pause_whole_periods_only: Flag = Field(
        default=False,
        description="Whether resuming inside a period bills nothing of it, not its rest (P10).",
    )

    @property
    def pause_policy(self) -> PausePolicy:
        """What a pause of a subscription means for the article."""
        return PausePolicy(
            self.pause_extends_term, self.pause_billed_later, self.pause_whole_periods_only
        )


class ArticleFields(ArticleChangeFields):
    """An article: something that is sold (F045-F051)."""

    article_number: Number = Field(description="1 to 36 of A-Z a-z 0-9 . _ -; fixed.")
    product_group: Number = Field(description="Key of its product group: decides tax and account.")
    project: Number | None = Field(
        default=None,
        description="Key of the project that alone sells it; left out: every project (F049).",
    )
    unit: ArticleUnitWord = Field(
        description="What one of it is; NONE prints the bare number (F024, F025)."
    )
    supply: SupplyWord = Field(description="What is supplied: decides the tax abroad.")
    recurring: Flag = Field(
        default=False, description="Whether it is a subscription article, billed again and again."
    )
    prices: tuple[PriceFields, ...] = Field(
        default=(), strict=False, description="List prices; more can be added later (F047)."
    )


class CatalogueFields(Fields):
    """A whole catalogue file; what it names must be in it or exist already."""

    projects: tuple[ProjectFields, ...] = Field(
        default=(), strict=False, description="Brands and product lines."
    )
    tax_groups: tuple[TaxGroupFields, ...] = Field(
        default=(), strict=False, description="Taxes at home."
    )
    product_groups: tuple[ProductGroupFields, ...] = Field(
        default=(), strict=False, description="Articles that are taxed and booked alike."
    )
    articles: tuple[ArticleFields, ...] = Field(
        default=(), strict=False, description="What is sold."
    )
