"""What a run of collections tries again by itself, and what it leaves to people (payments 6.6)."""

import asyncio
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from tests.services.payments.collected import CARD, CollectScene, opened_page
from tests.services.payments.inbox_scene import InboxScene

from faktura.flows.pay_pages import expire_pages
from faktura.kernel.payment_terms import PaymentFactKind
from faktura.plugin import MeansReference, PaymentFact, SavedMeans
from faktura.services.payment_means import means_gone, suspend_means
from faktura.store.database import Database
from faktura.store.transaction import Tx
from faktura.testing.double_steps import Do, Step

K = PaymentFactKind


def _dispute(scene: InboxScene, kind: PaymentFactKind) -> None:
    """The provider tells of a dispute about the invoice's payment."""
    (paid,) = scene.attempts()
    fact = PaymentFact(
        kind=kind,
        occurred_at=scene.now,
        tenant="werk",
        attempt=paid.id,
        subject="dp_1",
        amount=Decimal("35.70"),
        currency="EUR",
        code="fraudulent",
    )
    scene.apply(fact)


def test_what_was_paid_on_a_page_and_taken_back_is_for_a_person(database: Database, tmp_path: Path):
    """Their bank gave it back: the saved card is not charged for it by itself."""
    scene = InboxScene(database, tmp_path)
    opened_page(scene)
    scene.store.pay_page("pg_1", scene.now)
    scene.resolve(timedelta(minutes=61))
    _dispute(scene, K.CHARGEBACK_OPENED)
    _dispute(scene, K.CHARGEBACK_LOST)

    run = scene.collect()

    assert (scene.open(), run.opened) == ({"RE-000001": "35.70 EUR"}, 0)
    assert [one.reason for one in run.left] == [
        "it was collected before, and is collected again by hand only"
    ]


def test_who_must_confirm_is_not_asked_again_for_having_opened_a_page(
    database: Database, tmp_path: Path
):
    """6.6: never again without the customer; opening the page called the attempt off."""
    scene = CollectScene(database, tmp_path)
    scene.store.script(Step(Do.ACT))
    scene.collect()
    opened_page(scene)
    scene.clock.advance(timedelta(hours=2))
    till = scene.till
    asyncio.run(expire_pages(till.database, till.adapters, till.tenant))

    run = scene.collect()

    assert (scene.states(), run.opened) == (["CANCELLED", "CANCELLED"], 0)
    assert [one.reason for one in run.left] == [
        "the last attempt failed (ACTION_NEEDED), and this means is not tried again by itself"
    ]


def _suspended(tx: Tx, scene: CollectScene) -> None:
    suspend_means(tx, scene.means_id(tx), "MD06")


def _gone(tx: Tx, scene: CollectScene) -> None:
    means_gone(tx, scene.means_id(tx), "forgotten")


@pytest.mark.parametrize("taken_away", [_suspended, _gone])
def test_a_means_that_was_taken_away_is_not_sent_any_more(
    database: Database, tmp_path: Path, taken_away: Callable[[Tx, CollectScene], None]
):
    """A process died before it sent; meanwhile the customer took the means back."""
    scene = CollectScene(database, tmp_path)
    scene.leave_behind()
    with scene.database.write(scene.tenant.id) as tx:
        taken_away(tx, scene)

    scene.resolve(timedelta(minutes=2))

    assert (scene.states(), scene.store.calls()) == (["CANCELLED"], [])


def test_a_renewed_card_is_tried_once_more(database: Database, tmp_path: Path):
    """6.6: its network told the new expiry; told again, nothing more happens."""
    scene = InboxScene(database, tmp_path)
    scene.store.script(*[Step(Do.DECLINE, code="54", hard=True)] * 3)
    scene.collect()
    before = scene.collect().opened
    renewed = SavedMeans(
        means=MeansReference(reference="tok_K-1"),
        method=CARD,
        label="Visa 4242",
        expires_on=date(2029, 12, 31),
    )
    fact = PaymentFact(kind=K.MEANS_CHANGED, occurred_at=scene.now, means=renewed)

    scene.apply(fact)
    once = scene.collect(retries_only=True).opened
    scene.apply(fact)
    twice = scene.collect(retries_only=True).opened

    assert (before, once, twice) == (0, 1, 0)
    assert scene.states() == ["FAILED", "FAILED"]
