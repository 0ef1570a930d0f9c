"""Tax groups as the API shows them."""

from typing import Self

from pydantic import Field

from faktura.domain.tax import DatedRate, TaxGroup
from faktura.kernel.terms import TaxCase
from faktura.web.api.replies import Answer
from faktura.web.api.shapes import Day, DecimalText


class RateAnswer(Answer):
    """A rate that is valid until a later one takes over."""

    valid_from: Day = Field(description="The first day on which it is valid.")
    rate: DecimalText = Field(description="Per cent.")

    @classmethod
    def of(cls, dated: DatedRate) -> Self:
        """The answer."""
        return cls(valid_from=dated.valid_from, rate=dated.rate)


class TaxGroupAnswer(Answer):
    """The tax of product groups at home (F045)."""

    key: str = Field(description="What product groups name it by.")
    case: TaxCase = Field(description="The tax at home.")
    rates: tuple[RateAnswer, ...] = Field(description="The rates; none for a case without VAT.")
    reason: str = Field(description="Printed on documents without VAT.")
    reason_code: str = Field(description="The VATEX code of the reason.")

    @classmethod
    def of(cls, group: TaxGroup) -> Self:
        """The answer."""
        return cls(
            key=group.key,
            case=group.case,
            rates=tuple(RateAnswer.of(dated) for dated in group.rates),
            reason=group.reason,
            reason_code=group.reason_code,
        )
