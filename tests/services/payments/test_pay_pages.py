"""Pages on which customers pay: one charge a document, whoever comes at the same moment (F089, P28)."""

import asyncio
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from tests.services.company import settle
from tests.services.payments.pay_scene import (
    BACK,
    CARD,
    PAYPAL,
    Scene,
    build,
    copied,
    pay_scene,
    started,
    wish,
)

from faktura.domain.pay_links import PayState
from faktura.flows.pay_desk import come_back, start_page
from faktura.flows.pay_pages import close_open_page, expire_pages, resolve_page
from faktura.kernel.money import Money
from faktura.kernel.outside_errors import AccountBroken, OutsideUnavailable
from faktura.plugin import OpenedPage, PageRequest, PageResult, Unclear
from faktura.services.page_attempts import Claimed, Refusal, claim_page, mark_page_sent
from faktura.services.page_requests import kept_page, page_request
from faktura.store.payment_accounts import account_of
from faktura.store.tasks import TaskFilter, find_tasks
from faktura.testing.payment_double import DoubleProvider


@pytest.fixture
def scene(database_url: str, tmp_path: Path) -> Iterator[Scene]:
    """Cards and PayPal at the double."""
    build(database_url)
    made = pay_scene(database_url, tmp_path, {"double": frozenset({CARD, PAYPAL})})
    yield made
    made.app.close()


@pytest.fixture
def lite(migrated_file: Path, tmp_path: Path) -> Iterator[Scene]:
    """Cards and PayPal at the double, on SQLite."""
    url = copied(migrated_file, tmp_path)
    made = pay_scene(url, tmp_path, {"double": frozenset({CARD, PAYPAL})})
    yield made
    made.app.close()


async def test_a_page_is_for_exactly_the_open_amount_and_written_down_before_it_is_opened(scene):
    """The request is frozen with its attempt; the page ends after an hour."""
    begun = await started(scene)

    request, page = page_request(begun), kept_page(begun)
    assert begun.state == "ACTION_NEEDED"
    assert (begun.channel, begun.tries, begun.amount) == ("PAGE", 1, Money(7_140, "EUR"))
    assert page is not None
    assert (page.reference, page.url) == ("pg_1", "https://double.example/page/1")
    assert (str(request.amount), request.currency) == ("71.40", "EUR")
    assert (request.tenant, request.invoice_number) == ("werk", "RE-000001")
    assert (request.customer_number, request.return_url) == ("K-1", BACK)
    assert request.expires_at - request.created_at == timedelta(minutes=60)
    assert begun.next_check_at == request.expires_at
    assert scene.store.audit().charges == {}


async def test_two_tabs_get_the_same_page_and_the_customer_pays_once(scene):
    """At the same moment, and one after the other."""
    first, second = await asyncio.gather(started(scene), started(scene))
    third = await started(scene)
    scene.store.pay_page("pg_1", scene.clock.now())
    await come_back(scene.desk, scene.document())
    late = await start_page(scene.desk, scene.document(), wish())

    assert first.id == second.id == third.id
    assert scene.states() == ["SUCCEEDED"]
    assert late is Refusal.NOTHING_OPEN
    assert scene.view().state is PayState.PAID
    assert scene.view().open == Money(0, "EUR")
    assert scene.store.audit().charges == {"RE-000001": 1}
    assert scene.store.audit().violations == ()


async def test_another_method_closes_the_first_page(scene):
    """Nobody can pay on the closed one; the second one is another attempt."""
    await started(scene)
    second = await started(scene, method=PAYPAL)

    assert scene.states() == ["CANCELLED", "ACTION_NEEDED"]
    assert second.method is PAYPAL
    with pytest.raises(ValueError, match="pg_1 is CLOSED"):
        scene.store.pay_page("pg_1", scene.clock.now())


