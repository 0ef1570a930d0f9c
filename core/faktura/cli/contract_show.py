"""faktura contracts show: a contract with its subscriptions, pauses, items and discounts."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from faktura.cli.contract_discounts import discount_record
from faktura.cli.options import json_option, tenant_option
from faktura.cli.output import print_json, print_record, print_records
from faktura.cli.session import running

if TYPE_CHECKING:
    from datetime import date

    from faktura.domain.billing_plan import BillableContract

Record = dict[str, object]

_SUBSCRIPTIONS = (
    "no", "state", "termStart", "minimumTerm", "notice", "renewal", "termEnd", "endIfNoticeToday",
    "terminatedAsOf", "paymentStart",
)  # fmt: skip
_PAUSES = ("subscription", "from", "until", "reason")
_ITEMS = (
    "itemId", "subscription", "articleNumber", "name", "quantity", "from", "until", "billedUntil",
    "discount", "specialPrices", "costs",
)  # fmt: skip
_DISCOUNTS = (
    "discountId", "scope", "target", "percent", "amount", "reason", "validFrom", "validUntil",
    "nextInvoice", "state", "taken",
)  # fmt: skip
# Most items have neither: a table shows them only where one has.
_RARE = ("discount", "specialPrices", "costs")


@click.command("show")
@click.argument("number")
@tenant_option
@json_option
def show_command(*, number: str, tenant: str | None, as_json: bool) -> None:
    """Show a contract: terms, pauses, items, discounts, what is billed, when it is next due."""
    from faktura.cli.contract_shape import overview_record, quarantine_record
    from faktura.kernel.clock import local_date
    from faktura.services.contract_discounts import discount_views
    from faktura.services.contract_view import show_contract

    with running() as app:
        seller = app.tenant(tenant)
        with app.database.read(seller.id) as tx:
            found = show_contract(tx, number)
            today = local_date(app.clock, seller.time_zone)
            views = discount_views(tx, found.overview.contract, today)
    head = {**overview_record(found.overview), **quarantine_record(found.quarantined)}
    waiting = len(found.billable.activities)
    parts = {
        **_recurring(found.billable, today),
        "discounts": [discount_record(one) for one in views],
    }
    if as_json:
        print_json({**head, **parts, "waitingActivities": waiting})
        return
    print_record({**head, "waitingActivities": waiting}, as_json=False)
    _print_parts(found.billable, parts)


def _recurring(view: "BillableContract", today: "date") -> dict[str, list[Record]]:
    from faktura.cli.subscription_shape import item_record, subscription_record
    from faktura.domain.subscriptions import subscriptions_of

    subscriptions = subscriptions_of(view.items)
    numbers = {one.id: no for no, one in enumerate(subscriptions, 1)}
    return {
        "subscriptions": [
            subscription_record(no, one, view.items, today)
            for no, one in enumerate(subscriptions, 1)
        ],
        "items": [
            item_record(item, until, numbers[item.subscription.id])
            for item, until in zip(view.items, view.billed_until, strict=True)
        ],
    }


def _print_parts(view: "BillableContract", parts: dict[str, list[Record]]) -> None:
    from faktura.cli.subscription_shape import pause_rows, subscription_row
    from faktura.domain.subscriptions import subscriptions_of

    terms = [subscription_row(one) for one in parts["subscriptions"]]
    items = parts["items"]
    shown = tuple(name for name in _ITEMS if name not in _RARE or any(row[name] for row in items))
    _print(terms, _SUBSCRIPTIONS, "Subscriptions")
    _print(pause_rows(subscriptions_of(view.items)), _PAUSES, "Pauses")
    _print(items, shown, "Items")
    _print(parts["discounts"], _DISCOUNTS, "Discounts")


def _print(rows: Sequence[Record], columns: Sequence[str], title: str) -> None:
    """A table, if there is something to show in it."""
    if rows:
        print_records(rows, columns=columns, as_json=False, title=title)
