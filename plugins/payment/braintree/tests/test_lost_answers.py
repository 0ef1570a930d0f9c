"""No answer is no decline: each way to lose one, and one charge at the end (payments 3.3, 6.5)."""

import asyncio
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from braintree_double import audit
from braintree_double.ledger import charges_in
from braintree_double.records import Key
from braintree_double.scene import (
    ATTEMPT,
    KEY,
    NOW,
    OTHER,
    Memory,
    Scene,
    asked,
    by_paypal,
    collection,
    new_world,
)
from braintree_double.server import in_a_thread, running
from braintree_double.world import Fault
from faktura.plugin import Absent, Declined, MeansReference, Pending, Succeeded, Unclear

SALE = "/transactions$"
DONE = [
    Fault.LOST_AFTER,
    Fault.BROKEN_AFTER,
    Fault.DOWN_AFTER,
    Fault.TIMED_OUT_AFTER,
    Fault.GARBAGE_AFTER,
]
NOT_DONE = [Fault.CUT, Fault.BROKEN, Fault.DOWN]


@pytest.mark.parametrize("fault", DONE)
async def test_a_lost_answer_is_unclear_and_the_same_request_gives_the_first_sale(
    scene: Scene, fault: Fault
):
    """With request keys the resolver repeats the attempt: at most once at Braintree."""
    adapter = scene.adapter()
    scene.world.fail_next(fault, SALE)

    first = await adapter.collect(collection())
    second = await adapter.collect(collection())

    assert isinstance(first, Unclear)
    assert second == Succeeded(
        reference=scene.world.sold()[0].id, amount=Decimal("119.00"), currency="EUR", at=NOW
    )
    assert audit.charges_by_order(scene.world.charges.values()) == {KEY: 1}
    assert audit.charges_by_invoice(scene.world.charges.values()) == {"RE-1001": 1}


@pytest.mark.parametrize("fault", NOT_DONE)
async def test_what_was_not_done_is_unclear_as_well_and_sells_when_repeated(
    scene: Scene, fault: Fault
):
    """From outside nobody can tell these from the others."""
    adapter = scene.adapter()
    scene.world.fail_next(fault, SALE)

    assert isinstance(await adapter.collect(collection()), Unclear)
    assert isinstance(await adapter.collect(collection()), Succeeded)
    assert audit.charges_by_order(scene.world.charges.values()) == {KEY: 1}


@pytest.mark.parametrize("fault", DONE)
async def test_without_request_keys_the_search_finds_what_was_lost(scene: Scene, fault: Fault):
    """The order id is the attempt's key; the search lags and says Absent until then."""
    scene.world.has_request_keys = False
    scene.world.search_lag = timedelta(minutes=5)
    adapter = scene.adapter(request_keys=False)
    scene.world.fail_next(fault, SALE)

    assert isinstance(await adapter.collect(collection()), Unclear)
    assert await adapter.look_up(asked(collection())) == Absent()
    scene.world.clock.advance(timedelta(minutes=5))
    assert isinstance(await adapter.look_up(asked(collection())), Succeeded)
    assert audit.charges_by_order(scene.world.charges.values()) == {KEY: 1}


async def test_an_account_without_request_keys_is_met_once_and_remembered(scene: Scene):
    """915231: switch off and fall back, also after a restart (payments 3.3)."""
    scene.world.has_request_keys = False

    first = await scene.adapter().collect(collection())
    second = await scene.adapter().collect(collection(attempt=OTHER))

    assert isinstance(first, Succeeded)
    assert isinstance(second, Succeeded)
    assert scene.state.kept == {"request_keys": {"use": "refused"}}
    assert scene.adapter().capabilities().key_window is None
    # Refused, two searches for nothing (no ids, no page), sold; then sold at once.
    sent = [path.removeprefix("/merchants/werk") for _, path, _ in scene.world.requests]
    assert sent == [
        "/transactions",
        "/transactions/advanced_search_ids",
        "/transactions",
        "/transactions",
    ]


