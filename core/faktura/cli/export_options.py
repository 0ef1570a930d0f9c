"""The options of an export, as every command that makes one has them."""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

import click

P = ParamSpec("P")
T = TypeVar("T")

_HELP = {
    "payments": "Payments, returns, refunds.",
    "corrections": "Corrections and credit notes.",
    "deferrals": "Deferrals of revenue and their releases.",
    "debtors": "The customers' master data.",
}


def export_options(command: Callable[P, T]) -> Callable[..., T]:
    """Give a command what `options` of an export are made of, and `without_drafts`."""

    @wraps(command)
    def asked(*args: P.args, **kwargs: P.kwargs) -> T:
        from faktura.plugin import ExportOptions

        chosen = {name: bool(kwargs.pop(name)) for name in _HELP}
        kwargs["options"] = ExportOptions.model_validate(chosen)
        return command(*args, **kwargs)

    drafts = click.option(
        "--without-drafts",
        is_flag=True,
        help="Leave out entries that wait for an account, instead of refusing.",
    )
    found = drafts(asked)
    for name, told in reversed(_HELP.items()):
        found = click.option(f"--{name}/--no-{name}", default=True, help=told)(found)
    return found
