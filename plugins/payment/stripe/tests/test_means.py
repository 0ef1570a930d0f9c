"""Saved means of payment: what people recognise them by, and forgetting them."""

import pytest

from faktura.kernel.outside_errors import OutsideUnavailable
from faktura.kernel.terms import PaymentMethod
from faktura.plugin import MeansReference
from faktura_stripe.answers import StripeRefused
from faktura_stripe.means import saved_means
from stripe_double import charging
from stripe_double.faults import Fault
from stripe_double.scene import Scene


async def test_a_card_is_known_by_brand_and_last_four(scene: Scene):
    means = MeansReference(reference=scene.world.add_means(), customer="cus_00000001")

    found = await scene.adapter().describe_means(means)

    assert found is not None
    assert (found.method, found.label) == (PaymentMethod.CARD, "Visa •••• 4242")
    assert (str(found.expires_on), found.fingerprint) == ("2029-08-31", "fp_pm_card_visa")
    assert found.means == means


@pytest.mark.parametrize(
    ("behaviour", "label"), [("pm_success_de", "SEPA DE •••• 3000"), ("pm_paypal", "PayPal")]
)
async def test_others_are_known_by_their_kind_and_keep_what_was_told_of_them(
    scene: Scene, behaviour, label
):
    details = {"mandate_reference": "MND0001"}
    means = MeansReference(reference=scene.world.add_means(behaviour), details=details)

    found = await scene.adapter().describe_means(means)

    assert found is not None
    assert (found.label, found.expires_on) == (label, None)
    assert found.means.details == details


async def test_what_was_detached_or_never_was_is_none(scene: Scene):
    means = scene.world.add_means()
    charging.detach(scene.world, means)

    assert await scene.adapter().describe_means(MeansReference(reference=means)) is None
    assert await scene.adapter().describe_means(MeansReference(reference="pm_x")) is None


async def test_forgetting_detaches_it_and_twice_does_no_harm(scene: Scene):
    means = MeansReference(reference=scene.world.add_means())

    await scene.adapter().forget_means(means)
    await scene.adapter().forget_means(means)

    assert await scene.adapter().describe_means(means) is None


@pytest.mark.parametrize(("method", "path"), [("GET", "pm_"), ("POST", "/detach")])
async def test_a_lost_answer_is_asked_for_again(scene: Scene, method, path):
    means = MeansReference(reference=scene.world.add_means())
    scene.world.turn_on(Fault.LOST, method, path)

    with pytest.raises(OutsideUnavailable):
        await scene.adapter().forget_means(means)

    await scene.adapter().forget_means(means)
    assert await scene.adapter().describe_means(means) is None


async def test_a_refusal_of_another_kind_is_not_swallowed(scene: Scene):
    with pytest.raises(StripeRefused, match="Unrecognized"):
        await scene.adapter().describe_means(MeansReference(reference="pm-with-dashes"))


@pytest.mark.parametrize("card", [{}, {"exp_year": 2029}, {"exp_year": 2029, "exp_month": 13}])
def test_a_card_without_a_month_has_no_expiry(card):
    found = saved_means({"id": "pm_1", "type": "card", "customer": "cus_1", "card": card})

    assert found is not None
    assert found.expires_on is None


def test_kinds_that_we_do_not_collect_are_not_kept():
    assert saved_means({"id": "pm_1", "type": "klarna", "customer": "cus_1"}) is None
