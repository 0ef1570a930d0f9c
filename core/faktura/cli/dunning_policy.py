"""faktura dunning policy, levels, consumer-notice: how overdue documents are dunned (F083, F084)."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from faktura.cli.options import json_option, tenant_option
from faktura.cli.output import print_json, print_record, print_records
from faktura.cli.session import running
from faktura.cli.who import operator
from faktura.kernel.dunning_terms import InterestRule

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from faktura.domain.dunning_policies import DunningPolicy
    from faktura.store.transaction import Tx

    Step = Callable[[Tx], DunningPolicy]

_MOST_BYTES = 20_000
_RULES = [rule.value.lower() for rule in InterestRule]
_LEVELS = ("level", "days", "fee", "interest", "rate", "flat", "payDays", "texts")
_LANGUAGE = click.option(
    "--language", required=True, metavar="CODE", help="Of the customers, such as de or en."
)
_FILE = click.option(
    "--file",
    "source",
    required=True,
    type=click.Path(path_type=Path, dir_okay=False),
    help="The file with the text, in UTF-8.",
)


@click.command("policy")
@click.option(
    "--by-itself/--no-by-itself",
    "byItself",
    default=None,
    help="Whether it runs daily in the background.",
)
@click.option(
    "--grace-days", "graceDays", type=int, help="Days of rest after a payment was returned."
)
@click.option("--least", metavar="AMOUNT", help="Of who owes less in all nobody writes.")
@click.option(
    "--letters/--no-letters", default=None, help="Whether each notice has a letter as PDF."
)
@tenant_option
@json_option
def policy(*, tenant: str | None, as_json: bool, **change: object) -> None:
    """Show how overdue documents are dunned; options that are given are set first."""
    given = {name: value for name, value in change.items() if value is not None}
    shown = _changed(tenant, _patched(given) if given else None)
    if as_json:
        print_json(shown)
        return
    told = {name: value for name, value in shown.items() if name != "levels"}
    told["consumerNotice"] = list(_texts(shown["consumerNotice"]))
    print_record(told, as_json=False)
    _print_levels(shown, as_json=False)


@click.group()
def levels() -> None:
    """The dunning levels: when each is reached and what it costs."""


@levels.command("list")
@tenant_option
@json_option
def list_levels(*, tenant: str | None, as_json: bool) -> None:
    """Show the levels in order."""
    _print_levels(_changed(tenant, None), as_json=as_json)


@levels.command("set")
@click.argument("level", type=int)
@click.option(
    "--days", type=int, help="After the due date; for later levels after the notice before."
)
@click.option("--fee", metavar="AMOUNT", help="In your currency, once a notice of this level.")
@click.option(
    "--interest",
    type=click.Choice(_RULES, case_sensitive=False),
    help="legal: § 288 BGB; own: --rate.",
)
@click.option("--rate", metavar="PERCENT", help="A year, for --interest own.")
@click.option(
    "--flat/--no-flat",
    default=None,
    help="40 EUR of § 288 Abs. 5 BGB, once a document, businesses.",
)
@click.option("--pay-days", "payDays", type=int, help="Days to pay that a notice gives.")
@tenant_option
@json_option
def set_level(
    *, level: int, tenant: str | None, as_json: bool, interest: str | None, **change: object
) -> None:
    """Change LEVEL, or add it behind the last one; notices that were written stay."""
    given = {name: value for name, value in change.items() if value is not None}
    if interest is not None:
        given["interest"] = interest.upper()
        if interest.upper() != InterestRule.OWN:
            given.setdefault("rate", None)
    _print_levels(_changed(tenant, _level_changed(level, given)), as_json=as_json)


@levels.command("text")
@click.argument("level", type=int)
@_LANGUAGE
@_FILE
@tenant_option
@json_option
def level_text(
    *, level: int, language: str, source: Path, tenant: str | None, as_json: bool
) -> None:
    """Set the text that extends the mail and the letter of LEVEL; a template, checked when it is set.

    It may name the notice, the customer and the seller, as the mail about it (faktura mails texts).
    """
    step = _level_changed(level, {"texts": {language: _read(source)}})
    _print_levels(_changed(tenant, step), as_json=as_json)


@levels.command("remove-text")
@click.argument("level", type=int)
@_LANGUAGE
@tenant_option
@json_option
def remove_level_text(*, level: int, language: str, tenant: str | None, as_json: bool) -> None:
    """Take the text of LEVEL in a language away."""
    step = _level_changed(level, {"texts": {language: None}})
    _print_levels(_changed(tenant, step), as_json=as_json)


@levels.command("remove")
@click.argument("level", type=int)
@tenant_option
@json_option
def remove_level(*, level: int, tenant: str | None, as_json: bool) -> None:
    """Take LEVEL out; those behind it move up."""
    from faktura.services.dunning_policies import remove_dunning_level

    shown = _changed(tenant, lambda tx: remove_dunning_level(tx, level, by=operator()))
    _print_levels(shown, as_json=as_json)


@click.group("consumer-notice")
def consumer_notice() -> None:
    """What consumers' invoices say about default; without it they owe no interest (§ 286 Abs. 3 BGB)."""


