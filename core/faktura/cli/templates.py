"""faktura templates: import, list and show contract templates, and make contracts from them (F014)."""

from pathlib import Path

import click

from faktura.cli.imports import dry_run_option, file_argument, imported
from faktura.cli.options import json_option, tenant_option
from faktura.cli.output import print_json, print_records, say
from faktura.cli.session import running

# Option of `use` -> field, as a CSV file would name it.
_USE_FIELDS = {
    "start": "start",
    "number": "contractNumber",
    "project": "project",
    "aligned_to": "alignedTo",
}


@click.group()
def templates() -> None:
    """Import and list contract templates, and make contracts from them."""


@templates.command("import")
@file_argument
@tenant_option
@dry_run_option
@json_option
def import_command(*, file: Path, tenant: str | None, dry_run: bool, as_json: bool) -> None:
    """Import all contract templates of a JSON or CSV FILE, or none of them."""
    from faktura.services.contract_templates import import_templates, read_template_file

    found = imported(file, tenant, read_template_file, import_templates, dry_run=dry_run)
    if as_json:
        print_json({"dryRun": dry_run, "keys": [one.key for one in found]})
        return
    done = "would be imported; nothing was written" if dry_run else "are imported"
    say(f"{len(found)} templates {done}.", as_json=False)


@templates.command("list")
@tenant_option
@json_option
def list_command(*, tenant: str | None, as_json: bool) -> None:
    """List contract templates, by key."""
    from faktura.services.contract_templates import list_templates

    with running() as app, app.database.read(app.tenant(tenant).id) as tx:
        found = list_templates(tx)
    records = [
        {
            "key": one.key,
            "name": one.name,
            "project": one.project,
            "interval": str(one.billing_interval.interval),
        }
        for one in found
    ]
    print_records(records, columns=("key", "name", "project", "interval"), as_json=as_json)


@templates.command("show")
@click.argument("key")
@tenant_option
def show_command(*, key: str, tenant: str | None) -> None:
    """Show a contract template as JSON, which `import` takes under another key."""
    from faktura.services.contract_templates import visible_template
    from faktura.services.imports.template_file import template_values

    with running() as app, app.database.read(app.tenant(tenant).id) as tx:
        found = visible_template(tx, key)
    print_json(template_values(found))


@templates.command("use")
@click.argument("key")
@click.option("--customer", required=True, metavar="NUMBER", help="Who is billed.")
@click.option("--start", required=True, metavar="YYYY-MM-DD", help="Day of conclusion.")
@click.option("--number", metavar="NUMBER", help="Of the contract; the next one if left out.")
@click.option("--project", metavar="KEY", help="Instead of the template's.")
@click.option("--aligned-to", metavar="YYYY-MM-DD", help="Count intervals from this day (F029).")
@click.option("--activate", is_flag=True, help="Make it active at once (F010).")
@tenant_option
@json_option
def use_command(
    *,
    key: str,
    customer: str,
    activate: bool,
    tenant: str | None,
    as_json: bool,
    **given: str | None,
) -> None:
    """Make a contract from a template: it keeps a copy, later changes never reach it (F014)."""
    from faktura.services.contract_templates import contract_from_template
    from faktura.services.imports.entries import Form
    from faktura.services.imports.template_file import TemplateUseFields
    from faktura.services.imports.validation import fields_of

    fields: dict[str, object] = {
        _USE_FIELDS[name]: value for name, value in given.items() if value is not None
    }
    wanted = fields_of(TemplateUseFields, {**fields, "activate": activate}, Form.TEXT)
    with running() as app:
        seller = app.tenant(tenant)
        with app.database.write(seller.id) as tx:
            made = contract_from_template(tx, seller, key, wanted.use(customer))
    if as_json:
        print_json({"contractNumber": made.number, "state": made.state})
    else:
        say(f"Made: {made.number}, {made.state}.", as_json=False)
