"""What may change of a booking before it is billed, as requests give it (F041)."""

from collections.abc import Collection, Mapping
from decimal import Decimal

from pydantic import Field

from faktura.domain.activities import OpenActivity
from faktura.domain.discounts import Discount
from faktura.domain.subscriptions import SubscriptionItem
from faktura.kernel.errors import FieldInvalid
from faktura.services.imports.checks import Fields
from faktura.services.imports.cost_fields import CostsGiven, cost_fields
from faktura.services.imports.findings import FieldsRefused
from faktura.services.imports.link_fields import LinkFields, link_fields
from faktura.services.imports.price_fields import DiscountFields
from faktura.services.imports.text_fields import LedgerAccount, Number, Prose
from faktura.services.imports.value_fields import Day, Positive

# They say what a booking is: another one is booked instead (F041).
FIXED = frozenset({"articleNumber", "ledgerAccount", "origin"})


class ItemChangeFields(Fields):
    """What there is to change of a subscription item (F041)."""

    article_number: Number = Field(description="Never changes: whoever names it is refused (F041).")
    ledger_account: LedgerAccount | None = Field(
        default=None, description="Never changes: whoever names it is refused (F041)."
    )
    quantity: Positive = Field(description="How many; until the item is billed.")
    start: Day = Field(alias="from", description="First day of service; until the item is billed.")
    until: Day | None = Field(
        default=None,
        description="First day that no longer counts, not before what is billed; null: open.",
    )
    discount: DiscountFields | None = Field(
        default=None, description="On each of its lines; until the item is billed."
    )
    links: tuple[LinkFields, ...] = Field(
        default=(), strict=False, description="Objects of other systems it belongs to (F042)."
    )
    costs: CostsGiven = Field(
        default=(),
        description="Where accounting counts its revenue; none: as the contract's. For lines that"
        " are billed from now on.",
    )
    note: Prose = Field(default="", description="Printed on its parts of a period (F029).")


def refuse_fixed_fields(patch: Mapping[str, object]) -> None:
    """Raise FieldsRefused for each field of a patch that never changes of a booking (F041)."""
    _refuse(
        sorted(FIXED & set(patch)),
        "the field is fixed once the booking exists (F041)",
        "Leave it out; or end this booking and make another",
    )


def refuse_billed_fields(patch: Mapping[str, object], free: Collection[str]) -> None:
    """Raise FieldsRefused for each field that is fixed once the booking is billed (F041)."""
    _refuse(
        [name for name in patch if name not in free],
        "the field is fixed: the item is billed already (F041)",
        "Change billed time by an upgrade; what may change here is " + ", ".join(sorted(free)),
    )


def _refuse(names: Collection[str], problem: str, mend: str) -> None:
    if names:
        errors = [FieldInvalid(problem, place=name, mend=mend) for name in names]
        raise FieldsRefused(errors, more=False)


def activity_fields(activity: OpenActivity) -> dict[str, object]:
    """The activity as ActivityFields read it; what it does not set is absent."""
    given = {
        "articleNumber": activity.article.number,
        "origin": activity.origin.value,
        "quantity": _plain(activity.quantity),
        "from": activity.service.start.isoformat(),
        "until": activity.service.end.isoformat(),
        "invoiceOn": None if activity.invoice_on is None else activity.invoice_on.isoformat(),
        "manual": activity.manual,
        "unitPrice": None if activity.unit_price is None else _plain(activity.unit_price),
        "discount": _discount(activity.discount),
        "text": activity.text,
        "ledgerAccount": activity.ledger_account,
        "links": link_fields(activity.links),
        "costs": cost_fields(activity.costs),
    }
    return {name: value for name, value in given.items() if value is not None}


def item_fields(item: SubscriptionItem) -> dict[str, object]:
    """The item as ItemChangeFields read it; what it does not set is absent."""
    given = {
        "articleNumber": item.article.number,
        "ledgerAccount": item.ledger_account,
        "quantity": _plain(item.quantity),
        "from": item.start.isoformat(),
        "until": None if item.until is None else item.until.isoformat(),
        "discount": _discount(item.discount),
        "links": link_fields(item.links),
        "costs": cost_fields(item.costs),
        "note": item.note,
    }
    return {name: value for name, value in given.items() if value is not None}


def changes_between(
    before: Mapping[str, object], after: Mapping[str, object]
) -> dict[str, dict[str, object]]:
    """Old and new value of each field that differs."""
    return {
        name: {"old": before.get(name), "new": after.get(name)}
        for name in sorted({*before, *after})
        if before.get(name) != after.get(name)
    }


def _discount(discount: Discount | None) -> dict[str, object] | None:
    if discount is None:
        return None
    percent, amount = discount.percent, discount.amount
    value = {"amount": _plain(amount)} if amount is not None else {"percent": _plain(percent)}
    return {**value, "reason": discount.reason}


def _plain(value: Decimal | None) -> str:
    return f"{value or 0:f}"
