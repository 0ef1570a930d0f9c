"""faktura invoices: credit partners for what they supplied, and take that back (F066)."""

from typing import Any

import click

from faktura.cli.invoice_corrections import (
    at_desk,
    date_option,
    day_of,
    line_parts,
    part_options,
)
from faktura.cli.options import json_option, tenant_option


@click.command("credit")
@click.argument("partner")
@click.argument("contract")
@click.option(
    "--position",
    "positions",
    nargs=5,
    multiple=True,
    required=True,
    metavar="ARTICLE QUANTITY PRICE FROM UNTIL",
    help="What was supplied: price net, UNTIL is the first day after it; may be repeated.",
)
@click.option("--text", default="", help="Printed below each article.")
@date_option
@tenant_option
@json_option
def credit_command(
    *,
    partner: str,
    contract: str,
    positions: tuple[tuple[str, ...], ...],
    tenant: str | None,
    as_json: bool,
    **words: str | None,
) -> None:
    """Issue a credit note to PARTNER on the partner's CONTRACT."""
    from faktura.cli.invoice_acts import Issued
    from faktura.services.credit_notes import create_credit_note
    from faktura.services.imports.credit_note_file import CreditNoteFields
    from faktura.services.imports.entries import Form
    from faktura.services.imports.validation import fields_of

    names = ("articleNumber", "quantity", "unitPrice", "from", "until")
    values: dict[str, object] = {
        "partnerNumber": partner,
        "contractNumber": contract,
        "positions": [
            {**dict(zip(names, one, strict=True)), "text": words["text"]} for one in positions
        ],
    }
    if words["day"] is not None:
        values["date"] = words["day"]
    fields = fields_of(CreditNoteFields, values, Form.TEXT)
    with at_desk(tenant) as (tx, desk):
        done = Issued(tx, [create_credit_note(tx, desk, fields)])
    done.tell(as_json=as_json)


@click.command("correct-credit")
@click.argument("number")
@part_options
@click.option("--reason", required=True, help="Printed on the correction.")
@date_option
@tenant_option
@json_option
def correct_credit_command(
    *,
    number: str,
    lines: tuple[int, ...],
    reason: str,
    day: str | None,
    tenant: str | None,
    as_json: bool,
    **parts: Any,
) -> None:
    """Take a credit note back: the lines that are named, else all that is left of it."""
    from faktura.cli.invoice_acts import Issued
    from faktura.services.credit_notes import CorrectingCredit, correct_credit_note

    given = CorrectingCredit(reason, line_parts(lines, parts), day_of(day))
    with at_desk(tenant) as (tx, desk):
        done = Issued(tx, [correct_credit_note(tx, desk, number, given)])
    done.tell(as_json=as_json)