async def test_an_account_that_lost_its_request_keys_never_sells_over_an_unknown(scene: Scene):
    """An earlier sending of this very request may have sold: look it up first."""
    adapter = scene.adapter()
    await adapter.collect(collection(attempt=OTHER))
    scene.world.fail_next(Fault.LOST_AFTER, SALE)
    await adapter.collect(collection())
    scene.world.has_request_keys = False

    again = await adapter.collect(collection())

    assert again == Unclear(why="the account lost its request keys")
    assert isinstance(await adapter.look_up(asked(collection())), Succeeded)
    assert adapter.capabilities().key_window is None
    assert audit.charges_by_order(scene.world.charges.values()) == {OTHER.hex: 1, KEY: 1}


async def test_keys_that_are_switched_on_later_do_not_sell_again(scene: Scene):
    """Braintree never saw the key of what was sent without one; the core repeats it all the same."""
    scene.world.fail_next(Fault.LOST_AFTER, "/transactions$", "POST")
    assert isinstance(await scene.adapter(request_keys=False).collect(collection()), Unclear)
    scene.world.clock.advance(timedelta(minutes=5))

    again = await scene.adapter().collect(collection())

    assert isinstance(again, Succeeded)
    assert scene.statuses() == ["submitted_for_settlement"]


async def test_a_sale_counts_whose_merchant_account_was_taken_away_since(scene: Scene):
    """Rejected would free the invoice for a second charge."""
    scene.world.fail_next(Fault.LOST_AFTER, "/transactions$", "POST")
    await scene.adapter().collect(collection())

    again = await scene.adapter(merchant_accounts={"USD": "werk_usd"}).collect(collection())

    assert isinstance(again, Succeeded)
    assert scene.statuses() == ["submitted_for_settlement"]


async def test_the_fallback_finds_what_an_earlier_sending_sold(scene: Scene):
    """Nothing was remembered, and a sale of this order exists: it is the outcome."""
    await scene.adapter(request_keys=False).collect(collection())
    scene.world.has_request_keys = False

    outcome = await scene.adapter().collect(collection())

    assert isinstance(outcome, Succeeded)
    assert scene.statuses() == ["submitted_for_settlement"]


async def test_a_fallback_whose_search_or_sale_is_lost_is_unclear(scene: Scene):
    """From then on the core asks by look_up, never by another sale."""
    scene.world.has_request_keys = False
    scene.world.fail_next(Fault.LOST_AFTER, "/advanced_search_ids$")

    first = await scene.adapter().collect(collection())

    assert isinstance(first, Unclear)
    assert scene.statuses() == []
    scene.state.kept.clear()
    # The first sale is the refused one, the second is the fallback's.
    scene.world.fail_next(Fault.SLOW, SALE)
    scene.world.slow_seconds = 0
    scene.world.fail_next(Fault.LOST_AFTER, SALE)
    assert isinstance(await scene.adapter().collect(collection()), Unclear)
    assert scene.statuses() == ["submitted_for_settlement"]


async def test_a_rejected_duplicate_proves_the_first_one(scene: Scene):
    """gateway_rejected/duplicate is no failure: the search tells what the first came to."""
    adapter = scene.adapter(request_keys=False)
    scene.world.fail_next(Fault.LOST_AFTER, SALE)
    await adapter.collect(collection())

    repeated = await adapter.collect(collection())

    assert isinstance(repeated, Succeeded)
    assert scene.statuses() == ["submitted_for_settlement", "gateway_rejected"]
    assert audit.charges_by_order(scene.world.charges.values()) == {KEY: 1}


async def test_a_duplicate_whose_first_one_is_not_found_yet_stays_unclear(scene: Scene):
    """The search lags: neither paid nor declined, until it shows the first one."""
    adapter = scene.adapter(request_keys=False)
    await adapter.collect(collection())
    scene.world.search_lag = timedelta(minutes=1)

    repeated = await adapter.collect(collection())
    by_reference = await adapter.look_up(asked(collection(), scene.world.sold()[1].id))

    assert isinstance(repeated, Unclear)
    assert by_reference == Absent()
    scene.world.clock.advance(timedelta(minutes=1))
    assert isinstance(await adapter.look_up(asked(collection())), Succeeded)


