"""Two months with an account at Stripe, as an operator and two customers live it, on the plugin's double."""

import asyncio
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.journeys.collecting import MORNING, ON_BOTH, House, house

from faktura.kernel.clock import FixedClock
from stripe_double import charging, sessions
from stripe_double.deliveries import Postman, post
from stripe_double.faults import Fault
from stripe_double.server import Double, in_a_thread
from stripe_double.world import World


class Quarter:
    """The house, what the double knows, and its post."""

    def __init__(self, own: House, double: Double) -> None:
        self.house, self.double, self.world = own, double, double.world
        self.postman = Postman(double.world)

    def deliver(self) -> None:
        """Stripe's post comes, each letter twice and in any order; then a worker reads it."""
        letters = self.postman.new(seed=7, copies=2)
        answers = asyncio.run(post(f"{self.house.address}/webhooks/stripe/werk", letters))
        assert answers == [200] * len(letters)
        self.house.works_off()


@pytest.fixture
def quarter(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, empty_database_url: str
) -> Iterator[Quarter]:
    """The account at Stripe is set up, two customers subscribed and got their first invoice."""
    clock = FixedClock(MORNING)
    monkeypatch.chdir(tmp_path)
    with in_a_thread(World(clock)) as double:
        host = double.host
        with house(monkeypatch, clock, empty_database_url, plugin="stripe", private=host) as own:
            yield begun(own, double)


def begun(own: House, double: Double) -> Quarter:
    """What the operator does first; the invoices of December are issued on the first."""
    settings = double.settings
    secrets = " ".join(double.world.secrets)
    own.does("plugins", "set", "stripe", "api_base", str(settings["api_base"]))
    own.does("plugins", "set", "stripe", "api_key", stdin=f"{settings['api_key']}\n")
    own.does("plugins", "set", "stripe", "webhook_secrets", stdin=f"{secrets}\n")
    own.does("payments", "accounts", "add", "stripe", "--methods", "CARD,SEPA_DEBIT")
    double.world.add_configuration(card="on", sepa_debit="on")
    own.sells_to(("K-1", "CARD"), ("K-2", "TRANSFER"))
    own.does("billing", "run")
    return Quarter(own, double)


def saves(quarter: Quarter, invoice: str, method: str, behaviour: str) -> str:
    """A customer saves a means on Stripe's page and closes the tab; gives the means' id there."""
    page = quarter.house.opens(invoice, to="/method", method=method)
    assert page.startswith(quarter.double.base)
    return sessions.be_the_customer(quarter.world, page.rpartition("/")[2], behaviour)


def settle_debits(quarter: Quarter) -> None:
    """The bank has paid all debits that were under way."""
    for payment in quarter.world.store.of("payment_intent"):
        if payment["status"] == "processing":
            charging.settle(quarter.world, payment["id"])


@ON_BOTH
def test_a_winter_of_payments_over_stripe(quarter: Quarter) -> None:
    """Saved, collected, lost and told, declined and retried, disputed, won, given back: once each."""
    own, world = quarter.house, quarter.world
    card = saves(quarter, "RE-000001", "CARD", "pm_card_visa")
    saves(quarter, "RE-000002", "SEPA_DEBIT", "pm_success_de")
    quarter.deliver()

    december(quarter)
    january(quarter, card)
    dispute(quarter)
    give_back(quarter)

    replayed = own.does("payments", "inbox", "replay", "--all")
    assert replayed.endswith(" events: 0 changed something, 0 failed.\n")
    assert own.told("verify")["violations"] == []
    assert {invoice: len(found) for invoice, found in world.audit().charges.items()} == {
        "RE-000001": 1, "RE-000002": 1, "RE-000003": 1, "RE-000004": 1,
    }  # fmt: skip
    assert world.audit().refunded == {"RE-000003": 3570}


