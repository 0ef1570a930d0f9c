"""A search for requests that the door answers otherwise than its OpenAPI file says."""

import asyncio
import os
import sys
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from aiohttp.test_utils import BaseTestServer, TestServer
from tests.web.api.world import LOOKED_AT, make_key, open_world
from typing_extensions import override

from faktura.kernel.clock import FixedClock
from faktura.web.application import create_app

# What is readable may still be refused: by a rule (422), by another fact (409), for the caller.
CONFIG = """
[checks]
positive_data_acceptance.expected-statuses = ["2xx", 304, 401, 403, 404, 409, 412, 422]

# No schema tells random bytes from a statement of a bank, or from a mail that came back.
[[operations]]
include-operation-id = ["bankStatementUpload", "mailBounceReport"]
checks.positive_data_acceptance.expected-statuses = ["2xx", 400, 401, 403, 404, 409, 422]
"""
EXAMPLES = 20 if os.environ.get("FAKTURA_HYPOTHESIS_PROFILE") == "nightly" else 2
PATIENCE = 5400


class HurryingClock(FixedClock):
    """Four seconds pass at every look: who guesses keys is slowed down, and the search guesses."""

    @override
    def now(self) -> datetime:
        self.advance(timedelta(seconds=4))
        return super().now()


# The door is the same on both databases; the search is long.
@pytest.mark.parametrize(
    "world_url",
    ["sqlite", pytest.param("postgres", marks=[pytest.mark.postgres, pytest.mark.nightly])],
    indirect=True,
)
async def test_no_request_is_answered_otherwise_than_the_openapi_file_says(world_url, tmp_path):
    """Examples, edge cases, random requests and chains of them; the key may do everything."""
    config = tmp_path / "schemathesis.toml"
    config.write_text(CONFIG)
    app = open_world(world_url, tmp_path, "xrechnung,camt,zugferd", clock=HurryingClock(LOOKED_AT))
    async with TestServer(create_app(app)) as server:
        found, told = await search(server, config, make_key(app, "nord"))

    app.close()
    assert found == 0, told


async def search(server: BaseTestServer, config: Path, key: str) -> tuple[int, str]:
    """The exit code of a search, and what it printed."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "schemathesis.cli",
        "--config-file",
        str(config),
        "run",
        str(server.make_url("/api/openapi.json")),
        "--url",
        str(server.make_url("/api/v1")),
        "--header",
        f"api-key: {key}",
        "--max-examples",
        str(EXAMPLES),
        "--seed",
        "1",
        "--suppress-health-check",
        "all",
        "--no-color",
        cwd=config.parent,
        env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    output, _ = await asyncio.wait_for(process.communicate(), PATIENCE)
    return process.returncode or 0, output.decode(errors="replace")
