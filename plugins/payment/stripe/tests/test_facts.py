"""Facts behind events: what is so now, whatever the event said and however often it comes (1.9, 1.10)."""

import itertools
from decimal import Decimal
from uuid import UUID

import pytest

from faktura.kernel.outside_errors import OutsideUnavailable
from faktura.kernel.payment_terms import CustomerReason, PaymentFactKind
from faktura.kernel.terms import PaymentMethod
from faktura.plugin import PaymentFact, ProviderEvent
from faktura_stripe.answers import StripeRefused
from stripe_double import charging, refunds, sessions
from stripe_double.deliveries import Postman
from stripe_double.faults import Fault
from stripe_double.scene import ATTEMPT, NOW, REFUND, Scene

Kind = PaymentFactKind


async def test_a_payment_that_succeeded_is_told_with_amount_and_fee(scene: Scene):
    await scene.paid()

    assert await scene.facts("payment_intent.succeeded") == [
        PaymentFact(
            kind=Kind.PAYMENT_SUCCEEDED,
            occurred_at=NOW,
            tenant="werk",
            attempt=ATTEMPT,
            reference="pi_00000001",
            amount=Decimal("119.00"),
            currency="EUR",
            fee=Decimal("2.03"),
        )
    ]


async def test_a_debit_that_fails_late_is_a_failed_payment(scene: Scene):
    """Most returned debits come so, and not as disputes (1.6)."""
    reference = await scene.paid(method="SEPA_DEBIT")
    (pending,) = await scene.facts("payment_intent.processing")
    charging.fail(scene.world, reference, "debit_not_authorized")

    (failed,) = await scene.facts("payment_intent.payment_failed")

    assert (pending.kind, pending.amount) == (Kind.PAYMENT_PENDING, Decimal("119.00"))
    assert failed == PaymentFact(
        kind=Kind.PAYMENT_FAILED,
        occurred_at=NOW,
        tenant="werk",
        attempt=ATTEMPT,
        reference="pi_00000001",
        code="debit_not_authorized",
        message="The customer's bank returned the debit.",
        hard=True,
        reason=CustomerReason.WITHDRAWN,
        means_reference="pm_00000001",
    )


async def test_an_old_event_tells_what_is_so_now(scene: Scene):
    """Order is not promised: the copy in an event is never applied (1.11)."""
    reference = await scene.paid(method="SEPA_DEBIT")
    charging.settle(scene.world, reference)

    (fact,) = await scene.facts("payment_intent.processing")

    assert fact.kind is Kind.PAYMENT_SUCCEEDED


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        ("requires_action", Kind.ACTION_NEEDED),
        ("canceled", Kind.PAYMENT_CANCELLED),
        ("a_status_of_next_year", Kind.IGNORED),
    ],
)
async def test_every_status_has_a_fact(scene: Scene, status, kind):
    await scene.paid()
    scene.world.store.change(scene.payments[0], status=status)

    (fact,) = await scene.facts("payment_intent.succeeded")

    assert fact.kind is kind


async def test_the_fee_of_a_capture_is_told_once_it_is_settled(scene: Scene):
    """The payment succeeded before its movement on the balance was there (1.2)."""
    await scene.paid()
    (charge,) = scene.world.store.of("charge")
    settled = charge["balance_transaction"]
    scene.world.store.change(charge, balance_transaction=None)
    (at_first,) = await scene.facts("payment_intent.succeeded")
    scene.world.store.change(charge, balance_transaction=settled)
    scene.world.publish("charge.updated", charge)

    (later,) = await scene.facts("charge.updated")

    assert (at_first.kind, at_first.fee) == (Kind.PAYMENT_SUCCEEDED, None)
    assert (later.kind, later.attempt, later.fee) == (
        Kind.PAYMENT_SUCCEEDED,
        ATTEMPT,
        Decimal("2.03"),
    )


async def test_events_of_charges_bring_nothing_of_their_own(scene: Scene):
    """Money told twice is booked twice: those of payments and refunds say it once (1.9)."""
    reference = await scene.paid()
    refunds.in_dashboard(scene.world, reference, 100)

    for kind in ("charge.succeeded", "charge.refunded"):
        (fact,) = await scene.facts(kind)
        assert fact.kind is Kind.IGNORED


async def test_payments_of_others_in_the_account_carry_no_mark(scene: Scene):
    """A shop or another hub in the same account is the normal case (1.9)."""
    foreign = charging.make_payment(
        scene.world, amount=500, currency="eur", metadata={"order": "7"}, status="succeeded"
    )
    scene.world.store.change(foreign, amount_received=500)
    scene.world.publish("payment_intent.succeeded", foreign)

    (fact,) = await scene.facts("payment_intent.succeeded")

    assert (fact.kind, fact.tenant, fact.attempt) == (Kind.PAYMENT_SUCCEEDED, "", None)


