"""Results of the provider's fields in our own page: charged once, by the attempt's key (F089, P26)."""

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from tests.services.company import settle
from tests.services.payments.pay_scene import (
    CARD,
    FieldsProvider,
    Scene,
    copied,
    pay_scene,
    started,
)

from faktura.domain.pay_links import PayState
from faktura.flows.pay_desk import finish_page
from faktura.flows.pay_pages import close_open_page, resolve_page
from faktura.kernel.payment_terms import ProviderState
from faktura.plugin import Capabilities, PageRequest, PageResult, Unclear


@pytest.fixture
def own(migrated_file: Path, tmp_path: Path) -> Iterator[Scene]:
    """Cards in a page of ours, on SQLite."""
    made = pay_scene(copied(migrated_file, tmp_path), tmp_path, {"fields": frozenset({CARD})})
    yield made
    made.app.close()


async def test_a_result_of_our_own_page_is_charged_once(own):
    """The form is sent twice, and again later."""
    await started(own)
    await asyncio.gather(
        *(finish_page(own.desk, own.document(), result) for result in ("nonce", "nonce", "other"))
    )
    await finish_page(own.desk, own.document(), "nonce")

    assert own.states() == ["SUCCEEDED"]
    assert own.store.audit().charges == {"RE-000001": 1}


async def test_a_result_whose_answer_was_lost_is_sent_again_by_its_key(own, monkeypatch):
    """Meanwhile nothing else may charge the document, and nobody closes the page."""
    finishes = FieldsProvider.finish_page

    async def loses(self: FieldsProvider, request: PageRequest, result: str) -> PageResult:
        await finishes(self, request, result)
        raise TimeoutError

    begun = await started(own)
    with monkeypatch.context() as broken:
        broken.setattr(FieldsProvider, "finish_page", loses)
        await finish_page(own.desk, own.document(), "nonce")
    during = own.view().state
    (left,) = own.attempts()
    closed = await close_open_page(own.provider("fields"), left)
    own.clock.advance(timedelta(minutes=5))
    done = await resolve_page(own.provider("fields"), left)

    assert during is PayState.UNDER_WAY
    assert (closed.moved, closed.attempt.is_live) == (False, True)
    assert (done.attempt.id, done.attempt.state) == (begun.id, "SUCCEEDED")
    assert own.store.audit().charges == {"RE-000001": 1}


async def test_over_a_paused_account_a_lost_result_is_only_asked_for(own, monkeypatch):
    """It was taken: found and booked; the request is not sent again, whatever its key."""
    finishes, asked = FieldsProvider.finish_page, []

    async def loses(self: FieldsProvider, request: PageRequest, result: str) -> PageResult:
        asked.append(result)
        await finishes(self, request, result)
        raise TimeoutError

    await started(own)
    monkeypatch.setattr(FieldsProvider, "finish_page", loses)
    await finish_page(own.desk, own.document(), "nonce")
    provider = own.provider("fields")
    paused = replace(provider, account=replace(provider.account, state=ProviderState.PAUSED))
    own.clock.advance(timedelta(minutes=5))
    done = await resolve_page(paused, own.attempts()[0])

    assert (asked, done.attempt.state) == (["nonce"], "SUCCEEDED")
    assert own.store.audit().charges == {"RE-000001": 1}


async def test_no_result_is_taken_of_a_page_that_is_being_closed(own, monkeypatch):
    """A run closes it; what the customer sends now would be a second charge."""

    async def unclear(*_given: object) -> PageResult:
        return PageResult(outcome=Unclear(why="500"))

    begun = await started(own)
    monkeypatch.setattr(FieldsProvider, "close_page", unclear)
    await close_open_page(own.provider("fields"), begun)
    await finish_page(own.desk, own.document(), "nonce")

    assert own.store.audit().charges == {}
    assert own.states() == ["ACTION_NEEDED"]


async def test_no_result_is_taken_for_an_amount_that_is_not_owed_any_more(own):
    """The page was opened before a credit note."""
    await started(own)
    settle(own.app.database, own.tenant, "RE-000001", 1_140)
    await finish_page(own.desk, own.document(), "nonce")

    assert own.store.audit().charges == {}


async def test_a_declined_result_lets_the_customer_try_again(own):
    """Another attempt, with another key."""
    await started(own)
    await finish_page(own.desk, own.document(), "decline")
    declined = own.states()
    await started(own)
    await finish_page(own.desk, own.document(), "nonce")

    assert declined == ["FAILED"]
    assert own.states() == ["FAILED", "SUCCEEDED"]
    assert own.store.audit().charges == {"RE-000001": 1}


async def test_a_result_is_only_asked_for_where_the_provider_knows_no_keys(own, monkeypatch):
    """Nothing known of it after an hour: it cannot be charged any more (payments 6.5)."""
    told = FieldsProvider.capabilities

    def without_keys(self: FieldsProvider) -> Capabilities:
        return told(self).model_copy(update={"key_window": None})

    async def loses(*_given: object) -> PageResult:
        raise TimeoutError

    await started(own)
    monkeypatch.setattr(FieldsProvider, "capabilities", without_keys)
    monkeypatch.setattr(FieldsProvider, "finish_page", loses)
    await finish_page(own.desk, own.document(), "nonce")
    own.clock.advance(timedelta(minutes=59))
    early = await resolve_page(own.provider("fields"), own.attempts()[0])
    own.clock.advance(timedelta(minutes=2))
    late = await resolve_page(own.provider("fields"), own.attempts()[0])

    assert early.attempt.is_live
    assert late.attempt.state == "CANCELLED"
