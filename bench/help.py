"""`faktura --help` against a Python that only imports click: whole processes, CPU seconds."""

import subprocess
import sys
from resource import RUSAGE_CHILDREN, getrusage
from statistics import median
from typing import Final

from figure import ROUNDS, Figure, at_most

_HELP: Final = ("from faktura.cli.main import main; main()", "--help")
_CLICK: Final = ("import click",)
_FACTOR: Final = 2.5


def measure() -> list[Figure]:
    """The help must not wait for what only a command needs."""
    taken: dict[tuple[str, ...], list[float]] = {_HELP: [], _CLICK: []}
    for _ in range(ROUNDS):
        for script, seconds in taken.items():
            seconds.append(_cpu_seconds(script))
    help_ms, click_ms = (1000 * median(taken[script]) for script in (_HELP, _CLICK))
    return [at_most("help", help_ms, "ms", click_ms, _FACTOR)]


def _cpu_seconds(script: tuple[str, ...]) -> float:
    before = getrusage(RUSAGE_CHILDREN)
    subprocess.run([sys.executable, "-c", *script], check=True, capture_output=True)
    after = getrusage(RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
