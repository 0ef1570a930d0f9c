"""faktura payments accounts: the accounts at providers that collect (O18)."""

import asyncio
from typing import TYPE_CHECKING

import click

from faktura.cli.options import json_option, tenant_option
from faktura.cli.output import print_record, print_records, say
from faktura.cli.session import running

if TYPE_CHECKING:
    from faktura.bootstrap import App
    from faktura.domain.payment_accounts import AccountLimits, PaymentAccount
    from faktura.kernel.terms import PaymentMethod

_COLUMNS = ("instance", "provider", "methods", "currencies", "state", "problem", "ledgerAccount")

_instance = click.argument("instance")


@click.group()
def accounts() -> None:
    """Set up the accounts at payment providers, check, pause and remove them."""


@accounts.command("add")
@_instance
@click.option("--provider", metavar="NAME", help="Whose account it is; INSTANCE if left out.")
@click.option(
    "--methods",
    metavar="METHOD,...",
    required=True,
    help="What it collects by: SEPA_DEBIT, CARD, PAYPAL.",
)
@click.option(
    "--currencies", metavar="CUR,...", help="What it is for; all that its adapter can if left out."
)
@click.option(
    "--ledger-account",
    metavar="NUMBER",
    help="Where its money lies until it is paid out; left out: the account TRANSIT.",
)
@tenant_option
@json_option
def add_command(  # noqa: PLR0913 - one parameter an option
    *,
    instance: str,
    provider: str | None,
    methods: str,
    currencies: str | None,
    ledger_account: str | None,
    tenant: str | None,
    as_json: bool,
) -> None:
    """Set up an account under the settings of INSTANCE.

    What its adapter cannot do is refused now. Mandates of customers' records are taken over where
    its debits go to the bank as files.
    """
    from faktura.domain.numbering import checked_number
    from faktura.domain.payment_accounts import PaymentAccount
    from faktura.flows.payment_accounts import adopt_all
    from faktura.kernel.money import minor_digits
    from faktura.services.payment_accounts import add_account

    named = frozenset(_words(currencies)) if currencies else None
    for currency in sorted(named or ()):
        minor_digits(currency)
    wanted = PaymentAccount(
        checked_number(instance, field="instance"),
        provider or instance,
        frozenset(_method(word) for word in _words(methods)),
        named,
        ledger_account=ledger_account,
    )
    with running() as app:
        seller = app.tenant(tenant)
        app.adapters.check_payment(seller.id, wanted.provider, wanted.instance)
        limits = _limits(app, seller.id, wanted)
        with app.database.write(seller.id) as tx:
            added = add_account(tx, wanted, limits)
        adopted = adopt_all(app.database, seller) if limits.files_debits else None
    print_record(_record(added), as_json=as_json)
    if adopted is not None:
        say(f"{adopted.made} mandates are taken over from customers' records.", as_json=as_json)
        for number, problem in adopted.refused:
            say(f"Not that of customer {number}: {problem}", as_json=as_json)


@accounts.command("list")
@tenant_option
@json_option
def list_command(*, tenant: str | None, as_json: bool) -> None:
    """List the accounts, with what they serve."""
    from faktura.store.payment_accounts import list_accounts

    with running() as app, app.database.read(app.tenant_id(tenant)) as tx:
        found = [_record(one) for one in list_accounts(tx)]
    print_records(found, columns=_COLUMNS, as_json=as_json, nothing="No payment accounts.")


@accounts.command("check")
@_instance
@tenant_option
@json_option
def check_command(*, instance: str, tenant: str | None, as_json: bool) -> None:
    """Ask the provider whether the account of INSTANCE can be used; exit code 1 where it cannot."""
    from faktura.flows.payment_accounts import check_account
    from faktura.flows.providers import Broken, provider_of
    from faktura.store.payment_accounts import account_of

    with running() as app:
        seller = app.tenant(tenant)
        with app.database.read(seller.id) as tx:
            account = account_of(tx, instance)
        app.adapters.check_payment(seller.id, account.provider, account.instance)
        public = app.settings.public_url
        address = f"{public}/webhooks/{instance}/{seller.key}" if public else ""

        async def ask() -> list[str]:
            provider = await provider_of(app.database, app.adapters, seller, account)
            if isinstance(provider, Broken):
                return [provider.problem]
            return list(await check_account(provider, address))

        problems = asyncio.run(ask())
    print_record({"instance": instance, "problems": problems}, as_json=as_json)
    if problems:
        raise SystemExit(1)
    say("It can be used.", as_json=as_json)


@accounts.command("pause")
@_instance
@click.option("--reason", metavar="TEXT", required=True, help="Said of what is not collected.")
@tenant_option
@json_option
def pause_command(*, instance: str, reason: str, tenant: str | None, as_json: bool) -> None:
    """Collect nothing over INSTANCE until it is resumed; what is under way goes on."""
    from faktura.services.imports.text_fields import checked_line
    from faktura.services.payment_accounts import pause_account

    with running() as app, app.database.write(app.tenant_id(tenant)) as tx:
        paused = pause_account(tx, instance, checked_line(reason))
    print_record(_record(paused), as_json=as_json)


@accounts.command("resume")
@_instance
@tenant_option
@json_option
def resume_command(*, instance: str, tenant: str | None, as_json: bool) -> None:
    """Collect over INSTANCE again, also after the provider refused its key."""
    from faktura.services.payment_accounts import resume_account
    from faktura.store.payment_accounts import account_of

    with running() as app:
        tenant_id = app.tenant_id(tenant)
        with app.database.read(tenant_id) as tx:
            account = account_of(tx, instance)
        limits = _limits(app, tenant_id, account)
        with app.database.write(tenant_id) as tx:
            resumed = resume_account(tx, instance, limits)
    print_record(_record(resumed), as_json=as_json)


@accounts.command("remove")
@_instance
@tenant_option
@json_option
def remove_command(*, instance: str, tenant: str | None, as_json: bool) -> None:
    """Forget the account of INSTANCE; refused while payments are under way or means are kept.

    Pause it instead while its payments can still be charged back.
    """
    from faktura.services.payment_accounts import remove_payment_account

    with running() as app, app.database.write(app.tenant_id(tenant)) as tx:
        removed = remove_payment_account(tx, instance)
    if as_json:
        print_record(_record(removed), as_json=True)
    say(f"Account {instance} is forgotten.", as_json=as_json)


def _words(text: str) -> list[str]:
    return [word.strip().upper() for word in text.split(",") if word.strip()]


def _method(word: str) -> "PaymentMethod":
    from faktura.kernel.terms import PaymentMethod, term

    return term(PaymentMethod, word, field="methods")


def _limits(app: "App", tenant_id: int, account: "PaymentAccount") -> "AccountLimits":
    """What the account's adapter can do; raises what it cannot be built with."""
    from faktura.flows.payment_accounts import limits_of_adapter

    adapter = app.adapters.payment(tenant_id, account.provider, account.instance)
    return limits_of_adapter(adapter)


def _record(account: "PaymentAccount") -> dict[str, object]:
    currencies = account.currencies
    return {
        "instance": account.instance,
        "provider": account.provider,
        "methods": sorted(account.methods),
        "currencies": None if currencies is None else sorted(currencies),
        "state": account.state,
        "problem": account.problem,
        "ledgerAccount": account.ledger_account,
    }
