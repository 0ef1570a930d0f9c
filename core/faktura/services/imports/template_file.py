"""The format of contract templates: a contract's fields without customer, number and dates (F014).

It is derived from the format of contracts, so that what a contract learns a template knows too.
"""

from collections.abc import Mapping, Set
from copy import copy
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, cast

from pydantic import BaseModel, Field, create_model

from faktura.kernel.periods import boundary
from faktura.services.imports.checks import Fields
from faktura.services.imports.contract_file import (
    ActivityFields,
    ContractChangeFields,
    ContractFields,
    ItemFields,
    SubscriptionFields,
)
from faktura.services.imports.entries import Form
from faktura.services.imports.text_fields import Filled, Number
from faktura.services.imports.validation import fields_of
from faktura.services.imports.value_fields import Day, Flag, IntervalFields


def _kept(model: type[BaseModel], dropped: Set[str], **replaced: Any) -> dict[str, Any]:
    """The fields of a model without those dropped; `replaced` gives some another type."""
    return {
        name: (replaced.get(name, info.annotation), _retyped(info, replaced.get(name)))
        for name, info in model.model_fields.items()
        if name not in dropped
    }


def _retyped(info: Any, kind: object) -> Any:
    own = copy(info)
    if kind is not None:
        own.annotation = kind
    return own


_Item = create_model(
    "TemplateItemFields",
    __base__=Fields,
    __doc__="An item of a template's subscription (F023-F029): it runs from the contract's start.",
    **_kept(ItemFields, {"start", "until", "aligned_to", "billed_until"}),
)
_Subscription = create_model(
    "TemplateSubscriptionFields",
    __base__=Fields,
    __doc__="A subscription of a template (F023): its term starts with the contract.",
    **_kept(
        SubscriptionFields,
        {"term_start", "payment_start", "terminated_as_of"},
        items=tuple[_Item, ...],
    ),
    free_period=(
        IntervalFields | None,
        Field(
            default=None, description="How long it costs nothing from the contract's start (F035)."
        ),
    ),
)
_Activity = create_model(
    "TemplateActivityFields",
    __base__=Fields,
    __doc__="A one-off or usage of a template (F040): rendered and billed on the contract's start.",
    **_kept(ActivityFields, {"start", "until", "invoice_on"}),
)

if TYPE_CHECKING:

    class _Contract(ContractChangeFields):
        billing_interval: IntervalFields

else:
    _Contract = create_model(
        "TemplateContractFields",
        __base__=ContractChangeFields,
        **_kept(
            ContractFields,
            {
                *ContractChangeFields.model_fields,
                *("contract_number", "customer_number", "project"),
                *("start", "aligned_to", "activate"),
            },
            subscriptions=tuple[_Subscription, ...],
            activities=tuple[_Activity, ...],
        ),
    )


class TemplateFields(_Contract):
    """A contract template (F014); contracts made from it keep a copy."""

    key: Number = Field(description="What names the template: 1 to 36 of A-Z a-z 0-9 . _ -")
    name: Filled = Field(description="What people read when they choose one.")
    project: Number | None = Field(
        default=None,
        description="Key of the project whose contracts it is for; left out: of every one (F020).",
    )


@dataclass(frozen=True, slots=True)
class TemplateUse:
    """What a contract has that its template has not; `project` overrides the template's.

    `aligned_to` is the day from which billing intervals are counted (F029), else `start`.
    """

    customer_number: str
    start: date
    contract_number: str | None = None
    project: str | None = None
    aligned_to: date | None = None
    activate: bool = False


class TemplateUseFields(Fields):
    """What a contract from a template still needs (F014)."""

    start: Day = Field(description="Day of conclusion; terms and service begin with it.")
    contract_number: Number | None = Field(
        default=None, description="Left out: the next of the range (F062)."
    )
    project: Number | None = Field(
        default=None, description="Key of its project; left out: the template's, else the only one."
    )
    aligned_to: Day | None = Field(
        default=None,
        description="Day from which billing intervals and service periods are counted (F029); left"
        " out: `start`.",
    )
    activate: Flag = Field(
        default=False, description="Whether it is active at once; a draft is never billed (F010)."
    )

    def use(self, customer_number: str) -> TemplateUse:
        """For that customer."""
        return TemplateUse(
            customer_number,
            self.start,
            self.contract_number,
            self.project,
            self.aligned_to,
            self.activate,
        )


def template_values(fields: TemplateFields) -> dict[str, object]:
    """The template as JSON has it, with every default that counts today; nothing is null."""
    return fields.model_dump(mode="json", by_alias=True, exclude_none=True)


def contract_fields(template: TemplateFields, use: TemplateUse) -> ContractFields:
    """The contract that a template makes; raises FieldsRefused with all that is wrong.

    Terms, items and activities begin with `start`; activities are due on it, but for those by hand.
    """
    values = template_values(template)
    given = {
        "contractNumber": use.contract_number,
        "project": use.project or template.project,
        "alignedTo": None if use.aligned_to is None else use.aligned_to.isoformat(),
    }
    values |= {
        "customerNumber": use.customer_number,
        "start": use.start.isoformat(),
        "activate": use.activate,
        **{name: value for name, value in given.items() if value is not None},
        "subscriptions": [_subscribed(one, use.start) for one in _objects(values, "subscriptions")],
        "activities": [_dated(one, use.start) for one in _objects(values, "activities")],
    }
    del values["key"], values["name"]
    return fields_of(ContractFields, values, Form.REST)


def _objects(values: Mapping[str, object], name: str) -> list[dict[str, object]]:
    return cast("list[dict[str, object]]", values[name])


def _subscribed(subscription: Mapping[str, object], start: date) -> dict[str, object]:
    dated = dict(subscription)
    free = dated.pop("freePeriod", None)
    if free is not None:
        interval = IntervalFields.model_validate(free).interval
        dated["paymentStart"] = boundary(start, interval, 1).isoformat()
    return dated


def _dated(activity: Mapping[str, object], start: date) -> dict[str, object]:
    day = start.isoformat()
    due = {} if activity["manual"] else {"invoiceOn": day}
    return {**activity, "from": day, **due}
