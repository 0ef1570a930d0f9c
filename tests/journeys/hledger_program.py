"""hledger as Debian installs it: a bookkeeping program that is not ours."""

import csv
import logging
import shutil
import subprocess
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from tests.services.company import NoState

from faktura.kernel.clock import FixedClock
from faktura.plugin import Runtime

RUNTIME = Runtime(
    FixedClock(datetime(2027, 12, 1, tzinfo=UTC)), logging.getLogger("test"), NoState()
)


def hledger(journal: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run hledger on a file."""
    program = shutil.which("hledger")
    if program is None:
        pytest.fail("hledger is missing. Run: sudo apt-get install hledger")
    return subprocess.run(
        [program, "-f", str(journal), *arguments],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
        env={"LC_ALL": "C.UTF-8", "PATH": "/usr/bin:/bin"},
    )


def refused(journal: Path) -> str:
    """What hledger has against a file; empty if nothing."""
    result = hledger(journal, "check", "accounts", "commodities", "ordereddates")
    return result.stderr if result.returncode else ""


def rows(journal: Path, *arguments: str) -> list[dict[str, str]]:
    """The table that hledger answers with."""
    result = hledger(journal, *arguments, "-O", "csv")
    assert result.returncode == 0, result.stderr
    return list(csv.DictReader(result.stdout.splitlines()))


def balances(journal: Path, *arguments: str) -> dict[str, Decimal]:
    """Each account's own balance in euros, as hledger finds it."""
    found = rows(journal, "balance", "--flat", "-N", "-E", *arguments)
    return {row["account"]: Decimal(row["balance"].removesuffix(" EUR")) for row in found}
