"""faktura bank open, list, show: movements, what is proposed for them, and what was decided."""

from typing import TYPE_CHECKING

import click

from faktura.cli.options import json_option, tenant_option
from faktura.cli.output import print_json, print_record, print_records
from faktura.cli.session import running
from faktura.kernel.bank_terms import MovementState

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence
    from typing import Any

    from faktura.services.bank_lists import ListedMovement, MovementDetails
    from faktura.services.kept_proposals import KeptProposal
    from faktura.store.movement_lists import DecisionView

_COLUMNS = ("id", "booked_on", "amount", "counterparty", "remittance", "state", "reason")
_WAITING = (
    "id", "booked_on", "amount", "counterparty", "remittance", "proposal", "proposals", "marked",
    "reason",
)  # fmt: skip
_PROPOSED = ("no", "rule", "documents", "credit", "given_up", "customer", "reason")
_DECIDED = ("no", "decided_at", "outcome", "rule", "documents", "reason")
# The end of an id differs between movements, its beginning is the time; bank assign takes it.
_SHOWN_OF_ID = 8


def _limited(most: int) -> "Callable[[Callable[..., Any]], Callable[..., Any]]":
    """--limit: how many movements a list shows."""
    return click.option(
        "--limit",
        default=most,
        show_default=True,
        type=click.IntRange(1, 100_000),
        help="Show so many, the latest.",
    )


@click.command("open")
@tenant_option
@_limited(1000)
@json_option
def list_open(*, tenant: str | None, limit: int, as_json: bool) -> None:
    """Show movements that wait for a person, why, and the best of what is proposed for each.

    `proposals` says how many there are; `marked` that a rule is certain of the first one and the tenant
    only wants to be told. `bank show` has them all, `bank confirm` books one.
    """
    _list(tenant, {MovementState.OPEN}, limit, as_json=as_json)


@click.command("list")
@tenant_option
@click.option(
    "--state",
    "states",
    multiple=True,
    type=click.Choice([state.value for state in MovementState]),
    help="Only movements in this state; may be repeated.",
)
@_limited(100)
@json_option
def list_all(*, tenant: str | None, states: tuple[str, ...], limit: int, as_json: bool) -> None:
    """Show movements, latest booking first, with the last decision about each."""
    wanted = {MovementState(state) for state in states} or set(MovementState)
    _list(tenant, wanted, limit, as_json=as_json)


@click.command()
@click.argument("movement")
@tenant_option
@json_option
def show(*, movement: str, tenant: str | None, as_json: bool) -> None:
    """Show MOVEMENT whole: the bank's record, what is proposed, and all that was decided about it.

    MOVEMENT is its id, or the end of it. --json adds the evidence of each decision.
    """
    from faktura.services.bank_lists import movement_details
    from faktura.services.named_movement import named_movement

    with running() as app, app.database.read(app.tenant_id(tenant)) as tx:
        details = movement_details(tx, named_movement(tx, movement))
    if as_json:
        print_json(_whole(details))
        return
    listed = _listed(details.listed)
    del listed["proposal"]
    print_record({**listed, **_record(details)}, as_json=False)
    print_records(
        _proposals(details.listed.proposals),
        columns=_PROPOSED,
        as_json=False,
        title="Proposals",
        nothing="Nothing is proposed.",
    )
    print_records(
        [{**_decision(one), "documents": _settled(one.proof)} for one in details.decisions],
        columns=_DECIDED,
        as_json=False,
        title="Decisions",
        nothing="No decision yet.",
    )


def _list(
    tenant: str | None, states: "Collection[MovementState]", limit: int, *, as_json: bool
) -> None:
    from faktura.services.bank_lists import listed_movements
    from faktura.store.movement_lists import MovementFilter

    with running() as app, app.database.read(app.tenant_id(tenant)) as tx:
        found = listed_movements(tx, MovementFilter(states), limit=limit)
    records = [_listed(one) for one in found]
    if not as_json:
        for record, one in zip(records, found, strict=True):
            record["id"] = str(one.id)[-_SHOWN_OF_ID:]
            record["proposal"] = _in_short(one.proposals)
            record["proposals"] = len(one.proposals)
    waiting = states == {MovementState.OPEN}
    columns = _WAITING if waiting else _COLUMNS
    print_records(records, columns=columns, as_json=as_json, nothing="No movements.")


def _listed(found: "ListedMovement") -> dict[str, object]:
    return {
        "id": found.id,
        "account": found.bank_iban,
        "booked_on": found.booked_on,
        "value_on": found.value_on,
        "amount": str(found.amount),
        "counterparty": found.counterparty,
        "remittance": found.remittance,
        "state": found.state.value,
        "rule": found.rule,
        "reason": found.reason,
        "marked": found.marked,
        "proposal": next(iter(_proposals(found.proposals)), None),
        "proposals": len(found.proposals),
    }


def _in_short(proposals: "Sequence[KeptProposal]") -> str:
    """The best proposal as one cell of a table."""
    if not proposals:
        return ""
    best = proposals[0]
    parts = [f"{number} {part.decimal}" for number, part in best.documents]
    if best.rest:
        parts.append(f"credit {best.customer} {best.rest.decimal}".replace("  ", " "))
    if best.given_up:
        parts.append(f"given up {best.given_up.decimal}")
    return ", ".join(parts)


def _proposals(proposals: "Sequence[KeptProposal]") -> list[dict[str, object]]:
    return [
        {
            "no": no,
            "rule": one.rule,
            "documents": [f"{number} {part}" for number, part in one.documents],
            "credit": str(one.rest),
            "given_up": str(one.given_up),
            "customer": one.customer,
            "reason": one.reason,
        }
        for no, one in enumerate(proposals, 1)
    ]


def _record(details: "MovementDetails") -> dict[str, object]:
    """What the bank said beyond what a list shows."""
    record = details.record
    given = {
        "counterparty_iban": record.counterparty_iban,
        "end_to_end_id": record.end_to_end_id,
        "mandate_id": record.mandate_id,
        "structured_reference": record.structured_reference,
        "booking_text": record.booking_text,
        "gvc": record.gvc,
        "bank_code": record.bank_code,
        "return_reason": record.return_reason,
    }
    return {name: value for name, value in given.items() if value is not None}


def _decision(one: "DecisionView") -> dict[str, object]:
    return {
        "no": one.no,
        "decided_at": one.decided_at,
        "outcome": one.outcome,
        "rule": one.rule,
        "rule_version": one.rule_version,
        "reason": one.reason,
    }


def _settled(proof: "Mapping[str, object]") -> list[str]:
    """The documents that a decision settled, with their amounts; other decisions name none."""
    named = proof.get("documents")
    parts = named if isinstance(named, list) else []
    return [" ".join(part) if isinstance(part, list) else str(part) for part in parts]


def _whole(details: "MovementDetails") -> dict[str, object]:
    listed = _listed(details.listed)
    del listed["proposal"]
    return {
        **listed,
        "proposals": _proposals(details.listed.proposals),
        "record": details.record.model_dump(mode="json", exclude_defaults=True),
        "decisions": [{**_decision(one), "proof": dict(one.proof)} for one in details.decisions],
    }
