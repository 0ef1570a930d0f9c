"""What posting costs inside the billing run: the run with its journal, and without one entry.

Both bill the same prepared company on SQLite in this process, by turns; CPU seconds. The figure is
the part of the whole run that vanishes with making, sealing and writing the entries.
"""

import tempfile
from functools import partial
from pathlib import Path

from billing import bill, copied, prepare
from figure import Figure, below, interleaved

from faktura.services import issuing

_CONTRACTS, _GOAL = 3000, 0.35


def measure() -> list[Figure]:
    """The part of the run that posting takes, 0 to 1."""
    with tempfile.TemporaryDirectory() as folder:
        prepared, target = Path(folder, "prepared.db"), Path(folder, "run.db")
        prepare(f"sqlite:///{prepared}", _CONTRACTS)
        whole, unposted = interleaved(
            partial(_run, prepared, target), partial(_run_unposted, prepared, target)
        )
    return [below("posting-share-of-billing", 1 - unposted / whole, "of the run", _GOAL)]


def _run(prepared: Path, target: Path) -> None:
    for leftover in target.parent.glob(f"{target.name}*"):
        leftover.unlink()
    copied(prepared, target)
    bill(f"sqlite:///{target}")


def _run_unposted(prepared: Path, target: Path) -> None:
    named = vars(issuing)
    posted, named["document_entry"] = named["document_entry"], _nothing
    try:
        _run(prepared, target)
    finally:
        named["document_entry"] = posted


def _nothing(*_given: object, **_named: object) -> None:
    """No entry for any document."""
