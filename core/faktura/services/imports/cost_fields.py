"""Cost centres and cost objects with their shares, as files and requests give them."""

from collections.abc import Iterable
from typing import Annotated

from pydantic import AfterValidator, Field, WithJsonSchema

from faktura.domain.costs import (
    COST_NAME,
    HUNDRED,
    MOST_SHARES,
    Costs,
    CostShare,
    checked_costs,
    checked_name,
)
from faktura.services.imports.checks import Fields, checked
from faktura.services.imports.value_fields import Positive

CostName = Annotated[
    str,
    AfterValidator(checked(checked_name)),
    WithJsonSchema(
        {
            "type": "string",
            "pattern": f"^{COST_NAME.pattern}$",
            "examples": ["100", "Vertrieb Nord"],
        }
    ),
]


class CostShareFields(Fields):
    """A share of an amount at a cost centre, a cost object or both."""

    cost_centre: CostName | None = Field(default=None, description="The cost centre (KOST1).")
    cost_object: CostName | None = Field(default=None, description="The cost object (KOST2).")
    percent: Positive = Field(
        default=HUNDRED, description="Its share, of up to four decimals; all of them make 100."
    )

    @property
    def share(self) -> CostShare:
        """The share."""
        return CostShare(self.cost_centre, self.cost_object, self.percent)


def costs_of(given: Iterable[CostShareFields]) -> Costs:
    """The shares, in their order; raises as `checked_costs` does."""
    return checked_costs([fields.share for fields in given])


def costs_given(costs: Costs) -> tuple[CostShareFields, ...]:
    """The fields that give these shares."""
    return tuple(
        CostShareFields.model_construct(
            cost_centre=one.centre, cost_object=one.object, percent=one.percent
        )
        for one in costs
    )


def cost_fields(costs: Costs) -> list[dict[str, str]]:
    """The shares as JSON has them; what a share does not name is absent."""
    return [
        {
            name: value
            for name, value in (
                ("costCentre", one.centre),
                ("costObject", one.object),
                ("percent", f"{one.percent:f}"),
            )
            if value is not None
        }
        for one in costs
    ]


def _add_up(given: tuple[CostShareFields, ...]) -> tuple[CostShareFields, ...]:
    costs_of(given)
    return given


# What a field of any object says about costs; empty is nothing said.
CostsGiven = Annotated[
    tuple[CostShareFields, ...],
    Field(strict=False, json_schema_extra={"maxItems": MOST_SHARES}),
    AfterValidator(checked(_add_up)),
]
