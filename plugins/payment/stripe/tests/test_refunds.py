"""Refunds: ours by our mark, once, and what becomes of them (1.15)."""

from decimal import Decimal
from uuid import UUID

import pytest

from faktura.plugin import RefundAnswer, RefundOutcome
from stripe_double import charging, refunds
from stripe_double.faults import Fault
from stripe_double.scene import Scene


async def test_a_payment_is_given_back_in_part(scene: Scene):
    request = scene.refund(await scene.paid(), amount=Decimal("19.00"), whole=False)

    outcome = await scene.adapter().refund(request)

    assert outcome == RefundOutcome(
        answer=RefundAnswer.SUCCEEDED,
        reference="re_00000001",
        amount=Decimal("19.00"),
        currency="EUR",
    )
    assert scene.world.audit().refunded == {"RE-1001": 1900}
    (refund,) = scene.world.store.of("refund")
    assert refund["metadata"] == {
        "faktura_refund": "0193a00000007000800000000000000f",
        "faktura_attempt": "0193a000000070008000000000000001",
        "faktura_tenant": "werk",
    }


async def test_a_refund_of_a_debit_takes_its_time(scene: Scene):
    reference = await scene.paid(method="SEPA_DEBIT")
    charging.settle(scene.world, reference)
    request = scene.refund(reference)

    pending = await scene.adapter().refund(request)
    refunds.finish(scene.world, pending.reference, "succeeded")

    assert pending.answer is RefundAnswer.PENDING
    done = await scene.adapter().look_up_refund(request, pending.reference)
    assert done.answer is RefundAnswer.SUCCEEDED


@pytest.mark.parametrize("fault", [Fault.LOST, Fault.CUT, Fault.SAVED_500])
async def test_a_lost_answer_is_unclear_and_the_repetition_refunds_once(scene: Scene, fault):
    request = scene.refund(await scene.paid())
    scene.world.turn_on(fault, path="/v1/refunds")

    first = await scene.adapter().refund(request)
    second = await scene.adapter().refund(request)

    assert first.answer is RefundAnswer.UNCLEAR
    assert second.answer is RefundAnswer.SUCCEEDED
    assert scene.world.audit().refunded == {"RE-1001": 11900}


async def test_a_kept_failure_behind_which_nothing_happened_stays_unclear(scene: Scene):
    request = scene.refund(await scene.paid())
    scene.world.turn_on(Fault.EMPTY_500, path="/v1/refunds")
    await scene.adapter().refund(request)

    assert (await scene.adapter().refund(request)).answer is RefundAnswer.UNCLEAR


async def test_a_refund_is_found_by_its_mark(scene: Scene):
    request = scene.refund(await scene.paid(), amount=Decimal("19.00"))
    assert (await scene.adapter().look_up_refund(request, "")).answer is RefundAnswer.ABSENT
    refunds.in_dashboard(scene.world, request.payment_reference, 100)
    scene.world.turn_on(Fault.LOST, path="/v1/refunds")
    await scene.adapter().refund(request)
    another = request.model_copy(update={"refund": UUID(int=7), "amount": Decimal("1.00")})
    await scene.adapter().refund(another)

    found = await scene.adapter().look_up_refund(request, "")

    assert (found.reference, found.amount) == ("re_00000002", Decimal("19.00"))


@pytest.mark.parametrize(
    ("before", "message"),
    [
        ("refunded", "charge_already_refunded"),
        ("disputed", "charge_disputed"),
        ("too much", "greater than"),
        ("not paid", "successful charge"),
        ("inexact", "more places"),
    ],
)
async def test_what_stripe_does_not_give_back_has_failed_with_its_reason(
    scene: Scene, before, message
):
    reference = await scene.paid(method="SEPA_DEBIT" if before == "not paid" else "CARD")
    changed: dict[str, object] = {}
    if before == "refunded":
        refunds.in_dashboard(scene.world, reference, 11900)
    elif before == "disputed":
        charging.dispute(scene.world, reference)
    elif before == "too much":
        changed["amount"] = Decimal("119.01")
    elif before == "inexact":
        changed["amount"] = Decimal("1.005")

    outcome = await scene.adapter().refund(scene.refund(reference, **changed))

    assert outcome.answer is RefundAnswer.FAILED
    assert message in outcome.message


async def test_a_refund_that_failed_weeks_later_says_why(scene: Scene):
    request = scene.refund(await scene.paid())
    made = await scene.adapter().refund(request)
    refunds.finish(scene.world, made.reference, "failed", "expired_or_canceled_card")

    found = await scene.adapter().look_up_refund(request, made.reference)

    assert (found.answer, found.message) == (RefundAnswer.FAILED, "expired_or_canceled_card")


@pytest.mark.parametrize(
    ("status", "answer"),
    [
        ("requires_action", RefundAnswer.PENDING),
        ("canceled", RefundAnswer.FAILED),
        ("a_status_of_next_year", RefundAnswer.UNCLEAR),
    ],
)
async def test_every_status_has_an_answer(scene: Scene, status, answer):
    request = scene.refund(await scene.paid())
    made = await scene.adapter().refund(request)
    refunds.finish(scene.world, made.reference, status)

    assert (await scene.adapter().look_up_refund(request, made.reference)).answer is answer


async def test_an_unknown_reference_and_a_lost_answer_decide_nothing(scene: Scene):
    request = scene.refund(await scene.paid())

    unknown = await scene.adapter().look_up_refund(request, "re_of_nobody")
    scene.world.turn_on(Fault.LOST, "GET", "/v1/refunds")
    lost = await scene.adapter().look_up_refund(request, "")

    assert (unknown.answer, lost.answer) == (RefundAnswer.UNCLEAR, RefundAnswer.UNCLEAR)


async def test_more_refunds_than_one_page_prove_nothing(scene: Scene):
    request = scene.refund(await scene.paid())
    for _ in range(101):
        refunds.in_dashboard(scene.world, request.payment_reference, 1)

    found = await scene.adapter().look_up_refund(request, "")

    assert found.answer is RefundAnswer.UNCLEAR