async def test_only_duplicates_in_the_search_are_no_decline(scene: Scene):
    """Whoever sees the echo alone must not charge again."""
    scene.world.reject_next("duplicate")
    adapter = scene.adapter(request_keys=False)

    assert isinstance(await adapter.collect(collection()), Unclear)
    assert isinstance(await adapter.look_up(asked(collection())), Unclear)


async def test_a_duplicate_whose_search_fails_stays_unclear(scene: Scene):
    """A search that did not come back is no "not found", and no "nothing was sent" either."""
    adapter = scene.adapter(request_keys=False)
    await adapter.collect(collection())
    scene.world.fail_next(Fault.BUSY, "/advanced_search_ids$")

    assert isinstance(await adapter.collect(collection()), Unclear)


async def test_an_order_that_paypal_knows_is_looked_up(scene: Scene):
    """2069: PayPal refuses a reused order id for ever; the first one is the outcome."""
    adapter = scene.adapter(request_keys=False)
    await adapter.collect(by_paypal())

    repeated = await adapter.collect(by_paypal())

    assert isinstance(repeated, Pending)
    assert repeated.reference == scene.world.sold()[0].id
    assert audit.charges_by_order(scene.world.charges.values()) == {KEY: 1}


@pytest.mark.parametrize(("state", "code"), [("running", "915233"), ("server_error", "915235")])
async def test_a_request_that_still_runs_or_broke_there_is_unclear(
    scene: Scene, state: str, code: str
):
    """In flight, or a server error under the key: nobody knows yet."""
    adapter = scene.adapter()
    await adapter.collect(collection())
    scene.world.charges.clear()
    key = scene.world.keys[KEY]
    scene.world.keep(key.model_copy(update={"state": state}))

    outcome = await adapter.collect(collection())

    assert isinstance(outcome, Unclear)
    assert (scene.world.requests[-2][2], code) == (422, code)


async def test_another_request_under_the_same_key_gives_what_the_first_one_came_to(scene: Scene):
    """915232 would be our own mistake: the money of the first one counts."""
    adapter = scene.adapter()
    first = await adapter.collect(collection())

    second = await adapter.collect(collection(amount=Decimal("20.00")))

    assert second == first
    assert audit.charges_by_order(scene.world.charges.values()) == {KEY: 1}


async def test_a_key_whose_request_failed_there_ends_as_a_failure_after_an_hour(scene: Scene):
    """915234: it never was a transaction; the search gets an hour to prove the opposite."""
    adapter = scene.adapter()
    wrong = collection(means=MeansReference(reference="deleted"))
    await adapter.collect(wrong)

    early = await adapter.collect(wrong)
    scene.world.clock.advance(timedelta(hours=1, seconds=1))
    late = await adapter.collect(wrong)

    assert isinstance(early, Unclear)
    assert isinstance(late, Declined)
    assert (late.code, late.hard) == ("915234", False)


async def test_a_key_is_good_for_thirty_days_and_no_longer(scene: Scene):
    """The capability says so: the core looks up instead once it is nearly over."""
    adapter = scene.adapter()
    await adapter.collect(collection())
    scene.world.keep(Key(key=KEY, request="another", made_at=NOW - timedelta(days=30)))

    await adapter.collect(collection())

    assert audit.charges_by_order(scene.world.charges.values()) == {KEY: 2}


async def test_a_look_up_prefers_the_money_that_moved(scene: Scene, caplog):
    """Of two sales of one order the paid one counts; two paid ones are an error for a person."""
    adapter = scene.adapter(request_keys=False)
    scene.world.decline_next("2000")
    await adapter.collect(collection())
    await adapter.collect(collection())

    found = await adapter.look_up(asked(collection()))
    scene.world.clock.advance(timedelta(seconds=31))
    await adapter.collect(collection())
    again = await adapter.look_up(asked(collection(), "unknown"))

    assert isinstance(found, Succeeded)
    assert isinstance(again, Succeeded)
    assert [record.message for record in caplog.records] == ["braintree_sold_twice"]


