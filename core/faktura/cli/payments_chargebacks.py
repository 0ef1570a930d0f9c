"""faktura payments chargebacks: what was taken back, what followed, and what another policy would do."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

import click

from faktura.cli.moments import local_minute
from faktura.cli.options import json_option, tenant_option
from faktura.cli.output import print_record, print_records, say
from faktura.cli.payment_policy import read_policies
from faktura.cli.session import running

if TYPE_CHECKING:
    from faktura.domain.chargeback_what_if import Outlook
    from faktura.store.chargebacks import ListedChargeback

_STATES = ("OPEN", "WON", "LOST")
_COLUMNS = (
    "chargebackId", "openedAt", "invoice", "customer", "method", "amount", "fee", "currency",
    "reason", "state", "followUp",
)  # fmt: skip
_OUTLOOK = (
    "method", "followUp", "chargebacks", "amount", "fees", "prevented", "preventedAmount",
    "preventedFees", "retries", "saved", "missedAmount", "extra",
)  # fmt: skip


@click.group()
def chargebacks() -> None:
    """List payments that were taken back, and try another policy on them."""


@chargebacks.command("list")
@click.option("--state", "states", multiple=True, type=click.Choice(_STATES), help="Only these.")
@click.option("--customer", metavar="NUMBER", help="Of this customer.")
@click.option("--limit", type=click.IntRange(1, 10_000), default=50, show_default=True)
@tenant_option
@json_option
def list_command(
    *, states: Sequence[str], customer: str | None, limit: int, tenant: str | None, as_json: bool
) -> None:
    """List the latest chargebacks, newest first."""
    from faktura.kernel.payment_terms import ChargebackState
    from faktura.store.chargebacks import ChargebackFilter, list_chargebacks

    wanted = ChargebackFilter(
        [ChargebackState(one) for one in states] or None, customer_number=customer
    )
    with running() as app:
        seller = app.tenant(tenant)
        with app.database.read(seller.id) as tx:
            found = list_chargebacks(tx, wanted, limit=limit)
    records = [_record(one, seller.time_zone) for one in found]
    print_records(records, columns=_COLUMNS, as_json=as_json, nothing="No chargebacks.")


@chargebacks.command("show")
@click.argument("chargeback", type=click.UUID)
@tenant_option
@json_option
def show_command(*, chargeback: UUID, tenant: str | None, as_json: bool) -> None:
    """Show CHARGEBACK with all that followed it."""
    from faktura.store.chargebacks import read_chargeback

    with running() as app:
        seller = app.tenant(tenant)
        with app.database.read(seller.id) as tx:
            found = read_chargeback(tx, chargeback)
    one = found.chargeback
    steps = [f"{step.number} {step.done} {step.why}".strip() for step in one.course.steps]
    record = {
        **_record(found, seller.time_zone),
        "subject": one.subject,
        "attemptId": one.attempt_id,
        "bankTransactionId": one.movement_id,
        "valueDate": one.value_date,
        "booked": bool(one.course.booked_as),
        "contracts": list(one.course.contracts),
        "followed": steps,
        "actions": [
            f"{name}: {said or 'not done yet'}" for name, said in one.course.actions.items()
        ],
    }
    print_record(record, as_json=as_json)


@chargebacks.command("what-if")
@click.option(
    "--policy",
    "file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    required=True,
    help="Another policy, as `payments policy show --json` prints one.",
)
@click.option("--months", type=click.IntRange(1, 120), default=12, show_default=True)
@tenant_option
@json_option
def what_if_command(*, file: Path, months: int, tenant: str | None, as_json: bool) -> None:
    """Replay past chargebacks and retries under another policy.

    Nothing changes. `prevented` are chargebacks of what the policy would have stopped before, and is
    taken to stay stopped; `saved` are retries it would not have made, `missedAmount` is what these
    brought. What attempts that were never made would have brought, nobody knows: they are `extra`.
    """
    from faktura.flows.what_if_chargebacks import what_if_chargebacks

    policies = read_policies(file)
    with running() as app:
        found = what_if_chargebacks(app.database, app.tenant(tenant), policies, months)
    records = [_outlook(one) for one in found]
    print_records(records, columns=_OUTLOOK, as_json=as_json, nothing="Nothing came back.")
    for one in found:
        if one.stopped:
            say(f"{one.follow_up}: {', '.join(one.stopped)}", as_json=as_json)


def _record(listed: "ListedChargeback", time_zone: str) -> dict[str, object]:
    from faktura.domain.return_reasons import reason_of

    one = listed.chargeback
    return {
        "chargebackId": one.id,
        "openedAt": local_minute(one.opened_at, time_zone),
        "invoice": listed.document_number,
        "customer": listed.customer_number,
        "method": one.method,
        "amount": one.amount.decimal,
        "currency": one.amount.currency,
        "fee": one.fee.decimal,
        "reason": one.reason or None,
        "reasonText": reason_of(one.reason).english if one.reason else None,
        "state": one.state,
        "followUp": one.follow_up,
    }


def _outlook(one: "Outlook") -> dict[str, object]:
    from faktura.kernel.money import Money

    def decimal(minor: int) -> object:
        return Money(minor, one.currency).decimal

    return {
        "method": one.method,
        "currency": one.currency,
        "followUp": one.follow_up,
        "chargebacks": one.chargebacks,
        "amount": decimal(one.amount),
        "fees": decimal(one.fees),
        "followed": one.followed,
        "stopped": list(one.stopped),
        "prevented": one.prevented,
        "preventedAmount": decimal(one.prevented_amount),
        "preventedFees": decimal(one.prevented_fees),
        "retries": one.retries,
        "saved": one.saved,
        "missed": one.missed,
        "missedAmount": decimal(one.missed_amount),
        "extra": one.extra,
    }
