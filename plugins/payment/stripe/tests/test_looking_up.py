"""Looking up and calling off attempts: by reference, by our marks, never by a guess (1.4)."""

import logging
from datetime import timedelta

import pytest

from faktura.kernel.outside_errors import AccountBroken, OutsideUnavailable
from faktura.plugin import (
    Absent,
    ActionNeeded,
    AttemptReference,
    Cancelled,
    CollectRequest,
    Declined,
    Pending,
    Succeeded,
    Unclear,
)
from stripe_double import charging, sessions
from stripe_double.faults import Fault
from stripe_double.scene import Scene


def attempt(request: CollectRequest, reference: str = "") -> AttemptReference:
    return AttemptReference(request=request, reference=reference)


async def test_a_payment_whose_answer_was_lost_is_found_by_its_mark(scene: Scene):
    request = scene.request()
    scene.world.turn_on(Fault.LOST)
    await scene.adapter().collect(request)

    found = await scene.adapter().look_up(attempt(request))

    assert isinstance(found, Succeeded)
    assert found.reference == "pi_00000001"


async def test_it_is_found_behind_many_others_of_the_customer(scene: Scene):
    """The list has pages of a hundred, newest first."""
    request = scene.request()
    await scene.adapter().collect(request)
    customer = request.means.customer
    for _ in range(205):
        charging.make_payment(scene.world, amount=1, currency="eur", customer=customer, metadata={})

    assert isinstance(await scene.adapter().look_up(attempt(request)), Succeeded)
    assert [path for method, path, _ in scene.world.requests if method == "GET"] == [
        "/v1/payment_intents"
    ] * 3


async def test_too_many_to_look_through_proves_nothing(scene: Scene, monkeypatch):
    request = scene.request()
    monkeypatch.setattr("faktura_stripe.gateway._MOST_PAGES", 1)
    for _ in range(101):
        customer = request.means.customer
        charging.make_payment(scene.world, amount=1, currency="eur", customer=customer, metadata={})

    assert isinstance(await scene.adapter().look_up(attempt(request)), Unclear)


async def test_nothing_found_is_absent(scene: Scene):
    assert await scene.adapter().look_up(attempt(scene.request())) == Absent()


async def test_a_mark_of_another_tenant_is_not_ours(scene: Scene):
    means = scene.world.add_means()
    await scene.adapter().collect(scene.request(means, tenant="other"))

    assert await scene.adapter().look_up(attempt(scene.request(means))) == Absent()


async def test_without_a_customer_everybodys_payments_are_looked_through(scene: Scene):
    means = scene.world.make_means("pm_card_visa", None)["id"]
    request = scene.request(means)
    await scene.adapter().collect(request)

    assert request.means.customer == ""
    assert isinstance(await scene.adapter().look_up(attempt(request)), Succeeded)


async def test_what_took_money_comes_first_and_two_of_them_are_told(scene: Scene, caplog):
    means = scene.world.add_means("pm_card_visa_chargeDeclined")
    request = scene.request(means)
    await scene.adapter().collect(request)
    scene.clock.advance(timedelta(hours=25))
    scene.world.behave(means, "pm_card_visa")
    await scene.adapter().collect(request)

    with caplog.at_level(logging.ERROR):
        found = await scene.adapter().look_up(attempt(request))

    assert isinstance(found, Succeeded)
    assert "stripe_attempt_found_twice" in caplog.text


async def test_a_reference_that_stripe_does_not_know_decides_nothing(scene: Scene):
    """It may be the key of another account: that is no proof that nothing was charged."""
    found = await scene.adapter().look_up(attempt(scene.request(), "pi_of_another_account"))

    assert isinstance(found, Unclear)


@pytest.mark.parametrize("fault", [Fault.LOST, Fault.DOWN, Fault.A_LIST])
async def test_a_question_without_an_answer_decides_nothing(scene: Scene, fault):
    reference = await scene.paid()
    scene.world.turn_on(fault, "GET")

    found = await scene.adapter().look_up(attempt(scene.request(), reference))

    assert isinstance(found, Unclear)


async def test_not_now_and_a_refused_key_are_told_when_looking_up_too(scene: Scene):
    scene.world.turn_on(Fault.BUSY, "GET")
    scene.world.turn_on(Fault.KEY_REFUSED, "GET")

    with pytest.raises(OutsideUnavailable):
        await scene.adapter().look_up(attempt(scene.request()))
    with pytest.raises(AccountBroken):
        await scene.adapter().look_up(attempt(scene.request()))


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        ("requires_action", ActionNeeded),
        ("requires_confirmation", ActionNeeded),
        ("requires_capture", Pending),
        ("canceled", Cancelled),
        ("a_status_of_next_year", Unclear),
    ],
)
async def test_every_status_has_an_outcome_and_new_ones_decide_nothing(scene: Scene, status, kind):
    reference = await scene.paid()
    scene.world.store.change(scene.payments[0], status=status)

    found = await scene.adapter().look_up(attempt(scene.request(), reference))

    assert isinstance(found, kind)


