"""faktura dunning stop, lift, stops: what is kept out of dunning, and why (F083)."""

from typing import TYPE_CHECKING

import click

from faktura.cli.moments import local_minute
from faktura.cli.options import json_option, tenant_option
from faktura.cli.output import print_record, print_records
from faktura.cli.session import running
from faktura.cli.who import operator
from faktura.kernel.dunning_terms import StopTarget

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from faktura.store.dunning_stops import ListedStop

_TARGETS = [target.value.lower() for target in StopTarget]
_COLUMNS = ("stop", "target", "number", "customer", "until", "reason", "setBy", "setAt", "liftedBy")


@click.command("stop")
@click.argument("target", type=click.Choice(_TARGETS, case_sensitive=False))
@click.argument("number")
@click.option("--reason", required=True, metavar="TEXT", help="Kept with the stop.")
@click.option("--until", metavar="YYYY-MM-DD", help="The last day; until it is lifted if left out.")
@tenant_option
@json_option
def stop(
    *, target: str, number: str, tenant: str | None, as_json: bool, **said: str | None
) -> None:
    """Keep a customer, a contract or a document NUMBER out of dunning from the next run on."""
    from faktura.services.dunning_stops import set_stop
    from faktura.services.imports.dunning_fields import DunningStopFields
    from faktura.services.imports.entries import Form
    from faktura.services.imports.validation import fields_of

    given: dict[str, object] = {name: one for name, one in said.items() if one is not None}
    given |= {"target": target.upper(), "number": number}
    fields = fields_of(DunningStopFields, given, Form.TEXT)
    with running() as app:
        seller = app.tenant(tenant)
        with app.database.write(seller.id) as tx:
            made = set_stop(tx, seller, fields, by=operator())
    print_record(_record(made, None if as_json else seller.time_zone), as_json=as_json)


@click.command("lift")
@click.argument("stop", metavar="STOP", type=click.UUID)
@tenant_option
@json_option
def lift(*, stop: "UUID", tenant: str | None, as_json: bool) -> None:
    """Dun what STOP, by its id, held again from the next run on; the stop stays on record."""
    from faktura.services.dunning_stops import lift_stop

    with running() as app:
        seller = app.tenant(tenant)
        with app.database.write(seller.id) as tx:
            lifted = lift_stop(tx, stop, by=operator())
    print_record(_record(lifted, None if as_json else seller.time_zone), as_json=as_json)


@click.command("stops")
@click.option("--customer", metavar="NUMBER", help="Only those of this customer.")
@click.option("--all", "with_old", is_flag=True, help="Those that hold no more as well.")
@tenant_option
@json_option
def stops(*, customer: str | None, with_old: bool, tenant: str | None, as_json: bool) -> None:
    """Show what is kept out of dunning today, newest first."""
    from faktura.kernel.clock import local_date
    from faktura.store.dunning_stops import StopFilter, list_stops

    with running() as app:
        seller = app.tenant(tenant)
        today = local_date(app.clock, seller.time_zone)
        wanted = StopFilter(customer, None if with_old else today)
        with app.database.read(seller.id) as tx:
            found = list_stops(tx, wanted)
    zone = None if as_json else seller.time_zone
    records = [_record(one, zone) for one in found]
    print_records(records, columns=_COLUMNS, as_json=as_json, nothing="Nothing is stopped.")


def _record(listed: "ListedStop", zone: str | None) -> dict[str, object]:
    """As JSON without a zone, else with its moments by that clock."""
    stop = listed.stop

    def at(moment: "datetime | None") -> object:
        return moment if zone is None or moment is None else local_minute(moment, zone)

    return {
        "stop": stop.id,
        "target": stop.target,
        "number": listed.number,
        "customer": listed.customer_number,
        "until": stop.until,
        "reason": stop.reason,
        "setBy": stop.set_by,
        "setAt": at(stop.set_at),
        "liftedBy": stop.lifted_by,
        "liftedAt": at(stop.lifted_at),
    }