async def test_what_somebody_else_wrote_under_our_name_is_no_attempt(scene: Scene):
    marks = {"faktura_attempt": "not an id", "faktura_tenant": "werk"}
    foreign = charging.make_payment(
        scene.world, amount=500, currency="eur", metadata=marks, status="canceled"
    )
    scene.world.publish("payment_intent.canceled", foreign)

    (fact,) = await scene.facts("payment_intent.canceled")

    assert (fact.kind, fact.attempt) == (Kind.PAYMENT_CANCELLED, None)


async def test_a_card_refused_on_an_open_page_is_not_the_end(scene: Scene):
    """Told as a failure, the next collection would run beside a page that can still be paid."""
    opened = await scene.adapter().open_page(scene.page())
    sessions.be_the_customer(scene.world, opened.reference, "pm_card_visa_chargeDeclined")

    (refused,) = await scene.facts("payment_intent.payment_failed")
    sessions.be_the_customer(scene.world, opened.reference)
    (paid,) = await scene.facts("payment_intent.payment_failed")

    assert (refused.kind, refused.message) == (Kind.IGNORED, "the page is still open")
    assert (paid.kind, paid.attempt) == (Kind.PAYMENT_SUCCEEDED, ATTEMPT)


async def test_a_refused_card_on_a_page_that_is_over_is_cancelled(scene: Scene):
    page = scene.page()
    opened = await scene.adapter().open_page(page)
    sessions.be_the_customer(scene.world, opened.reference, "pm_card_visa_chargeDeclined")
    await scene.adapter().close_page(page, opened.reference)

    (of_payment,) = await scene.facts("payment_intent.payment_failed")
    (of_page,) = await scene.facts("checkout.session.expired")

    assert of_payment.kind is of_page.kind is Kind.PAYMENT_CANCELLED
    assert of_payment.attempt == of_page.attempt == ATTEMPT


async def test_a_late_debit_of_a_page_has_failed(scene: Scene):
    page = scene.page(method=PaymentMethod.SEPA_DEBIT)
    opened = await scene.adapter().open_page(page)
    sessions.be_the_customer(scene.world, opened.reference, "pm_success_de")
    charging.fail(scene.world, "pi_00000001")

    (fact,) = await scene.facts("payment_intent.payment_failed")

    assert (fact.kind, fact.reason) == (Kind.PAYMENT_FAILED, CustomerReason.NO_FUNDS)


async def test_a_finished_page_tells_its_payment_and_the_means(scene: Scene):
    opened = await scene.adapter().open_page(scene.page(save=True))
    means = sessions.be_the_customer(scene.world, opened.reference)

    paid, saved = await scene.facts("checkout.session.completed")

    assert (paid.kind, paid.reference, paid.attempt) == (
        Kind.PAYMENT_SUCCEEDED,
        "pi_00000001",
        ATTEMPT,
    )
    assert (saved.kind, saved.means_reference, saved.attempt) == (Kind.MEANS_SAVED, means, ATTEMPT)
    assert saved.tenant == "werk"


async def test_a_page_nobody_paid_on_is_told_by_its_own_marks(scene: Scene):
    page = scene.page()
    opened = await scene.adapter().open_page(page)
    await scene.adapter().close_page(page, opened.reference)

    (fact,) = await scene.facts("checkout.session.expired")

    assert (fact.kind, fact.attempt, fact.tenant) == (Kind.PAYMENT_CANCELLED, ATTEMPT, "werk")


async def test_a_means_saved_without_a_payment_is_told_twice_the_same(scene: Scene):
    opened = await scene.adapter().open_page(scene.page(amount=None))
    means = sessions.be_the_customer(scene.world, opened.reference)

    (of_page,) = await scene.facts("checkout.session.completed")
    (of_setup,) = await scene.facts("setup_intent.succeeded")

    assert of_page.kind is of_setup.kind is Kind.MEANS_SAVED
    assert of_page.means == of_setup.means
    assert of_page.means_reference == means


async def test_an_open_page_and_an_unfinished_setup_bring_nothing_yet(scene: Scene):
    opened = await scene.adapter().open_page(scene.page())
    session = scene.world.store.any(opened.reference) or {}
    scene.world.publish("checkout.session.completed", session)
    assert (await scene.facts("checkout.session.completed"))[0].kind is Kind.IGNORED

    empty = await scene.adapter().open_page(scene.page(amount=None, attempt=UUID(int=7)))
    scene.world.publish("checkout.session.completed", scene.world.store.any(empty.reference) or {})
    assert (await scene.facts("checkout.session.completed"))[0].kind is Kind.IGNORED

    sessions.be_the_customer(scene.world, empty.reference)
    scene.world.store.change(next(scene.world.store.of("setup_intent")), status="canceled")
    assert (await scene.facts("setup_intent.succeeded"))[0].kind is Kind.IGNORED