async def test_a_debit_that_failed_late_is_declined(scene: Scene):
    reference = await scene.paid(method="SEPA_DEBIT")
    charging.fail(scene.world, reference, "account_closed")

    found = await scene.adapter().look_up(attempt(scene.request(), reference))

    assert isinstance(found, Declined)
    assert (found.code, found.hard, found.means_gone) == ("account_closed", True, True)


async def test_a_declined_payment_is_called_off_so_that_nobody_completes_it(scene: Scene):
    means = scene.world.add_means("pm_card_authenticationRequired")
    request = scene.request(means)
    waiting = await scene.adapter().collect(request)
    assert isinstance(waiting, ActionNeeded)

    outcome = await scene.adapter().cancel(attempt(request, waiting.reference))

    assert outcome == Cancelled(reference="pi_00000001")
    assert scene.payments[0]["status"] == "canceled"


async def test_calling_off_without_a_reference_finds_it_first(scene: Scene):
    request = scene.request(scene.world.add_means("pm_card_visa_chargeDeclined"))
    await scene.adapter().collect(request)

    assert isinstance(await scene.adapter().cancel(attempt(request)), Cancelled)
    assert await scene.adapter().cancel(attempt(request.model_copy(update={"tenant": "x"}))) == (
        Absent()
    )


async def test_what_was_paid_cannot_be_called_off(scene: Scene):
    reference = await scene.paid()

    outcome = await scene.adapter().cancel(attempt(scene.request(), reference))

    assert isinstance(outcome, Succeeded)
    assert [one for one in scene.world.requests if one[1].endswith("/cancel")] == []


async def test_a_payment_that_was_faster_than_its_calling_off_counts(scene: Scene):
    """Between looking and calling off the customer confirms: Stripe refuses to call it off."""
    reference = await scene.paid()
    (payment,) = scene.payments
    scene.world.store.change(payment, status="requires_action")
    adapter = scene.adapter()
    calling_off = adapter._gateway.cancel_payment

    async def confirmed_before(named: str) -> object:
        scene.world.store.change(payment, status="succeeded")
        return await calling_off(named)

    adapter._gateway.cancel_payment = confirmed_before  # type: ignore[method-assign,assignment]

    assert isinstance(await adapter.cancel(attempt(scene.request(), reference)), Succeeded)


async def test_a_page_is_looked_up_and_called_off_by_its_own_reference(scene: Scene):
    page = scene.page()
    opened = await scene.adapter().open_page(page)
    waiting = await scene.adapter().look_up(attempt(scene.request(), opened.reference))

    gone = await scene.adapter().cancel(attempt(scene.request(), opened.reference))
    again = await scene.adapter().cancel(attempt(scene.request(), opened.reference))

    assert isinstance(waiting, ActionNeeded)
    assert gone == again == Cancelled(reference=opened.reference)


async def test_a_page_that_is_paid_just_before_it_is_called_off_counts(scene: Scene):
    opened = await scene.adapter().open_page(scene.page())
    adapter = scene.adapter()
    closing = adapter._gateway.expire_session

    async def paid_before(reference: str) -> object:
        sessions.be_the_customer(scene.world, reference)
        return await closing(reference)

    adapter._gateway.expire_session = paid_before  # type: ignore[method-assign,assignment]

    outcome = await adapter.cancel(attempt(scene.request(), opened.reference))

    assert isinstance(outcome, Succeeded)


async def test_calling_off_what_stripe_does_not_know_decides_nothing(scene: Scene):
    outcome = await scene.adapter().cancel(attempt(scene.request(), "pi_of_another_account"))

    assert isinstance(outcome, Unclear)


async def test_a_page_that_was_paid_cannot_be_called_off(scene: Scene):
    opened = await scene.adapter().open_page(scene.page())
    sessions.be_the_customer(scene.world, opened.reference)

    outcome = await scene.adapter().cancel(attempt(scene.request(), opened.reference))

    assert isinstance(outcome, Succeeded)


async def test_a_lost_answer_to_calling_off_decides_nothing(scene: Scene):
    request = scene.request(scene.world.add_means("pm_card_visa_chargeDeclined"))
    await scene.adapter().collect(request)
    scene.world.turn_on(Fault.LOST, path="/cancel")

    assert isinstance(await scene.adapter().cancel(attempt(request)), Unclear)
    assert isinstance(await scene.adapter().cancel(attempt(request)), Cancelled)
