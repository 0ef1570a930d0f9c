"""Money back over Braintree: void, refund, wait, and never twice (payments 3.2)."""

from datetime import timedelta
from decimal import Decimal

import pytest

from braintree_double import audit, giving
from braintree_double.scene import REFUND, Scene, by_paypal, collection, refunding
from braintree_double.world import Fault, Verdict
from faktura.kernel.outside_errors import OutsideUnavailable
from faktura.plugin import RefundAnswer, RefundOutcome, Succeeded

REFUNDS = "/refund$"


async def paid(scene: Scene, **settings: object) -> str:
    """The reference of a paid collection."""
    outcome = await scene.adapter(**settings).collect(collection())
    assert isinstance(outcome, Succeeded)
    return outcome.reference


async def test_a_whole_payment_that_is_not_settled_is_voided(scene: Scene):
    """A void is free, and nothing shows on the customer's statement."""
    payment = await paid(scene)
    adapter = scene.adapter()

    outcome = await adapter.refund(refunding(payment))
    again = await adapter.refund(refunding(payment))

    expected = RefundOutcome(
        answer=RefundAnswer.SUCCEEDED,
        reference=payment,
        amount=Decimal("119.00"),
        currency="EUR",
    )
    assert outcome == expected
    assert again == expected
    assert await adapter.look_up_refund(refunding(payment), payment) == expected
    assert scene.statuses() == ["voided"]


async def test_a_settled_payment_is_refunded_once_under_the_refunds_key(scene: Scene):
    """The credit's order id is the refund's key: asked again it is found."""
    payment = await paid(scene)
    giving.settle(scene.world)
    adapter = scene.adapter()

    first = await adapter.refund(refunding(payment, amount=Decimal("19.00"), whole=False))
    again = await adapter.refund(refunding(payment, amount=Decimal("19.00"), whole=False))

    assert (first.answer, first.amount) == (RefundAnswer.SUCCEEDED, Decimal("19.00"))
    assert again == first
    assert audit.given_back(scene.world.charges.values()) == Decimal("19.00")
    credit = scene.world.charges[first.reference]
    assert (credit.order_id, credit.refunded, credit.with_key) == (REFUND.hex, payment, True)
    found = await adapter.look_up_refund(refunding(payment), first.reference)
    assert found.answer is RefundAnswer.SUCCEEDED


async def test_a_part_of_what_is_not_settled_waits(scene: Scene):
    """A void takes all; so the part waits, nothing is done, and it is asked again."""
    payment = await paid(scene)
    adapter = scene.adapter()
    part = refunding(payment, amount=Decimal("19.00"), whole=False)

    waits = await adapter.refund(part)
    still = await adapter.look_up_refund(part, "")
    giving.settle(scene.world, begun_only=True)
    settling = await adapter.refund(part)
    still_settling = await adapter.look_up_refund(part, "")
    giving.settle(scene.world)
    free = await adapter.look_up_refund(part, "")
    done = await adapter.refund(part)

    waiting = (RefundAnswer.PENDING, "")
    assert [(one.answer, one.reference) for one in (waits, still, settling, still_settling)] == [
        waiting
    ] * 4
    assert free.answer is RefundAnswer.ABSENT
    assert (done.answer, done.amount) == (RefundAnswer.SUCCEEDED, Decimal("19.00"))


async def test_a_whole_payment_that_begins_to_settle_meanwhile_waits_too(scene: Scene):
    """Neither void nor refund is possible while it settles."""
    payment = await paid(scene)
    giving.settle(scene.world, begun_only=True)

    waits = await scene.adapter().refund(refunding(payment))
    giving.settle(scene.world)
    done = await scene.adapter().refund(refunding(payment))

    assert (waits.answer, done.answer) == (RefundAnswer.PENDING, RefundAnswer.SUCCEEDED)


async def test_a_refund_that_braintree_finds_too_early_waits(scene: Scene):
    """It said settled a moment ago; whoever reads it behind a lag meets this."""
    payment = await paid(scene)
    giving.settle(scene.world)
    scene.world.before_refund = lambda: giving.unsettle(scene.world, payment)

    outcome = await scene.adapter().refund(refunding(payment))

    assert (outcome.answer, outcome.reference) == (RefundAnswer.PENDING, "")


@pytest.mark.parametrize("keys", [True, False])
async def test_a_lost_refund_is_unclear_and_found_by_its_key(scene: Scene, keys: bool):
    """Asked before it is tried again: by the credit's order id."""
    payment = await paid(scene, request_keys=keys)
    giving.settle(scene.world)
    adapter = scene.adapter(request_keys=keys)
    scene.world.fail_next(Fault.LOST_AFTER, REFUNDS)

    lost = await adapter.refund(refunding(payment))
    found = await adapter.look_up_refund(refunding(payment), "")
    again = await adapter.refund(refunding(payment))

    assert lost.answer is RefundAnswer.UNCLEAR
    assert found.answer is RefundAnswer.SUCCEEDED
    assert again == found
    assert audit.given_back(scene.world.charges.values()) == Decimal("119.00")


async def test_a_refund_whose_answer_and_listing_are_late_is_given_once(scene: Scene):
    """The core repeats it under its key, which must have gone along from the first time."""
    payment = await paid(scene)
    giving.settle(scene.world)
    scene.state.kept.clear()  # a restored backup: nobody knows yet that there are keys
    scene.world.search_lag = timedelta(hours=1)
    adapter = scene.adapter()
    scene.world.fail_next(Fault.LOST_AFTER, REFUNDS)
    part = refunding(payment, amount=Decimal("19.00"), whole=False)

    lost = await adapter.refund(part)
    again = await adapter.refund(part)

    assert (lost.answer, again.answer) == (RefundAnswer.UNCLEAR, RefundAnswer.SUCCEEDED)
    assert audit.given_back(scene.world.charges.values()) == Decimal("19.00")


