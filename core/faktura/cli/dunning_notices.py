"""faktura dunning notices, notice, letter, waive: what customers were reminded of and charged with."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from faktura.cli.options import force_option, json_option, tenant_option
from faktura.cli.output import print_json, print_record, print_records, say
from faktura.cli.session import running
from faktura.cli.who import operator

if TYPE_CHECKING:
    from uuid import UUID

    from faktura.domain.dunning_notices import DunningNotice, RemindedDocument

_COLUMNS = (
    "notice", "date", "customer", "name", "level", "open", "fee", "flat", "interest", "total",
    "currency", "payBy", "charges", "chargesOpen",
)  # fmt: skip
_DOCUMENTS = (
    "number", "date", "due", "level", "gross", "open", "interest", "interestFrom", "interestUntil",
    "flat",
)  # fmt: skip


@click.command("notices")
@click.option("--customer", metavar="NUMBER", help="Only those to this customer.")
@click.option("--invoice", metavar="NUMBER", help="Only those that remind of this document.")
@click.option("--run", metavar="RUN", type=click.UUID, help="Only those of this dunning run.")
@click.option("--limit", default=100, show_default=True, type=click.IntRange(1, 10_000))
@tenant_option
@json_option
def notices(
    *,
    customer: str | None,
    invoice: str | None,
    run: "UUID | None",
    limit: int,
    tenant: str | None,
    as_json: bool,
) -> None:
    """Show dunning notices, newest first."""
    from faktura.store.customers import read_customer
    from faktura.store.dunning_notices import NoticeFilter, list_notices

    wanted = NoticeFilter(customer, invoice, run)
    with running() as app, app.database.read(app.tenant(tenant).id) as tx:
        if customer is not None:
            read_customer(tx, customer)
        found = list_notices(tx, wanted, limit=limit)
    records = [_record(one) for one in found]
    print_records(records, columns=_COLUMNS, as_json=as_json, nothing="No notices.")


@click.command("notice")
@click.argument("notice_id", metavar="NOTICE", type=click.UUID)
@tenant_option
@json_option
def notice(*, notice_id: "UUID", tenant: str | None, as_json: bool) -> None:
    """Show a NOTICE as it was frozen when it was written."""
    from faktura.store.dunning_notices import read_notice

    with running() as app, app.database.read(app.tenant(tenant).id) as tx:
        found = read_notice(tx, notice_id)
    record = {**_record(found), "credit": found.credit.decimal, "text": found.snapshot.get("text")}
    documents = [_document(one) for one in found.items]
    if as_json:
        print_json({**record, "documents": documents})
        return
    print_record(record, as_json=False, title=f"Notice of level {found.level}")
    print_records(documents, columns=_DOCUMENTS, as_json=False)


@click.command("letter")
@click.argument("notice_id", metavar="NOTICE", type=click.UUID)
@click.option("--out", required=True, type=click.Path(path_type=Path), help="The file to write.")
@force_option
@tenant_option
@json_option
def letter(*, notice_id: "UUID", out: Path, force: bool, tenant: str | None, as_json: bool) -> None:
    """Write the letter of a NOTICE: the same bytes each time, and those that its mail carries."""
    from faktura.flows.documents import Documents
    from faktura.flows.dunning_letters import dunning_letter
    from faktura.flows.files import check_absent, write_whole

    if not force:
        check_absent(out)
    with running() as app:
        seller = app.tenant(tenant)
        formats = app.adapters.formats(seller.id)
        written = dunning_letter(Documents(app.database, app.content, formats, seller), notice_id)
    write_whole(out, written.content)
    print_record(
        {"out": str(out), "mediaType": written.media_type, "bytes": len(written.content)},
        as_json=as_json,
    )


@click.command("letters")
@click.argument("run", type=click.UUID)
@click.option(
    "--out", required=True, type=click.Path(path_type=Path, file_okay=False), help="The folder."
)
@tenant_option
@json_option
def letters(*, run: "UUID", out: Path, tenant: str | None, as_json: bool) -> None:
    """Write the letters of a dunning RUN to a folder, to be printed; files of their names are replaced."""
    from faktura.flows.documents import Documents
    from faktura.flows.dunning_letters import letters_of_run
    from faktura.flows.files import write_whole

    written = 0
    with running() as app:
        seller = app.tenant(tenant)
        formats = app.adapters.formats(seller.id)
        for one in letters_of_run(Documents(app.database, app.content, formats, seller), run):
            write_whole(out / one.name, one.content)
            written += 1
    print_record({"out": str(out), "letters": written}, as_json=as_json)


@click.command("waive")
@click.argument("number")
@click.option("--reason", required=True, metavar="TEXT", help="Kept with the transaction.")
@tenant_option
@json_option
def waive(*, number: str, reason: str, tenant: str | None, as_json: bool) -> None:
    """Ask no more for what is open of the charges NUMBER (MG-…); they are reversed, never deleted.

    What their notice reminds of stays owed.
    """
    from faktura.services.dunning_waivers import waive_charges
    from faktura.services.imports.dunning_fields import WaivedFields
    from faktura.services.imports.entries import Form
    from faktura.services.imports.validation import fields_of

    given = fields_of(WaivedFields, {"reason": reason}, Form.TEXT)
    with running() as app:
        seller = app.tenant(tenant)
        with app.database.write(seller.id) as tx:
            waived = waive_charges(tx, seller, number, reason=given.reason, by=operator())
    record = {"number": number, "waived": waived.decimal, "currency": waived.currency}
    print_record(record, as_json=as_json)
    say(f"{waived} of {number} are not asked for any more.", as_json=as_json)


def _record(one: "DunningNotice") -> dict[str, object]:
    owed = one.charges_open
    return {
        "notice": one.id,
        "run": one.run_id,
        "date": one.dunned_on,
        "customer": one.customer_number,
        "name": one.customer_name,
        "level": one.level,
        "open": one.open.decimal,
        "fee": one.fee.decimal,
        "flat": one.flat.decimal,
        "interest": one.interest.decimal,
        "total": one.total.decimal,
        "currency": one.total.currency,
        "payBy": one.pay_by,
        "charges": one.charges,
        "chargesOpen": None if owed is None else owed.decimal,
    }


def _document(one: "RemindedDocument") -> dict[str, object]:
    return {
        "number": one.number,
        "date": one.issued_on,
        "due": one.due_on,
        "level": one.level,
        "gross": one.gross.decimal,
        "open": one.open.decimal,
        "interest": one.interest.decimal,
        "interestFrom": one.interest_from,
        "interestUntil": one.interest_until,
        "flat": one.flat.decimal,
    }
