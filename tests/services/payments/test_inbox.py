"""Events from the inbox into the books: applied once, parked, handed to a person; never dropped (P30-P32)."""

import asyncio
from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import select
from tests.services.payments.inbox_scene import InboxScene
from typing_extensions import override

from faktura.domain.jobs import Finished, JobName
from faktura.flows.inbox_jobs import handle_inbox_job
from faktura.flows.job_context import JobContext
from faktura.hub.registry import Registry
from faktura.kernel.outside_errors import AccountBroken, DeliveryUnreadable, OutsideUnavailable
from faktura.kernel.payment_terms import InboxState
from faktura.plugin import PaymentFact, ProviderEvent
from faktura.services.inbox import Handling, handle
from faktura.store.blobs import DirectoryStore
from faktura.store.database import Database
from faktura.store.inbox import InboxFilter
from faktura.store.payment_accounts import account_of, remove_account
from faktura.store.queues import queue_of
from faktura.store.tables import job
from faktura.testing.double_steps import Do, Step
from faktura.testing.payment_double import DoubleProvider

MINUTE = timedelta(minutes=1)


@pytest.fixture
def scene(database: Database, tmp_path: Path) -> InboxScene:
    """Nothing is collected yet."""
    return InboxScene(database, tmp_path)


class Stumbling(DoubleProvider):
    """An adapter that ends as the test says instead of reading events."""

    error: Exception | None = None

    @override
    async def facts(self, event: ProviderEvent) -> Sequence[PaymentFact]:
        """Stumble, or do as the double."""
        if self.error is not None:
            raise self.error
        return await super().facts(event)


@pytest.fixture
def stumbling(scene: InboxScene, monkeypatch: pytest.MonkeyPatch) -> type[Stumbling]:
    """The scene's adapter may stumble; the debit is under way, its first event is kept."""
    monkeypatch.setattr(Stumbling, "error", None)
    scene.provider = Stumbling
    _pending(scene)
    scene.deliver()
    return Stumbling


def _pending(scene: InboxScene) -> None:
    """A debit is under way."""
    scene.store.script(Step(Do.PEND))
    scene.collect()
    assert scene.states() == ["PENDING"]


def test_an_event_moves_its_attempt_and_says_so(scene: InboxScene):
    """Pending, then paid with a fee: the second event books the payment, its row says what it did."""
    _pending(scene)
    scene.store.settle("RE-000001", scene.now, fee=Decimal("0.35"))

    assert scene.deliver() == 2
    assert scene.handle() == 2

    assert scene.states() == ["SUCCEEDED"]
    assert scene.open() == {}
    assert scene.balance() == "0.00 EUR"
    (attempt,) = scene.attempts()
    first, second = scene.rows()
    assert [first.state, second.state] == [InboxState.DONE, InboxState.DONE]
    changes = [f"attempt {attempt.id} SUCCEEDED"]
    # Both ask what is so now: whichever comes first finds it paid.
    told = sorted([scene.effect(0)["changes"], scene.effect(1)["changes"]], key=len)  # type: ignore[arg-type]
    assert told == [[], changes]
    assert second.facts is not None
    assert '"kind":"PAYMENT_SUCCEEDED"' in second.facts
    assert second.handled_at == scene.now


def test_an_event_is_handled_once_however_many_try(scene: InboxScene):
    """Two workers asked the provider; the second finds it done (P32)."""
    _pending(scene)
    scene.deliver()
    (row,) = scene.rows()
    scene.handle()
    before = scene.rows()

    with scene.database.write(scene.tenant.id) as tx:
        again = handle(tx, scene.tenant, Handling(row.id, [], None))

    assert again.state is InboxState.DONE
    assert scene.rows() == before
    assert scene.handle() == 0


