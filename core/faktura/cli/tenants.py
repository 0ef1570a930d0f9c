"""faktura tenants: create tenants, show and change their settings."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from faktura.cli.options import json_option, tenant_option
from faktura.cli.output import print_record, print_records, say
from faktura.cli.session import running
from faktura.kernel.errors import BadInput, FileUnreadable

if TYPE_CHECKING:
    from faktura.domain.tenants import Tenant

# Option -> path in the tenant's document.
_OPTIONS = {
    "name": ("seller", "legal_name"),
    "street": ("seller", "address", "street"),
    "zip_code": ("seller", "address", "zip_code"),
    "city": ("seller", "address", "city"),
    "country": ("seller", "address", "country"),
    "contact": ("seller", "contact", "name"),
    "phone": ("seller", "contact", "phone"),
    "email": ("seller", "contact", "email"),
    "vat_id": ("seller", "vat_id"),
    "tax_number": ("seller", "tax_number"),
    "iban": ("seller", "iban"),
    "chart": ("chart",),
}
# Digits a number may have; the column of the counter holds three more.
_LONGEST = 15


@click.group()
def tenants() -> None:
    """Create tenants and change their settings."""


@tenants.command()
@click.argument("key")
@click.option(
    "--file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="All settings as JSON, as `tenants show --json` prints them.",
)
@click.option("--name", help="Legal name, as it is printed on invoices.")
@click.option("--street", help="Street and house number.")
@click.option("--zip", "zip_code", help="Post code.")
@click.option("--city")
@click.option("--country", help="ISO 3166 code; DE if left out.")
@click.option("--vat-id", help="VAT id; this or the tax number must stand on invoices.")
@click.option("--tax-number", help="Tax number of the local tax office.")
@click.option("--iban", help="Where customers transfer to.")
@click.option("--contact", help="Person to talk to.")
@click.option("--phone")
@click.option("--email")
@click.option("--chart", type=click.Choice(["SKR03", "SKR04", "OWN"]), help="SKR03 if left out.")
@click.option(
    "--invoice-prefix",
    default="RE-",
    show_default=True,
    help="Stands before the six digits of each invoice number.",
)
@click.option(
    "--sandbox",
    is_flag=True,
    help="For trying out: it never reaches the live world, and stays a sandbox.",
)
@json_option
def create(
    key: str,
    file: Path | None,
    invoice_prefix: str,
    *,
    sandbox: bool,
    as_json: bool,
    **given: str | None,
) -> None:
    """Create a tenant from a file or from options, with its number ranges."""
    from dataclasses import replace

    from faktura.domain.numbering import NumberFormat
    from faktura.services.tenants import set_up_tenant
    from faktura.store.numbers import INVOICE

    text, place = _document(file, given)
    new = _read(text, place, tenant_id=0, key=key)
    new = replace(new, sandbox=new.sandbox or sandbox)
    named = nullcontext() if file else _named_by_option()
    with named, running() as app, app.database.write(0) as tx:
        created = set_up_tenant(tx, new, {INVOICE: NumberFormat(invoice_prefix, 6)})
    if as_json:
        print_record({"id": created.id, "key": created.key}, as_json=True)
    else:
        say(f"Tenant {created.key} is created.", as_json=False)


@tenants.command("list")
@json_option
def list_all(*, as_json: bool) -> None:
    """Show all tenants."""
    from faktura.store.tenants import list_tenants

    with running() as app, app.database.read(0) as tx:
        records = [
            {
                "key": tenant.key,
                "name": tenant.seller.legal_name,
                "chart": tenant.chart,
                "sandbox": tenant.sandbox,
            }
            for tenant in list_tenants(tx)
        ]
    print_records(records, columns=["key", "name", "chart", "sandbox"], as_json=as_json)


@tenants.command()
@tenant_option
@json_option
def show(*, tenant: str | None, as_json: bool) -> None:
    """Show a tenant's settings; as JSON in the form `update` and `create --file` read."""
    from faktura.store.tenants import read_tenant

    with running() as app, app.database.read(app.tenant_id(tenant)) as tx:
        found = read_tenant(tx)
    document = _as_document(found)
    if as_json:
        print_record(document, as_json=True)
    else:
        print_record(dict(_flat(document)), as_json=False, title=found.key)


@tenants.command()
@click.argument("cases", nargs=-1, required=True, metavar="CASE...")
@tenant_option
def allow(cases: tuple[str, ...], tenant: str | None) -> None:
    """Set up tax CASES: a run refuses by name every case that is not (e.g. REVERSE_CHARGE)."""
    from dataclasses import replace

    from faktura.kernel.terms import TaxCase, term
    from faktura.services.tenants import change_tenant
    from faktura.store.tenants import lock_tenant

    added = {term(TaxCase, case, field="CASE") for case in cases}
    with running() as app, app.database.write(app.tenant_id(tenant)) as tx:
        found = lock_tenant(tx)
        changed = replace(found, tax_cases=found.tax_cases | added)
        change_tenant(tx, changed)
    say(f"Set up: {', '.join(sorted(changed.tax_cases))}.", as_json=False)


