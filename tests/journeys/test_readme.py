"""The README's tour, executed as it stands, on both databases."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

_ROOT = Path(__file__).parents[2]


def test_the_tour_of_the_readme_works_as_written(tmp_path: Path, empty_database_url: str):
    """Every command of the tour runs; the last one proves the books.

    SQLite lies in `var/` without a setting, as for who follows it.
    """
    readme = (_ROOT / "README.md").read_text()
    blocks = re.findall(r"^```\n(.*?)^```", readme, re.DOTALL | re.MULTILINE)
    tour = [block for block in blocks if block.startswith(("faktura ", "export "))]
    shutil.copytree(_ROOT / "docs" / "tour", tmp_path / "docs" / "tour")
    environment = {key: value for key, value in os.environ.items() if "FAKTURA" not in key}
    environment["PATH"] = f"{Path(sys.executable).parent}:{environment['PATH']}"
    if empty_database_url.startswith("postgresql"):
        environment["FAKTURA_DATABASE_URL"] = empty_database_url

    done = subprocess.run(
        ["bash", "-ec", "".join(tour)],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )

    assert done.returncode == 0, done.stderr
    assert len(tour) == 5
    assert "recomputed from the stored derivation: the same" in done.stdout
    assert done.stdout.count("Nothing was written.") == 2
    assert done.stdout.count("CONTENTS     ok") == 3
    assert (tmp_path / "export/datev-0001/EXTF_Buchungsstapel_202611.csv").exists()
    assert (tmp_path / "export/hledger-0001/journal_20261101-20261130.journal").exists()
    assert "RE-000002   K-2           17.00" in done.stdout
    assert " files: ok" in done.stdout
    assert "1 notice" in done.stdout or "notices    1" in done.stdout
