"""Two workers and an open page on one invoice: one charge (P28, payments 6.5)."""

import asyncio
from pathlib import Path

from tests.services.payments.collected import TODAY, CollectScene, opened_page

from faktura.flows.collecting import Wanted, collect, plan
from faktura.kernel.money import Money
from faktura.kernel.terms import PaymentMethod
from faktura.store.database import Database


async def _twice(scene: CollectScene) -> None:
    await asyncio.gather(
        collect(scene.till, Wanted(TODAY)),
        collect(scene.till, Wanted(TODAY)),
        return_exceptions=True,
    )


def test_two_workers_at_once_charge_once(database: Database, tmp_path: Path):
    """P28: one of them writes the attempt, the other finds it under way."""
    scene = CollectScene(database, tmp_path, customers=3)

    asyncio.run(_twice(scene))

    assert scene.store.audit().charges == {"RE-000001": 1, "RE-000002": 1, "RE-000003": 1}
    assert scene.open() == {}


def test_an_open_page_is_closed_before_the_card_is_charged(database: Database, tmp_path: Path):
    """6.5: nobody pays on the page any more, then the saved card is charged once, by two workers."""
    scene = CollectScene(database, tmp_path)
    opened_page(scene)

    asyncio.run(_twice(scene))

    assert sorted(scene.states()) == ["CANCELLED", "SUCCEEDED"]
    assert scene.store.audit().charges == {"RE-000001": 1}


def test_who_paid_on_the_page_is_not_charged_again(database: Database, tmp_path: Path):
    """6.5: the customer was faster; what they paid is booked, the card is left alone."""
    scene = CollectScene(database, tmp_path)
    opened_page(scene)
    scene.store.pay_page("pg_1", scene.now)

    asyncio.run(_twice(scene))

    assert (scene.states(), scene.open()) == (["SUCCEEDED"], {})
    assert scene.store.audit().charges == {"RE-000001": 1}


def test_a_page_stays_open_where_nothing_would_be_collected(database: Database, tmp_path: Path):
    """Who pays by transfer and is on a page is not disturbed."""
    scene = CollectScene(database, tmp_path, method=PaymentMethod.TRANSFER)
    opened_page(scene)

    scene.collect()

    assert scene.states() == ["ACTION_NEEDED"]


def test_a_plan_writes_nothing(database: Database, tmp_path: Path):
    """A dry run shows what would be tried, and asks nobody."""
    scene = CollectScene(database, tmp_path)

    (chunk,) = asyncio.run(plan(scene.till, Wanted(TODAY)))

    assert [one.amount for one in chunk.attempts] == [Money(3_570, "EUR")]
    assert (scene.states(), scene.store.calls()) == ([], [])


def test_an_answer_that_cannot_be_kept_stops_nobody_else(database: Database, tmp_path: Path):
    """One report fails by itself: the other is kept, a person is asked, nothing is lost."""
    scene = CollectScene(database, tmp_path, customers=2)
    scene.say_nonsense()

    scene.collect()

    assert (scene.states("RE-000001"), scene.states("RE-000002")) == (["SENT"], ["SUCCEEDED"])
    assert scene.task_kinds() == ["PAYMENT_UNCLEAR"]
