"""What came of a simulation: hash of the ledger, broken invariants, figures by month."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from faktura.kernel.money import Money
from faktura.store.simulation_figures import (
    CountedDay,
    dunnings_by_day,
    open_in_all,
    payments_by_day,
    returns_by_day,
    revenue_by_day,
)
from faktura.store.transaction import Tx
from faktura.testing.simulation.driver import Day, simulate
from faktura.testing.simulation.invariants import DatedBreach
from faktura.testing.simulation.invariants_watch import Watch
from faktura.testing.simulation.ledger_hash import ledger_hash
from faktura.testing.simulation.plan import Simulation
from faktura.testing.simulation.world import World

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Month:
    """A month's figures; `open` is what was open on its last simulated evening."""

    first: date
    revenue: Money
    open: Money
    returns: int
    dunnings: int

    def as_dict(self) -> dict[str, object]:
        """As JSON carries it."""
        return {
            "month": f"{self.first:%Y-%m}",
            "revenue": str(self.revenue.decimal),
            "open": str(self.open.decimal),
            "returns": self.returns,
            "dunnings": self.dunnings,
        }


@dataclass(frozen=True, slots=True)
class Receipt:
    """The receipt of a simulation; `contracts` are those of its last day, `seconds` of real time."""

    simulation: Simulation
    ledger_hash: str
    broken: int
    breaches: Sequence[DatedBreach]
    evenings: int
    contracts: int
    contract_days: int
    seconds: float
    documents: int
    payments: int
    returns: int
    dunnings: int
    crashes: int
    faults: dict[str, int]
    acts: dict[str, int]
    months: Sequence[Month]

    @property
    def contract_days_per_second(self) -> int:
        """How many contract-days were lived and checked in a second of real time."""
        return int(self.contract_days / self.seconds) if self.seconds else 0

    def as_dict(self) -> dict[str, object]:
        """As JSON carries it; all but the seconds is the same for the same seed."""
        return {
            "ledgerHash": self.ledger_hash,
            "brokenInvariants": self.broken,
            "broken": [
                {
                    "day": one.day,
                    "invariant": one.breach.invariant.value,
                    "place": one.breach.place,
                    "problem": one.breach.problem,
                }
                for one in self.breaches
            ],
            "contracts": self.simulation.contracts,
            "days": self.simulation.days,
            "seed": self.simulation.seed,
            "faults": self.simulation.faults.value,
            "from": self.simulation.start.isoformat(),
            "eveningsChecked": self.evenings,
            "contractsAtTheEnd": self.contracts,
            "contractDays": self.contract_days,
            "documents": self.documents,
            "payments": self.payments,
            "returns": self.returns,
            "dunnings": self.dunnings,
            "crashes": self.crashes,
            "faultsMet": self.faults,
            "acts": self.acts,
            "months": [month.as_dict() for month in self.months],
            "seconds": round(self.seconds, 1),
            "contractDaysPerSecond": self.contract_days_per_second,
        }


def live(
    world: World, simulation: Simulation, *, done: Callable[[int], object] = lambda _days: None
) -> Receipt:
    """Live the simulation under the watch of all invariants; `done` hears of each day that is over."""
    watch, open_by_month = Watch(), dict[date, int]()

    def see(day: Day) -> None:
        watch.see(day)
        if day.no == simulation.days or (day.date + _DAY).day == 1:
            with day.database.read(day.tenant.id) as tx:
                open_by_month[day.date.replace(day=1)] = open_in_all(tx, day.tenant.currency)
        done(1)

    started = time.perf_counter()
    last = simulate(world, simulation, on_day=see).last
    watch.see_all(last)
    seconds = time.perf_counter() - started
    return _receipt(simulation, last, watch, open_by_month, seconds)


def _receipt(
    simulation: Simulation,
    last: Day,
    watch: Watch,
    open_by_month: dict[date, int],
    seconds: float,
) -> Receipt:
    counters = last.counters
    with last.database.read(last.tenant.id) as tx:
        figures = _Figures(tx, last.tenant.currency, simulation.start)
        return Receipt(
            simulation,
            ledger_hash(last.database, last.tenant.id),
            watch.findings.broken,
            watch.findings.kept,
            watch.looks,
            counters.contracts,
            counters.contract_days,
            seconds,
            sum(one.count for one in figures.revenue),
            sum(one.count for one in figures.payments),
            sum(one.count for one in figures.returns),
            sum(one.count for one in figures.dunnings),
            counters.crashes,
            dict(sorted(counters.faults.items())),
            dict(sorted(counters.acts.items())),
            figures.months(open_by_month),
        )


class _Figures:
    """The figures of a company by day, from the first simulated one on."""

    def __init__(self, tx: Tx, currency: str, start: date) -> None:
        self.currency = currency
        self.revenue = _since(start, revenue_by_day(tx, currency))
        self.payments = _since(start, payments_by_day(tx, currency))
        self.returns = _since(start, returns_by_day(tx, currency))
        self.dunnings = _since(start, dunnings_by_day(tx, currency))

    def months(self, open_by_month: dict[date, int]) -> list[Month]:
        """By month, of those that were lived through."""
        return [
            Month(
                first,
                Money(sum(one.minor for one in _of(first, self.revenue)), self.currency),
                Money(left, self.currency),
                sum(one.count for one in _of(first, self.returns)),
                sum(one.count for one in _of(first, self.dunnings)),
            )
            for first, left in open_by_month.items()
        ]


def _since(start: date, days: Sequence[CountedDay]) -> list[CountedDay]:
    return [one for one in days if one.day >= start]


def _of(first: date, days: Sequence[CountedDay]) -> list[CountedDay]:
    return [one for one in days if one.day.replace(day=1) == first]