def test_what_is_not_ours_is_kept_and_changes_nothing(scene: InboxScene):
    """Another tenant's mark, and none on a payment nobody knows: the account is used by others too."""
    _pending(scene)
    scene.store.settle("RE-000001", scene.now)
    scene.write_in_books("UPDATE payment SET tenant = 'another'")
    scene.deliver()
    scene.handle()
    scene.write_in_books("UPDATE payment SET tenant = '', attempt = ?, no = 9", str(UUID(int=7)))
    scene.deliver([ProviderEvent(id="x", type="payment", payload={"subject": "payment:9"})])
    scene.handle()

    assert scene.inbox_states() == ["FOREIGN", "FOREIGN", "FOREIGN"]
    assert scene.states() == ["PENDING"]
    assert scene.task_kinds() == []


def test_our_mark_on_an_unknown_attempt_waits_then_a_person_is_asked(scene: InboxScene):
    """A restored backup: tried after 1, 5, 15 and 60 minutes, then a task with all it says."""
    _pending(scene)
    scene.store.settle("RE-000001", scene.now)
    scene.write_in_books("UPDATE payment SET attempt = ?", str(UUID(int=7)))
    # The double's reference still leads to the attempt: here it is one that nobody knows.
    scene.write_in_books("UPDATE payment SET no = 9")
    scene.write_in_books("UPDATE event SET subject = 'payment:9'")
    scene.write_in_books("DELETE FROM event WHERE no = 1")
    scene.deliver()

    waits = []
    for pause in (0, 1, 5, 15, 60):
        scene.clock.advance(pause * MINUTE)
        assert scene.handle() == 1
        (row,) = scene.rows()
        waits.append((row.state.value, row.tries))

    assert waits == [("PARKED", 1), ("PARKED", 2), ("PARKED", 3), ("PARKED", 4), ("DONE", 4)]
    assert scene.effect()["verdict"] == "RECOVERED"
    ((kind, problem),) = scene.tasks()
    assert kind == "PAYMENT_UNEXPECTED"
    assert "PAYMENT_SUCCEEDED of 35.70 EUR" in problem
    assert str(UUID(int=7)) in problem
    assert [one.changes for one in scene.replay()] == [()]
    assert len(scene.tasks()) == 1


def test_a_chargeback_before_its_payment_waits_for_it(scene: InboxScene):
    """Out of order by a minute: nothing is taken back that has not come in (P31)."""
    _pending(scene)
    scene.store.dispute("RE-000001", scene.now, Decimal("35.70"), fee=Decimal("15.00"))
    scene.deliver()
    scene.handle()
    assert scene.inbox_states() == ["DONE", "PARKED"]

    scene.store.settle("RE-000001", scene.now)
    scene.deliver()
    scene.handle()
    assert (scene.inbox_states(), scene.states()) == (["DONE", "PARKED", "DONE"], ["SUCCEEDED"])
    scene.clock.advance(MINUTE)
    scene.handle()

    assert scene.inbox_states() == ["DONE", "DONE", "DONE"]
    assert scene.states() == ["CHARGED_BACK"]
    assert scene.open() == {"RE-000001": "35.70 EUR"}


def test_an_adapter_that_fails_is_tried_again_for_a_day_then_a_person_is_asked(
    scene: InboxScene, stumbling: type[Stumbling]
):
    """Marked as seen is not done: the event stays, and a replay applies it once it can be (O4)."""
    stumbling.error = RuntimeError("no such field")
    scene.store.settle("RE-000001", scene.now)
    pauses = []
    for _ in range(6):
        scene.handle()
        (row,) = scene.rows()
        assert (row.state, row.error) == (InboxState.NEW, "RuntimeError: no such field")
        assert row.next_try_at is not None
        pauses.append((row.next_try_at - scene.now) / MINUTE)
        scene.clock.advance(row.next_try_at - scene.now)
    scene.handle()

    assert pauses == [1, 5, 15, 60, 360, 1440]
    assert scene.inbox_states() == ["FAILED"]
    ((kind, problem),) = scene.tasks()
    assert kind == "PAYMENT_UNEXPECTED"
    assert f"faktura payments inbox replay {scene.rows()[0].id}" in problem
    stumbling.error = None
    (replayed,) = scene.replay(InboxFilter(states=[InboxState.FAILED]))
    assert replayed.problem == ""
    assert (scene.inbox_states(), scene.states()) == (["DONE"], ["SUCCEEDED"])
    assert scene.rows()[0].error is None


