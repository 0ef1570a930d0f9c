"""faktura payments chargebacks, give-back and refunds: what a person types and reads."""

import asyncio
import json
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import pytest
from click.testing import CliRunner
from tests.services.payments.refunds import Refunds, at_double

from faktura.cli import payments_chargebacks, payments_give_back
from faktura.cli.payments import payments
from faktura.hub.adapters import Adapters
from faktura.kernel.payment_terms import FollowUp
from faktura.services.attempt_view import show_attempt
from faktura.store.database import Database
from faktura.store.refunds_at_provider import read_refund


@dataclass
class App:
    """As much of the application as the commands need."""

    scene: Refunds

    @property
    def database(self) -> Database:
        """The scene's."""
        return self.scene.database

    @property
    def adapters(self) -> Adapters:
        """Builds the double."""
        return self.scene.refund_desk.adapters

    def tenant(self, key: object) -> object:
        """The only tenant."""
        assert key is None
        return self.scene.tenant


@pytest.fixture
def scene(database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Refunds:
    """Three invoices, and the commands among them."""
    scene = Refunds(database, tmp_path / "content")
    for module in (payments_chargebacks, payments_give_back):
        monkeypatch.setattr(module, "running", lambda: nullcontext(App(scene)))
    return scene


def run(*words: str, code: int = 0) -> str:
    """What a command writes."""
    done = CliRunner().invoke(payments, words, catch_exceptions=False)
    assert done.exit_code == code, done.output
    return done.output


async def test_money_is_given_back_and_listed(scene: Refunds) -> None:
    """By the invoice's number; 35.70 over the double."""
    await at_double(scene)

    # The command has an event loop of its own.
    shown = await asyncio.to_thread(
        run, "give-back", "RE-000001", "35.70", "--reason", "Storno", "--json"
    )
    done = json.loads(shown)
    assert (done["state"], done["amount"], done["invoice"]) == ("SUCCEEDED", "35.70", "RE-000001")

    (listed,) = json.loads(run("refunds", "list", "--customer", "K-1", "--json"))
    assert listed["refundId"] == done["refundId"]
    assert json.loads(run("refunds", "list", "--state", "FAILED", "--json")) == []
    one = json.loads(run("refunds", "show", done["refundId"], "--json"))
    assert (one["tries"], one["reason"]) == (1, "Storno")
    with scene.database.read(scene.tenant.id) as tx:
        given_back = read_refund(tx, UUID(done["refundId"])).refund
        booked = show_attempt(tx, given_back.attempt_id).bookings
    assert [(one.fact, str(one.amount)) for one in booked] == [
        ("PAYMENT", "-35.70 EUR"),
        ("REFUND", "35.70 EUR"),
    ]
    asked = await asyncio.to_thread(run, "refunds", "resolve", "--json")
    assert json.loads(asked) == {"asked": 0}


def test_chargebacks_are_listed_and_shown_with_what_followed(scene: Refunds) -> None:
    """Policy: the contract pays by transfer."""
    scene.policy(FollowUp.CUSTOMER_TO_TRANSFER, "tell-crm")
    scene.dispute(scene.paid("RE-000001"), fee="20.00")

    (one,) = json.loads(
        run("chargebacks", "list", "--state", "OPEN", "--customer", "K-1", "--json")
    )
    assert (one["invoice"], one["amount"], one["fee"]) == ("RE-000001", "35.70", "20.00")
    assert "No chargebacks." in run("chargebacks", "list", "--customer", "K-2")

    shown = json.loads(run("chargebacks", "show", one["chargebackId"], "--json"))
    assert (shown["contracts"], shown["booked"]) == (["V-1"], True)
    assert shown["followed"] == ["K-1 NOTHING pays by TRANSFER"]
    assert shown["actions"] == ["tell-crm: not done yet"]


def test_another_policy_is_tried_on_what_came_back(scene: Refunds, tmp_path: Path) -> None:
    """Two disputes of 10.00 and 25.70 over one contract: a pause would have prevented the second."""
    attempt = scene.paid("RE-000001")
    scene.dispute(attempt, "double:dp_1", "10.00", "20.00")
    scene.dispute(attempt, "double:dp_2", "25.70", "20.00")
    file = tmp_path / "policy.json"
    file.write_text(json.dumps({"card": {"followUp": "PAUSE_SUBSCRIPTION"}}))
    rows = {name: scene.count(name) for name in ("event", "chargeback", "subscription_pause")}

    (found,) = json.loads(run("chargebacks", "what-if", "--policy", str(file), "--json"))

    assert (found["chargebacks"], found["amount"], found["fees"]) == (2, "35.70", "40.00")
    assert (found["stopped"], found["prevented"]) == (["V-1"], 1)
    assert (found["preventedAmount"], found["preventedFees"]) == ("25.70", "20.00")
    assert {name: scene.count(name) for name in rows} == rows
    assert "PAUSE_SUBSCRIPTION: V-1" in run("chargebacks", "what-if", "--policy", str(file))
