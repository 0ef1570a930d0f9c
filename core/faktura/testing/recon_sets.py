"""Labelled sets of bank movements, made up anew for each seed (banking 4.4).

The labels follow from how a text was made, never from what the matcher says. `python -m
faktura.testing.recon_sets DIR SEED` writes one in the shape that `faktura.testing.reconciliation`
scores.
"""

import json
import sys
from pathlib import Path
from random import Random

from faktura.testing import (
    recon_alien,
    recon_doubtful,
    recon_mixed,
    recon_paid,
    recon_returned,
    recon_tricky,
)
from faktura.testing.recon_world import Row, World

# Documents and debits that nothing happens to.
_BYSTANDERS = 60
_CUSTOMERS = 70
_KINDS = (
    recon_paid,
    recon_doubtful,
    recon_alien,
    recon_tricky,
    recon_mixed,
    recon_returned,
)
_SERIES = ("RE", "RE", "SLASH", "AR", "PLAIN", "Y8")


def recon_set(seed: int) -> dict[str, list[Row]]:
    """The files of one set by name; the same seed gives the same set."""
    # Repeatable on purpose: a set that failed is made again from its seed.
    rng = Random(seed)  # noqa: S311
    world = World(rng, 2025 + seed % 6)
    for _ in range(_CUSTOMERS):
        world.add_customer()
    for _ in range(_BYSTANDERS):
        amount = world.common_cents() if rng.random() < 0.3 else None
        world.bill(rng.choice(_SERIES), cents=amount)
    for _ in range(_BYSTANDERS // 4):
        world.debit()
        world.settled()
    for kind in _KINDS:
        for case, times in kind.CASES:
            for _ in range(times):
                case(world)
    return _files(world)


def _files(world: World) -> dict[str, list[Row]]:
    transactions: list[Row] = []
    labels: list[Row] = []
    entries = sorted(world.entries, key=lambda entry: entry[0])
    for no, (_, transaction, label) in enumerate(entries):
        name = f"B{no:04d}"
        transactions.append({**transaction, "id": name})
        labels.append({**label, "id": name})
    return {
        "customers": world.customers,
        "open_invoices": world.open,
        "paid_invoices": world.paid,
        "collected_direct_debits": world.collected,
        "transactions": transactions,
        "labels": labels,
    }


def write_set(directory: Path, seed: int) -> None:
    """Write the set of that seed into a directory, which is made if it is not there."""
    directory.mkdir(parents=True, exist_ok=True)
    for name, rows in recon_set(seed).items():
        text = json.dumps(rows, ensure_ascii=False, indent=1)
        (directory / f"{name}.json").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    write_set(Path(sys.argv[1]), int(sys.argv[2]))
