"""faktura mails texts: what mails say, in the tenant's own words (F128)."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from faktura.cli.options import json_option, tenant_option
from faktura.cli.output import print_json, print_record, print_records, say, shown
from faktura.cli.session import running
from faktura.kernel.outbox_terms import MailUse

if TYPE_CHECKING:
    from collections.abc import Mapping

    from faktura.services.mail_texts import MailText, Written

_PARTS = ("subject", "plain", "html")
# Four bytes a character at most; what is longer is refused with its length in characters anyway.
_LARGEST_FILE = 100_000

_use = click.argument("use", metavar="USE", type=click.Choice(MailUse, case_sensitive=False))
_language = click.option(
    "--language", default="de", show_default=True, metavar="CODE", help="Whose readers it is for."
)
_file = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group()
def texts() -> None:
    """Show and change what mails say. USE is what a mail is for, e.g. INVOICE."""


@texts.command("list")
@tenant_option
@json_option
def list_command(*, tenant: str | None, as_json: bool) -> None:
    """List the texts that apply, and which of them are your own."""
    from faktura.services.mail_texts import list_texts

    with running() as app, app.database.read(app.tenant(tenant).id) as tx:
        found = list_texts(tx)
    records = [
        {
            "use": one.use.value,
            "language": one.language,
            "own": one.own,
            "changedAt": one.changed_at,
            "subject": one.subject,
        }
        for one in found
    ]
    print_records(records, columns=("use", "language", "own", "subject"), as_json=as_json)


@texts.command("show")
@_use
@_language
@click.option("--part", type=click.Choice(_PARTS), help="Only this part, as `set` takes it.")
@tenant_option
@json_option
def show_command(
    *, use: MailUse, language: str, part: str | None, tenant: str | None, as_json: bool
) -> None:
    """Show the text of a USE with its scripting."""
    from faktura.services.mail_texts import shown_text

    with running() as app, app.database.read(app.tenant(tenant).id) as tx:
        record = _record(shown_text(tx, use, language))
    if part is not None:
        click.echo(str(record[part]), nl=not str(record[part]).endswith("\n"))
        return
    _print_text(record, as_json=as_json)


@texts.command("set")
@_use
@_language
@click.option("--subject", metavar="TEXT", help="The subject, one line.")
@click.option("--plain", type=_file, help="A file with the plain text.")
@click.option("--html", type=_file, help="A file with the HTML text.")
@click.option("--plain-only", is_flag=True, help="Send it without an HTML text.")
@click.option("--dry-run", is_flag=True, help="Check it and show it filled in; keep nothing.")
@tenant_option
@json_option
def set_command(  # noqa: PLR0913 - a command's options are its parameters
    *,
    use: MailUse,
    language: str,
    subject: str | None,
    plain: Path | None,
    html: Path | None,
    plain_only: bool,
    dry_run: bool,
    tenant: str | None,
    as_json: bool,
) -> None:
    """Write the text of a USE in your own words; parts that are not given stay as they are.

    What is wrong with it is told with line and column, and nothing is kept. `variables` lists what
    it may be filled in with.
    """
    from faktura.services.mail_texts import check_text, drafted, preview, set_text, text_for

    if html is not None and plain_only:
        raise click.UsageError("--html and --plain-only exclude each other")
    given: dict[str, str | None] = {
        "subject": subject,
        "plain": None if plain is None else _read(plain),
        "html": "" if plain_only else None if html is None else _read(html),
    }
    with running() as app:
        seller = app.tenant(tenant)
        with app.database.read(seller.id) if dry_run else app.database.write(seller.id) as tx:
            draft = drafted(text_for(tx, use, language), language, given)
            kept = None if dry_run else set_text(tx, draft)
    if kept is not None:
        _print_kept(kept, given, as_json=as_json)
        return
    check_text(draft)
    _print_written(preview(draft), as_json=as_json)
    say("Nothing was kept.", as_json=as_json)


@texts.command("reset")
@_use
@_language
@tenant_option
@json_option
def reset_command(*, use: MailUse, language: str, tenant: str | None, as_json: bool) -> None:
    """Forget your own text of a USE; the one that ships applies again."""
    from faktura.services.mail_texts import reset_text

    with running() as app:
        seller = app.tenant(tenant)
        with app.database.write(seller.id) as tx:
            applies = reset_text(tx, use, language)
    _print_text(_record(applies), as_json=as_json)


@texts.command("preview")
@_use
@_language
@click.option(
    "--html",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write the HTML text to this file, to be looked at in a browser.",
)
@tenant_option
@json_option
def preview_command(
    *, use: MailUse, language: str, html: Path | None, tenant: str | None, as_json: bool
) -> None:
    """Show the mail of a USE filled in with sample values."""
    from faktura.flows.files import write_whole
    from faktura.services.mail_texts import preview, shown_text

    with running() as app, app.database.read(app.tenant(tenant).id) as tx:
        text = shown_text(tx, use, language)
    written = preview(text)
    if html is not None:
        write_whole(html, written.html.encode())
    _print_written(written, as_json=as_json)


@texts.command("variables")
@_use
@json_option
def variables_command(*, use: MailUse, as_json: bool) -> None:
    """List what the text of a USE may be filled in with, and the filters there are."""
    from faktura.services.mail_texts import described_filters, described_variables

    variables = [
        {"name": one.name, "kind": one.kind, "about": one.about} for one in described_variables(use)
    ]
    filters = [{"name": f"|{name}", "about": about} for name, about in described_filters()]
    if as_json:
        print_json({"variables": variables, "filters": filters})
        return
    print_records(variables, columns=("name", "kind", "about"), as_json=False)
    print_records(filters, columns=("name", "about"), as_json=False)


def _record(text: "MailText") -> dict[str, object]:
    return {
        "use": text.use.value,
        "language": text.language,
        "own": text.own,
        "changedAt": text.changed_at,
        "subject": text.subject,
        "plain": text.plain,
        "html": text.html,
    }


def _print_text(record: dict[str, object], *, as_json: bool) -> None:
    """The plain text for people, who read HTML in a browser; `--part html` gives its source."""
    if as_json:
        print_json(record)
        return
    record.pop("changedAt")
    plain, html = str(record.pop("plain")), record.pop("html")
    record["html"] = bool(html)
    print_record(record, as_json=False)
    click.echo(f"\n{shown(plain)}")


def _print_kept(kept: "MailText", given: "Mapping[str, str | None]", *, as_json: bool) -> None:
    _print_text(_record(kept), as_json=as_json)
    if kept.html and given["plain"] is not None and given["html"] is None:
        # Most readers are shown the HTML part, and would never see the new words.
        say("The HTML text stays as it was: give --html as well, or --plain-only.", as_json=as_json)


def _print_written(written: "Written", *, as_json: bool) -> None:
    if as_json:
        print_json({"subject": written.subject, "plain": written.plain, "html": written.html})
        return
    click.echo(f"{written.subject}\n\n{written.plain}")


def _read(file: Path) -> str:
    from faktura.cli.text_files import read_text

    return read_text(file, _LARGEST_FILE)
