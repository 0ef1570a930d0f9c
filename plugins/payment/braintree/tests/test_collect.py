"""Collections over Braintree: what each answer is for us (payments 3.2 to 3.4, 6.3)."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from braintree_double import giving
from braintree_double.scene import KEY, NOW, OTHER, REFUND, Scene, asked, by_paypal, collection
from braintree_double.world import Fault, Verdict
from faktura.kernel.outside_errors import AccountBroken, OutsideUnavailable
from faktura.kernel.payment_terms import CustomerReason, LookUp
from faktura.kernel.terms import PaymentMethod
from faktura.plugin import (
    Absent,
    ActionNeeded,
    Cancelled,
    Declined,
    MeansReference,
    Pending,
    Rejected,
    Succeeded,
    Unclear,
)


async def test_a_card_that_is_handed_in_for_settlement_is_paid(scene: Scene):
    """Default SUBMITTED: as others book it, with reversal on a late refusal (payments 3.2)."""
    outcome = await scene.adapter().collect(collection())

    (sale,) = scene.world.sold()
    assert outcome == Succeeded(reference=sale.id, amount=Decimal("119.00"), currency="EUR", at=NOW)
    assert (sale.order_id, sale.source, sale.merchant_account) == (KEY, "recurring", "werk_eur")
    assert sale.custom_fields == {"faktura_tenant": "werk", "faktura_invoice": "RE-1001"}
    assert sale.with_key


async def test_without_custom_fields_none_are_sent(scene: Scene):
    """Braintree refuses fields that are not set up there."""
    scene.world.custom_fields = frozenset()
    adapter = scene.adapter(tenant_field="", invoice_field="")

    assert isinstance(await adapter.collect(collection()), Succeeded)
    assert scene.world.sold()[0].custom_fields == {}


async def test_with_paid_when_settled_a_card_waits_for_the_settlement(scene: Scene):
    """The strict setting: pending until settled, 1 to 2 days later."""
    adapter = scene.adapter(paid_when="SETTLED")

    first = await adapter.collect(collection())

    (sale,) = scene.world.sold()
    assert first == Pending(
        reference=sale.id,
        amount=Decimal("119.00"),
        currency="EUR",
        expected_by=date(2026, 12, 8),
    )
    scene.world.clock.advance(timedelta(days=1))
    giving.settle(scene.world)
    later = await adapter.look_up(asked(collection(), sale.id))
    assert later == Succeeded(
        reference=sale.id,
        amount=Decimal("119.00"),
        currency="EUR",
        at=datetime(2026, 12, 2, 8, tzinfo=UTC),
    )


async def test_paypal_is_paid_only_when_it_is_settled(scene: Scene):
    """PayPal may end as settlement_declined after it was accepted (payments 3.6)."""
    adapter = scene.adapter()

    first = await adapter.collect(by_paypal())
    giving.settle(scene.world)
    later = await adapter.look_up(asked(by_paypal(), scene.world.sold()[0].id))

    assert isinstance(first, Pending)
    assert isinstance(later, Succeeded)


async def test_a_currency_without_decimals_is_sent_without_a_point(scene: Scene):
    """Amounts are texts with the currency's decimals (payments 3.1)."""
    outcome = await scene.adapter().collect(collection(amount=Decimal(1500), currency="JPY"))

    assert isinstance(outcome, Succeeded)
    assert (outcome.amount, outcome.currency) == (Decimal(1500), "JPY")


@pytest.mark.parametrize(
    ("code", "hard", "expected"),
    [
        ("2001", False, (False, CustomerReason.NO_FUNDS)),
        ("2000", False, (False, CustomerReason.GENERAL)),
        ("2038", True, (True, CustomerReason.GENERAL)),
        # Retry prohibited for recurring charges, although the answer says soft.
        ("2004", False, (True, CustomerReason.EXPIRED)),
        ("2018", True, (True, CustomerReason.WITHDRAWN)),
    ],
)
async def test_a_decline_is_hard_or_soft_as_the_answer_says(
    scene: Scene, code: str, hard: bool, expected: tuple[bool, CustomerReason]
):
    """processor_response_type decides; only the prohibited codes are harder (payments 3.4)."""
    scene.world.decline_next(code, hard=hard)

    outcome = await scene.adapter().collect(collection())

    assert isinstance(outcome, Declined)
    assert (outcome.code, outcome.hard, outcome.reason) == (code, *expected)
    assert not outcome.means_gone


