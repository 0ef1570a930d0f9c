"""Branch coverage per package against its floor; run by `make check` after the tests.

The money rules and the plugin border are covered completely, everything else to 90 per cent.
"""

import json
import sys
import tempfile
import textwrap
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import Any

import coverage

COMPLETE = {"faktura.kernel", "faktura.domain", "faktura.plugin", "faktura.hub"}
FLOOR = 90.0


@dataclass
class Tally:
    """Lines and branches of one package: how many there are, how many ran."""

    wanted: int = 0
    covered: int = 0

    @property
    def percent(self) -> float:
        """Covered share; a package without a statement is covered."""
        return 100 * self.covered / self.wanted if self.wanted else 100.0


def package_of(file: str) -> str:
    """`faktura.kernel` for a core file, `faktura_camt` for a plugin's file."""
    parts = PurePath(file).parts
    top = next(part for part in parts if part == "faktura" or part.startswith("faktura_"))
    below = parts[parts.index(top) + 1 :]
    return f"{top}.{below[0]}" if top == "faktura" and len(below) > 1 else top


def report(data: coverage.Coverage) -> dict[str, dict[str, Any]]:
    """The JSON report of the combined data file, by source file."""
    data.load()
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "coverage.json"
        data.json_report(outfile=str(target))
        files: dict[str, dict[str, Any]] = json.loads(target.read_text())["files"]
    return files


def places(entry: dict[str, Any]) -> str:
    """The lines that never ran, then the jumps that were never taken, as `12-14` and `20->22`."""
    spans: list[list[int]] = []
    for line in entry["missing_lines"]:
        if spans and line == spans[-1][1] + 1:
            spans[-1][1] = line
        else:
            spans.append([line, line])
    lines = [f"{first}-{last}" if last > first else str(first) for first, last in spans]
    alone = [jump for jump in entry["missing_branches"] if jump[0] not in entry["missing_lines"]]
    return " ".join(lines + [f"{start}->{end}" for start, end in alone])


def main() -> int:
    """Print one line a package and what is missing; 1 if a floor is not reached."""
    tallies: dict[str, Tally] = defaultdict(Tally)
    gaps: dict[str, list[str]] = defaultdict(list)
    data = coverage.Coverage()
    for file, entry in sorted(report(data).items()):
        counts, tally = entry["summary"], tallies[package_of(file)]
        tally.wanted += counts["num_statements"] + counts["num_branches"]
        tally.covered += counts["covered_lines"] + counts["covered_branches"]
        if missing := places(entry):
            gaps[package_of(file)].append(f"{file}: {textwrap.shorten(missing, 100)}")
    # A package that no test imports does not appear in the report at all.
    measured = {package.partition(".")[0] for package in tallies}
    unseen = sorted(set(data.config.source or ()) - measured)
    for package in unseen:
        print(f"{package:24} no test imports it                SHORT")
    short = bool(unseen)
    for package, tally in sorted(tallies.items()):
        floor = 100.0 if package in COMPLETE else FLOOR
        reached = tally.percent >= floor
        short = short or not reached
        print(
            f"{package:24} {tally.percent:6.2f} %  floor {floor:3.0f}  {'ok' if reached else 'SHORT'}"
        )
        if not reached:
            print(*(f"    {gap}" for gap in gaps[package]), sep="\n")
    return int(short)


if __name__ == "__main__":
    sys.exit(main())
