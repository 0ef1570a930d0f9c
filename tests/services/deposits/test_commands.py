"""faktura deposits list and faktura invoices set-unpaid, on deposits that were paid (F061, F065)."""

import json
from contextlib import nullcontext
from dataclasses import dataclass
from types import SimpleNamespace

import pytest
from click.testing import CliRunner
from tests.services.company import XRechnung
from tests.services.deposits.scene import CONTRACT, DepositScene

from faktura.cli import deposits, invoice_corrections, invoices


@dataclass
class App:
    """As much of the application as the commands need."""

    scene: DepositScene

    @property
    def database(self):
        """The scene's."""
        return self.scene.database

    @property
    def adapters(self):
        """The formats that documents are issued for."""
        return SimpleNamespace(formats=lambda _: XRechnung())

    def tenant(self, key):
        """The only tenant."""
        assert key is None
        return self.scene.tenant


@pytest.fixture
def run(scene, monkeypatch):
    """Run a command in the scene and return what it writes."""
    for module in (deposits, invoice_corrections):
        monkeypatch.setattr(module, "running", lambda: nullcontext(App(scene)))

    def call(group, *words: str) -> str:
        done = CliRunner().invoke(group, words, catch_exceptions=False)
        assert done.exit_code == 0, done.output
        return done.output

    return call


def states(run):
    """Number and state of each deposit."""
    found = json.loads(run(deposits.deposits, "list", CONTRACT, "--json"))
    return [(one["number"], one["state"], one["paid"]) for one in found]


def test_each_deposit_says_where_it_stands(run, scene):
    """100.00 net is 119.00: one unpaid, one paid in part, one paid, then deducted."""
    for _ in range(3):
        scene.net("100.00")
    scene.pay("19.00", "Anzahlung")
    scene.assign("RE-000005")
    scene.pay("119.00", "RE-000006")
    before = states(run)
    scene.final_over("500.00", deposits=["RE-000006"])

    assert before == [
        ("RE-000004", "OPEN", "0.00"),
        ("RE-000005", "PARTLY_PAID", "19.00"),
        ("RE-000006", "PAID", "119.00"),
    ]
    assert states(run)[2] == ("RE-000006", "DEDUCTED", "119.00")


def test_setting_unpaid_says_what_is_open_again(run, scene):
    """F065."""
    scene.net("100.00")
    scene.pay("119.00", "RE-000004")

    said = run(invoices.invoices, "set-unpaid", "RE-000004", "--reason", "Irrtum")

    assert said == (
        "Unpaid again: RE-000004 (119.00 EUR open). Bank movements that paid them wait again.\n"
    )
    assert states(run) == [("RE-000004", "OPEN", "0.00")]
