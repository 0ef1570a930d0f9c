"""Whether an account can be used, before the first customer notices (complaint 22)."""

from datetime import timedelta

import pytest

from faktura.kernel.outside_errors import OutsideUnavailable
from faktura.plugin import Runtime
from faktura_stripe.adapter import StripeAdapter
from faktura_stripe.events import WANTED
from stripe_double.faults import Fault
from stripe_double.scene import Scene

URL = "https://billing.example/webhooks/stripe/werk"


async def test_all_is_well(scene: Scene):
    scene.world.add_endpoint(f"{URL}/", WANTED)
    scene.world.add_configuration(card="on", sepa_debit="on", paypal="on")

    assert await scene.adapter().problems(URL) == []


async def test_an_endpoint_of_everything_is_well_too(scene: Scene):
    scene.world.add_endpoint(URL)

    assert await scene.adapter().problems(URL) == []


async def test_nobody_is_delivered_to(scene: Scene):
    assert await scene.adapter().problems(URL) == [
        f"Stripe delivers nothing to {URL}: add it as an endpoint at Stripe."
    ]


async def test_an_address_is_needed_first(scene: Scene):
    assert await scene.adapter().problems("") == [
        "faktura has no address that Stripe can deliver to: set FAKTURA_PUBLIC_URL."
    ]


async def test_everything_wrong_with_an_endpoint_is_told(scene: Scene):
    for _ in range(2):
        scene.world.add_endpoint(URL, WANTED[:-1], status="disabled", api_version="2020-08-27")

    assert await scene.adapter(webhook_secrets=()).problems(URL) == [
        "the endpoint is switched off at Stripe: switch it on again there.",
        (
            "the endpoint is not sent payment_method.automatically_updated: add these events at"
            " Stripe."
        ),
        (
            "the endpoint has API version 2020-08-27, this plugin 2026-10-28.endive: events are"
            " understood all the same, a new endpoint would have ours."
        ),
        "Stripe delivers everything twice: two endpoints have this address.",
        "no signing secret is set: put the endpoint's in `webhook_secrets`.",
    ]


async def test_kinds_of_payment_that_are_off_are_told(scene: Scene):
    scene.world.add_endpoint(URL)
    scene.world.add_configuration(card="on", sepa_debit="off", paypal="off")

    assert await scene.adapter(methods=["CARD", "SEPA_DEBIT"]).problems(URL) == [
        "sepa_debit is not switched on at Stripe: activate it there, or take it out of `methods`."
    ]


async def test_a_wrong_key_is_all_there_is_to_say(scene: Scene):
    (problem,) = await scene.adapter(api_key="rk_test_of_nobody").problems(URL)

    assert "does not take the key" in problem
    assert "rk_test_of_nobody" not in problem


async def test_a_key_that_may_not_see_endpoints_is_told(scene: Scene):
    scene.world.forbidden = {"/v1/webhook_endpoints", "/v1/payment_method_configurations"}

    (problem,) = await scene.adapter().problems(URL)

    assert "Permit the key to read them" in problem


async def test_a_clock_that_goes_wrong_is_told(scene: Scene):
    """Signatures are checked by it (1.11)."""
    scene.world.add_endpoint(URL)
    right = scene.adapter()

    class Late:
        def now(self):
            return scene.clock.now() - timedelta(minutes=7)

    runtime = Runtime(Late(), right.runtime.log, right.runtime.state, right.runtime.http)
    (problem,) = await StripeAdapter(right.settings, runtime).problems(URL)

    assert "differs from Stripe's by 420 seconds" in problem


async def test_an_answer_that_is_lost_says_nothing(scene: Scene):
    scene.world.turn_on(Fault.LOST, "GET")

    with pytest.raises(OutsideUnavailable):
        await scene.adapter().problems(URL)
