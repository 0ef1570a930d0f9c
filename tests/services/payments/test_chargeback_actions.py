"""Further actions after a chargeback: asked for after commit, at least once, their answer kept (F094)."""

from pathlib import Path
from typing import ClassVar

import pytest
from tests.services.payments.taken_back import TakenBackScene
from typing_extensions import override

from faktura.flows.chargeback_actions import act_on_chargeback_job
from faktura.flows.job_context import JobContext
from faktura.hub.adapters import Adapters, Installation
from faktura.hub.nothing_kept import NothingKept
from faktura.hub.registry import Offer, Registry
from faktura.kernel.errors import NotFound
from faktura.kernel.outside_errors import DeliveryFailed, OutsideUnavailable
from faktura.kernel.payment_terms import FollowUp
from faktura.plugin import ChargebackAction, ChargebackNotice
from faktura.store.blobs import DirectoryStore
from faktura.store.database import Database


class Lock(ChargebackAction):
    """Locks the customer's access somewhere; what it was told is kept."""

    action: ClassVar[str] = "lock"
    told: ClassVar[list[ChargebackNotice]] = []
    fails: ClassVar[list[Exception]] = []

    @override
    async def act(self, notice: ChargebackNotice) -> str:
        """Note it, or fail."""
        self.told.append(notice)
        if self.fails:
            raise self.fails.pop()
        return f"locked {notice.customer_number}"


@pytest.fixture
def scene(database: Database, tmp_path: Path) -> TakenBackScene:
    """A card's chargeback locks."""
    Lock.told.clear()
    Lock.fails.clear()
    scene = TakenBackScene(database, tmp_path / "content")
    scene.policy(FollowUp.NONE, "lock")
    return scene


def context(scene: TakenBackScene, tmp_path: Path) -> JobContext:
    """What the job may use."""
    registry = Registry(actions={"lock": Offer("lock", "lock", Lock)})
    adapters = Adapters(registry, NothingKept(), scene.clock, Installation())
    return JobContext(scene.database, registry, adapters, DirectoryStore(tmp_path / "content"))


def answers(scene: TakenBackScene) -> dict[str, str]:
    """What the actions of the newest chargeback said."""
    return dict(scene.chargebacks()[0].course.actions)


async def test_an_action_is_told_what_happened_and_its_answer_is_kept(
    scene: TakenBackScene, tmp_path: Path
) -> None:
    """Done once, it is not asked again."""
    chargeback = scene.dispute(scene.paid("RE-000001"))
    args = {"chargeback": str(chargeback), "action": "lock"}
    assert answers(scene) == {"lock": ""}

    for _ in range(2):
        await act_on_chargeback_job(context(scene, tmp_path), scene.tenant.id, args)

    (told,) = Lock.told
    assert (told.chargeback, told.customer_number, told.invoice_number) == (
        chargeback, "K-1", "RE-000001",
    )  # fmt: skip
    assert (told.contract_numbers, str(told.amount), told.reason) == (
        ("V-1",), "35.70", "fraudulent",
    )  # fmt: skip
    assert answers(scene) == {"lock": "locked K-1"}


@pytest.mark.parametrize(
    ("error", "raised"),
    [
        (RuntimeError("boom"), DeliveryFailed),
        (OutsideUnavailable("away", retry_after=60), OutsideUnavailable),
    ],
)
async def test_an_action_that_fails_is_asked_again_and_harms_nothing(
    scene: TakenBackScene, tmp_path: Path, error: Exception, raised: type[Exception]
) -> None:
    """The money is booked long since; the job is tried again."""
    chargeback = scene.dispute(scene.paid("RE-000001"))
    args = {"chargeback": str(chargeback), "action": "lock"}
    Lock.fails.append(error)

    with pytest.raises(raised):
        await act_on_chargeback_job(context(scene, tmp_path), scene.tenant.id, args)
    assert answers(scene) == {"lock": ""}
    await act_on_chargeback_job(context(scene, tmp_path), scene.tenant.id, args)

    assert answers(scene) == {"lock": "locked K-1"}
    assert scene.open()["RE-000001"] == "35.70 EUR"


async def test_a_chargeback_that_does_not_exist_is_said(
    scene: TakenBackScene, tmp_path: Path
) -> None:
    """A job of another database."""
    args = {"chargeback": "0199f6ec-0000-7000-8000-000000000000", "action": "lock"}
    with pytest.raises(NotFound):
        await act_on_chargeback_job(context(scene, tmp_path), scene.tenant.id, args)
