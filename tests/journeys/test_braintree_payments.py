"""Two months with an account at Braintree: paid in its fields on our page, then collected, on the double."""

import asyncio
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from aiohttp import ClientSession
from tests.journeys.collecting import MORNING, ON_BOTH, House, house

from braintree_double import giving, hooks
from braintree_double.audit import charges_by_invoice
from braintree_double.server import Double, in_a_thread
from braintree_double.world import Fault, World
from faktura.kernel.clock import FixedClock

PLAIN = ("merchant_id", "public_key", "base_url", "tenant_field", "invoice_field")


class Winter:
    """The house, and what the double knows."""

    def __init__(self, own: House, world: World) -> None:
        self.house, self.world = own, world
        self._taken = 0

    def deliver(self) -> None:
        """Braintree's new forms come, each twice; then a worker reads them."""
        forms = hooks.deliveries(self.world, range(self._taken, len(self.world.outbox)), times=2)
        self._taken = len(self.world.outbox)
        assert asyncio.run(_post(f"{self.house.address}/webhooks/braintree/werk", forms)) <= {200}
        self.house.works_off()


async def _post(url: str, forms: list[tuple[str, bytes]]) -> set[int]:
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    statuses = set()
    async with ClientSession() as session:
        for _, body in forms:
            async with session.post(url, data=body, headers=headers) as answer:
                statuses.add(answer.status)
    return statuses


@pytest.fixture
def winter(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, empty_database_url: str
) -> Iterator[Winter]:
    """The account at Braintree is set up, K-1 subscribed and got the invoice of December."""
    clock = FixedClock(MORNING)
    monkeypatch.chdir(tmp_path)
    with in_a_thread(World(clock)) as double:
        host = double.host
        with house(monkeypatch, clock, empty_database_url, plugin="braintree", private=host) as own:
            yield begun(own, double)


def begun(own: House, double: Double) -> Winter:
    """What the operator does first; the invoice is issued on the first of December."""
    settings = double.settings
    for field in PLAIN:
        own.does("plugins", "set", "braintree", field, str(settings[field]))
    accounts = json.dumps(settings["merchant_accounts"])
    own.does("plugins", "set", "braintree", "merchant_accounts", accounts)
    own.does("plugins", "set", "braintree", "private_key", stdin=f"{settings['private_key']}\n")
    own.does("payments", "accounts", "add", "braintree", "--methods", "CARD,PAYPAL")
    own.sells_to(("K-1", "CARD"))
    own.does("billing", "run")
    return Winter(own, double.world)


@ON_BOTH
def test_a_winter_of_payments_over_braintree(winter: Winter) -> None:
    """Paid on our page and kept, collected by it, looked up, disputed, won, given back: once each."""
    own = winter.house

    december(winter)
    january(winter)
    dispute(winter)
    give_back(winter)

    replayed = own.does("payments", "inbox", "replay", "--all")
    assert replayed.endswith(" events: 0 changed something, 0 failed.\n")
    assert own.told("verify")["violations"] == []
    charged = charges_by_invoice(winter.world.charges.values())
    assert charged == {"RE-000001": 1, "RE-000002": 1}


def december(winter: Winter) -> None:
    """The customer pays with a card in Braintree's fields on our page, and lets us keep it."""
    own = winter.house
    fields = own.opens("RE-000001", method="CARD", amount="35.70", keep="yes")
    assert fields == f"{own.page_of('RE-000001')}/fields"
    winter.world.have_nonce("nonce_1")

    back = own.fills_in(fields, to=f"{own.page_of('RE-000001')}/result", result="nonce_1")

    assert back == own.page_of("RE-000001")
    assert (own.states("RE-000001"), own.open_of("RE-000001")) == (["SUCCEEDED"], "0.00")
    assert own.journal("PAYMENT") == ["D 1460 35.70", "C 1200 35.70"]
    (kept,) = own.told("payments", "means", "list", "K-1")
    assert (kept["method"], kept["state"]) == ("CARD", "ACTIVE")
    giving.settle(winter.world)
    winter.deliver()
    assert own.account("K-1") == ["INVOICE 35.70 35.70", "PAYMENT -35.70 0.00"]


def january(winter: Winter) -> None:
    """The kept card is charged on the 15th; the answer is lost, and found by asking again."""
    own = winter.house
    own.until(2027, 1, 1)
    own.does("billing", "run")
    own.until(2027, 1, 15)
    winter.world.fail_next(Fault.LOST_AFTER, path="/transactions$", method="POST")

    own.does("payments", "collect")
    assert own.states("RE-000002") == ["UNKNOWN"]
    own.does("payments", "resolve")

    assert (own.states("RE-000002"), own.open_of("RE-000002")) == (["SUCCEEDED"], "0.00")
    giving.settle(winter.world)
    winter.deliver()
    assert own.journal("PAYMENT") == ["D 1460 35.70", "C 1200 35.70"] * 2


def dispute(winter: Winter) -> None:
    """December's payment is charged back and won."""
    own, world = winter.house, winter.world
    paid = own.attempts("RE-000001")[0]["reference"]
    opened = giving.dispute(world, paid)
    winter.deliver()

    assert (own.states("RE-000001"), own.open_of("RE-000001")) == (["CHARGED_BACK"], "35.70")
    assert own.journal("CHARGEBACK") == ["D 1200 35.70", "C 1460 35.70"]

    giving.decide(world, opened.id, "won")
    winter.deliver()

    assert (own.states("RE-000001"), own.open_of("RE-000001")) == (["SUCCEEDED"], "0.00")
    assert own.told("payments", "chargebacks", "list")[0]["state"] == "WON"


def give_back(winter: Winter) -> None:
    """January's invoice was wrong: it is cancelled, and its money goes back to the card."""
    own = winter.house
    own.does("invoices", "cancel", "RE-000002", "--reason", "Irrtum")

    own.does("payments", "give-back", "RE-000002", "35.70", "--reason", "Irrtum")
    giving.settle(winter.world)
    winter.deliver()
    own.until(2027, 1, 17)
    own.does("payments", "refunds", "resolve")

    assert [one["state"] for one in own.told("payments", "refunds", "list")] == ["SUCCEEDED"]
    assert own.journal("REFUND") == ["D 1200 35.70", "C 1460 35.70"]
    assert own.account("K-1")[-1] == "REFUND 35.70 0.00"
