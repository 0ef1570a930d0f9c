"""faktura simulate: live a company through time and check its books every evening."""

import logging
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from faktura.cli.options import force_option, json_option
from faktura.cli.output import print_json, print_records, progress
from faktura.cli.session import installation

if TYPE_CHECKING:
    from datetime import date

    from faktura.testing.simulation.plan import FaultLevel, Simulation
    from faktura.testing.simulation.receipt import Receipt
    from faktura.testing.simulation.world import World

_SQLITE = "sqlite:///"
_CONTRACTS = 200


@click.command()
@click.option("--contracts", type=int, metavar="N", help="How many at the start; 200 if not said.")
@click.option("--days", type=int, metavar="D", default=400, show_default=True, help="How long.")
@click.option("--seed", type=int, metavar="S", default=1, show_default=True, help="The dice.")
@click.option(
    "--faults", metavar="LEVEL", default="LOW", show_default=True, help="NONE, LOW or HIGH."
)
@click.option("--from", "start", metavar="DATE", help="The first day; else 2026-01-01, or today.")
@click.option("--database", "url", metavar="URL", help="Where it lives; else a temporary file.")
@click.option(
    "--tenant", metavar="KEY", help="Live this sandbox on, in the installation's database."
)
@click.option(
    "--report",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE.svg",
    help="Write a picture: revenue, open items, returns, dunning by month.",
)
@force_option
@json_option
def simulate(  # noqa: PLR0913 - a simulation has so many sides
    *,
    contracts: int | None,
    days: int,
    seed: int,
    faults: str,
    start: str | None,
    url: str | None,
    tenant: str | None,
    report: Path | None,
    force: bool,
    as_json: bool,
) -> None:
    """Live a company through time, with a simulated bank, payment provider, mail server and accounting.

    Every evening all invariants are checked: each contract-day is billed once, money outside is money
    booked, numbers have no gap. The same seed gives the same ledger on every database. Exit code 1
    where an invariant is broken.

        faktura simulate --contracts 200 --days 400 --seed 7 --faults HIGH --report year.svg

        faktura simulate --tenant werk-sandbox --days 90
    """
    from faktura.flows.files import check_absent, write_whole
    from faktura.testing.simulation.chart import report_svg
    from faktura.testing.simulation.plan import Simulation
    from faktura.testing.simulation.receipt import live

    if report is not None:
        _check_picture(report)
        if not force:
            check_absent(report)
    plan = Simulation(
        _wanted(contracts, tenant), days, seed, _level(faults), _first_day(start, tenant)
    )
    with _world(plan, url, tenant) as world, progress("Simulated days", days) as advance, _quiet():
        receipt = live(world, plan, done=advance)
    if report is not None:
        write_whole(report, report_svg(receipt).encode())
    if as_json:
        print_json(receipt.as_dict())
    else:
        _show(receipt)
    if receipt.broken:
        sys.exit(1)


def _check_picture(report: Path) -> None:
    from faktura.kernel.errors import FieldInvalid

    if report.suffix.lower() != ".svg":
        raise FieldInvalid(
            f"{report.name} is no name of an SVG picture",
            place="--report",
            mend=f"Call it {report.stem}.svg",
        )


def _wanted(contracts: int | None, tenant: str | None) -> int:
    from faktura.kernel.errors import FieldInvalid, OutOfRange

    if contracts is None:
        return _CONTRACTS if tenant is None else 0
    if tenant is not None:
        raise FieldInvalid(
            f"{tenant} is lived on with the contracts it has",
            place="--contracts",
            mend="Leave it out",
        )
    if contracts < 1:
        raise OutOfRange(
            f"{contracts} contracts cannot be simulated", place="--contracts", mend="Name 1 or more"
        )
    return contracts


def _level(word: str) -> "FaultLevel":
    from faktura.kernel.errors import UnknownTerm, shortened
    from faktura.testing.simulation.plan import FaultLevel

    try:
        return FaultLevel(word.upper())
    except ValueError:
        raise UnknownTerm(
            f"“{shortened(word)}” is no level of faults",
            place="--faults",
            mend=f"Use {', '.join(FaultLevel)}",
        ) from None


def _first_day(start: str | None, tenant: str | None) -> "date":
    from datetime import date

    from faktura.kernel.clock import SystemClock, local_date
    from faktura.kernel.periods import date_from_text

    if start is not None:
        return date_from_text(start, field="--from")
    # What a sandbox was copied with is billed until about now.
    return date(2026, 1, 1) if tenant is None else local_date(SystemClock(), "Europe/Berlin")


@contextmanager
def _world(plan: "Simulation", url: str | None, tenant: str | None) -> "Iterator[World]":
    from faktura.cli.simulated_databases import check_no_live_tenant, sandbox_to_live_on
    from faktura.testing.simulation.world import open_world, world_of_tenant

    with tempfile.TemporaryDirectory(prefix="faktura-simulation-") as folder:
        if tenant is not None:
            address = url or installation().database_url
            tenant_id = sandbox_to_live_on(address, tenant)
            world = world_of_tenant(address, tenant_id, plan, folder=_folder(address))
        elif url is not None:
            check_no_live_tenant(url)
            world = open_world(url, plan, folder=_folder(url))
        else:
            file = Path(folder) / "simulation.db"
            world = open_world(f"{_SQLITE}{file}", plan, folder=file.parent)
        try:
            yield world
        finally:
            world.close()


def _folder(address: str) -> Path | None:
    """Where an installation on that database looks for rendered bytes; None for the database itself."""
    if not address.startswith(_SQLITE):
        return None
    file = Path(address.removeprefix(_SQLITE))
    return file.with_name(f"{file.stem}-content")


@contextmanager
def _quiet() -> Iterator[None]:
    """What the product logs of simulated outages is no news to whoever ordered them."""
    log = logging.getLogger("faktura")
    before, log.level = log.level, logging.CRITICAL
    try:
        yield
    finally:
        log.setLevel(before)


def _show(receipt: "Receipt") -> None:
    for one in receipt.breaches:
        click.echo(
            f"day {one.day}: {one.breach.invariant.value}: {one.breach.place}: {one.breach.problem}",
            err=True,
        )
    print_records(
        [month.as_dict() for month in receipt.months],
        columns=["month", "revenue", "open", "returns", "dunnings"],
        as_json=False,
    )
    plan = receipt.simulation
    click.echo(
        f"{receipt.contracts} contracts at the end of {plan.days} days, seed {plan.seed}, faults"
        f" {plan.faults.value}: {receipt.documents} documents, {receipt.payments} payments,"
        f" {receipt.returns} taken back, {receipt.dunnings} dunning notices, {receipt.crashes} crashes"
    )
    faults = ", ".join(f"{name} {times}" for name, times in receipt.faults.items())
    click.echo(f"faults met: {faults or 'none'}")
    click.echo(
        f"{receipt.contract_days} contract-days, {receipt.contract_days_per_second} a second"
        f" in {receipt.seconds:.1f} s"
    )
    click.echo(f"ledger {receipt.ledger_hash}")
    click.echo(f"broken invariants: {receipt.broken} on {receipt.evenings} evenings")
