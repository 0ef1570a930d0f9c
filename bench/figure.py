"""A measured figure, and the ways to measure one: medians of interleaved runs, peak memory.

CPU seconds, never wall time: the machine may be shared. Run as a script it measures one job in a
process of its own: `figure.py MODULE FUNCTION ARGUMENT...`.
"""

import importlib
import json
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from resource import RUSAGE_SELF, getrusage
from statistics import median
from time import process_time

ROUNDS = 5


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of the report; `limit` is what was measured beside it, `goal` is words."""

    name: str
    value: float
    unit: str
    limit: float | None
    ratio: float | None
    goal: str
    ok: bool

    def line(self) -> str:
        """Name, value, unit, limit, ratio, goal, and `ok` or `short`."""
        limit = "-" if self.limit is None else f"{self.limit:.3f}"
        ratio = "-" if self.ratio is None else f"{self.ratio:.2f}"
        word = "ok" if self.ok else "short"
        return f"{self.name} {self.value:.3f} {self.unit} {limit} {ratio} {self.goal} {word}"


def at_most(name: str, value: float, unit: str, limit: float, factor: float) -> Figure:
    """A figure that may be `factor` times its limit."""
    ratio = value / limit
    return Figure(name, value, unit, limit, ratio, f"<= {factor:g}x", ratio <= factor)


def at_least(name: str, value: float, unit: str, limit: float, factor: float) -> Figure:
    """A figure that must reach `factor` of its limit."""
    ratio = value / limit
    return Figure(name, value, unit, limit, ratio, f">= {factor:g}x", ratio >= factor)


def below(name: str, value: float, unit: str, ceiling: float) -> Figure:
    """A figure with an absolute ceiling, in its own unit."""
    return Figure(name, value, unit, None, None, f"<= {ceiling:g} {unit}", value <= ceiling)


def interleaved(
    first: Callable[[], object], second: Callable[[], object], rounds: int = ROUNDS
) -> tuple[float, float]:
    """Median CPU seconds of two jobs in this process, run by turns."""
    times: tuple[list[float], list[float]] = ([], [])
    for _ in range(rounds):
        for job, taken in zip((first, second), times, strict=True):
            began = process_time()
            job()
            taken.append(process_time() - began)
    return median(times[0]), median(times[1])


@dataclass(frozen=True, slots=True)
class Usage:
    """What one job took in a fresh process: CPU without imports, memory above the imports."""

    cpu_seconds: float
    imports_mb: float
    peak_mb: float

    @property
    def above_imports_mb(self) -> float:
        """Peak memory less what the imports had taken."""
        return self.peak_mb - self.imports_mb


def run_alone(module: str, function: str, *arguments: str) -> Usage:
    """Run a function of a module of this folder in a fresh process."""
    command = [sys.executable, __file__, module, function, *arguments]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return Usage(**json.loads(done.stdout.splitlines()[-1]))


def run_alone_by_turns(
    first: Sequence[str], second: Sequence[str], rounds: int = ROUNDS
) -> tuple[Usage, Usage]:
    """Two jobs (module, function, arguments) by turns, each in fresh processes; their medians."""
    runs: tuple[list[Usage], list[Usage]] = ([], [])
    for _ in range(rounds):
        for job, usages in zip((first, second), runs, strict=True):
            usages.append(run_alone(*job))
    return _median(runs[0]), _median(runs[1])


def _median(usages: list[Usage]) -> Usage:
    return Usage(
        median(usage.cpu_seconds for usage in usages),
        median(usage.imports_mb for usage in usages),
        median(usage.peak_mb for usage in usages),
    )


def peak_mb() -> float:
    """Peak resident memory of this process in MB."""
    status = Path("/proc/self/status")
    if status.exists():
        # ru_maxrss survives exec: it would show the parent's peak in a small child.
        for row in status.read_text().splitlines():
            if row.startswith("VmHWM:"):
                return int(row.split()[1]) / 1024
    return getrusage(RUSAGE_SELF).ru_maxrss / 1024


def _measure_here(module: str, function: str, *arguments: str) -> None:
    job = getattr(importlib.import_module(module), function)
    imports = peak_mb()
    began = process_time()
    job(*arguments)
    taken = process_time() - began
    print(json.dumps({"cpu_seconds": taken, "imports_mb": imports, "peak_mb": peak_mb()}))


if __name__ == "__main__":
    _measure_here(*sys.argv[1:])
