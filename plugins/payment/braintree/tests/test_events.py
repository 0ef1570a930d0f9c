"""Facts behind Braintree's events, brought by webhooks or found by polling (payments 3.5, 6.6)."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import permutations

import pytest

from braintree_double import giving, hooks
from braintree_double.scene import (
    ATTEMPT,
    NOW,
    OTHER,
    REFUND,
    Scene,
    by_paypal,
    collection,
    delivery,
    refunding,
)
from braintree_double.world import Fault
from faktura.kernel.outside_errors import OutsideUnavailable
from faktura.kernel.payment_terms import CustomerReason, PaymentFactKind
from faktura.plugin import PaymentFact, ProviderEvent, Succeeded


async def paid(scene: Scene, **settings: object) -> str:
    """The reference of a paid collection."""
    outcome = await scene.adapter(**settings).collect(collection())
    assert isinstance(outcome, Succeeded)
    return outcome.reference


async def delivered(scene: Scene) -> list[PaymentFact]:
    """The facts behind everything in the double's outbox, in its order."""
    adapter, source = scene.adapter(), scene.webhooks()
    facts: list[PaymentFact] = []
    for _kind, body in hooks.deliveries(scene.world):
        events = source.read(delivery(body))
        assert isinstance(events, tuple)
        for event in events:
            facts += await adapter.facts(event)
    return facts


def charge(reference: str) -> ProviderEvent:
    """An event about a transaction."""
    return ProviderEvent(id="e", type="transaction_settled", payload={"transaction": reference})


def kinds(facts: list[PaymentFact]) -> list[str]:
    """What they say."""
    return [fact.kind.value for fact in facts]


async def test_a_paypal_payment_that_settled_is_a_success(scene: Scene):
    """transaction_settled comes for PayPal; the fact is what the transaction is now."""
    await scene.adapter().collect(by_paypal())
    giving.settle(scene.world)

    assert await delivered(scene) == [
        PaymentFact(
            kind=PaymentFactKind.PAYMENT_SUCCEEDED,
            occurred_at=NOW,
            tenant="werk",
            attempt=ATTEMPT,
            reference=scene.world.sold()[0].id,
            amount=Decimal("119.00"),
            currency="EUR",
        )
    ]


async def test_a_late_refusal_of_what_was_booked_takes_it_back(scene: Scene):
    """Paid when submitted, and never settled: reversed once, under the transaction (payments 6.7)."""
    payment = await paid(scene)
    scene.world.clock.advance(timedelta(days=2))
    giving.decline_settlement(scene.world, payment)

    facts = await delivered(scene)

    assert kinds(facts) == ["PAYMENT_SUCCEEDED", "CHARGEBACK_OPENED", "CHARGEBACK_LOST"]
    assert [fact.occurred_at for fact in facts] == [
        NOW,
        NOW + timedelta(days=2),
        NOW + timedelta(days=2),
    ]
    assert {(fact.attempt, fact.reference, fact.amount) for fact in facts} == {
        (ATTEMPT, payment, Decimal("119.00"))
    }
    assert [(fact.subject, fact.code) for fact in facts] == [
        ("", ""),
        (payment, "4001"),
        (payment, "4001"),
    ]


