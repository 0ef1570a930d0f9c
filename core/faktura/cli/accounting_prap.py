"""faktura accounting prap: how a net amount is spread over months, without any database (F108)."""

from typing import TYPE_CHECKING

import click

from faktura.cli.days import DAY
from faktura.cli.deferral_methods import Method
from faktura.cli.options import json_option
from faktura.cli.output import print_json, print_records

if TYPE_CHECKING:
    from faktura.domain.costs import Costs
    from faktura.domain.deferral import MonthShare
    from faktura.kernel.periods import Period

_METHODS = ("day", "month", "half-month")


@click.command()
@click.option("--net", required=True, help="Net amount of the line; a negative one takes back.")
@click.option("--from", "start", required=True, metavar=DAY, help="First day of the service.")
@click.option("--to", "end", required=True, metavar=DAY, help="Last day of the service.")
@click.option("--booked", required=True, metavar=DAY, help="Date of the document.")
@click.option("--method", type=Method(_METHODS), default="day", show_default=True)
@click.option(
    "--split",
    "splits",
    multiple=True,
    metavar="CENTRE:PERCENT",
    help="A cost centre and its share, e.g. 100:60; repeated until they are 100 per cent.",
)
@click.option("--currency", default="EUR", show_default=True)
@json_option
def prap(*, method: str, splits: tuple[str, ...], as_json: bool, **given: str) -> None:
    """Show what a net amount defers when it is booked, and what each month earns of it."""
    from faktura.domain.deferral import Spread, schedule
    from faktura.kernel.accounting_terms import DeferralMethod
    from faktura.kernel.decimals import scaled
    from faktura.kernel.money import Money
    from faktura.kernel.periods import date_from_text

    currency = given["currency"]
    amount = Money.parse(given["net"], currency, field="--net")
    costs = _costs(splits)
    spread = Spread(
        DeferralMethod(method.replace("-", "_").upper()), _service(given["start"], given["end"])
    )
    booked_on = date_from_text(given["booked"], field="--booked")
    weights = [scaled(share.percent) for share in costs] or (1,)
    found = schedule(amount.minor, spread, booked_on, weights)
    accrued = Money(sum(found.accrued), currency).decimal
    if as_json:
        months = [
            {**_month(one, currency), "splits": _splits(one, costs, currency)}
            for one in found.months
        ]
        print_json({"net": amount.decimal, "method": method, "accrued": accrued, "months": months})
        return
    rows = [
        {
            **_month(one, currency),
            **{str(split["split"]): split["amount"] for split in _splits(one, costs, currency)},
        }
        for one in found.months
    ]
    columns = ("month", "amount", *(str(share.centre) for share in costs), "open")
    print_records(rows, columns=columns, as_json=False, title=f"Deferred when booked: {accrued}")


def _service(start: str, end: str) -> "Period":
    from datetime import date, timedelta

    from faktura.kernel.errors import OutOfRange
    from faktura.kernel.periods import Period, date_from_text

    first, last = date_from_text(start, field="--from"), date_from_text(end, field="--to")
    if not first <= last < date.max:
        raise OutOfRange(
            f"a service from {first} does not end on {last}",
            place="--to",
            mend="Write the last day of the service",
        )
    return Period(first, last + timedelta(days=1))


def _costs(splits: tuple[str, ...]) -> "Costs":
    from faktura.domain.costs import CostShare, checked_costs
    from faktura.kernel.decimals import decimal_from_text

    shares = []
    for text in splits:
        centre, _, percent = text.rpartition(":")
        shares.append(CostShare(centre, None, decimal_from_text(percent, field="--split")))
    return checked_costs(shares, "--split")


def _month(share: "MonthShare", currency: str) -> dict[str, object]:
    from faktura.kernel.money import Money

    return {
        "month": f"{share.month:%Y-%m}",
        "amount": Money(share.amount, currency).decimal,
        "open": Money(share.open, currency).decimal,
    }


def _splits(share: "MonthShare", costs: "Costs", currency: str) -> list[dict[str, object]]:
    from faktura.kernel.money import Money

    return [
        {"split": cost.centre, "amount": Money(cell, currency).decimal}
        for cost, cell in zip(costs, share.cells, strict=bool(costs))
    ]
