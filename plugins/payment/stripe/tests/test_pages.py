"""Pages at Stripe: exactly the open amount, once, and what customers do on them (1.8)."""

from datetime import timedelta
from decimal import Decimal

import pytest

from faktura.kernel.errors import TooPrecise
from faktura.kernel.outside_errors import OutsideUnavailable
from faktura.kernel.terms import PaymentMethod
from faktura.plugin import ActionNeeded, Cancelled, Declined, Pending, Succeeded, Unclear
from faktura_stripe.answers import StripeRefused
from stripe_double import charging, sessions
from stripe_double.faults import Fault
from stripe_double.problems import Json
from stripe_double.scene import Scene


def page_at_stripe(scene: Scene) -> Json:
    (session,) = scene.world.store.of("checkout.session")
    return session


def sent(scene: Scene) -> str:
    return next(
        one.params for one in scene.world.store.answers.values() if "success_url" in one.params
    )


async def test_a_page_is_for_exactly_what_is_open(scene: Scene):
    opened = await scene.adapter(descriptor_suffix="RE").open_page(scene.page())

    assert opened.reference == "cs_00000001"
    assert opened.url == f"{scene.double.base}/c/pay/cs_00000001"
    assert opened.customer == ""
    session = page_at_stripe(scene)
    assert (session["amount_total"], session["currency"]) == (11900, "eur")
    assert session["metadata"]["faktura_attempt"] == "0193a000000070008000000000000001"
    # Not copied by Stripe: the payment needs marks of its own.
    assert session["intent_data"]["metadata"]["faktura_attempt"] == (
        "0193a000000070008000000000000001"
    )
    assert session["client_reference_id"] == "RE-1001"
    assert session["expires_at"] == scene.world.now + 45 * 60
    assert "adaptive_pricing[enabled]=false" in sent(scene)
    assert "setup_future_usage" not in sent(scene)
    assert "locale=de" in sent(scene)


async def test_the_same_request_gives_the_same_page(scene: Scene):
    page = scene.page(save=True)
    first = await scene.adapter().open_page(page)
    scene.clock.advance(timedelta(minutes=5))

    assert await scene.adapter().open_page(page) == first
    assert len(list(scene.world.store.of("checkout.session"))) == 1
    assert len(list(scene.world.store.of("customer"))) == 1


@pytest.mark.parametrize(("asked", "kept"), [(5, 31), (45, 45), (60 * 30, 24 * 60)])
async def test_a_page_closes_within_the_times_stripe_allows(scene: Scene, asked, kept):
    page = scene.page()
    await scene.adapter().open_page(
        page.model_copy(update={"expires_at": page.created_at + timedelta(minutes=asked)})
    )

    assert page_at_stripe(scene)["expires_at"] == scene.world.now + kept * 60


async def test_a_customer_pays_on_it(scene: Scene):
    page = scene.page()
    opened = await scene.adapter().open_page(page)
    waiting = await scene.adapter().read_page(page, opened.reference)
    sessions.be_the_customer(scene.world, opened.reference)

    done = await scene.adapter().read_page(page, opened.reference)

    assert waiting.outcome == ActionNeeded(
        reference=opened.reference, url=opened.url, reason="page_open"
    )
    assert isinstance(done.outcome, Succeeded)
    assert (done.outcome.reference, done.outcome.amount) == ("pi_00000001", Decimal("119.00"))
    assert done.saved is None
    assert scene.world.audit().amounts == {"RE-1001": 11900}


async def test_a_card_refused_on_the_page_leaves_it_open(scene: Scene):
    page = scene.page()
    opened = await scene.adapter().open_page(page)
    sessions.be_the_customer(scene.world, opened.reference, "pm_card_visa_chargeDeclined")
    assert isinstance(
        (await scene.adapter().read_page(page, opened.reference)).outcome, ActionNeeded
    )
    sessions.be_the_customer(scene.world, opened.reference)

    assert isinstance((await scene.adapter().read_page(page, opened.reference)).outcome, Succeeded)
    assert len(scene.payments) == 1


