"""A page and a run at the same moment: one charge, on both databases (P28; payments 7, row 1)."""

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from tests.services.payments.pay_scene import (
    CARD,
    PAYPAL,
    Scene,
    build,
    pay_scene,
    started,
    wish,
)

from faktura.flows.collecting import Till, Wanted, collect
from faktura.flows.pay_desk import come_back, start_page
from faktura.kernel.outside_errors import OutsideUnavailable
from faktura.plugin import MeansReference, Outcome, PageRequest, PageResult, SavedMeans
from faktura.services.page_attempts import Refusal
from faktura.services.payment_means import save_means
from faktura.store.customers import replace_customers
from faktura.testing.double_steps import Do, Step
from faktura.testing.payment_double import DoubleProvider

ON = date(2026, 10, 31)


@pytest.fixture
def scene(database_url: str, tmp_path: Path) -> Iterator[Scene]:
    """K-1 has a card at the double by which invoices are collected."""
    build(database_url)
    made = pay_scene(database_url, tmp_path, {"double": frozenset({CARD, PAYPAL})})
    saved = SavedMeans(means=MeansReference(reference="tok_4242"), method=CARD, label="Card 4242")
    made.store.keep_means("tok_4242")
    customer = made.customer()
    with made.app.database.write(made.tenant.id) as tx:
        save_means(tx, customer.id, "double", saved)
        replace_customers(tx, [replace(customer, payment_method=CARD)])
    yield made
    made.app.close()


async def collected(scene: Scene) -> None:
    """Collect all that is due."""
    await collect(Till(scene.app.database, scene.app.adapters, scene.tenant), Wanted(ON))


def paid_wherever_possible(scene: Scene) -> int:
    """The customer pays on every page that is still open; how many there were."""
    pages = [no for (no,) in _rows(scene, "SELECT no FROM page WHERE state = 'OPEN'")]
    for no in pages:
        scene.store.pay_page(f"pg_{no}", scene.clock.now())
    return len(pages)


def _rows(scene: Scene, query: str) -> list[tuple[int]]:
    with scene.store.changing() as books:
        return list(books.execute(query))


async def test_a_run_closes_an_open_page_before_it_charges(scene):
    """Twenty audited double charges at another hub were exactly this."""
    await started(scene)
    await collected(scene)

    assert scene.states() == ["CANCELLED", "SUCCEEDED"]
    assert paid_wherever_possible(scene) == 0
    assert scene.store.audit().charges == {"RE-000001": 1}


async def test_a_run_leaves_what_was_paid_on_a_page_a_moment_before(scene):
    """Nobody has come back yet, nothing was delivered."""
    await started(scene)
    assert paid_wherever_possible(scene) == 1
    await collected(scene)

    assert scene.states() == ["SUCCEEDED"]
    assert scene.store.audit().charges == {"RE-000001": 1}


async def test_who_pays_while_the_page_is_being_closed_has_paid(scene, monkeypatch):
    """The provider decides who was first."""
    closes = DoubleProvider.close_page

    async def is_slow(self: DoubleProvider, request: PageRequest, reference: str) -> PageResult:
        scene.store.pay_page(reference, scene.clock.now())
        return await closes(self, request, reference)

    await started(scene)
    monkeypatch.setattr(DoubleProvider, "close_page", is_slow)
    await collected(scene)

    assert scene.states() == ["SUCCEEDED"]
    assert scene.store.audit().charges == {"RE-000001": 1}


async def test_no_page_is_opened_while_a_run_asks_for_the_money(scene, monkeypatch):
    """The attempt of the run is live until its outcome is known."""
    charges = DoubleProvider.collect
    seen: list[object] = []

    async def is_slow(self: DoubleProvider, request: object) -> object:
        seen.append(await start_page(scene.desk, scene.document(), wish()))
        return await charges(self, request)  # type: ignore[arg-type]

    monkeypatch.setattr(DoubleProvider, "collect", is_slow)
    await collected(scene)

    assert seen == [Refusal.UNDER_WAY]
    assert scene.states() == ["SUCCEEDED"]


async def test_two_tabs_and_a_run_at_once_charge_once(scene):
    """However they follow each other: then the customer pays wherever a page is open."""
    await asyncio.gather(
        collected(scene),
        start_page(scene.desk, scene.document(), wish()),
        start_page(scene.desk, scene.document(), wish(PAYPAL)),
    )
    paid_wherever_possible(scene)
    await come_back(scene.desk, scene.document())
    await collected(scene)

    assert scene.store.audit().charges == {"RE-000001": 1}
    assert scene.states().count("SUCCEEDED") == 1
    assert not any(one.is_live for one in scene.attempts())


async def test_a_payment_that_waits_for_its_customer_is_called_off_for_a_page(scene):
    """Their bank wanted them to confirm it: they pay on the page instead, once (1.13)."""
    scene.store.script(Step(Do.ACT))
    await collected(scene)
    before = scene.states()
    begun = await start_page(scene.desk, scene.document(), wish())
    assert paid_wherever_possible(scene) == 1
    await come_back(scene.desk, scene.document())

    assert before == ["ACTION_NEEDED"]
    assert not isinstance(begun, Refusal)
    assert scene.states() == ["CANCELLED", "SUCCEEDED"]
    assert scene.store.audit().charges == {"RE-000001": 1}


async def test_a_payment_that_cannot_be_called_off_stays_the_only_one(scene, monkeypatch):
    """Nobody can say: nothing else may be charged."""

    async def away(*_given: object) -> Outcome:
        raise OutsideUnavailable("away")

    scene.store.script(Step(Do.ACT))
    await collected(scene)
    monkeypatch.setattr(DoubleProvider, "cancel", away)
    refused = await start_page(scene.desk, scene.document(), wish())

    assert refused is Refusal.UNDER_WAY
    assert scene.states() == ["ACTION_NEEDED"]
