"""The receiver: durable deliveries a second against a bare handler that reads the same bodies.

Wall seconds: what a delivery waits for is the disk. The client runs in a process of its own, and the
three servers take turns: bare, as we serve, and with a commit for each delivery.
"""

import json
import subprocess
import sys
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from company import TENANT, fill, open_empty
from engines import on_both
from figure import Figure, at_least
from servers import serving
from sqlalchemy import func, select

from faktura.domain.payment_accounts import PaymentAccount
from faktura.kernel.terms import PaymentMethod
from faktura.store.database import Database
from faktura.store.payment_accounts import write_account
from faktura.store.tables import inbox

DELIVERIES = 3_000
ONE_BY_ONE = 300
_ROUNDS = 5
_KINDS = ("bare", "faktura", "each")


@dataclass(frozen=True, slots=True)
class Served:
    """One round with one server: deliveries a second, and what they waited, in milliseconds."""

    rate: float
    p50: float
    p99: float


def measure() -> list[Figure]:
    """The figures on both databases."""
    return on_both("receiver", _figures)


def _figures(name: str, url: str) -> list[Figure]:
    database = open_empty(url)
    fill(database, 1)
    with database.write(TENANT.id) as tx:
        write_account(tx, PaymentAccount("double", "double", frozenset({PaymentMethod.CARD})))
    rounds = _rounds(url)
    _check_kept(database)
    database.close()
    bare, ours, each = (median(one.rate for one in rounds[kind]) for kind in _KINDS)
    p50 = median(one.p50 for one in rounds["faktura"])
    p99 = median(one.p99 for one in rounds["faktura"])
    most = 2 * p50 + 20
    shared = at_least(f"receiver-{name}-group-commit", ours, "deliveries/s", each, 2.5)
    return [
        at_least(f"receiver-{name}", ours, "deliveries/s", bare, 0.30),
        shared,
        Figure(f"receiver-{name}-p99", p99, "ms", p50, p99 / p50, f"<= {most:.1f} ms", p99 <= most),
    ]


def _rounds(url: str) -> Mapping[str, list[Served]]:
    found: dict[str, list[Served]] = {kind: [] for kind in _KINDS}
    with ExitStack() as stack:
        ports = {
            kind: stack.enter_context(serving("receiver_server.py", kind, url)).port
            for kind in _KINDS
        }
        for no in range(_ROUNDS + 1):
            for kind in _KINDS:
                count = ONE_BY_ONE if kind == "each" else DELIVERIES
                served = _deliver(ports[kind], count, f"{kind}-{no}")
                # The first round warms up.
                if no:
                    found[kind].append(served)
    return found


def _deliver(port: int, count: int, series: str) -> Served:
    client = Path(__file__).with_name("deliveries.py")
    done = subprocess.run(
        [sys.executable, str(client), str(port), str(count), series],
        check=True,
        capture_output=True,
        text=True,
    )
    return Served(**json.loads(done.stdout))


def _check_kept(database: Database) -> None:
    """Every delivery that was answered is there."""
    expected = (_ROUNDS + 1) * (DELIVERIES + ONE_BY_ONE)
    with database.read(TENANT.id) as tx:
        kept = tx.connection.execute(select(func.count()).select_from(inbox)).scalar_one()
    if kept != expected:
        raise ValueError(f"{expected} deliveries were answered, {kept} are kept")


if __name__ == "__main__":
    for figure in measure():
        print(figure.line())
