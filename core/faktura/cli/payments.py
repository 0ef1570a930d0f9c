"""faktura payments: money that no imported statement says: received, refunded, taken back (F106)."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import click

from faktura.cli.mandates import mandates
from faktura.cli.moments import local_minute
from faktura.cli.options import json_option, tenant_option
from faktura.cli.output import print_record, print_records, say
from faktura.cli.pay_links import link_command
from faktura.cli.payment_accounts import accounts
from faktura.cli.payment_debits import debits
from faktura.cli.payment_means import means
from faktura.cli.payment_policy import policy
from faktura.cli.payments_attempts import attempts_command, show_command
from faktura.cli.payments_chargebacks import chargebacks
from faktura.cli.payments_collect import collect_command, resolve_command, retry_command
from faktura.cli.payments_give_back import give_back_command, refunds
from faktura.cli.payments_inbox import inbox
from faktura.cli.session import running

if TYPE_CHECKING:
    from faktura.services.customers import AccountRow
    from faktura.services.manual_money import Recorded

_DAY = "YYYY-MM-DD"
_COLUMNS = ("no", "valueDate", "recordedAt", "fact", "amount", "currency", "text", "reference")
# What the account keeps that is no document: money, and what was given up.
_NO_MONEY = frozenset(
    {"INVOICE", "CORRECTION", "CREDIT_NOTE", "DEPOSIT", "DEPOSIT_DEDUCTED", "OPENING", "DUNNING"}
)
_FIELDS = {"account": "account", "day": "valueDate", "text": "text", "reference": "reference"}


@click.group()
def payments() -> None:
    """Collect over providers and the bank; record payments and refunds by hand."""


for command in (inbox, chargebacks, give_back_command, refunds):
    payments.add_command(command)


for command in (collect_command, resolve_command, retry_command, attempts_command, show_command):
    payments.add_command(command)


for command in (link_command, accounts, mandates, debits, means, policy):
    payments.add_command(command)


def _money_options(command: Callable[..., Any]) -> Callable[..., Any]:
    for option in reversed(
        (
            click.option("--account", metavar="IBAN", required=True, help="Our bank account."),
            click.option("--on", "day", metavar=_DAY, required=True, help="The value date."),
            click.option(
                "--text", metavar="TEXT", help="What stands with it, such as the payer's text."
            ),
            click.option(
                "--reference",
                metavar="REFERENCE",
                help="Your name for it: the same one is recorded once.",
            ),
        )
    ):
        command = option(command)
    return command


@payments.command("record")
@click.argument("named", metavar="[INVOICE] AMOUNT", nargs=-1)
@click.option("--customer", metavar="NUMBER", help="Whose credit it is, where no document fits.")
@_money_options
@tenant_option
@json_option
def record_command(
    *,
    named: tuple[str, ...],
    customer: str | None,
    tenant: str | None,
    as_json: bool,
    **given: str | None,
) -> None:
    """Record AMOUNT received for INVOICE.

    What is more than its open rest is the customer's credit. Its entry is a draft while the bank
    account has no ledger account: accounting accounts set.
    """
    from faktura.services.imports.entries import Form
    from faktura.services.imports.payment_fields import MoneyFields
    from faktura.services.imports.validation import fields_of
    from faktura.services.manual_payments import record_credit, record_payment

    if len(named) != (2 if customer is None else 1):
        raise click.UsageError("give INVOICE AMOUNT, or --customer NUMBER AMOUNT")
    fields = fields_of(MoneyFields, _values(named[-1], given), Form.TEXT)
    with running() as app:
        seller = app.tenant(tenant)
        with app.database.write(seller.id) as tx:
            if customer is None:
                done = record_payment(tx, seller, named[0], fields)
            else:
                done = record_credit(tx, seller, customer, fields)
    _show(done, "to credit", as_json=as_json)
    if customer is None and not done.parts:
        say(f"Nothing is open of {named[0]}: all of it is credit.", as_json=as_json)


@payments.command("refund")
@click.argument("customer")
@click.argument("amount")
@click.option(
    "--invoice", metavar="NUMBER", help="Whose credit it is: a correction, or what it corrects."
)
@_money_options
@tenant_option
@json_option
def refund_command(
    *,
    customer: str,
    amount: str,
    invoice: str | None,
    tenant: str | None,
    as_json: bool,
    **given: str | None,
) -> None:
    """Record AMOUNT paid out of CUSTOMER's credit.

    Never more than there is.
    """
    from faktura.services.imports.entries import Form
    from faktura.services.imports.payment_fields import RefundFields
    from faktura.services.imports.validation import fields_of
    from faktura.services.refunds import record_refund

    values = _values(amount, given)
    if invoice is not None:
        values["invoiceNumber"] = invoice
    fields = fields_of(RefundFields, values, Form.TEXT)
    with running() as app:
        seller = app.tenant(tenant)
        with app.database.write(seller.id) as tx:
            done = record_refund(tx, seller, customer, fields)
    _show(done, "out of credit", as_json=as_json)


@payments.command("undo")
@click.argument("reference")
@click.option("--reason", metavar="TEXT", required=True, help="Kept with the transaction.")
@click.option("--on", "day", metavar=_DAY, help="Since when that counts; today.")
@tenant_option
@json_option
def undo_command(
    *, reference: str, reason: str, day: str | None, tenant: str | None, as_json: bool
) -> None:
    """Take back what was recorded as REFERENCE.

    It is reversed, what it paid is open again.
    """
    from faktura.services.imports.entries import Form
    from faktura.services.imports.payment_fields import TakenBackFields
    from faktura.services.imports.validation import fields_of
    from faktura.services.undoing import undo_recorded

    values = {"reason": reason} if day is None else {"reason": reason, "date": day}
    fields = fields_of(TakenBackFields, values, Form.TEXT)
    with running() as app:
        seller = app.tenant(tenant)
        with app.database.write(seller.id) as tx:
            numbers = undo_recorded(tx, seller, reference, fields)
    print_record({"reference": reference, "documents": list(numbers)}, as_json=as_json)


@payments.command("list")
@click.argument("customer")
@tenant_option
@json_option
def list_command(*, customer: str, tenant: str | None, as_json: bool) -> None:
    """List what CUSTOMER paid and was paid.

    In the order of recording, with the references.
    """
    from faktura.services.customers import AccountOrder, show_customer

    with running() as app:
        seller = app.tenant(tenant)
        with app.database.read(seller.id) as tx:
            found = show_customer(tx, customer, AccountOrder.RECORDED)
    records = [
        _row(row, seller.time_zone)
        for account in found.accounts
        for row in account.rows
        if row.transaction.fact not in _NO_MONEY
    ]
    print_records(records, columns=_COLUMNS, as_json=as_json, nothing="No payments.")


def _values(amount: str, given: dict[str, str | None]) -> dict[str, object]:
    named: dict[str, object] = {"amount": amount}
    return named | {_FIELDS[name]: value for name, value in given.items() if value is not None}


def _row(row: "AccountRow", time_zone: str) -> dict[str, object]:
    from faktura.services.ledger import BY_HAND

    one = row.transaction
    _, _, booking = one.source.partition(":")
    word, _, reference = booking.partition(":")
    return {
        "no": one.no,
        "valueDate": one.value_date,
        "recordedAt": local_minute(row.recorded_at, time_zone),
        "fact": one.fact,
        "amount": one.amount.decimal,
        "currency": one.amount.currency,
        "text": one.text,
        "remittance": one.remittance,
        "reference": reference if word == BY_HAND else None,
    }


def _show(done: "Recorded", credit: str, *, as_json: bool) -> None:
    record = {
        "reference": done.reference,
        "amount": str(done.amount),
        "documents": [f"{number} {part}" for number, part in done.parts],
        "credit" if as_json else credit: str(done.credit),
        "repeated": done.repeated,
        "missing": list(done.missing),
    }
    print_record(record, as_json=as_json)
    if done.missing and not as_json:
        say("Its entry is a draft: faktura accounting accounts set KEY ACCOUNT", as_json=False)