@consumer_notice.command("show")
@tenant_option
@json_option
def show_notice(*, tenant: str | None, as_json: bool) -> None:
    """Show the notice in each language."""
    _print_notice(_changed(tenant, None), as_json=as_json)


@consumer_notice.command("set")
@_LANGUAGE
@_FILE
@tenant_option
@json_option
def set_notice(*, language: str, source: Path, tenant: str | None, as_json: bool) -> None:
    """Print the text of a file on consumers' invoices that are issued from now on."""
    patch = {"consumerNotice": {language: _read(source)}}
    _print_notice(_changed(tenant, _patched(patch)), as_json=as_json)


@consumer_notice.command("remove")
@_LANGUAGE
@tenant_option
@json_option
def remove_notice(*, language: str, tenant: str | None, as_json: bool) -> None:
    """Print nothing in that language any more; issued invoices keep what they say."""
    patch = {"consumerNotice": {language: None}}
    _print_notice(_changed(tenant, _patched(patch)), as_json=as_json)


def _patched(patch: "Mapping[str, object]") -> "Step":
    from faktura.services.dunning_policies import change_dunning_policy

    return lambda tx: change_dunning_policy(tx, patch, by=operator())


def _level_changed(no: int, patch: "Mapping[str, object]") -> "Step":
    from faktura.services.dunning_policies import change_dunning_level

    return lambda tx: change_dunning_level(tx, no, patch, by=operator())


def _changed(tenant: str | None, step: "Step | None") -> dict[str, object]:
    """The policy after the step, as JSON has it."""
    from faktura.services.dunning_policies import dunning_policy_record

    with running() as app:
        seller = app.tenant(tenant)
        shown = seller.dunning
        if step is not None:
            with app.database.write(seller.id) as tx:
                shown = step(tx)
    return dunning_policy_record(shown, seller.currency)


def _print_levels(shown: "Mapping[str, object]", *, as_json: bool) -> None:
    known = shown["levels"]
    records = [
        {"level": no, **one} for no, one in enumerate(known if isinstance(known, list) else [], 1)
    ]
    rows = records if as_json else [{**row, "texts": list(_texts(row["texts"]))} for row in records]
    print_records(rows, columns=_LEVELS, as_json=as_json, nothing="No levels: nobody is dunned.")


def _print_notice(shown: "Mapping[str, object]", *, as_json: bool) -> None:
    print_record(_texts(shown["consumerNotice"]), as_json=as_json)


def _texts(texts: object) -> "Mapping[str, object]":
    return texts if isinstance(texts, dict) else {}


def _read(source: Path) -> str:
    from faktura.cli.text_files import read_text

    return read_text(source, _MOST_BYTES)
