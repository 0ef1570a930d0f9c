"""faktura payments link: the address under which a customer pays a document (F089)."""

import click

from faktura.cli.options import json_option, tenant_option
from faktura.cli.output import print_record
from faktura.cli.session import running


@click.command("link")
@click.argument("invoice")
@tenant_option
@json_option
def link_command(*, invoice: str, tenant: str | None, as_json: bool) -> None:
    """Show the address under which INVOICE is paid.

    It is made when it is asked for first and stays the same. Whoever has it can pay the document
    and see its file.
    """
    from faktura.services.pay_links import link_address, pay_link, view_payment

    with running() as app:
        seller = app.tenant(tenant)
        public_url = app.settings.public_url
        with app.database.write(seller.id) as tx:
            link = pay_link(tx, invoice)
            url = link_address(None if public_url is None else str(public_url), link.token)
            view = view_payment(tx, link.document_id)
    record = {
        "invoiceNumber": link.number,
        "url": url,
        "state": view.state.value,
        "open": str(view.open.decimal),
        "currency": view.open.currency,
    }
    print_record(record, as_json=as_json)
