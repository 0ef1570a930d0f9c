"""Off-session collections against the double: each answer, each way to lose one (1.3, 1.4, 6.3)."""

import asyncio
import logging
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

import pytest
import stripe
from typing_extensions import override

from faktura.kernel.clock import FixedClock
from faktura.kernel.outside_errors import AccountBroken, OutsideUnavailable
from faktura.kernel.payment_terms import CustomerReason
from faktura.plugin import (
    ActionNeeded,
    AttemptReference,
    Declined,
    Http,
    HttpAnswer,
    HttpRequest,
    Pending,
    Rejected,
    Succeeded,
    Unclear,
)
from faktura_stripe.adapter import StripeAdapter
from stripe_double import charging
from stripe_double.faults import Fault
from stripe_double.scene import NOW, Scene
from stripe_double.server import in_a_thread
from stripe_double.world import World

KEY = "0193a000000070008000000000000001"


async def test_a_card_is_charged_and_the_fee_told(scene: Scene):
    outcome = await scene.adapter().collect(scene.request())

    # 1.5 % and 25 cents of 119.00
    assert outcome == Succeeded(
        reference="pi_00000001",
        amount=Decimal("119.00"),
        currency="EUR",
        at=NOW,
        fee=Decimal("2.03"),
    )
    assert scene.world.audit().amounts == {"RE-1001": 11900}


async def test_the_request_says_nothing_of_a_person_and_whose_it_is(scene: Scene):
    await scene.adapter(descriptor_suffix="RE 1001").collect(scene.request())

    (payment,) = scene.payments
    assert payment["metadata"] == {
        "faktura_attempt": KEY,
        "faktura_invoice": "RE-1001",
        "faktura_tenant": "werk",
    }
    assert list(scene.world.store.answers) == [f"fk:{KEY}"]
    (kept,) = scene.world.store.answers.values()
    assert "payment_method_types[0]=card" in kept.params
    assert "&payment_method_types" not in kept.params
    assert "statement_descriptor_suffix=RE+1001" in kept.params
    assert "off_session=true" in kept.params
    assert "Ada" not in kept.params


async def test_a_return_url_goes_along_where_one_is_set(scene: Scene):
    """With kinds that redirect Stripe may ask for one, though nobody is there to return."""
    url = "https://billing.example/portal"
    await scene.adapter(return_url=url).collect(scene.request(method="PAYPAL"))

    (kept,) = scene.world.store.answers.values()
    assert "return_url=https%3A%2F%2Fbilling.example%2Fportal" in kept.params


async def test_a_debit_is_pending_and_not_paid(scene: Scene):
    """Success comes after six bank days; the seventh after Tuesday 1 December is the 10th (1.6)."""
    outcome = await scene.adapter().collect(scene.request(method="SEPA_DEBIT"))

    assert outcome == Pending(
        reference="pi_00000001",
        amount=Decimal("119.00"),
        currency="EUR",
        expected_by=date(2026, 12, 10),
    )


async def test_paypal_works_like_a_card(scene: Scene):
    outcome = await scene.adapter().collect(scene.request(method="PAYPAL"))

    assert isinstance(outcome, Succeeded)


@pytest.mark.parametrize(
    ("behaviour", "hard", "code", "reason"),
    [
        (
            "pm_card_visa_chargeDeclinedInsufficientFunds",
            False,
            "insufficient_funds",
            CustomerReason.NO_FUNDS,
        ),
        ("pm_card_visa_chargeDeclined", False, "generic_decline", CustomerReason.GENERAL),
        ("pm_card_visa_chargeDeclinedStolenCard", True, "stolen_card", CustomerReason.GENERAL),
        ("pm_card_chargeDeclinedExpiredCard", True, "expired_card", CustomerReason.EXPIRED),
        ("pm_card_chargeDeclinedIncorrectCvc", True, "incorrect_cvc", CustomerReason.ENTER_AGAIN),
        ("pm_card_unheard_of", False, "a_code_of_next_year", CustomerReason.GENERAL),
    ],
)
async def test_a_decline_says_whether_it_makes_sense_to_try_again(
    scene: Scene, behaviour, hard, code, reason
):
    outcome = await scene.adapter().collect(scene.request(scene.world.add_means(behaviour)))

    assert outcome == Declined(
        reference="pi_00000001",
        hard=hard,
        code=code,
        message="Your card was declined.",
        reason=reason,
    )


async def test_a_decline_is_repeated_for_ever_under_its_key(scene: Scene):
    """A dunning retry needs a new attempt: this one's decline is kept (1.3)."""
    means = scene.world.add_means("pm_card_visa_chargeDeclined")
    first = await scene.adapter().collect(scene.request(means))
    scene.world.behave(means, "pm_card_visa")

    assert await scene.adapter().collect(scene.request(means)) == first
    assert len(scene.payments) == 1


