"""Braintree's fields in our own page, through the core: paid, declined, and never under way for ever."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from tests.services.payments.pay_scene import CARD, MORNING, Scene, copied, pay_scene, wish

from braintree_double import audit
from braintree_double.server import Double, in_a_thread
from braintree_double.world import Fault, World
from faktura.bootstrap import App
from faktura.domain.attempts import Attempt
from faktura.domain.pay_links import PayState
from faktura.domain.payment_accounts import PaymentAccount
from faktura.flows.call_log import CallLog
from faktura.flows.pay_desk import finish_page, start_page
from faktura.flows.pay_pages import resolve_page
from faktura.hub.adapters import Adapters, Installation
from faktura.hub.registry import Offer, Registry
from faktura.kernel.clock import FixedClock
from faktura.store.adapters import AdapterStore
from faktura.store.link_calls import read_calls
from faktura.store.payment_accounts import write_account
from faktura.testing.outgoing import http_to
from faktura_braintree.adapter import BraintreeAdapter


@pytest.fixture
def double() -> Iterator[Double]:
    """Braintree."""
    with in_a_thread(World(FixedClock(MORNING))) as running:
        yield running


@pytest.fixture
def scene(migrated_file: Path, tmp_path: Path, double: Double) -> Iterator[Scene]:
    """Cards at Braintree, on SQLite."""
    made = pay_scene(copied(migrated_file, tmp_path), tmp_path, {})
    made.app = _with_braintree(made, double)
    with made.app.database.write(made.tenant.id) as tx:
        write_account(tx, PaymentAccount("braintree", "braintree", frozenset({CARD})))
    yield made
    made.app.close()


def _with_braintree(made: Scene, double: Double) -> App:
    app = made.app
    adapters = Adapters(
        Registry(payments={"braintree": Offer("braintree", "braintree", BraintreeAdapter)}),
        AdapterStore(app.database, app.keys),
        made.clock,
        Installation(file={"braintree": double.settings}),
        CallLog(app.database, http_to(double.host)).http_of,
    )
    return replace(app, registry=Registry(), adapters=adapters)


async def started(scene: Scene) -> Attempt:
    """A page of ours with Braintree's fields."""
    begun = await start_page(scene.desk, scene.document(), wish())
    assert isinstance(begun, Attempt), begun
    return begun


async def test_a_customer_pays_with_braintrees_fields(scene, double):
    """Sent twice, charged once."""
    double.world.have_nonce("nonce_1")
    await started(scene)
    await finish_page(scene.desk, scene.document(), "nonce_1")
    await finish_page(scene.desk, scene.document(), "nonce_1")

    assert scene.states() == ["SUCCEEDED"]
    assert audit.charges_by_invoice(double.world.charges.values()) == {"RE-000001": 1}


@pytest.mark.parametrize("how", ["bank", "rules"])
async def test_a_card_that_wants_to_be_confirmed_ends_the_try_and_not_the_page(scene, double, how):
    """The customer was there: what the fields gave cannot be confirmed afterwards."""
    double.world.have_nonce("nonce_1")
    double.world.have_nonce("nonce_2")
    if how == "bank":
        double.world.decline_next("2099")
    else:
        double.world.reject_next("three_d_secure")
    await started(scene)
    await finish_page(scene.desk, scene.document(), "nonce_1")

    after = scene.view().state, scene.states()
    await started(scene)
    await finish_page(scene.desk, scene.document(), "nonce_2")

    assert after == (PayState.PAYABLE, ["FAILED"])
    assert scene.states() == ["FAILED", "SUCCEEDED"]


async def test_a_lost_sale_of_a_page_is_found_out_and_charged_once(scene, double):
    """The same request again, under the page's key."""
    double.world.have_nonce("nonce_1")
    begun = await started(scene)
    double.world.fail_next(Fault.LOST_AFTER, path="/transactions$", method="POST")
    await finish_page(scene.desk, scene.document(), "nonce_1")
    during = scene.view().state
    scene.clock.advance(timedelta(minutes=6))
    double.world.clock.advance(timedelta(minutes=6))
    await resolve_page(scene.provider("braintree"), scene.attempts()[0])

    assert during is PayState.UNDER_WAY
    assert scene.states() == ["SUCCEEDED"]
    assert audit.charges_by_order(double.world.charges.values()) == {begun.id.hex: 1}


async def test_a_lost_sale_is_not_over_because_its_customer_cannot_be_asked_for(scene, double):
    """Rejected would free the document, and the next try would be charged besides the lost one."""
    double.world.have_nonce("nonce_1")
    begun = await start_page(scene.desk, scene.document(), wish(save=True))
    assert isinstance(begun, Attempt)
    double.world.fail_next(Fault.LOST_AFTER, path="/transactions$", method="POST")
    await finish_page(scene.desk, scene.document(), "nonce_1")
    for _ in range(2):
        scene.clock.advance(timedelta(minutes=6))
        double.world.clock.advance(timedelta(minutes=6))
        double.world.fail_next(Fault.DOWN, path="/customers/")
        await resolve_page(scene.provider("braintree"), scene.attempts()[0])
        assert "FAILED" not in scene.states()
        double.world.plan = None

    assert audit.charges_by_order(double.world.charges.values()) == {begun.id.hex: 1}


async def test_of_calls_to_a_provider_only_failures_are_written_down_and_no_body(scene, double):
    """Ten thousand collections make no ten thousand rows, and a decline names its customer."""
    double.world.have_nonce("nonce_1")
    double.world.decline_next("2001")
    await started(scene)
    await finish_page(scene.desk, scene.document(), "nonce_1")

    with scene.app.database.read(scene.tenant.id) as tx:
        calls = read_calls(tx, "braintree", 9)
    assert [(one.method, one.status, sorted(one.told)) for one in calls] == [
        ("POST", 422, ["answer", "request"])
    ]
    assert "POST" in [method for method, _path, status in double.world.requests if status == 201]