async def test_a_late_refusal_of_what_was_pending_is_a_failed_payment(scene: Scene):
    """Nothing was booked: PayPal, or cards that count when they are settled."""
    await scene.adapter().collect(by_paypal())
    (sale,) = scene.world.sold()
    giving.decline_settlement(scene.world, sale.id)

    (fact,) = await delivered(scene)

    assert (fact.kind, fact.attempt) == (PaymentFactKind.PAYMENT_FAILED, ATTEMPT)
    assert (fact.code, fact.message, fact.hard) == ("4001", "Settlement Declined", False)


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        ("open", ["CHARGEBACK_OPENED"]),
        ("disputed", ["CHARGEBACK_OPENED"]),
        ("under_review", ["CHARGEBACK_OPENED"]),
        ("won", ["CHARGEBACK_OPENED", "CHARGEBACK_WON"]),
        ("lost", ["CHARGEBACK_OPENED", "CHARGEBACK_LOST"]),
        ("accepted", ["CHARGEBACK_OPENED", "CHARGEBACK_LOST"]),
        ("auto_accepted", ["CHARGEBACK_OPENED", "CHARGEBACK_LOST"]),
        ("expired", ["CHARGEBACK_OPENED", "CHARGEBACK_LOST"]),
        ("of_tomorrow", []),
    ],
)
async def test_a_dispute_tells_its_whole_story_whichever_event_comes(
    scene: Scene, status: str, expected: list[str]
):
    """The opening may have been lost: a decided dispute was opened before (payments 3.5)."""
    dispute = giving.dispute(scene.world, await paid(scene), amount=Decimal("100.00"))
    giving.decide(scene.world, dispute.id, status)
    event = ProviderEvent(id="e", type="dispute", payload={"dispute": dispute.id})

    facts = list(await scene.adapter().facts(event))

    assert kinds(facts) == expected
    for fact in facts:
        assert (fact.subject, fact.attempt) == (dispute.id, ATTEMPT)
        assert (fact.reference, fact.amount) == (dispute.charge, Decimal("100.00"))
        assert (fact.code, fact.message, fact.fee) == ("83", "fraud", None)


async def test_a_retrieval_only_asks(scene: Scene):
    """An inquiry: no money goes (payments 3.5)."""
    giving.dispute(scene.world, await paid(scene), kind="retrieval")

    assert kinds(await delivered(scene)) == ["INQUIRY_OPENED"]
    (inquiry,) = scene.world.disputes
    giving.decide(scene.world, inquiry, "expired")
    ended = ProviderEvent(id="e", type="dispute_expired", payload={"dispute": inquiry})
    assert await scene.adapter().facts(ended) == ()


async def test_every_order_of_deliveries_ends_with_the_same_facts(scene: Scene):
    """Facts are read from Braintree as it is now, not from what was delivered."""
    dispute = giving.dispute(scene.world, await paid(scene))
    giving.decide(scene.world, dispute.id, "under_review")
    giving.decide(scene.world, dispute.id, "won")
    adapter, source = scene.adapter(), scene.webhooks()

    seen = set()
    for order in permutations(range(3)):
        facts: list[PaymentFact] = []
        for _kind, body in hooks.deliveries(scene.world, order, times=2):
            (event,) = source.read(delivery(body))
            assert isinstance(event, ProviderEvent)
            facts += await adapter.facts(event)
        seen.add(tuple(kinds(facts)))

    assert seen == {("CHARGEBACK_OPENED", "CHARGEBACK_WON") * 6}


async def test_our_refund_is_known_by_its_key_and_a_persons_is_external(scene: Scene):
    """A credit from the control panel carries its sale's order id, which is no refund of ours."""
    payment = await paid(scene)
    giving.settle(scene.world)
    adapter = scene.adapter()
    ours = await adapter.refund(refunding(payment, amount=Decimal("19.00"), whole=False))
    theirs = giving.refund_by_hand(scene.world, payment, Decimal("20.00"))

    (first,) = await adapter.facts(charge(ours.reference))
    (second,) = await adapter.facts(charge(theirs.id))

    assert (first.kind, first.refund, first.reference) == (
        PaymentFactKind.REFUND_SUCCEEDED,
        REFUND,
        payment,
    )
    assert (first.attempt, first.subject, first.amount) == (
        ATTEMPT,
        ours.reference,
        Decimal("19.00"),
    )
    assert (second.kind, second.refund, second.attempt) == (
        PaymentFactKind.EXTERNAL_REFUND,
        None,
        ATTEMPT,
    )
    assert (second.subject, second.amount) == (theirs.id, Decimal("20.00"))


async def test_a_refund_that_fails_later_says_so(scene: Scene):
    """refund_failed; a person's own failed refund concerns nobody here."""
    payment = await paid(scene)
    giving.settle(scene.world)
    ours = await scene.adapter().refund(refunding(payment, amount=Decimal("19.00"), whole=False))
    giving.decline_settlement(scene.world, ours.reference)
    theirs = giving.refund_by_hand(scene.world, payment, Decimal("20.00"))
    giving.decline_settlement(scene.world, theirs.id)

    facts = await delivered(scene)

    assert [(fact.kind.value, fact.refund) for fact in facts] == [("REFUND_FAILED", REFUND)]