async def test_a_means_is_kept_when_the_customer_wants_it(scene: Scene):
    page = scene.page(save=True)
    opened = await scene.adapter().open_page(page)
    means = sessions.be_the_customer(scene.world, opened.reference)

    done = await scene.adapter().read_page(page, opened.reference)

    assert opened.customer == done.customer == "cus_00000001"
    assert done.saved is not None
    assert done.saved.means.reference == means
    assert done.saved.means.customer == "cus_00000001"
    assert done.saved.label == "Visa •••• 4242"
    assert str(done.saved.expires_on) == "2029-08-31"
    assert "payment_intent_data[setup_future_usage]=off_session" in sent(scene)


async def test_a_known_customer_is_used(scene: Scene):
    customer = scene.world.add_customer()

    opened = await scene.adapter().open_page(scene.page(save=True, customer=customer))

    assert opened.customer == customer
    assert f"customer={customer}" in sent(scene)
    assert len(list(scene.world.store.of("customer"))) == 1


async def test_an_unpaid_page_that_is_done_is_a_debit_on_its_way(scene: Scene):
    """Shown as a failure it made customers pay twice (gameserverapp 1216)."""
    page = scene.page(method=PaymentMethod.SEPA_DEBIT, save=True)
    opened = await scene.adapter().open_page(page)
    sessions.be_the_customer(scene.world, opened.reference, "pm_success_de")

    done = await scene.adapter().read_page(page, opened.reference)

    assert page_at_stripe(scene)["payment_status"] == "unpaid"
    assert isinstance(done.outcome, Pending)
    assert done.saved is not None


async def test_a_debit_of_a_page_that_fails_late_is_declined_and_nothing_is_kept(scene: Scene):
    page = scene.page(method=PaymentMethod.SEPA_DEBIT, save=True)
    opened = await scene.adapter().open_page(page)
    sessions.be_the_customer(scene.world, opened.reference, "pm_success_de")
    charging.fail(scene.world, "pi_00000001")

    done = await scene.adapter().read_page(page, opened.reference)

    assert isinstance(done.outcome, Declined)
    assert done.saved is None


async def test_a_page_only_for_keeping_a_means_moves_no_money(scene: Scene):
    page = scene.page(amount=None, method=PaymentMethod.SEPA_DEBIT, invoice_number="")
    opened = await scene.adapter().open_page(page)
    sessions.be_the_customer(scene.world, opened.reference, "pm_success_de")

    done = await scene.adapter().read_page(page, opened.reference)

    assert isinstance(done.outcome, Succeeded)
    assert (done.outcome.amount, done.outcome.currency) == (Decimal(0), "EUR")
    assert done.saved is not None
    assert done.saved.label == "SEPA DE •••• 3000"
    assert done.saved.means.details == {
        "mandate": "mandate_00000001",
        "mandate_reference": "MND0001",
        "mandate_url": "https://stripe.example/mandate/MND0001",
    }
    assert scene.payments == []


@pytest.mark.parametrize(
    ("status", "kind"), [("canceled", Cancelled), ("processing", ActionNeeded)]
)
async def test_a_setup_that_did_not_succeed_keeps_nothing(scene: Scene, status, kind):
    page = scene.page(amount=None)
    opened = await scene.adapter().open_page(page)
    sessions.be_the_customer(scene.world, opened.reference)
    scene.world.store.change(next(scene.world.store.of("setup_intent")), status=status)

    done = await scene.adapter().read_page(page, opened.reference)

    assert isinstance(done.outcome, kind)
    assert done.saved is None


async def test_a_closed_page_cannot_be_paid(scene: Scene):
    page = scene.page()
    opened = await scene.adapter().open_page(page)
    sessions.be_the_customer(scene.world, opened.reference, "pm_card_visa_chargeDeclined")

    closed = await scene.adapter().close_page(page, opened.reference)

    assert closed.outcome == Cancelled(reference=opened.reference)
    assert scene.payments[0]["status"] == "canceled"
    with pytest.raises(AssertionError, match="expired"):
        sessions.be_the_customer(scene.world, opened.reference)
    assert await scene.adapter().close_page(page, opened.reference) == closed


