"""faktura invoices show: a collective invoice, whose lines are of several contracts (F053)."""

import json
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest
from click.testing import CliRunner
from tests.services.documents.test_collective_documents import collective

from faktura.cli import invoices
from faktura.domain.tenants import Tenant
from faktura.kernel.clock import Clock, FixedClock
from faktura.store.database import Database
from faktura.store.tenants import list_tenants


@dataclass
class App:
    """As much of the application as the command needs."""

    database: Database
    clock: Clock

    def tenant(self, key: str | None) -> Tenant:
        """The only tenant."""
        assert key is None
        with self.database.read(0) as tx:
            (only,) = list_tenants(tx)
        return only


def test_each_line_names_its_contract(database: Database, monkeypatch: pytest.MonkeyPatch):
    """30.00 of V-1 and 9.90 of V-2 on one document."""
    collective(database)
    app = App(database, FixedClock(datetime(2026, 11, 2, 12, tzinfo=UTC)))
    monkeypatch.setattr(invoices, "running", lambda: nullcontext(app))

    def run(*words: str) -> str:
        done = CliRunner().invoke(invoices.invoices, words, catch_exceptions=False)
        assert done.exit_code == 0, done.output
        return done.output

    found = json.loads(run("show", "RE-000001", "--json"))
    words = run("show", "RE-000001").splitlines()
    (listed,) = json.loads(run("list", "--contract", "V-2", "--json"))

    assert found["contract"] == "V-1, V-2"
    assert [(line["contract"], line["net"]) for line in found["lines"]] == [
        ("V-1", "30.00"),
        ("V-2", "9.90"),
    ]
    assert [line.split()[1] for line in words if " % " in line] == ["V-1", "V-2"]
    assert (listed["contracts"], listed["state"]) == (["V-1", "V-2"], "OVERDUE")