async def test_a_bank_that_wants_the_customer_is_no_decline(scene: Scene):
    """2099, Cardholder Authentication Required: on session only (payments 3.2)."""
    scene.world.decline_next("2099")

    outcome = await scene.adapter().collect(collection())

    assert isinstance(outcome, ActionNeeded)
    assert outcome.reason == "Declined 2099"


async def test_a_network_that_was_down_took_no_money_and_is_tried_again_later(scene: Scene):
    """Code 3000 ends as failed; the same key would repeat that answer for 30 days."""
    scene.world.verdicts.append(Verdict("3000", "Processor Network Unavailable", status="failed"))

    outcome = await scene.adapter().collect(collection())

    assert isinstance(outcome, Declined)
    assert (outcome.code, outcome.hard) == ("3000", False)
    assert outcome.retry_after == datetime(2026, 12, 1, 9, tzinfo=UTC)


async def test_a_means_that_the_vault_does_not_know_is_gone(scene: Scene):
    """Nobody tries it again until the customer gives another one (payments 6.3)."""
    request = collection(means=MeansReference(reference="deleted"))

    outcome = await scene.adapter().collect(request)

    assert isinstance(outcome, Declined)
    assert (outcome.hard, outcome.means_gone, scene.statuses()) == (True, True, [])


async def test_an_agreement_that_the_payer_ended_is_gone(scene: Scene):
    """2070: PayPal's own no (payments 3.4)."""
    giving.revoke(scene.world, "paypal_1")

    outcome = await scene.adapter().collect(by_paypal())

    assert isinstance(outcome, Declined)
    assert (outcome.code, outcome.hard, outcome.means_gone) == ("2070", True, True)
    assert outcome.reason is CustomerReason.WITHDRAWN


@pytest.mark.parametrize(
    ("reason", "expected"),
    [
        ("fraud", (True, CustomerReason.GENERAL)),
        ("cvv", (True, CustomerReason.ENTER_AGAIN)),
        ("excessive_retry", (True, CustomerReason.GENERAL)),
        ("token_issuance", (False, CustomerReason.GENERAL)),
    ],
)
async def test_what_the_gateway_itself_turns_away_is_a_decline(
    scene: Scene, reason: str, expected: tuple[bool, CustomerReason]
):
    """It never reached the bank; the code says by which rule."""
    scene.world.reject_next(reason)

    outcome = await scene.adapter().collect(collection())

    assert isinstance(outcome, Declined)
    assert outcome.code == f"gateway_rejected:{reason}"
    assert (outcome.hard, outcome.reason) == expected


async def test_a_gateway_that_wants_3d_secure_needs_the_customer(scene: Scene):
    """As 2099, by the merchant's own rule."""
    scene.world.reject_next("three_d_secure")

    assert isinstance(await scene.adapter().collect(collection()), ActionNeeded)


async def test_a_wrong_set_up_is_our_mistake_and_not_the_customers(scene: Scene):
    """Rejected: no mail to the customer, an alarm for the operator (payments 6.3)."""
    scene.world.suspended.add("werk_eur")
    suspended = await scene.adapter().collect(collection())
    no_account = await scene.adapter().collect(collection(currency="CHF"))
    scene.world.reject_next("application_incomplete")
    not_ready = await scene.adapter().collect(collection(currency="USD", attempt=REFUND))
    scene.world.decline_next("2087")
    no_references = await scene.adapter().collect(by_paypal(currency="USD", attempt=OTHER))

    assert suspended == Rejected(code="91514", message="Merchant account is suspended.")
    assert no_account == Rejected(code="currency", message="No merchant account is set for CHF")
    assert isinstance(not_ready, Rejected)
    assert no_references == Rejected(code="2087", message="Declined 2087")


