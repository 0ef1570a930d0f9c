"""A statement file is never whole in memory, on neither database: the bound holds at any size."""

import subprocess
import sys
from itertools import repeat
from pathlib import Path

from tests.services.bank.scene import BankScene
from tests.services.bank.statement_files import file_of, moved, statement

from faktura.plugin import BookingStatus

MEBIBYTE = 1024 * 1024
MAY_GROW_BY = 6


def write_statement(path: Path, mebibytes: int) -> None:
    """Two hundred movements, and previews with long texts, which are read and then only counted."""
    booked = [moved("1.00", f"Nr {no}", end_to_end_id=f"E{no}") for no in range(200)]
    head, end = file_of(statement(*booked, sequence=mebibytes)).rsplit(b"\n", 2)[:2]
    preview = moved("1.00", "x" * 16_000, status=BookingStatus.PENDING).model_dump_json().encode()
    with path.open("wb") as file:
        file.write(head + b"\n")
        file.writelines(repeat(preview + b"\n", mebibytes * MEBIBYTE // len(preview)))
        file.write(end + b"\n")


def peak_of(url: str, file: Path, root: Path) -> float:
    """Peak memory in MiB of a process that imports the file and does nothing else."""
    module = "tests.services.bank.measured_import"
    arguments = url, str(file.parent / "kept"), str(file)
    done = subprocess.run(
        [sys.executable, "-m", module, *arguments],
        cwd=root,
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    )
    return int(done.stdout) / 1024


def test_a_file_five_times_as_long_takes_no_more_memory(
    scene: BankScene, database_url, tmp_path, pytestconfig
):
    """3 and 15 MiB: held once, the longer one would take 12 MiB more."""
    short, long = tmp_path / "short.txt", tmp_path / "long.txt"
    write_statement(short, 3)
    write_statement(long, 15)

    peaks = [peak_of(database_url, file, pytestconfig.rootpath) for file in (short, long)]

    assert long.stat().st_size > 4.8 * short.stat().st_size
    assert scene.count("bank_upload") == 2
    assert peaks[1] - peaks[0] < MAY_GROW_BY