@tenants.command("collective-invoices")
@click.argument("switch", type=click.Choice(["on", "off"]))
@tenant_option
def collective_invoices(switch: str, tenant: str | None) -> None:
    """Join what a customer owes on several contracts on the same day in one invoice (F053)."""
    from dataclasses import replace

    from faktura.services.tenants import change_tenant
    from faktura.store.tenants import lock_tenant

    with running() as app, app.database.write(app.tenant_id(tenant)) as tx:
        change_tenant(tx, replace(lock_tenant(tx), collective_invoices=switch == "on"))
    say(f"Collective invoices are {switch} from the next run on.", as_json=False)


@tenants.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@tenant_option
def update(file: Path, tenant: str | None) -> None:
    """Replace a tenant's settings by those of FILE; issued documents keep theirs."""
    from faktura.services.tenants import change_tenant
    from faktura.store.tenants import lock_tenant

    with running() as app, app.database.write(app.tenant_id(tenant)) as tx:
        present = lock_tenant(tx)
        text, place = _document(file, {})
        change_tenant(tx, _read(text, place, tenant_id=present.id, key=present.key))
    say(f"Tenant {present.key} is updated.", as_json=False)


@tenants.group()
def ranges() -> None:
    """Show and start number ranges."""


@ranges.command("list")
@tenant_option
@json_option
def list_ranges(*, tenant: str | None, as_json: bool) -> None:
    """Show what each range gives next, and from which day on its formats are valid."""
    from faktura.store.numbers import ranges as read_ranges

    with running() as app, app.database.read(app.tenant_id(tenant)) as tx:
        records = [
            {"range": row.name, "valid_from": row.valid_from, "next": row.format.write(row.next)}
            for row in read_ranges(tx)
        ]
    print_records(records, columns=["range", "valid_from", "next"], as_json=as_json)


@ranges.command("start")
@click.argument("name", metavar="RANGE")
@click.option("--prefix", required=True, help="Stands directly before the number.")
@click.option(
    "--width",
    default=6,
    show_default=True,
    type=click.IntRange(0, _LONGEST),
    help="Digits, filled up with zeros.",
)
@click.option("--from", "day", required=True, metavar="YYYY-MM-DD", help="First day of the prefix.")
@click.option("--first", default=1, show_default=True, type=click.IntRange(1, 10**_LONGEST - 1))
@tenant_option
def start_range(
    name: str, *, prefix: str, width: int, day: str, first: int, tenant: str | None
) -> None:
    """Give RANGE a new prefix from a day on, e.g. one for each year."""
    from faktura.domain.numbering import NumberFormat
    from faktura.kernel.periods import date_from_text
    from faktura.services.tenants import start_number_range
    from faktura.store.numbers import RangeFormat

    valid_from = date_from_text(day, field="--from")
    started = RangeFormat(name, valid_from, NumberFormat(prefix, width), first)
    with running() as app, app.database.write(app.tenant_id(tenant)) as tx:
        start_number_range(tx, started)
    say(f"From {day} on {name} gives {started.format.write(first)}.", as_json=False)


@contextmanager
def _named_by_option() -> Iterator[None]:
    """Name what is wrong by its option: who writes no file knows no fields of one."""
    try:
        yield
    except BadInput as error:
        for one in (error, *error.parts):
            for name, path in _OPTIONS.items():
                option = "--zip" if name == "zip_code" else f"--{name.replace('_', '-')}"
                one.place = one.place.replace(".".join(path), option)
            one.place = one.place.removeprefix("field ")
        raise


def _document(file: Path | None, given: Mapping[str, str | None]) -> tuple[str, str]:
    """The tenant's document as JSON text, and where it stands."""
    options = {name: value for name, value in given.items() if value is not None}
    if file is not None:
        if options:
            raise click.UsageError("give either --file or the options of the seller, not both")
        try:
            return file.read_text(encoding="utf-8"), str(file)
        except UnicodeDecodeError:
            raise FileUnreadable("not written in UTF-8", place=str(file)) from None
    document: dict[str, Any] = {"seller": {"legal_name": "", "address": {}, "contact": {}}}
    for name, value in options.items():
        *way, last = _OPTIONS[name]
        branch = document
        for step in way:
            branch = branch[step]
        branch[last] = value
    return json.dumps(document), "options"


def _read(text: str, place: str, *, tenant_id: int, key: str) -> "Tenant":
    from faktura.domain.tenants import Tenant
    from faktura.store.given_json import read_given

    return read_given(text, Tenant, place=place, fixed={"id": tenant_id, "key": key})


def _as_document(tenant: "Tenant") -> dict[str, Any]:
    from faktura.domain.tenants import Tenant
    from faktura.store.codec import to_json

    document: dict[str, Any] = json.loads(to_json(tenant, Tenant))
    del document["id"], document["key"]
    document["tax_cases"].sort()
    return document


def _flat(document: Mapping[str, object], prefix: str = "") -> list[tuple[str, object]]:
    found: list[tuple[str, object]] = []
    for name, value in document.items():
        if isinstance(value, dict):
            found += _flat(value, f"{prefix}{name}.")
        else:
            found.append((f"{prefix}{name}", value))
    return found
