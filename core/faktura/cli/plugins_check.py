"""faktura plugins check: whether the enabled plugins work, or how good one connector is."""

import sys
from typing import TYPE_CHECKING

import click

from faktura.cli.options import json_option, tenant_option
from faktura.cli.output import print_records
from faktura.cli.session import installation, running
from faktura.kernel.errors import FakturaError, Misconfigured, NotFound

if TYPE_CHECKING:
    from faktura.testing.kit.quality import Answer


@click.command()
@click.argument("name", required=False)
@tenant_option
@json_option
def check(name: str | None, *, tenant: str | None, as_json: bool) -> None:
    """Load every enabled plugin and read its settings for the tenant, where there is one.

    With NAME, judge that installed plugin by the rules of its quality.toml instead, enabled or not.
    """
    if name is not None:
        _judge(name, as_json=as_json)
        return
    from faktura.hub.loader import problems

    found = problems(installation().plugins)
    if not any(found.values()):
        found = _settings_problems(tenant) or found
    print_records(
        [
            {"name": plugin, "ok": error is None, "problem": str(error) if error else None}
            for plugin, error in found.items()
        ],
        columns=["name", "ok", "problem"],
        as_json=as_json,
    )
    if any(found.values()):
        sys.exit(1)


def _judge(name: str, *, as_json: bool) -> None:
    from faktura.testing.kit.quality import Verdict, judged
    from faktura.testing.kit.quality_connector import connector

    answers = judged(connector(name))
    print_records(
        [_record(answer) for answer in answers],
        columns=["rule", "verdict", "asks", "findings"],
        as_json=as_json,
    )
    if any(answer.verdict is Verdict.FAILED for answer in answers):
        sys.exit(1)


def _record(answer: "Answer") -> dict[str, object]:
    return {
        "rule": answer.rule,
        "verdict": answer.verdict.value,
        "asks": answer.asks,
        "findings": "; ".join(answer.findings) or None,
    }


def _settings_problems(tenant: str | None) -> dict[str, FakturaError | None]:
    """What is wrong per plugin; nothing where no tenant is named and there is not just one."""
    found: dict[str, FakturaError | None] = {}
    try:
        with running() as app:
            tenant_id = app.tenant_id(tenant)
    except (NotFound, Misconfigured):
        if tenant is not None:
            raise
        return found
    with running() as app:
        for name in app.registry.plugins:
            found[name] = None
            for offer in app.registry.offers_of(name):
                try:
                    app.adapters.settings(tenant_id, offer, name)
                except FakturaError as error:
                    found[name] = error
    return found