def december(quarter: Quarter) -> None:
    """Both are due on the 15th: one answer is lost, the debit takes its time."""
    own = quarter.house
    own.until(2026, 12, 15)
    quarter.world.turn_on(Fault.LOST, method="POST", path="/v1/payment_intents")

    collected = own.told("payments", "collect")

    assert (collected["tried"], collected["left"]) == (2, [])
    # Both are asked at once: whichever comes first at the provider has its answer lost.
    states = own.states("RE-000001")[-1], own.states("RE-000002")[-1]
    assert states in {("UNKNOWN", "PENDING"), ("SUCCEEDED", "UNKNOWN")}
    quarter.deliver()
    assert (own.states("RE-000001")[-1], own.open_of("RE-000001")) == ("SUCCEEDED", "0.00")
    assert (own.states("RE-000002")[-1], own.open_of("RE-000002")) == ("PENDING", "35.70")
    assert own.account("K-1") == ["INVOICE 35.70 35.70", "PAYMENT -35.70 0.00"]
    assert own.journal("PAYMENT") == ["D 1460 35.70", "C 1200 35.70"]
    assert own.journal("PROVIDER_FEE") == ["D 6855 0.78", "C 1460 0.78"]

    own.until(2026, 12, 21)
    settle_debits(quarter)
    quarter.deliver()

    assert (own.states("RE-000002")[-1], own.open_of("RE-000002")) == ("SUCCEEDED", "0.00")
    assert own.journal("PAYMENT") == ["D 1460 35.70", "C 1200 35.70"] * 2


def january(quarter: Quarter, card: str) -> None:
    """The card is declined on the 15th; the hub is told once, and the next day it goes through."""
    own, world = quarter.house, quarter.world
    own.until(2027, 1, 1)
    own.does("billing", "run")
    own.until(2027, 1, 15)
    world.behave(card, "pm_card_visa_chargeDeclined")

    own.does("payments", "collect")
    quarter.deliver()

    (declined,) = own.attempts("RE-000003")
    assert (declined["state"], declined["failure"]) == ("FAILED", "SOFT")
    assert declined["retryAt"].startswith("2027-01-16T")
    told = own.told("payments", "show", declined["attempt"])["events"]
    assert [one["type"] for one in told] == ["RECURRING_PAYMENT_FAILED", "CUSTOMER_NOTICE"]
    assert told[0]["data"]["nextRetryAt"] == declined["retryAt"]
    assert own.told("payments", "collect")["tried"] == 0

    own.until(2027, 1, 17)
    world.behave(card, "pm_card_visa")
    own.does("payments", "collect")
    settle_debits(quarter)
    quarter.deliver()

    assert own.states("RE-000003") == ["FAILED", "SUCCEEDED"]
    assert (own.open_of("RE-000003"), own.open_of("RE-000004")) == ("0.00", "0.00")


def dispute(quarter: Quarter) -> None:
    """December's card payment is disputed: the money and 20.00 are gone until it is won."""
    own, world = quarter.house, quarter.world
    Path("policy.json").write_text(
        json.dumps({"card": {"retryDays": [1, 3], "followUp": "CONTRACT_TO_TRANSFER"}})
    )
    own.does("payments", "policy", "set", "--file", "policy.json")
    (payment,) = world.audit().charges["RE-000001"]
    disputed = charging.dispute(world, payment)
    quarter.deliver()

    (listed,) = own.told("payments", "chargebacks", "list")
    shown = own.told("payments", "chargebacks", "show", listed["chargebackId"])
    assert (shown["amount"], shown["fee"], shown["state"]) == ("35.70", "20.00", "OPEN")
    assert (shown["followed"], shown["contracts"]) == (["V-000001 MOVED"], ["V-000001"])
    assert (own.states("RE-000001")[-1], own.open_of("RE-000001")) == ("CHARGED_BACK", "35.70")
    assert own.journal("CHARGEBACK") == ["D 1200 35.70", "C 1460 35.70"]
    assert own.journal("PROVIDER_FEE")[-2:] == ["D 6855 20.00", "C 1460 20.00"]
    assert own.told("payments", "collect")["tried"] == 0

    charging.reinstate(world, disputed)
    quarter.deliver()

    assert own.told("payments", "chargebacks", "list")[0]["state"] == "WON"
    assert (own.states("RE-000001")[-1], own.open_of("RE-000001")) == ("SUCCEEDED", "0.00")
    assert own.journal("PAYMENT") == ["D 1460 35.70", "C 1200 35.70"] * 5
    # No document format is enabled here: each mail with an invoice waits for one.
    asked = [one["kind"] for one in own.told("tasks", "list") if one["kind"] != "MAIL_FAILED"]
    assert asked == ["CHARGEBACK_WON"]


def give_back(quarter: Quarter) -> None:
    """January's invoice was wrong: it is cancelled, and its money goes back to the card."""
    own = quarter.house
    own.does("invoices", "cancel", "RE-000003", "--reason", "Irrtum")

    refund = own.told("payments", "give-back", "RE-000003", "35.70", "--reason", "Irrtum")
    quarter.deliver()

    assert refund["state"] == "SUCCEEDED"
    assert own.journal("REFUND") == ["D 1200 35.70", "C 1460 35.70"]
    assert own.account("K-1")[-1] == "REFUND 35.70 0.00"
