"""faktura mails settings|uses: who mails come from, and which are written (F127)."""

from typing import TYPE_CHECKING

import click

from faktura.cli.options import json_option, tenant_option
from faktura.cli.output import print_record, print_records
from faktura.cli.session import running
from faktura.cli.who import operator

if TYPE_CHECKING:
    from typing_extensions import Unpack

    from faktura.services.mail_settings import MailChange


@click.command("settings")
@click.option("--sender", metavar="ADDRESS", help="Who mails come from; empty: the contact.")
@click.option("--sender-name", metavar="NAME", help="The name beside it; empty: the company's.")
@click.option("--reply-to", metavar="ADDRESS", help="Where answers go; empty: to the sender.")
@click.option(
    "--bounces-to",
    metavar="ADDRESS",
    help="Where servers report what they cannot deliver; empty: to the sender.",
)
@click.option(
    "--card-days",
    type=int,
    help="So many days ahead a customer hears that a card expires.",
)
@click.option("--off", multiple=True, metavar="USE", help="Write no mails of this use any more.")
@click.option("--on", multiple=True, metavar="USE", help="Write mails of this use again.")
@tenant_option
@json_option
def settings_command(*, tenant: str | None, as_json: bool, **change: "Unpack[MailChange]") -> None:
    """Show how mails are sent; options that are given are set first.

    Mails that are written already stay as they are.
    """
    from faktura.services.mail_settings import change_mail_policy, mail_policy_record

    with running() as app:
        seller = app.tenant(tenant)
        shown = seller.mail
        if any(given not in (None, ()) for given in change.values()):
            with app.database.write(seller.id) as tx:
                shown = change_mail_policy(tx, change, by=operator())
    print_record(mail_policy_record(shown), as_json=as_json)


@click.command("uses")
@tenant_option
@json_option
def uses_command(*, tenant: str | None, as_json: bool) -> None:
    """List what mails are written for, whether they are, and whose addresses they go to."""
    from faktura.kernel.outbox_terms import MailUse
    from faktura.services.mail_recipients import RECIPIENT_USES

    with running() as app:
        off = app.tenant(tenant).mail.off
    records = [
        {
            "use": use.value,
            "on": use not in off,
            "recipients": str(RECIPIENT_USES[use]) if use in RECIPIENT_USES else "TENANT",
        }
        for use in MailUse
    ]
    print_records(records, columns=("use", "on", "recipients"), as_json=as_json)
