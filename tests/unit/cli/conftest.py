"""The command line in an empty folder, as an operator calls it."""

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from faktura.cli.main import faktura

Shell = Callable[..., Result]


@pytest.fixture
def shell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Shell:
    """Runs `faktura` with these arguments; a named error is the result's `exception`."""
    monkeypatch.chdir(tmp_path)
    for name in ("DATABASE_URL", "PLUGINS", "SECRET_KEYS", "BLOB_DIR"):
        monkeypatch.delenv(f"FAKTURA_{name}", raising=False)
    runner = CliRunner()

    def run(*arguments: str, stdin: str = "", **environment: str) -> Result:
        return runner.invoke(faktura, arguments, input=stdin, env=environment)

    return run