async def test_a_key_that_braintree_does_not_take_breaks_the_account(scene: Scene):
    """401 and 403 stop the queue; the customer hears nothing (payments 6.3)."""
    with pytest.raises(AccountBroken, match="does not take our key"):
        await scene.adapter(private_key="another").collect(collection())
    scene.world.fail_next(Fault.FORBIDDEN, "/transactions$")
    with pytest.raises(AccountBroken):
        await scene.adapter().collect(collection())
    with pytest.raises(AccountBroken, match="merchant"):
        await scene.adapter(merchant_id="nobody").collect(collection())


async def test_a_busy_braintree_did_nothing_and_is_asked_again(scene: Scene):
    """429 is surely not executed; the same attempt goes on after its pause (payments 6.3)."""
    scene.world.fail_next(Fault.BUSY, "/transactions$")
    adapter = scene.adapter()

    with pytest.raises(OutsideUnavailable) as caught:
        await adapter.collect(collection())

    assert caught.value.retry_after == 7
    assert isinstance(await adapter.collect(collection()), Succeeded)


async def test_a_braintree_that_is_not_reached_did_nothing(scene: Scene):
    """The core opens the connections, so that this is known (docs/decisions/0019)."""
    with pytest.raises(OutsideUnavailable, match="not reached"):
        await scene.adapter(base_url="http://127.0.0.1:1").collect(collection())


async def test_a_late_refusal_is_a_failed_payment(scene: Scene):
    """settlement_declined: it was promised and did not come (payments 3.2)."""
    adapter = scene.adapter()
    paid = await adapter.collect(collection())
    assert isinstance(paid, Succeeded)
    giving.decline_settlement(scene.world, paid.reference, "4001")

    outcome = await adapter.look_up(asked(collection(), paid.reference))

    assert isinstance(outcome, Declined)
    assert (outcome.code, outcome.hard, outcome.message) == ("4001", False, "Settlement Declined")


async def test_calling_off_voids_what_is_pending_and_leaves_what_is_paid(scene: Scene):
    """What cannot be called off any more gives its real outcome."""
    strict, usual = scene.adapter(paid_when="SETTLED"), scene.adapter()
    pending = await strict.collect(collection())
    assert isinstance(pending, Pending)

    assert isinstance(await usual.cancel(asked(collection())), Succeeded)
    called_off = await strict.cancel(asked(collection(), pending.reference))

    assert called_off == Cancelled(reference=pending.reference)
    assert scene.statuses() == ["voided"]


async def test_what_the_customer_must_confirm_can_be_called_off(scene: Scene):
    """That sale is over at Braintree; the customer confirms another one on the page (payments 1.13)."""
    scene.world.decline_next("2099")
    adapter = scene.adapter()
    needed = await adapter.collect(collection())
    assert isinstance(needed, ActionNeeded)

    assert await adapter.cancel(asked(collection(), needed.reference)) == Cancelled(
        reference=needed.reference
    )


async def test_what_is_settling_cannot_be_called_off(scene: Scene):
    """PayPal settles at once: the void is refused and the payment goes on."""
    adapter = scene.adapter()
    await adapter.collect(by_paypal())

    assert isinstance(await adapter.cancel(asked(by_paypal())), Pending)
    assert scene.statuses() == ["settling"]


async def test_calling_off_what_was_never_sent_finds_nothing(scene: Scene):
    """Absent, and Unclear where the answer to the void was lost."""
    adapter = scene.adapter(paid_when="SETTLED")

    assert await adapter.cancel(asked(collection())) == Absent()
    await adapter.collect(collection())
    scene.world.fail_next(Fault.LOST_AFTER, "/void$")
    assert isinstance(await adapter.cancel(asked(collection())), Unclear)
    assert isinstance(await adapter.cancel(asked(collection())), Cancelled)


def test_the_capabilities_are_those_of_the_settings(scene: Scene):
    """The core refuses what an adapter lacks when it is configured, not at night."""
    found = scene.adapter().capabilities()

    assert sorted(found.currencies or ()) == ["EUR", "JPY", "USD"]
    assert found.methods == {PaymentMethod.CARD, PaymentMethod.PAYPAL}
    assert (found.key_window, found.look_up) == (timedelta(days=30), LookUp.EVENTUAL)
    assert scene.adapter(paypal=False).capabilities().methods == {PaymentMethod.CARD}
    assert scene.adapter(request_keys=False).capabilities().key_window is None
