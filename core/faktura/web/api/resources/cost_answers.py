"""Cost centres and cost objects as answers show them."""

from typing import Self

from pydantic import Field

from faktura.domain.costs import Costs
from faktura.web.api.replies import Answer
from faktura.web.api.shapes import DecimalText


class CostShareAnswer(Answer):
    """A share of an amount at a cost centre, a cost object or both."""

    cost_centre: str | None = Field(description="The cost centre (KOST1).")
    cost_object: str | None = Field(description="The cost object (KOST2).")
    percent: DecimalText = Field(description="Its share.")

    @classmethod
    def all_of(cls, costs: Costs) -> tuple[Self, ...]:
        """The answers, in the order of the shares."""
        return tuple(
            cls(cost_centre=one.centre, cost_object=one.object, percent=one.percent)
            for one in costs
        )