async def test_a_refund_over_paypal_is_pending_first(scene: Scene):
    """Asked for before it is settled."""
    await scene.adapter().collect(by_paypal())
    giving.settle(scene.world)
    refund = await scene.adapter().refund(refunding(scene.world.sold()[0].id))

    facts = list(await scene.adapter().facts(charge(refund.reference)))

    assert kinds(facts) == ["REFUND_PENDING"]


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        ("submitted_for_settlement", ["PAYMENT_SUCCEEDED"]),
        ("settlement_pending", ["PAYMENT_PENDING"]),
        ("voided", ["PAYMENT_CANCELLED", "EXTERNAL_REFUND"]),
        ("authorization_expired", ["PAYMENT_FAILED"]),
        ("authorizing", []),
    ],
)
async def test_a_sale_is_told_as_it_is_now(scene: Scene, status: str, expected: list[str]):
    """A state that we do not know says nothing."""
    payment = await paid(scene)
    scene.world.charges[payment].status = status

    assert kinds(list(await scene.adapter().facts(charge(payment)))) == expected


async def test_refusals_are_told_with_what_the_customer_may_read(scene: Scene):
    """2099 needs the customer, 2087 is our set-up, a duplicate says nothing."""
    adapter = scene.adapter(request_keys=False)
    scene.world.decline_next("2099", "2087", "2001")
    for attempt in (ATTEMPT, OTHER, REFUND):
        await adapter.collect(collection(attempt=attempt))
    scene.world.reject_next("duplicate")
    await adapter.collect(collection(attempt=ATTEMPT.__class__(int=7)))

    facts = [list(await adapter.facts(charge(one.id))) for one in scene.world.sold()]

    assert [kinds(one) for one in facts] == [
        ["ACTION_NEEDED"],
        ["PAYMENT_FAILED"],
        ["PAYMENT_FAILED"],
        [],
    ]
    assert facts[1][0].code == "2087"
    assert facts[2][0].reason is CustomerReason.NO_FUNDS


async def test_a_payment_of_somebody_else_names_no_attempt(scene: Scene):
    """The account may serve a shop as well: the core stores it as foreign."""
    payment = await paid(scene)
    scene.world.charges[payment].order_id = "shop-order-17"
    scene.world.charges[payment].custom_fields = {}

    (fact,) = await scene.adapter(tenant_field="").facts(charge(payment))

    assert (fact.attempt, fact.tenant) == (None, "")


async def test_an_agreement_that_was_ended_is_gone(scene: Scene):
    """payment_method_revoked_by_customer names the token; the vault says whether it is so."""
    giving.revoke(scene.world, "paypal_1")
    (gone,) = await delivered(scene)
    still = ProviderEvent(
        id="e", type="payment_method_revoked_by_customer", payload={"token": "card_1"}
    )

    assert (gone.kind, gone.means_reference, gone.occurred_at) == (
        PaymentFactKind.MEANS_GONE,
        "paypal_1",
        NOW,
    )
    assert await scene.adapter().facts(still) == ()


async def test_what_concerns_no_payment_has_no_facts(scene: Scene):
    """Stored by the core, and nothing follows: check, reports, trial notifications."""
    adapter = scene.adapter()

    assert await adapter.facts(ProviderEvent(id="e", type="check", payload={"kind": "check"})) == ()
    assert await adapter.facts(charge("my_id")) == ()


async def test_facts_that_cannot_be_read_are_read_again(scene: Scene):
    """The inbox keeps the event until Braintree answers."""
    payment = await paid(scene)
    scene.world.fail_next(Fault.BROKEN, "/transactions/")

    with pytest.raises(OutsideUnavailable):
        await scene.adapter().facts(charge(payment))


