"""faktura contracts discount, end-discount, withdraw-discount: discounts of a contract (F076, F077)."""

from typing import TYPE_CHECKING
from uuid import UUID

import click

from faktura.cli.options import json_option, tenant_option
from faktura.cli.output import print_json, say
from faktura.cli.session import running

if TYPE_CHECKING:
    from faktura.services.contract_discounts import DiscountView

Record = dict[str, object]

# Option of `discount` -> field, as a CSV file would name it.
_FIELDS = {
    "percent": "percent",
    "amount": "amount",
    "reason": "reason",
    "start": "validFrom",
    "until": "validUntil",
}


def _discount_id(_ctx: click.Context, _param: click.Parameter, value: str) -> UUID:
    """The id of a discount; whoever has none learns where they are listed."""
    try:
        return UUID(value)
    except ValueError:
        raise click.BadParameter(
            f"“{value}” is no id of a discount; `faktura contracts show NUMBER` lists them"
        ) from None


def discount_record(view: "DiscountView") -> Record:
    """A discount; `validUntil` is the first day on which it no longer counts."""
    one = view.discount
    return {
        "discountId": one.id,
        "scope": one.scope,
        "target": one.target,
        "percent": one.discount.percent,
        "amount": one.discount.amount,
        "reason": one.discount.reason,
        "validFrom": one.valid_from,
        "validUntil": one.valid_until,
        "nextInvoice": one.next_invoice,
        "state": view.state,
        "taken": view.taken.decimal,
    }


@click.command("discount")
@click.argument("number")
@click.option("--percent", metavar="DECIMAL", help="Per cent of each line.")
@click.option("--amount", metavar="DECIMAL", help="An amount for each invoice.")
@click.option("--article", metavar="NUMBER", help="Only on lines of this article.")
@click.option("--product-group", metavar="KEY", help="Only on lines of this product group.")
@click.option("--reason", metavar="TEXT", help="Printed on the lines; Rabatt if left out.")
@click.option("--from", "start", metavar="YYYY-MM-DD", help="First day it counts; at once.")
@click.option("--until", metavar="YYYY-MM-DD", help="First day it no longer counts; open.")
@click.option("--next-invoice", is_flag=True, help="Only the next invoice bears it (F077).")
@tenant_option
@json_option
def discount_command(
    *,
    number: str,
    article: str | None,
    product_group: str | None,
    next_invoice: bool,
    tenant: str | None,
    as_json: bool,
    **given: str | None,
) -> None:
    """Give a contract a discount on all its lines, an article's or a product group's (F076)."""
    from faktura.services.contract_discounts import add_contract_discount
    from faktura.services.imports.discount_fields import ContractDiscountFields
    from faktura.services.imports.entries import Form
    from faktura.services.imports.validation import fields_of

    if (given["percent"] is None) == (given["amount"] is None):
        raise click.UsageError("Give --percent or --amount")
    fields: Record = {_FIELDS[name]: value for name, value in given.items() if value is not None}
    fields["nextInvoice"] = "true" if next_invoice else "false"
    wanted = fields_of(
        ContractDiscountFields, {**fields, **_aim(article, product_group)}, Form.TEXT
    )
    with running() as app, app.database.write(app.tenant(tenant).id) as tx:
        added = add_contract_discount(tx, number, wanted)
    if as_json:
        print_json({"discountId": added.id, "contractNumber": number})
    else:
        say(f"{number} has the discount {added.id}.", as_json=False)


@click.command("end-discount")
@click.argument("number")
@click.argument("discount_id", callback=_discount_id)
@click.option("--until", required=True, metavar="YYYY-MM-DD", help="First day it no longer counts.")
@tenant_option
def end_discount_command(*, number: str, discount_id: UUID, until: str, tenant: str | None) -> None:
    """Let a discount count no longer; what is billed keeps it."""

    from faktura.kernel.periods import date_from_text
    from faktura.services.contract_discounts import end_contract_discount

    day = date_from_text(until, field="--until")
    with running() as app, app.database.write(app.tenant(tenant).id) as tx:
        ended = end_contract_discount(tx, number, discount_id, day)
    say(f"{number}: the discount counts until before {ended.valid_until}.", as_json=False)


@click.command("withdraw-discount")
@click.argument("number")
@click.argument("discount_id", callback=_discount_id)
@tenant_option
def withdraw_discount_command(*, number: str, discount_id: UUID, tenant: str | None) -> None:
    """Take away a discount that never took anything off."""

    from faktura.services.contract_discounts import withdraw_contract_discount

    with running() as app, app.database.write(app.tenant(tenant).id) as tx:
        withdraw_contract_discount(tx, number, discount_id)
    say(f"{number}: the discount is withdrawn.", as_json=False)


def _aim(article: str | None, product_group: str | None) -> Record:
    """Scope and target; both options together are refused as the wrong usage they are."""
    if article is not None and product_group is not None:
        raise click.UsageError("--article and --product-group exclude each other")
    if article is not None:
        return {"scope": "ARTICLE", "target": article}
    if product_group is not None:
        return {"scope": "PRODUCT_GROUP", "target": product_group}
    return {}