async def test_our_refund_is_told_by_our_id_of_it(scene: Scene):
    made = await scene.adapter().refund(scene.refund(await scene.paid(), amount=Decimal("19.00")))

    (fact,) = await scene.facts("refund.created")

    assert (fact.kind, fact.refund, fact.subject) == (Kind.REFUND_SUCCEEDED, REFUND, made.reference)
    assert (fact.reference, fact.attempt, fact.tenant) == ("pi_00000001", ATTEMPT, "werk")
    assert (fact.amount, fact.currency) == (Decimal("19.00"), "EUR")


async def test_a_refund_made_at_stripe_is_told_as_somebody_elses(scene: Scene):
    reference = await scene.paid()
    refund = refunds.in_dashboard(scene.world, reference, 1900)

    (made,) = await scene.facts("refund.created")
    refunds.finish(scene.world, refund, "failed", "lost_or_stolen_card")
    (failed,) = await scene.facts("refund.failed")

    assert (made.kind, made.refund, made.subject) == (Kind.EXTERNAL_REFUND, None, refund)
    assert (made.attempt, made.tenant, made.amount) == (ATTEMPT, "werk", Decimal("19.00"))
    assert (failed.kind, failed.subject) == (Kind.REFUND_FAILED, refund)


async def test_a_refund_of_a_debit_is_pending_first(scene: Scene):
    reference = await scene.paid(method="SEPA_DEBIT")
    charging.settle(scene.world, reference)
    await scene.adapter().refund(scene.refund(reference, amount=Decimal("19.00")))
    (ours,) = await scene.facts("refund.created")
    refunds.in_dashboard(scene.world, reference, 100)
    (theirs,) = await scene.facts("refund.created")

    assert (ours.kind, theirs.kind) == (Kind.REFUND_PENDING, Kind.IGNORED)


async def test_an_inquiry_moves_no_money(scene: Scene):
    dispute = charging.dispute(scene.world, await scene.paid(), status="warning_needs_response")

    (fact,) = await scene.facts("charge.dispute.created")

    assert (fact.kind, fact.subject) == (Kind.INQUIRY_OPENED, dispute)
    scene.world.store.change(scene.world.store.any(dispute) or {}, status="warning_closed")
    (closed,) = await scene.facts("charge.dispute.created")
    assert closed.kind is Kind.IGNORED


async def test_a_dispute_is_a_chargeback_once_money_was_taken_with_its_fee(scene: Scene):
    """The fee stands only in the movements; the marks only on the payment (1.9, 1.10)."""
    dispute = charging.dispute(scene.world, await scene.paid(), amount=5000, fee=2000)

    (created,) = await scene.facts("charge.dispute.created")
    (withdrawn,) = await scene.facts("charge.dispute.funds_withdrawn")

    assert created == withdrawn
    assert withdrawn == PaymentFact(
        kind=Kind.CHARGEBACK_OPENED,
        occurred_at=NOW,
        tenant="werk",
        attempt=ATTEMPT,
        reference="pi_00000001",
        subject=dispute,
        amount=Decimal("50.00"),
        currency="EUR",
        fee=Decimal("20.00"),
        code="fraudulent",
    )


async def test_created_before_the_withdrawal_opens_nothing(scene: Scene):
    reference = charging.dispute(scene.world, await scene.paid())
    dispute = scene.world.store.any(reference) or {}
    scene.world.store.change(dispute, balance_transactions=[])

    (fact,) = await scene.facts("charge.dispute.created")

    assert fact.kind is Kind.IGNORED


async def test_an_inquiry_that_becomes_a_chargeback_takes_the_money_then(scene: Scene):
    dispute = charging.dispute(scene.world, await scene.paid(), status="warning_needs_response")
    scene.world.store.change(scene.world.store.any(dispute) or {}, status="needs_response")
    charging.withdraw(scene.world, dispute)

    (fact,) = await scene.facts("charge.dispute.funds_withdrawn")

    assert fact.kind is Kind.CHARGEBACK_OPENED


async def test_won_means_that_the_money_is_back(scene: Scene):
    dispute = charging.dispute(scene.world, await scene.paid())
    charging.reinstate(scene.world, dispute, fee=-2000)

    for event in ("charge.dispute.created", "charge.dispute.closed"):
        opened, won = await scene.facts(event)
        assert (opened.kind, opened.fee) == (Kind.CHARGEBACK_OPENED, Decimal("20.00"))
        assert (won.kind, won.amount) == (Kind.CHARGEBACK_WON, Decimal("119.00"))
        assert won.fee == Decimal("-20.00")