async def test_authentication_is_the_customers_to_do(scene: Scene):
    means = scene.world.add_means("pm_card_authenticationRequired")

    outcome = await scene.adapter().collect(scene.request(means))

    assert outcome == ActionNeeded(reference="pi_00000001", reason="authentication_required")


async def test_a_test_card_in_a_live_account_is_our_mistake(scene: Scene):
    outcome = await scene.adapter().collect(
        scene.request(scene.world.add_means("pm_card_testmode"))
    )

    assert isinstance(outcome, Rejected)
    assert outcome.code == "testmode_decline"


@pytest.mark.parametrize(
    ("happens", "code"),
    [
        (charging.detach, "payment_method_unexpected_state"),
        (charging.withdraw_mandate, "payment_intent_mandate_invalid"),
    ],
)
async def test_a_means_that_is_gone_is_a_hard_decline(scene: Scene, happens, code):
    means = scene.world.add_means("pm_success_de")
    request = scene.request(means, method="SEPA_DEBIT")
    happens(scene.world, means)

    outcome = await scene.adapter().collect(request)

    assert isinstance(outcome, Declined)
    assert (outcome.hard, outcome.means_gone, outcome.code) == (True, True, code)


async def test_a_means_that_never_was_is_gone_too(scene: Scene):
    outcome = await scene.adapter().collect(scene.request("pm_of_another_account"))

    assert isinstance(outcome, Declined)
    assert (outcome.code, outcome.means_gone) == ("resource_missing", True)


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"amount": Decimal("0.49")}, "amount_too_small"),
        ({"amount": Decimal("119.005")}, "too_precise"),
        ({"amount": Decimal("1000000.00")}, "field_invalid"),
        ({"currency": "XXX"}, "invalid_request"),
        ({"method": "SEPA_DEBIT", "currency": "USD"}, "invalid_request"),
    ],
)
async def test_a_wrong_request_is_ours_and_moves_nothing(scene: Scene, changed, code):
    outcome = await scene.adapter().collect(scene.request(**changed))

    assert isinstance(outcome, Rejected)
    assert outcome.code == code
    assert scene.payments == []


@pytest.mark.parametrize(
    "fault",
    [
        Fault.LOST,
        Fault.CUT,
        Fault.HTML,
        Fault.EMPTY,
        Fault.A_LIST,
        Fault.NOT_UTF8,
        Fault.ENDLESS,
        Fault.SAVED_500,
    ],
)
async def test_a_lost_answer_is_unclear_and_its_repetition_charges_once(scene: Scene, fault):
    """Whatever comes back instead of an answer: the money has moved, once (1.4)."""
    request = scene.request()
    scene.world.turn_on(fault)

    first = await scene.adapter().collect(request)
    second = await scene.adapter().collect(request)

    assert isinstance(first, Unclear)
    assert isinstance(second, Succeeded)
    assert scene.world.audit().charges == {"RE-1001": ("pi_00000001",)}


@pytest.mark.parametrize("fault", [Fault.DOWN, Fault.GATEWAY])
async def test_what_was_not_done_but_might_have_been_is_unclear(scene: Scene, fault):
    scene.world.turn_on(fault)

    assert isinstance(await scene.adapter().collect(scene.request()), Unclear)
    assert scene.payments == []


async def test_a_kept_failure_behind_which_nothing_happened_stays_unclear(scene: Scene):
    """Repeating the key would give the same 500 all day: it is looked for instead (1.3)."""
    request = scene.request()
    scene.world.turn_on(Fault.EMPTY_500)
    await scene.adapter().collect(request)

    again = await scene.adapter().collect(request)

    assert isinstance(again, Unclear)
    assert [one for one in scene.world.requests if one[0] == "GET"] == [
        ("GET", "/v1/payment_intents", 200)
    ]


@pytest.mark.parametrize("fault", [Fault.BUSY, Fault.LOCKED])
async def test_not_now_says_when_to_come_back(scene: Scene, fault):
    scene.world.turn_on(fault)

    with pytest.raises(OutsideUnavailable) as caught:
        await scene.adapter().collect(scene.request())

    assert caught.value.retry_after == 7
    assert scene.payments == []


async def test_a_refused_connection_was_surely_not_sent(scene: Scene):
    closed = scene.adapter(api_base="http://127.0.0.1:1")

    with pytest.raises(OutsideUnavailable, match="not reached"):
        await closed.collect(scene.request())


