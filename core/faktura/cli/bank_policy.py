"""faktura bank policy: what is booked by itself, cash discount, small differences (F097)."""

from typing import TYPE_CHECKING

import click

from faktura.cli.options import json_option, tenant_option
from faktura.cli.output import print_record
from faktura.cli.session import running
from faktura.cli.who import operator
from faktura.kernel.bank_terms import AutoBooking

if TYPE_CHECKING:
    from typing_extensions import Unpack

    from faktura.services.bank_policies import PolicyChange

_WORDS = [word.value.lower() for word in AutoBooking]


@click.command("policy")
@click.option(
    "--auto",
    type=click.Choice(_WORDS, case_sensitive=False),
    help="What becomes of an exact match: booked by itself, or only marked for a person.",
)
@click.option(
    "--discount",
    metavar="PERCENT/DAYS",
    help="Cash discount that you grant, e.g. 2/14; none: no discount.",
)
@click.option(
    "--grace-days",
    type=click.IntRange(0, 365),
    help="So many days later money is still in time for the discount.",
)
@click.option(
    "--takes-discount/--no-takes-discount",
    default=None,
    help="Whether a payment that is short by exactly the discount is booked by itself.",
)
@click.option(
    "--most-given-up",
    metavar="AMOUNT",
    help="What a person may give up of a document with a payment, e.g. 1.00; 0 allows none.",
)
@click.option(
    "--feed-hours", type=click.IntRange(1, 168), help="Feeds are asked every so many hours."
)
@click.option(
    "--consent-days",
    type=click.IntRange(0, 365),
    help="So many days ahead the end of a bank's consent is warned of.",
)
@tenant_option
@json_option
def policy(*, tenant: str | None, as_json: bool, **change: "Unpack[PolicyChange]") -> None:
    """Show how bank movements are dealt with; options that are given are set first.

    What was booked or marked before stays as it is.
    """
    from faktura.services.bank_policies import bank_policy_record, change_bank_policy

    with running() as app:
        seller = app.tenant(tenant)
        shown = seller.bank
        if any(given is not None for given in change.values()):
            with app.database.write(seller.id) as tx:
                shown = change_bank_policy(tx, change, by=operator())
    print_record(bank_policy_record(shown, seller.currency), as_json=as_json)
