"""Stripe's own pages, through the core: paid, a debit that fails late, a page that a run closes."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from tests.services.payments.pay_scene import CARD, MORNING, Scene, copied, pay_scene, wish

from faktura.domain.attempts import Attempt
from faktura.domain.pay_links import PayState
from faktura.domain.payment_accounts import PaymentAccount
from faktura.flows.call_log import CallLog
from faktura.flows.pay_desk import come_back, start_page
from faktura.flows.pay_pages import close_open_page, resolve_page
from faktura.hub.adapters import Adapters, Installation
from faktura.hub.registry import Offer, Registry
from faktura.kernel.clock import FixedClock
from faktura.kernel.terms import PaymentMethod
from faktura.services.page_requests import kept_page
from faktura.store.adapters import AdapterStore
from faktura.store.payment_accounts import write_account
from faktura.testing.outgoing import http_to
from faktura_stripe.adapter import StripeAdapter
from stripe_double import charging, sessions
from stripe_double.server import Double, in_a_thread
from stripe_double.world import World

SEPA = PaymentMethod.SEPA_DEBIT


@pytest.fixture
def double() -> Iterator[Double]:
    """Stripe."""
    with in_a_thread(World(FixedClock(MORNING))) as running:
        yield running


@pytest.fixture
def scene(migrated_file: Path, tmp_path: Path, double: Double) -> Iterator[Scene]:
    """Cards and debits at Stripe, on SQLite."""
    made = pay_scene(copied(migrated_file, tmp_path), tmp_path, {})
    adapters = Adapters(
        Registry(payments={"stripe": Offer("stripe", "stripe", StripeAdapter)}),
        AdapterStore(made.app.database, made.app.keys),
        made.clock,
        Installation(file={"stripe": double.settings}),
        CallLog(made.app.database, http_to(double.host)).http_of,
    )
    made.app = replace(made.app, adapters=adapters)
    with made.app.database.write(made.tenant.id) as tx:
        write_account(tx, PaymentAccount("stripe", "stripe", frozenset({CARD, SEPA})))
    yield made
    made.app.close()


async def started(scene: Scene, method: PaymentMethod = CARD) -> str:
    """The id of the page that was opened."""
    begun = await start_page(scene.desk, scene.document(), wish(method))
    assert isinstance(begun, Attempt), begun
    page = kept_page(begun)
    assert page is not None
    return page.reference


async def test_a_refused_card_leaves_the_page_open_and_another_one_pays(scene, double):
    """Coming back in between ends nothing (lago-api 5547)."""
    page = await started(scene)
    sessions.be_the_customer(double.world, page, "pm_card_visa_chargeDeclined")
    await come_back(scene.desk, scene.document())
    between = scene.states()
    sessions.be_the_customer(double.world, page)
    await come_back(scene.desk, scene.document())

    assert (between, scene.states()) == (["ACTION_NEEDED"], ["SUCCEEDED"])
    assert {name: len(found) for name, found in double.world.audit().charges.items()} == {
        "RE-000001": 1
    }


async def test_a_debit_on_a_page_is_under_way_until_it_fails_and_then_payable(scene, double):
    """Unpaid and done is no failure; a late one does what a chargeback does (payments 1.6, 1.8)."""
    page = await started(scene, SEPA)
    sessions.be_the_customer(double.world, page, "pm_success_de")
    await come_back(scene.desk, scene.document())
    during = scene.states(), scene.view().state
    for payment in double.world.store.of("payment_intent"):
        charging.fail(double.world, payment["id"], "insufficient_funds")
    scene.clock.advance(timedelta(days=1))
    await resolve_page(scene.provider("stripe"), scene.attempts()[0])

    assert during == (["PENDING"], PayState.UNDER_WAY)
    assert (scene.states(), scene.view().state) == (["FAILED"], PayState.PAYABLE)


async def test_a_page_that_was_paid_before_it_could_be_closed_has_paid(scene, double):
    """A run wants the page away: Stripe does not close what is paid (payments 1.8)."""
    page = await started(scene)
    sessions.be_the_customer(double.world, page)

    closed = await close_open_page(scene.provider("stripe"), scene.attempts()[0])

    assert (closed.moved, closed.attempt.state) == (True, "SUCCEEDED")


async def test_a_closed_page_takes_no_money_any_more(scene, double):
    """The customer's tab is still open."""
    page = await started(scene)
    closed = await close_open_page(scene.provider("stripe"), scene.attempts()[0])

    assert closed.attempt.state == "CANCELLED"
    with pytest.raises(AssertionError):
        sessions.be_the_customer(double.world, page)
    assert double.world.audit().charges == {}
