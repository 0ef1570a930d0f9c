"""What keeps a document out of a dunning run (P33, P36)."""

from datetime import UTC, date, datetime
from uuid import UUID

import pytest
from tests.services.dunning.scene import Scene

from faktura.kernel.dunning_terms import DunningHold, StopTarget
from faktura.kernel.payment_terms import (
    AttemptChannel,
    AttemptState,
    ChargebackState,
    FollowUp,
)
from faktura.kernel.terms import PaymentMethod
from faktura.store import tables

DUE, ON = date(2026, 3, 2), date(2026, 3, 9)
MOMENT = datetime(2026, 3, 5, 8, tzinfo=UTC)


def _owed(scene: Scene, method: PaymentMethod = PaymentMethod.SEPA_DEBIT) -> tuple[UUID, UUID]:
    """A customer with one document that reaches its first level."""
    owner = scene.customer(payment_method=method)
    return owner.id, scene.owe(owner, "R-1", 10_000, DUE)


def _attempt(
    scene: Scene,
    state: AttemptState,
    channel: AttemptChannel = AttemptChannel.BACKGROUND,
    retry_at: datetime | None = None,
    method: PaymentMethod = PaymentMethod.SEPA_DEBIT,
) -> None:
    customer_id, document_id = _owed(scene, method)
    with scene.database.write(scene.tenant.id) as tx:
        tx.connection.execute(
            tables.payment_attempt.insert().values(
                tenant_id=tx.tenant_id,
                id=tx.new_id(),
                document_id=document_id,
                customer_id=customer_id,
                instance="sepa",
                method=PaymentMethod.SEPA_DEBIT,
                channel=channel,
                currency="EUR",
                amount=10_000,
                state=state,
                request="{}",
                due_on=DUE,
                tries=1,
                looks=0,
                retry_at=retry_at,
                created_at=MOMENT,
                changes=0,
            )
        )


@pytest.mark.parametrize(
    ("state", "channel", "retry_at", "held"),
    [
        (AttemptState.PENDING, AttemptChannel.BACKGROUND, None, True),
        (AttemptState.UNKNOWN, AttemptChannel.MANUAL, None, True),
        (AttemptState.PENDING, AttemptChannel.PAGE, None, True),
        (AttemptState.CREATED, AttemptChannel.PAGE, None, False),
        (AttemptState.FAILED, AttemptChannel.BACKGROUND, MOMENT, True),
        (AttemptState.FAILED, AttemptChannel.BACKGROUND, None, False),
        (AttemptState.CANCELLED, AttemptChannel.BACKGROUND, None, False),
    ],
)
def test_nothing_is_dunned_while_it_is_collected(
    scene: Scene,
    state: AttemptState,
    channel: AttemptChannel,
    retry_at: datetime | None,
    *,
    held: bool,
):
    """A live attempt, or one that is to be repeated; a page that was only opened is none."""
    _attempt(scene, state, channel, retry_at)

    receipt = scene.dun(ON)

    expected = {DunningHold.DEBIT_RUNNING: 1} if held else {}
    assert (receipt.done.holds, receipt.totals.notices) == (expected, 0 if held else 1)


def test_nothing_follows_a_failed_debit_of_who_pays_by_transfer_meanwhile(scene: Scene):
    """Nobody tries it again, though its attempt says when: it would be held for ever."""
    _attempt(scene, AttemptState.FAILED, retry_at=MOMENT, method=PaymentMethod.TRANSFER)

    receipt = scene.dun(ON)

    assert (receipt.done.holds, receipt.totals.notices) == ({}, 1)


@pytest.mark.parametrize(
    ("state", "held"),
    [
        (ChargebackState.OPEN, True),
        (ChargebackState.WON, False),
        (ChargebackState.LOST, False),
    ],
)
def test_nothing_is_dunned_while_it_is_disputed(
    scene: Scene, state: ChargebackState, *, held: bool
):
    """A chargeback that is decided leaves a claim like any other one."""
    customer_id, document_id = _owed(scene)
    with scene.database.write(scene.tenant.id) as tx:
        tx.connection.execute(
            tables.chargeback.insert().values(
                tenant_id=tx.tenant_id,
                id=tx.new_id(),
                subject="card:1",
                document_id=document_id,
                customer_id=customer_id,
                method=PaymentMethod.CARD,
                currency="EUR",
                amount=10_000,
                fee=0,
                reason="fraud",
                state=state,
                follow_up=FollowUp.NONE,
                value_date=DUE,
                opened_at=MOMENT,
                changed_at=MOMENT,
            )
        )

    receipt = scene.dun(ON)

    expected = {DunningHold.DISPUTED: 1} if held else {}
    assert (receipt.done.holds, receipt.totals.notices) == (expected, 0 if held else 1)


@pytest.mark.parametrize(("until", "held"), [(None, True), (ON, True), (date(2026, 3, 8), False)])
@pytest.mark.parametrize("target", [StopTarget.CUSTOMER, StopTarget.DOCUMENT])
def test_nothing_is_dunned_that_a_person_stopped(
    scene: Scene, target: StopTarget, until: date | None, *, held: bool
):
    """F083: to its last day, inclusive, or until it is lifted."""
    customer_id, document_id = _owed(scene)
    with scene.database.write(scene.tenant.id) as tx:
        tx.connection.execute(
            tables.dunning_stop.insert().values(
                tenant_id=tx.tenant_id,
                id=tx.new_id(),
                target=target,
                target_id=customer_id if target is StopTarget.CUSTOMER else document_id,
                until=until,
                reason="Ratenzahlung",
                set_by="mia",
                set_at=MOMENT,
            )
        )

    receipt = scene.dun(ON)

    expected = {DunningHold.STOPPED: 1} if held else {}
    assert (receipt.done.holds, receipt.totals.notices) == (expected, 0 if held else 1)


def test_what_is_held_is_on_no_notice_of_its_customer(scene: Scene):
    """The other documents are asked for without it."""
    owner = scene.customer()
    scene.owe(owner, "R-1", 10_000, DUE)
    scene.owe(owner, "R-2", 5_000, DUE)
    scene.pay("R-2", 5_000, date(2026, 3, 3))
    scene.take_back("R-2", 5_000, date(2026, 3, 6))

    receipt = scene.dun(ON)

    assert [row[1:4] for row in scene.items()] == [("R-1", 1, 10_000)]
    assert receipt.done.holds == {DunningHold.GRACE: 1}
