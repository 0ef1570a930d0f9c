"""faktura payments attempts, show: what was asked of providers, and what became of it."""

import json
from typing import TYPE_CHECKING

import click

from faktura.cli.moments import local_minute
from faktura.cli.options import json_option, tenant_option
from faktura.cli.output import Record, print_json, print_record, print_records
from faktura.cli.session import running

if TYPE_CHECKING:
    from datetime import datetime

    from faktura.domain.attempts import Attempt
    from faktura.services.attempt_view import AttemptView

_COLUMNS = ("attempt", "invoice", "createdAt", "method", "amount", "currency", "state", "failure")
_STATES = (
    "CREATED", "SENT", "UNKNOWN", "PENDING", "ACTION_NEEDED", "FAILED", "CANCELLED", "SUCCEEDED",
    "CHARGED_BACK",
)  # fmt: skip


@click.command("attempts")
@click.option("--invoice", metavar="NUMBER", help="Only those for this document.")
@click.option(
    "--state", type=click.Choice(_STATES, case_sensitive=False), help="Only in this state."
)
@click.option("--limit", type=click.IntRange(1), default=100, show_default=True)
@tenant_option
@json_option
def attempts_command(
    *, invoice: str | None, state: str | None, limit: int, tenant: str | None, as_json: bool
) -> None:
    """List payment attempts, newest first."""
    from faktura.kernel.payment_terms import AttemptState
    from faktura.store.attempts import AttemptFilter, list_attempts
    from faktura.store.documents import document_id

    with running() as app:
        seller = app.tenant(tenant)
        with app.database.read(seller.id) as tx:
            wanted = AttemptFilter(
                None if state is None else (AttemptState(state.upper()),),
                None if invoice is None else document_id(tx, invoice),
            )
            found = list_attempts(tx, wanted, limit=limit)
    records = [
        attempt_record(one, number, None if as_json else seller.time_zone) for one, number in found
    ]
    print_records(records, columns=_COLUMNS, as_json=as_json, nothing="No attempts.")


@click.command("show")
@click.argument("attempt")
@tenant_option
@json_option
def show_command(*, attempt: str, tenant: str | None, as_json: bool) -> None:
    """Show ATTEMPT with all that is known of it.

    The request, the last answer, events, deliveries and bookings.
    """
    from uuid import UUID

    from faktura.kernel.errors import FieldInvalid
    from faktura.services.attempt_view import show_attempt

    try:
        wanted = UUID(attempt)
    except ValueError:
        raise FieldInvalid(
            "an attempt is named by its id",
            place="ATTEMPT",
            mend="faktura payments attempts lists them",
        ) from None
    with running() as app:
        seller = app.tenant(tenant)
        with app.database.read(seller.id) as tx:
            view = show_attempt(tx, wanted)
    if as_json:
        print_json(_whole(view))
        return
    _show(view, seller.time_zone)


def attempt_record(one: "Attempt", number: str, time_zone: str | None) -> dict[str, object]:
    """An attempt as lists show it; moments in that time zone to the minute, without one in UTC."""

    def moment(at: "datetime | None") -> str | None:
        if at is None:
            return None
        return at.isoformat() if time_zone is None else local_minute(at, time_zone)

    return {
        "attempt": str(one.id),
        "invoice": number,
        "account": one.instance,
        "method": one.method.value,
        "channel": one.channel.value,
        "amount": str(one.amount.decimal),
        "currency": one.amount.currency,
        "state": one.state.value,
        "failure": None if one.failure is None else one.failure.value,
        "reference": one.reference,
        "createdAt": moment(one.created_at),
        "firstSentAt": moment(one.first_sent_at),
        "lastSentAt": moment(one.last_sent_at),
        "tries": one.tries,
        "nextCheckAt": moment(one.next_check_at),
        "retryAt": moment(one.retry_at),
        "endedAt": moment(one.ended_at),
        "previous": None if one.previous_id is None else str(one.previous_id),
        "askedBy": one.asked_by,
    }


def _whole(view: "AttemptView") -> Record:
    return {
        **attempt_record(view.attempt, view.invoice_number, None),
        "customer": view.customer_number,
        "request": json.loads(view.attempt.request),
        "outcome": None if view.attempt.outcome is None else json.loads(view.attempt.outcome),
        "events": [{"at": e.at.isoformat(), "type": e.type, "data": e.data} for e in view.events],
        "deliveries": [
            {"at": d.at.isoformat(), "event": d.event_id, "type": d.type, "state": d.state,
             "effect": d.effect}
            for d in view.deliveries
        ],
        "bookings": [
            {"on": b.on, "fact": b.fact, "amount": str(b.amount.decimal), "text": b.text}
            for b in view.bookings
        ],
        "entries": [
            {"on": p.on, "kind": p.kind, "key": p.key, "text": p.text} for p in view.entries
        ],
    }  # fmt: skip


def _show(view: "AttemptView", time_zone: str) -> None:
    print_record(
        {
            **attempt_record(view.attempt, view.invoice_number, time_zone),
            "customer": view.customer_number,
            "request": view.attempt.request,
            "outcome": view.attempt.outcome,
        },
        as_json=False,
    )
    rows = [
        *((e.at, "event", e.type, json.dumps(e.data, ensure_ascii=False)) for e in view.events),
        *((d.at, "delivery", d.type, f"{d.state} {d.effect or ''}") for d in view.deliveries),
    ]
    records: list[Record] = [
        {"at": local_minute(at, time_zone), "what": what, "type": kind, "detail": detail}
        for at, what, kind, detail in sorted(rows)
    ]
    booked = [
        *((b.on, "account", b.fact, f"{b.amount} {b.text}") for b in view.bookings),
        *((p.on, "journal", p.kind, f"{p.key} {p.text}") for p in view.entries),
    ]
    records += [
        {"at": on, "what": what, "type": kind, "detail": detail}
        for on, what, kind, detail in booked
    ]
    if records:
        print_records(records, columns=("at", "what", "type", "detail"), as_json=False)
