"""Killed at any await and any commit, collecting charges once and loses nothing (O3, payments 6.5).

The charges are counted in the double's own books. Two thirds of the answers are lost, late or
nonsense; some runs are two at once, some resolvers die as well; facts come twice and in any order.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

_LAB = Path(__file__).with_name("crash_lab.py")
_ROOT = Path(__file__).parents[3]


def _experiments(
    url: str, folder: Path, first: int, count: int, variant: str
) -> list[list[object]]:
    """What went wrong, by the number of the schedule."""
    command = [sys.executable, str(_LAB), url, str(folder), str(first), str(count), variant]
    environment = {**os.environ, "PYTHONPATH": str(_ROOT)}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_a_collection_killed_anywhere_charges_once_and_loses_nothing(
    database_url: str, tmp_path: Path
):
    """O3: no double charge, what was taken is booked, nothing is stuck without a task."""
    assert _experiments(database_url, tmp_path / "lab", 0, 120, "sound") == []


@pytest.mark.nightly
def test_ten_thousand_collections_killed_anywhere(database_url: str, tmp_path: Path):
    """O3: the same with 5,000 schedules on each database."""
    assert _experiments(database_url, tmp_path / "lab", 1_000, 5_000, "sound") == []


def test_the_proof_finds_a_fresh_key_for_each_try(database_url: str, tmp_path: Path):
    """A proof that cannot fail is none: with a new key for each try the audit finds double charges."""
    found = _experiments(database_url, tmp_path / "lab", 0, 12, "fresh")

    assert any("charged twice" in str(problem) for schedule in found for problem in schedule)
