"""faktura payments policy: when it is tried again, what follows a chargeback (F094)."""

import json
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

import click

from faktura.cli.options import json_option, tenant_option
from faktura.cli.output import print_json, print_record
from faktura.cli.session import running
from faktura.cli.who import operator
from faktura.kernel.errors import FileUnreadable

if TYPE_CHECKING:
    from faktura.domain.payment_policies import PaymentPolicies


@click.group()
def policy() -> None:
    """Show and set how open amounts are collected."""


@policy.command("show")
@tenant_option
@json_option
def show_command(*, tenant: str | None, as_json: bool) -> None:
    """Show the policies; as JSON in the form that `set --file` reads."""
    from faktura.services.imports.policy_fields import policy_record

    with running() as app:
        _show(policy_record(app.tenant(tenant).payments), as_json=as_json)


@policy.command("set")
@click.option(
    "--file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    required=True,
    help="All policies as JSON, as `policy show --json` prints them.",
)
@tenant_option
@json_option
def set_command(*, file: Path, tenant: str | None, as_json: bool) -> None:
    """Collect by the policies of a file from now on; methods it does not name have the default."""
    from faktura.services.imports.policy_fields import policy_record
    from faktura.services.payment_policies import set_policies

    wanted = read_policies(file)
    with running() as app:
        seller = app.tenant(tenant)
        for own in wanted.by_method.values():
            for action in own.actions:
                app.adapters.check_action(seller.id, action)
        with app.database.write(seller.id) as tx:
            set_policies(tx, wanted, by=operator())
    _show(policy_record(wanted), as_json=as_json)


def read_policies(file: Path) -> "PaymentPolicies":
    """The policies of a JSON file; raises FileUnreadable, FieldsRefused, FieldInvalid."""
    from faktura.services.imports.entries import Form
    from faktura.services.imports.policy_fields import PolicyFields
    from faktura.services.imports.validation import fields_of

    try:
        values = json.loads(file.read_text(encoding="utf-8"), parse_float=Decimal)
    except (OSError, ValueError) as error:
        raise FileUnreadable(f"it is no JSON: {error}", place=file.name) from error
    if not isinstance(values, dict):
        raise FileUnreadable("it holds no object", place=file.name, mend="Write {…}")
    return fields_of(PolicyFields, values, Form.FILE).policies


def _show(record: dict[str, object], *, as_json: bool) -> None:
    if as_json:
        print_json(record)
        return
    flat: dict[str, object] = {}
    for name, value in record.items():
        if isinstance(value, dict):
            flat |= {f"{name}.{part}": own for part, own in value.items()}
        else:
            flat[name] = value
    print_record(flat, as_json=False)