async def test_who_paid_before_choosing_again_has_paid(scene):
    """The page cannot be closed any more: what was done there counts (payments 6.5)."""
    await started(scene)
    scene.store.pay_page("pg_1", scene.clock.now())

    again = await start_page(scene.desk, scene.document(), wish(PAYPAL))

    assert again is Refusal.NOTHING_OPEN
    assert scene.states() == ["SUCCEEDED"]
    assert scene.store.audit().charges == {"RE-000001": 1}


async def test_tabs_that_want_different_methods_at_once_are_charged_once(scene):
    """However they follow each other, one page is left that can be paid."""
    await asyncio.gather(
        *(start_page(scene.desk, scene.document(), wish(method)) for method in (CARD, PAYPAL) * 2)
    )
    for number in range(1, 9):
        try:
            scene.store.pay_page(f"pg_{number}", scene.clock.now())
        except (ValueError, TypeError):
            continue
    await come_back(scene.desk, scene.document())
    await expire_pages(scene.app.database, scene.app.adapters, scene.tenant)

    assert scene.store.audit().charges.get("RE-000001", 0) <= 1
    live = [one for one in scene.attempts() if one.is_live]
    assert len(live) <= 1


async def test_a_page_that_another_tab_is_asking_for_is_not_given_up(lite):
    """It was seen before it was asked for: its page may be open by now, nothing else is opened."""
    with lite.app.database.write(lite.tenant.id) as tx:
        claimed = claim_page(tx, lite.tenant, lite.document(), wish(), "double")
        assert isinstance(claimed, Claimed)
        mark_page_sent(tx, claimed.attempt.id)

    closed = await close_open_page(lite.provider(), claimed.attempt)

    assert (closed.attempt.is_live, lite.states()) == (True, ["SENT"])


async def test_a_page_of_an_old_amount_is_closed_before_another_one_is_opened(scene):
    """A credit note or another payment came in between (payments 7, row 20)."""
    await started(scene)
    settle(scene.app.database, scene.tenant, "RE-000001", 1_140)

    refused = await start_page(scene.desk, scene.document(), wish())
    begun = await started(scene, cents=6_000)

    assert refused is Refusal.AMOUNT_CHANGED
    assert scene.states() == ["CANCELLED", "ACTION_NEEDED"]
    assert page_request(begun).amount is not None
    assert str(page_request(begun).amount) == "60.00"


async def test_pages_are_closed_by_time_and_when_the_amount_changes(lite):
    """None is left open for ever, and none over what is not owed any more."""
    database, adapters = lite.app.database, lite.app.adapters
    await started(lite)
    early = await expire_pages(database, adapters, lite.tenant)
    settle(database, lite.tenant, "RE-000001", 1_140)
    changed = await expire_pages(database, adapters, lite.tenant)
    await started(lite, cents=6_000)
    lite.clock.advance(timedelta(minutes=60))
    over = await expire_pages(database, adapters, lite.tenant)

    assert (early, changed, over) == (0, 1, 1)
    assert lite.states() == ["CANCELLED", "CANCELLED"]


async def test_a_page_is_read_while_it_waits_and_closed_when_its_time_is_over(lite):
    """No browser came back and nothing was delivered (payments 7, rows 8 and 18)."""
    begun = await started(lite)
    lite.clock.advance(timedelta(minutes=20))
    waiting = await resolve_page(lite.provider(), begun)
    lite.store.pay_page("pg_1", lite.clock.now())
    paid = await resolve_page(lite.provider(), waiting.attempt)

    assert not waiting.moved
    assert waiting.attempt.next_check_at == lite.clock.now() + timedelta(minutes=10)
    assert (paid.moved, paid.attempt.state) == (True, "SUCCEEDED")
    assert lite.view().state is PayState.PAID


