"""faktura accounting lock and locks: months that never change from then on (P24)."""

import click

from faktura.cli.moments import local_minute
from faktura.cli.options import json_option, tenant_option
from faktura.cli.output import print_record, print_records
from faktura.cli.session import running
from faktura.cli.who import operator


@click.command()
@click.argument("month", metavar="YYYY-MM")
@click.option("--reason", required=True, help="Why, e.g. the VAT return is handed in.")
@click.option(
    "--with-drafts",
    is_flag=True,
    help="Even if entries of these months wait for an account, or deferrals are not posted: they"
    " come on the first open day.",
)
@tenant_option
@json_option
def lock(*, month: str, reason: str, with_drafts: bool, tenant: str | None, as_json: bool) -> None:
    """Lock all months up to and including YYYY-MM for good; a lock is never taken back.

    What comes later keeps its value date and is booked on the first open day.
    """
    from faktura.kernel.periods import month_from_text
    from faktura.services.period_locks import Locking, lock_period

    wanted = Locking(month_from_text(month, field="month"), reason, operator(), with_drafts)
    with running() as app, app.database.write(app.tenant_id(tenant)) as tx:
        done = lock_period(tx, wanted)
    record = {
        "no": done.lock.no,
        "lockedTo": done.lock.locked_to,
        "firstOpenDay": done.opens_on,
        "drafts": list(done.drafts),
        "deferrals": done.deferrals,
    }
    print_record(record, as_json=as_json)


@click.command()
@tenant_option
@json_option
def locks(*, tenant: str | None, as_json: bool) -> None:
    """Show every lock that was ever set, in order."""
    from faktura.store.period_locks import read_locks

    with running() as app:
        seller = app.tenant(tenant)
        with app.database.read(seller.id) as tx:
            found = read_locks(tx)
    records = [
        {
            "no": one.no,
            "lockedTo": one.locked_to,
            "by": one.locked_by,
            "reason": one.reason,
            "recordedAt": one.recorded_at
            if as_json
            else local_minute(one.recorded_at, seller.time_zone),
        }
        for one in found
    ]
    columns = ("no", "lockedTo", "by", "reason", "recordedAt")
    print_records(records, columns=columns, as_json=as_json, nothing="No month is locked.")