async def test_polling_finds_what_no_webhook_brought(scene: Scene):
    """Sales, settlements, late refusals and disputes since a moment (O22)."""
    adapter = scene.adapter()
    payment = await paid(scene)
    other = await adapter.collect(collection(attempt=OTHER))
    assert isinstance(other, Succeeded)
    scene.world.clock.advance(timedelta(hours=3))
    giving.decline_settlement(scene.world, other.reference)
    giving.settle(scene.world)
    dispute = giving.dispute(scene.world, payment)

    polled = await adapter.events_since("", NOW)

    assert [event.id for event in polled.events] == [
        f"poll:{payment}:submitted_for_settlement",
        f"poll:{other.reference}:submitted_for_settlement",
        f"poll:{payment}:settled",
        f"poll:{other.reference}:settlement_declined",
        f"poll:{dispute.id}:open",
    ]
    assert (polled.cursor, polled.more) == ("2026-12-01T11:00:00+00:00", False)
    by_poll = {kind for event in polled.events for kind in kinds(list(await adapter.facts(event)))}
    assert by_poll == {"PAYMENT_SUCCEEDED", "CHARGEBACK_OPENED", "CHARGEBACK_LOST"}


async def test_polling_goes_on_behind_its_cursor_day_by_day(scene: Scene):
    """At most a day a call, and the last two hours again: the search lags."""
    adapter = scene.adapter()
    await paid(scene)
    scene.world.clock.advance(timedelta(days=2, hours=1))

    first = await adapter.events_since("", NOW)
    second = await adapter.events_since(first.cursor, NOW)
    third = await adapter.events_since(second.cursor, NOW)
    fourth = await adapter.events_since(third.cursor, NOW)

    assert [one.cursor for one in (first, second, third, fourth)] == [
        "2026-12-02T08:00:00+00:00",
        "2026-12-03T08:00:00+00:00",
        "2026-12-03T09:00:00+00:00",
        "2026-12-03T09:00:00+00:00",
    ]
    assert [one.more for one in (first, second, third)] == [True, True, False]
    assert [len(one.events) for one in (first, second, third)] == [1, 0, 0]


async def test_a_sale_just_before_the_cursor_is_listed_again_under_the_same_id(scene: Scene):
    """Found late by the search, or known already: its id tells."""
    adapter = scene.adapter()
    scene.world.search_lag = timedelta(minutes=30)
    payment = await paid(scene)
    scene.world.clock.advance(timedelta(minutes=20))
    first = await adapter.events_since("", NOW - timedelta(hours=1))
    scene.world.clock.advance(timedelta(minutes=20))

    second = await adapter.events_since(first.cursor, NOW)

    assert first.events == ()
    assert [event.id for event in second.events] == [f"poll:{payment}:submitted_for_settlement"]


async def test_a_list_that_braintree_cuts_off_is_asked_for_in_parts(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
):
    """The cursor moves only over what was listed whole."""
    monkeypatch.setattr("faktura_braintree.events._LISTED_AT_MOST", 3)
    adapter = scene.adapter()
    for number in range(1, 5):
        scene.world.clock.advance(timedelta(hours=6))
        await adapter.collect(collection(attempt=ATTEMPT.__class__(int=number)))
    scene.world.clock.advance(timedelta(hours=1))

    polled = await adapter.events_since("", NOW)

    assert (polled.cursor, polled.more) == ("2026-12-01T20:00:00+00:00", True)
    assert len(polled.events) == 2


async def test_a_list_of_one_minute_is_taken_as_it_is(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
):
    """Below that nothing can be parted: better most of them than none."""
    monkeypatch.setattr("faktura_braintree.events._LISTED_AT_MOST", 1)
    payment = await paid(scene)
    scene.world.clock.advance(timedelta(seconds=30))

    polled = await scene.adapter().events_since("", NOW)

    assert [event.id for event in polled.events] == [f"poll:{payment}:submitted_for_settlement"]


async def test_a_poll_that_is_lost_moves_no_cursor(scene: Scene):
    """It is asked again from where it was."""
    scene.world.fail_next(Fault.GARBAGE_AFTER, "/disputes/")

    with pytest.raises(OutsideUnavailable):
        await scene.adapter().events_since("", datetime(2026, 12, 1, tzinfo=UTC))


async def test_disputes_fill_more_than_one_page(scene: Scene):
    """The SDK pages through; old ones are not listed."""
    scene.world.page_size = 2
    payment = await paid(scene)
    for _ in range(5):
        giving.dispute(scene.world, payment)

    polled = await scene.adapter().events_since("", NOW - timedelta(hours=1))

    assert len([one for one in polled.events if one.type == "dispute_open"]) == 5