async def test_a_page_whose_opening_was_lost_is_found_again_by_its_key(lite, monkeypatch):
    """The same request: the same page, once."""
    opens = DoubleProvider.open_page

    async def loses(self: DoubleProvider, request: PageRequest) -> OpenedPage:
        await opens(self, request)
        raise TimeoutError

    with monkeypatch.context() as broken:
        broken.setattr(DoubleProvider, "open_page", loses)
        lost = await start_page(lite.desk, lite.document(), wish())
        state = lite.states()
    found = await started(lite)

    assert lost is Refusal.UNAVAILABLE
    assert state == ["SENT"]
    page = kept_page(found)
    assert page is not None
    assert page.reference == "pg_1"
    assert (found.tries, lite.states()) == (2, ["ACTION_NEEDED"])
    assert lite.store.audit().violations == ()


async def test_a_lost_page_is_found_and_closed_before_anything_else_is_charged(lite, monkeypatch):
    """The collecting run asks for it: afterwards the document is free."""
    opens = DoubleProvider.open_page

    async def loses(self: DoubleProvider, request: PageRequest) -> OpenedPage:
        await opens(self, request)
        raise TimeoutError

    with monkeypatch.context() as broken:
        broken.setattr(DoubleProvider, "open_page", loses)
        await start_page(lite.desk, lite.document(), wish())
        still = await close_open_page(lite.provider(), lite.attempts()[0])
    closed = await close_open_page(lite.provider(), lite.attempts()[0])

    assert still.attempt.is_live
    assert (closed.moved, closed.attempt.state) == (True, "CANCELLED")
    with pytest.raises(ValueError, match="CLOSED"):
        lite.store.pay_page("pg_1", lite.clock.now())


async def test_a_page_that_its_provider_never_knew_is_given_up_an_hour_after_its_end(
    lite, monkeypatch
):
    """Nobody knows its address; it must not block the document for ever."""

    async def loses(_self: DoubleProvider, _request: PageRequest) -> OpenedPage:
        raise TimeoutError

    monkeypatch.setattr(DoubleProvider, "open_page", loses)
    await start_page(lite.desk, lite.document(), wish())
    lite.clock.advance(timedelta(minutes=120))
    early = await resolve_page(lite.provider(), lite.attempts()[0])
    lite.clock.advance(timedelta(minutes=1))
    late = await resolve_page(lite.provider(), lite.attempts()[0])

    assert early.attempt.state == "SENT"
    assert late.attempt.state == "CANCELLED"


@pytest.mark.parametrize(
    ("raised", "state"),
    [(OutsideUnavailable("away"), "ACTIVE"), (AccountBroken("key refused"), "BROKEN")],
)
async def test_what_was_surely_not_opened_leaves_nothing_live(lite, monkeypatch, raised, state):
    """Not reached, or our key is refused: then the account is broken, the customer hears nothing."""

    async def fails(_self: DoubleProvider, _request: PageRequest) -> OpenedPage:
        raise raised

    monkeypatch.setattr(DoubleProvider, "open_page", fails)
    refused = await start_page(lite.desk, lite.document(), wish())

    assert refused is Refusal.UNAVAILABLE
    assert lite.states() == ["CANCELLED"]
    with lite.app.database.read(lite.tenant.id) as tx:
        assert account_of(tx, "double").state == state


async def test_what_cannot_be_closed_stays_live_and_after_a_day_is_a_task(lite, monkeypatch):
    """Nothing else may be charged over an unknown (P27)."""

    async def unclear(*_given: object) -> PageResult:
        return PageResult(outcome=Unclear(why="500"))

    begun = await started(lite)
    monkeypatch.setattr(DoubleProvider, "close_page", unclear)
    refused = await start_page(lite.desk, lite.document(), wish(PAYPAL))
    lite.clock.advance(timedelta(hours=25))
    left = await resolve_page(lite.provider(), lite.attempts()[0])

    assert refused is Refusal.UNDER_WAY
    assert (left.attempt.id, left.attempt.is_live) == (begun.id, True)
    with lite.app.database.read(lite.tenant.id) as tx:
        assert [one.kind for one in find_tasks(tx, TaskFilter())] == ["PAYMENT_UNCLEAR"]