def test_a_provider_that_is_away_is_asked_for_as_long_as_it_takes(
    scene: InboxScene, stumbling: type[Stumbling]
):
    """Nobody's mistake: no task, and not before it wants to be asked."""
    stumbling.error = OutsideUnavailable("maintenance", retry_after=600)
    pauses = []
    for _ in range(9):
        scene.handle()
        (row,) = scene.rows()
        assert row.next_try_at is not None
        pauses.append((row.next_try_at - scene.now) / MINUTE)
        scene.clock.advance(row.next_try_at - scene.now)
    stumbling.error = None
    scene.handle()

    assert pauses == [10, 10, 15, 60, 360, 360, 360, 360, 360]
    assert scene.inbox_states() == ["DONE"]
    assert scene.tasks() == []


def test_a_key_that_is_refused_breaks_the_account_and_the_event_waits(
    scene: InboxScene, stumbling: type[Stumbling]
):
    """The operator is told by the account's task, once."""
    stumbling.error = AccountBroken("the key is not known")
    scene.handle()

    assert scene.inbox_states() == ["NEW"]
    assert scene.task_kinds() == ["PROVIDER_BROKEN"]


def test_an_account_that_was_removed_leaves_its_events_waiting(scene: InboxScene):
    """They are asked about again, in case it is set up anew."""
    _pending(scene)
    scene.deliver()
    with scene.database.write(scene.tenant.id) as tx:
        remove_account(tx, "double")
    scene.handle()

    (row,) = scene.rows()
    assert (row.state, row.error) == (
        InboxState.NEW, "there is no payment account double any more",
    )  # fmt: skip


def test_facts_that_make_no_sense_are_the_events_failure(
    scene: InboxScene, monkeypatch: pytest.MonkeyPatch
):
    """A success without an amount moves nothing; other events go on."""

    async def facts(_self: DoubleProvider, event: ProviderEvent) -> Sequence[PaymentFact]:
        (attempt,) = scene.attempts()
        amount = None if event.id == "bad" else Decimal("35.70")
        kind = "PAYMENT_SUCCEEDED"
        return [
            PaymentFact.model_validate(
                {"kind": kind, "occurred_at": scene.now, "tenant": "werk", "attempt": attempt.id,
                 "reference": "dp_1", "amount": amount, "currency": "EUR"}
            )
        ]  # fmt: skip

    _pending(scene)
    monkeypatch.setattr(DoubleProvider, "facts", facts)
    scene.deliver([ProviderEvent(id=name, type="t") for name in ("bad", "good")])
    scene.handle()

    bad, good = scene.rows()
    assert (bad.state, good.state) == (InboxState.NEW, InboxState.DONE)
    assert "no amount" in (bad.error or "")
    assert scene.states() == ["SUCCEEDED"]


def test_a_replay_of_everything_changes_nothing(scene: InboxScene):
    """A life with all that may happen; every table of money is the same to the byte (O4)."""
    _pending(scene)
    scene.store.settle("RE-000001", scene.now, fee=Decimal("0.35"))
    scene.deliver()
    scene.handle()
    dispute = scene.store.dispute("RE-000001", scene.now, Decimal("20.00"), fee=Decimal("15.00"))
    scene.deliver()
    scene.handle()
    scene.store.end_dispute(dispute, scene.now, won=True)
    scene.store.forget_means("tok_K-1", scene.now)
    scene.deliver()
    scene.handle()
    assert scene.inbox_states() == ["DONE"] * 5
    money, rows = scene.money(), scene.rows()
    scene.clock.advance(timedelta(days=3))

    told = scene.replay()

    assert [(one.changes, one.problem) for one in told] == [((), "")] * 5
    assert scene.money() == money
    assert scene.rows() == rows


def test_a_dry_run_says_what_would_change_and_changes_nothing(scene: InboxScene):
    """Rehearsed in a transaction that is rolled back."""
    _pending(scene)
    scene.store.settle("RE-000001", scene.now)
    scene.deliver()
    money = scene.money()

    told = scene.replay(dry_run=True)

    (attempt,) = scene.attempts()
    # Each on its own: both events would find it paid.
    assert [one.changes for one in told] == [(f"attempt {attempt.id} SUCCEEDED",)] * 2
    assert scene.money() == money
    assert scene.inbox_states() == ["NEW", "NEW"]