async def test_closing_a_page_that_was_paid_tells_the_payment(scene: Scene):
    page = scene.page()
    opened = await scene.adapter().open_page(page)
    sessions.be_the_customer(scene.world, opened.reference)

    assert isinstance((await scene.adapter().close_page(page, opened.reference)).outcome, Succeeded)


async def test_a_customer_who_is_faster_than_the_closing_has_paid(scene: Scene):
    """Between looking and closing the customer presses the button: Stripe refuses to close."""
    page = scene.page()
    opened = await scene.adapter().open_page(page)
    adapter = scene.adapter()
    closing = adapter._gateway.expire_session

    async def paid_before(reference: str) -> object:
        sessions.be_the_customer(scene.world, reference)
        return await closing(reference)

    adapter._gateway.expire_session = paid_before  # type: ignore[method-assign,assignment]

    assert isinstance((await adapter.close_page(page, opened.reference)).outcome, Succeeded)
    assert scene.world.audit().doubles == {}


async def test_a_page_whose_time_is_over_is_cancelled(scene: Scene):
    page = scene.page()
    opened = await scene.adapter().open_page(page)
    scene.clock.advance(timedelta(minutes=45))

    done = await scene.adapter().read_page(page, opened.reference)

    assert done.outcome == Cancelled(reference=opened.reference)


async def test_a_page_whose_answer_is_lost_is_asked_for_again(scene: Scene):
    """Nobody knows its address, so nobody pays on it; the repetition gives the same page."""
    page = scene.page()
    scene.world.turn_on(Fault.LOST, path="/v1/checkout/sessions")

    with pytest.raises(OutsideUnavailable):
        await scene.adapter().open_page(page)

    assert (await scene.adapter().open_page(page)).reference == "cs_00000001"


@pytest.mark.parametrize(("method", "path"), [("GET", "cs_"), ("POST", "/expire")])
async def test_a_lost_answer_about_a_page_decides_nothing(scene: Scene, method, path):
    page = scene.page()
    opened = await scene.adapter().open_page(page)
    scene.world.turn_on(Fault.HTML, method, path)

    assert isinstance((await scene.adapter().close_page(page, opened.reference)).outcome, Unclear)


async def test_a_closing_that_did_not_close_is_looked_at_again(scene: Scene):
    page = scene.page()
    opened = await scene.adapter().open_page(page)
    adapter = scene.adapter()

    async def nothing(_reference: str) -> object:
        return {"status": "open"}

    adapter._gateway.expire_session = nothing  # type: ignore[method-assign,assignment]

    assert isinstance((await adapter.close_page(page, opened.reference)).outcome, ActionNeeded)


async def test_a_status_of_next_year_decides_nothing(scene: Scene):
    page = scene.page()
    opened = await scene.adapter().open_page(page)
    scene.world.store.change(page_at_stripe(scene), status="half_open")

    assert isinstance((await scene.adapter().read_page(page, opened.reference)).outcome, Unclear)


async def test_a_wrong_page_is_refused_and_leaves_no_customer_behind(scene: Scene):
    with pytest.raises(TooPrecise):
        await scene.adapter().open_page(scene.page(save=True, amount=Decimal("1.005")))
    assert list(scene.world.store.of("customer")) == []
    with pytest.raises(StripeRefused, match="at least 50 cents"):
        await scene.adapter().open_page(scene.page(amount=Decimal("0.20")))


async def test_a_language_stripe_is_not_asked_for_is_left_to_the_browser(scene: Scene):
    await scene.adapter().open_page(scene.page(language="tlh", customer_email=""))

    assert "locale=auto" in sent(scene)
    assert "customer_email" not in sent(scene)
