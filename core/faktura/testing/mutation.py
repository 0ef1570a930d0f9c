"""Mutation proof of the connector kit: how many mistakes in a reference connector its tests notice.

`python -m faktura.testing.mutation FOLDER... [--json]`: each folder is a connector's distribution
whose tests consist of the kit. Nothing in the folder is changed: mutants live in a copy.
"""

import json
import os
import sys
import tempfile
import time
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from faktura.kernel.errors import FakturaError, FileUnreadable
from faktura.testing.mutation_lane import Fate, Lane, is_runnable, prepare
from faktura.testing.mutation_sites import Mutant, mutants_of

LEAST_MUTANTS = 60
LEAST_PERCENT = 95
LANES = 2


@dataclass(frozen=True, slots=True)
class Score:
    """What became of a folder's mutants; `survivors` are places, `file:line old -> new`."""

    name: str
    mutants: int
    killed: int
    hung: int
    survivors: tuple[str, ...]
    seconds: float

    @property
    def percent(self) -> float:
        """How many of a hundred mutants were noticed."""
        return 100 * self.killed / self.mutants if self.mutants else 0.0  # a figure, no money

    @property
    def is_enough(self) -> bool:
        """Whether the kit that tested the folder is proved by it (O1)."""
        return self.mutants >= LEAST_MUTANTS and self.killed * 100 > LEAST_PERCENT * self.mutants


def scored(folder: Path) -> Score:
    """Try every mutant of the folder's package; raises FileUnreadable where its tests fail already."""
    package = _package(folder)
    started = time.monotonic()
    mutants = [mutant for mutant in mutants_of(folder, package) if is_runnable(mutant)]
    with tempfile.TemporaryDirectory(prefix="faktura-mutants-") as room:
        fates = _in_lanes(folder, package, mutants, Path(room))
    survivors = tuple(
        mutant.place for place, mutant in enumerate(mutants) if fates[place] is Fate.SURVIVED
    )
    return Score(
        name=folder.name,
        mutants=len(mutants),
        killed=len(mutants) - len(survivors),
        hung=sum(fate is Fate.HUNG for fate in fates.values()),
        survivors=survivors,
        seconds=round(time.monotonic() - started, 1),
    )


def _package(folder: Path) -> str:
    """The folder's package as its pyproject.toml names it."""
    try:
        declared = tomllib.loads((folder / "pyproject.toml").read_text(encoding="utf-8"))
        packages = declared["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"]
        return str(packages[0])
    except (OSError, ValueError, LookupError, TypeError) as error:
        raise FileUnreadable(
            "it names no package", place=f"{folder}/pyproject.toml", mend="See docs/connectors"
        ) from error


def _in_lanes(folder: Path, package: str, mutants: Sequence[Mutant], room: Path) -> dict[int, Fate]:
    """The fates by the mutants' places; each lane is a process that takes every n-th mutant."""
    files = [room / f"lane-{number}" for number in range(LANES)]
    children = []
    for number, file in enumerate(files):
        child = os.fork()
        if child == 0:
            _lane(folder, package, mutants, number, file)
        children.append(child)
    codes = [os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children]
    lines = [json.loads(line) for file in files for line in file.read_text().splitlines()]
    if problems := [line["problem"] for line in lines if "problem" in line]:
        raise FileUnreadable(problems[0])
    if any(codes):
        raise FileUnreadable(f"a lane broke off: {codes}", place=str(folder))
    return {line["place"]: Fate(line["fate"]) for line in lines}


def _lane(folder: Path, package: str, mutants: Sequence[Mutant], number: int, file: Path) -> None:
    """In the child: try its share and write a line a mutant; never returns."""
    code = 1
    try:
        with file.open("w") as out:
            try:
                prepare()
                places = range(number, len(mutants), LANES)
                lane = Lane.opened(folder, package, file.parent)
                tried = lane.tried(mutants[place] for place in places)
                for place, (_, fate, killer) in zip(places, tried, strict=True):
                    out.write(json.dumps({"place": place, "fate": fate, "by": killer}) + "\n")
            except FakturaError as error:
                out.write(json.dumps({"problem": str(error)}) + "\n")
        code = 0
    finally:
        os._exit(code)


def main(arguments: Sequence[str]) -> int:
    """Print the score of each folder; 1 where one has too few mutants or lets too many live."""
    folders = [Path(argument).resolve() for argument in arguments if argument != "--json"]
    if not folders:
        sys.stderr.write("usage: python -m faktura.testing.mutation FOLDER... [--json]\n")
        return 2
    enough = True
    scores = []
    for folder in folders:
        try:
            score = scored(folder)
        except FakturaError as error:
            sys.stderr.write(f"{error}\n")
            return 1
        enough = enough and score.is_enough
        scores.append(score)
        if "--json" not in arguments:
            sys.stdout.write(_printed(score))
            sys.stdout.flush()
    if "--json" in arguments:
        sys.stdout.write(json.dumps([_record(score) for score in scores], indent=2) + "\n")
    return 0 if enough else 1


def _record(score: Score) -> dict[str, object]:
    return {
        "name": score.name,
        "mutants": score.mutants,
        "killed": score.killed,
        "hung": score.hung,
        "percent": f"{score.percent:.1f}",
        "seconds": f"{score.seconds:.1f}",
        "survivors": list(score.survivors),
        "enough": score.is_enough,
    }


def _printed(score: Score) -> str:
    counts = f"{score.mutants:>5} mutants  {score.killed:>5} killed  {score.percent:5.1f} %"
    lines = [f"{score.name:<12} {counts}  {score.seconds:.1f} s"]
    lines += [f"  survived: {place}" for place in score.survivors]
    if not score.is_enough:
        lines.append(f"  not enough: {LEAST_MUTANTS} mutants, more than {LEAST_PERCENT} % killed")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