@pytest.mark.parametrize("path", ["/advanced_search_ids$", "/advanced_search$"])
async def test_a_search_that_fails_is_not_not_found(scene: Scene, path: str):
    """A failed search raises in the SDK; that is "don't know" (payments 3.3)."""
    adapter = scene.adapter()
    await adapter.collect(collection())
    scene.world.fail_next(Fault.DOWN, path)

    assert isinstance(await adapter.look_up(asked(collection())), Unclear)


async def test_a_cancelled_wait_frees_the_thread_and_the_sale_stands(scene: Scene):
    """The thread cannot be stopped, its request can; the outcome is unknown (payments 3.1)."""
    adapter = scene.adapter(threads=1)
    scene.world.slow_seconds = 0.3
    scene.world.fail_next(Fault.SLOW_AFTER, SALE)
    waiting = asyncio.create_task(adapter.collect(collection()))
    await scene.world.sale_made.wait()

    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting

    # The only thread is free at once, and the same request gives the first sale.
    assert isinstance(await adapter.collect(collection()), Succeeded)
    assert audit.charges_by_order(scene.world.charges.values()) == {KEY: 1}


async def test_two_workers_with_the_same_attempt_charge_once(scene: Scene):
    """The lease only saves calls: the key keeps the money right (payments 6.5)."""
    scene.world.slow_seconds = 0.02
    scene.world.fail_next(Fault.SLOW_AFTER, SALE, times=2)
    one, other = scene.adapter(), scene.adapter()

    await asyncio.gather(one.collect(collection()), other.collect(collection()))

    assert audit.charges_by_order(scene.world.charges.values()) == {KEY: 1}


async def test_many_collections_run_beside_each_other_but_not_all_at_once(scene: Scene):
    """A small pool of threads per adapter bounds the calls in flight."""
    scene.world.slow_seconds = 0.02
    scene.world.fail_next(Fault.SLOW, SALE, times=20)
    adapter = scene.adapter(threads=4)
    attempts = [ATTEMPT.__class__(int=ATTEMPT.int + number) for number in range(20)]

    outcomes = await asyncio.gather(*(adapter.collect(collection(attempt=one)) for one in attempts))

    assert {type(outcome) for outcome in outcomes} == {Succeeded}
    assert scene.world.most_running == 4
    assert len(scene.world.sold()) == 20


async def test_charges_outlive_the_double_in_its_file(tmp_path: Path):
    """The audit counts what a killed process had charged."""
    path = tmp_path / "braintree.db"
    async with running(new_world(path=path)) as double:
        await Scene(double, Memory()).adapter().collect(collection())

    assert audit.charges_by_order(charges_in(path)) == {KEY: 1}
    async with running(new_world(path=path)) as double:
        again = await Scene(double, Memory()).adapter().collect(collection())
    assert isinstance(again, Succeeded)
    assert audit.taken(charges_in(path)) == Decimal("119.00")


def test_a_loop_that_ends_leaves_the_sale_and_no_thread(tmp_path: Path):
    """A worker that is told to stop: its loop ends in the middle, another one resolves it."""
    world = new_world(path=tmp_path / "braintree.db", slow_seconds=0.2)
    world.fail_next(Fault.SLOW_AFTER, SALE)
    state = Memory()

    async def stop_in_the_middle() -> None:
        waiting = asyncio.create_task(Scene(double, state).adapter().collect(collection()))
        while not world.sold():  # noqa: ASYNC110 - the double lives in another loop
            await asyncio.sleep(0.001)
        waiting.cancel()
        await asyncio.gather(waiting, return_exceptions=True)

    with in_a_thread(world) as double:
        asyncio.run(stop_in_the_middle())
        again = asyncio.run(Scene(double, state).adapter().collect(collection()))

    assert isinstance(again, Succeeded)
    assert audit.charges_by_order(charges_in(tmp_path / "braintree.db")) == {KEY: 1}