@pytest.mark.parametrize("fault", [Fault.KEY_REFUSED, Fault.FORBIDDEN])
async def test_a_refused_key_breaks_the_account_and_blames_no_customer(scene: Scene, fault):
    scene.world.turn_on(fault)

    with pytest.raises(AccountBroken):
        await scene.adapter().collect(scene.request())


async def test_of_a_key_with_two_requests_the_first_one_counts(scene: Scene, caplog):
    """It is logged, and told as it was: that its amount is another one, the core notices."""
    means = scene.world.add_means()
    await scene.adapter().collect(scene.request(means))

    with caplog.at_level(logging.ERROR):
        outcome = await scene.adapter().collect(scene.request(means, amount=Decimal("20.00")))

    assert isinstance(outcome, Succeeded)
    assert outcome.amount == Decimal("119.00")
    assert "stripe_key_mixed_up" in caplog.text
    assert scene.world.audit().amounts == {"RE-1001": 11900}


async def test_a_setting_that_changes_between_two_sends_charges_nobody_twice(scene: Scene):
    request = scene.request()
    scene.world.turn_on(Fault.LOST)
    await scene.adapter(descriptor_suffix="OLD").collect(request)

    outcome = await scene.adapter(descriptor_suffix="NEW").collect(request)

    assert isinstance(outcome, Succeeded)
    assert scene.world.audit().charges == {"RE-1001": ("pi_00000001",)}


async def test_many_are_asked_at_once(scene: Scene):
    scene.world.delay = 0.05
    means = scene.world.add_means()
    requests = [scene.request(means, attempt=UUID(int=number)) for number in range(1, 6)]

    outcomes = await asyncio.gather(*(scene.adapter().collect(one) for one in requests))

    assert len({one.reference for one in outcomes if isinstance(one, Succeeded)}) == 5
    assert scene.world.most_at_once == 5


async def test_two_workers_with_one_attempt_charge_once(scene: Scene):
    """The second meets 409: the first still runs, and nobody knows yet what it does."""
    request, adapter = scene.request(), scene.adapter()
    held = scene.world.turn_on(Fault.HELD)
    first = asyncio.create_task(adapter.collect(request))
    await held.begun.wait()

    second = await adapter.collect(request)
    held.let_go.set()

    assert isinstance(second, Unclear)
    assert isinstance(await first, Succeeded)
    assert scene.world.audit().doubles == {}


async def test_a_key_that_stripe_forgot_would_charge_again(scene: Scene):
    """Why the key window is twenty hours and not a minute more than a day (1.3)."""
    request, adapter = scene.request(), scene.adapter()
    await adapter.collect(request)
    scene.clock.advance(timedelta(hours=20))
    await adapter.collect(request)
    assert scene.world.audit().doubles == {}

    scene.clock.advance(timedelta(hours=4))
    await adapter.collect(request)

    assert scene.world.audit().doubles == {"RE-1001": ("pi_00000001", "pi_00000002")}


class Watched(Http):
    """The way out, and what went through it."""

    def __init__(self, http: Http) -> None:
        self.http = http
        self.sent: list[HttpRequest] = []

    @override
    async def request(self, request: HttpRequest) -> HttpAnswer:
        """Send, and remember."""
        self.sent.append(request)
        return await self.http.request(request)


async def test_nothing_of_this_machine_is_told(scene: Scene, monkeypatch):
    """The SDK would send platform, a telemetry id and the name of an agent it detects (1.1)."""
    monkeypatch.setenv("CLAUDECODE", "1")
    right = scene.adapter()
    watched = Watched(right.runtime.http)
    adapter = StripeAdapter(right.settings, replace(right.runtime, http=watched))

    await adapter.collect(scene.request())

    assert stripe.enable_telemetry is False
    (sent,) = watched.sent
    assert {name.lower() for name in sent.headers} == {
        "authorization",
        "content-type",
        "idempotency-key",
        "stripe-version",
        "user-agent",
    }
    assert sent.headers["User-Agent"] == "faktura stripe-python/16.1.0"


async def test_looking_up_by_reference_asks_for_that_payment(scene: Scene):
    reference = await scene.paid()
    attempt = AttemptReference(request=scene.request(), reference=reference)

    assert isinstance(await scene.adapter().look_up(attempt), Succeeded)


def test_one_adapter_serves_one_event_loop_after_another():
    """The SDK's own client is bound to the loop it was first used in (1.1)."""
    clock = FixedClock(NOW)
    with in_a_thread(World(clock)) as double:
        scene = Scene(double, clock)
        adapter = scene.adapter()

        first = asyncio.run(adapter.collect(scene.request(attempt=UUID(int=1))))
        second = asyncio.run(adapter.collect(scene.request(attempt=UUID(int=2))))

    assert isinstance(first, Succeeded)
    assert isinstance(second, Succeeded)