async def test_a_won_dispute_whose_money_is_taken_again_is_not_won(scene: Scene):
    """What counts is the money that moved, all of it (payments 1.10)."""
    dispute = charging.dispute(scene.world, await scene.paid())
    charging.reinstate(scene.world, dispute)
    charging.withdraw(scene.world, dispute, fee=0)
    charging.lose(scene.world, dispute)

    opened, lost = await scene.facts("charge.dispute.closed")

    assert (opened.kind, opened.fee) == (Kind.CHARGEBACK_OPENED, Decimal("20.00"))
    assert (lost.kind, lost.amount) == (Kind.CHARGEBACK_LOST, Decimal("119.00"))


async def test_a_dispute_of_a_debit_is_lost_at_once(scene: Scene):
    reference = await scene.paid(method="SEPA_DEBIT")
    charging.settle(scene.world, reference)
    charging.dispute(scene.world, reference, status="lost", reason="debit_not_authorized", fee=750)

    opened, lost = await scene.facts("charge.dispute.closed")

    assert (opened.kind, opened.fee) == (Kind.CHARGEBACK_OPENED, Decimal("7.50"))
    assert (lost.kind, lost.code, lost.fee) == (
        Kind.CHARGEBACK_LOST,
        "debit_not_authorized",
        None,
    )


async def test_all_orders_of_a_lost_dispute_end_with_the_same_facts(scene: Scene):
    dispute = charging.dispute(scene.world, await scene.paid())
    charging.lose(scene.world, dispute)
    deliveries = [one for one in Postman(scene.world).new() if "dispute" in one.type]

    told = {
        tuple([fact.kind for one in order for fact in await scene.facts_of(one)][-2:])
        for order in itertools.permutations(deliveries)
    }

    assert told == {(Kind.CHARGEBACK_OPENED, Kind.CHARGEBACK_LOST)}


async def test_a_fee_in_another_currency_is_not_told_as_ours(scene: Scene):
    reference = charging.dispute(scene.world, await scene.paid())
    dispute = scene.world.store.any(reference) or {}
    dispute["balance_transactions"][0]["currency"] = "usd"

    (fact,) = await scene.facts("charge.dispute.created")

    assert (fact.kind, fact.fee) == (Kind.CHARGEBACK_OPENED, None)


async def test_a_mandate_that_was_withdrawn_takes_its_means_along(scene: Scene):
    means = scene.world.add_means("pm_paypal")
    charging.withdraw_mandate(scene.world, means)

    (fact,) = await scene.facts("mandate.updated")

    assert (fact.kind, fact.means_reference, fact.code) == (
        Kind.MEANS_GONE,
        means,
        "mandate_invalid",
    )
    mandate = next(scene.world.store.of("mandate"))
    scene.world.store.change(mandate, type="single_use")
    assert (await scene.facts("mandate.updated"))[0].kind is Kind.IGNORED


async def test_a_means_that_was_taken_away_at_stripe_is_gone(scene: Scene):
    means = scene.world.add_means()
    charging.detach(scene.world, means)

    (fact,) = await scene.facts("payment_method.detached")

    assert (fact.kind, fact.means_reference) == (Kind.MEANS_GONE, means)


async def test_a_new_card_of_the_bank_changes_the_means(scene: Scene):
    means = scene.world.add_means()
    charging.renew_card(scene.world, means, 2033)

    (fact,) = await scene.facts("payment_method.automatically_updated")

    assert (fact.kind, fact.means_reference) == (Kind.MEANS_CHANGED, means)
    assert fact.means is not None
    assert str(fact.means.expires_on) == "2033-08-31"


@pytest.mark.parametrize(
    ("kind", "object_id", "fact"),
    [
        ("payment_method", "pm_deleted", Kind.MEANS_GONE),
        ("payment_intent", "pi_deleted", Kind.IGNORED),
        ("payout", "po_1", Kind.IGNORED),
        ("", "", Kind.IGNORED),
    ],
)
async def test_what_is_not_there_or_not_ours_to_know_is_said_so(
    scene: Scene, kind, object_id, fact
):
    event = ProviderEvent(id="evt_1", type="x", payload={"object": kind, "object_id": object_id})

    (found,) = await scene.adapter().facts(event)

    assert found.kind is fact
    assert found.occurred_at == NOW


async def test_a_lost_answer_is_asked_for_again(scene: Scene):
    await scene.paid()
    scene.world.turn_on(Fault.LOST, "GET")

    with pytest.raises(OutsideUnavailable):
        await scene.facts("payment_intent.succeeded")


async def test_a_refusal_of_another_kind_is_not_swallowed(scene: Scene, monkeypatch):
    await scene.paid()
    monkeypatch.setattr("faktura_stripe.gateway.INTENT", ("metadata",))

    with pytest.raises(StripeRefused, match="cannot be expanded"):
        await scene.facts("payment_intent.succeeded")