def test_a_replay_names_what_cannot_be_asked(scene: InboxScene, stumbling: type[Stumbling]):
    """And goes on with the others."""
    stumbling.error = OutsideUnavailable("maintenance")

    (told,) = scene.replay()

    assert (told.problem, told.changes) == ("maintenance", ())
    assert scene.inbox_states() == ["NEW"]


def test_polling_alone_reaches_the_same_state(scene: InboxScene):
    """Every webhook is lost: the poll finds the same events, and they do the same (O22)."""
    _pending(scene)
    scene.store.settle("RE-000001", scene.now, fee=Decimal("0.35"))
    assert scene.poll() == 2
    scene.handle()
    scene.store.dispute("RE-000001", scene.now, Decimal("35.70"), fee=Decimal("15.00"))
    assert scene.poll() == 1
    scene.handle()

    assert scene.inbox_states() == ["DONE", "DONE", "DONE"]
    assert {row.channel.value for row in scene.rows()} == {"POLL"}
    assert scene.states() == ["CHARGED_BACK"]
    assert scene.open() == {"RE-000001": "35.70 EUR"}
    # The webhooks come after all: nobody does anything twice.
    assert scene.deliver() == 0


def test_a_poll_goes_on_behind_its_cursor_and_looks_back_once_a_day(scene: InboxScene):
    """An event that the provider lists late stands behind the cursor: the next day finds it."""
    _pending(scene)
    scene.store.settle("RE-000001", scene.now)
    scene.write_in_books("UPDATE event SET no = 5 WHERE no = 2")
    assert scene.poll() == 2
    scene.write_in_books("INSERT INTO event SELECT 3, type, subject, at FROM event WHERE no = 5")
    assert scene.poll() == 0
    scene.clock.advance(timedelta(days=1))

    assert scene.poll() == 1
    assert [row.event_id for row in scene.rows()] == ["de_1", "de_5", "de_3"]
    with scene.database.read(scene.tenant.id) as tx:
        account = account_of(tx, "double")
    assert (account.cursor, account.polled_at) == ("5", scene.now)


def test_the_job_handles_what_waits(scene: InboxScene):
    """As a worker runs it."""
    _pending(scene)
    scene.deliver()
    context = JobContext(
        scene.database, Registry(), scene.till.adapters, DirectoryStore(scene.folder)
    )

    asyncio.run(handle_inbox_job(context, scene.tenant.id, {}))

    assert scene.inbox_states() == ["DONE"]


@pytest.mark.parametrize("name", ["", "x" * 256, "a\nb"])
def test_an_event_without_a_usable_id_is_not_kept(scene: InboxScene, name: str):
    """It could not be told from others."""
    with pytest.raises(DeliveryUnreadable):
        scene.deliver([_named(name)])
    assert scene.rows() == []


def _named(name: str) -> ProviderEvent:
    """An event of that id."""
    return ProviderEvent(id=name, type="t")


def test_a_job_that_was_begun_is_followed_by_another_one(scene: InboxScene):
    """It may have read before the delivery was kept; one that waits will see it."""
    _pending(scene)

    def jobs() -> list[str]:
        with scene.database.read(scene.tenant.id) as tx:
            found = tx.connection.execute(
                select(job.c.state).where(job.c.name == "HANDLE_INBOX").order_by(job.c.place)
            )
            return list(found.scalars())

    scene.deliver([_named("a")])
    scene.deliver([_named("b")])
    waiting = jobs()
    queue = queue_of(scene.database)
    (claimed,) = (one for one in queue.claim("w", 50, MINUTE) if one.name is JobName.HANDLE_INBOX)
    scene.deliver([_named("c")])
    running = jobs()
    queue.settle([(claimed, Finished())])
    scene.deliver([_named("d")])

    assert waiting == ["READY"]
    assert running == ["RUNNING", "READY"]
    assert jobs() == ["DONE", "READY"]