async def test_an_account_that_never_had_keys_refunds_without_one(scene: Scene):
    payment = await paid(scene, request_keys=False)
    giving.settle(scene.world)
    scene.world.has_request_keys = False
    adapter = scene.adapter()

    given = await adapter.refund(refunding(payment))

    assert given.answer is RefundAnswer.SUCCEEDED
    assert scene.world.charges[given.reference].with_key is False
    assert adapter.capabilities().key_window is None


@pytest.mark.parametrize("path", ["/transactions/t", "/void$", "/advanced_search_ids$"])
async def test_a_question_that_is_lost_on_the_way_leaves_the_refund_unclear(
    scene: Scene, path: str
):
    """Whichever of its steps lost its answer."""
    payment = await paid(scene)
    scene.world.fail_next(Fault.LOST_AFTER, path)

    outcome = await scene.adapter().refund(refunding(payment))

    assert outcome.answer is RefundAnswer.UNCLEAR


async def test_a_look_up_that_is_lost_says_so(scene: Scene):
    """Unclear, never Absent."""
    payment = await paid(scene)
    scene.world.fail_next(Fault.DOWN, "/advanced_search_ids$")

    outcome = await scene.adapter().look_up_refund(refunding(payment), "")

    assert outcome.answer is RefundAnswer.UNCLEAR


async def test_a_busy_braintree_refunded_nothing(scene: Scene):
    """Surely not done: come back."""
    payment = await paid(scene)
    giving.settle(scene.world)
    scene.world.fail_next(Fault.BUSY, REFUNDS)

    with pytest.raises(OutsideUnavailable):
        await scene.adapter().refund(refunding(payment))
    assert audit.given_back(scene.world.charges.values()) == Decimal()


async def test_more_than_is_left_is_refused_by_braintree(scene: Scene):
    """The provider counts as well; nothing moves."""
    payment = await paid(scene)
    giving.settle(scene.world)
    adapter = scene.adapter()
    await adapter.refund(refunding(payment, amount=Decimal("100.00"), whole=False))
    other = REFUND.__class__(int=REFUND.int + 1)

    outcome = await adapter.refund(refunding(payment, refund=other, whole=False))

    assert outcome == RefundOutcome(
        answer=RefundAnswer.FAILED, message="Refund amount is too large."
    )


async def test_a_refund_that_the_bank_declines_failed(scene: Scene):
    """Refunds are authorised as well, since some years."""
    payment = await paid(scene)
    giving.settle(scene.world)
    scene.world.verdicts.append(Verdict("2000", "Do Not Honor"))

    outcome = await scene.adapter().refund(refunding(payment))

    assert (outcome.answer, outcome.message) == (RefundAnswer.FAILED, "Do Not Honor")


async def test_a_refund_over_paypal_is_pending_until_it_is_settled(scene: Scene):
    """As its payments are."""
    await scene.adapter().collect(by_paypal())
    giving.settle(scene.world)
    payment = scene.world.sold()[0].id

    first = await scene.adapter().refund(refunding(payment))
    giving.settle(scene.world)
    later = await scene.adapter().look_up_refund(refunding(payment), first.reference)

    assert (first.answer, later.answer) == (RefundAnswer.PENDING, RefundAnswer.SUCCEEDED)


async def test_a_payment_that_does_not_exist_cannot_be_given_back(scene: Scene):
    """Failed at once; asked for, it is absent."""
    outcome = await scene.adapter().refund(refunding("unknown"))

    assert outcome.answer is RefundAnswer.FAILED
    absent = await scene.adapter().look_up_refund(refunding("unknown"), "")
    assert absent.answer is RefundAnswer.ABSENT


async def test_of_a_voided_payment_no_part_is_left(scene: Scene):
    """Somebody voided it at Braintree: the part fails, with the reason."""
    payment = await paid(scene)
    giving.void_by_hand(scene.world, payment)

    outcome = await scene.adapter().refund(refunding(payment, amount=Decimal("19.00"), whole=False))

    assert outcome.answer is RefundAnswer.FAILED
    assert "nothing is left" in outcome.message


async def test_a_void_that_came_too_late_waits_for_the_refund(scene: Scene):
    """It began to settle between our two questions."""
    payment = await paid(scene)
    scene.world.before_void = lambda: giving.settle(scene.world, begun_only=True)

    outcome = await scene.adapter().refund(refunding(payment))

    assert (outcome.answer, outcome.reference) == (RefundAnswer.PENDING, "")
    assert scene.statuses() == ["settling"]


async def test_a_void_that_is_refused_for_another_reason_is_unclear(scene: Scene):
    """A key that is in flight: another worker voids it right now."""
    payment = await paid(scene)
    scene.world.hold_keys = True

    outcome = await scene.adapter().refund(refunding(payment))

    assert outcome.answer is RefundAnswer.UNCLEAR


async def test_a_refund_whose_key_is_in_flight_is_unclear(scene: Scene):
    """The same for a refund of what is settled."""
    payment = await paid(scene)
    giving.settle(scene.world)
    scene.world.hold_keys = True

    outcome = await scene.adapter().refund(refunding(payment))

    assert outcome.answer is RefundAnswer.UNCLEAR
