"""What cannot be read or makes no sense holds up nobody else, nor do many failures at once (P53)."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import event, update
from tests.services.payments.collected import CollectScene, FineFee, opened_page
from tests.services.payments.inbox_scene import InboxScene

from faktura.domain.attempts import Attempt
from faktura.flows.pay_pages import expire_pages
from faktura.plugin import Declined
from faktura.services.outcomes import Report, apply_reports
from faktura.store.attempts import rewrite_attempts
from faktura.store.database import Database
from faktura.store.tables import inbox
from faktura.testing.double_steps import Do, Step


def _spoil(scene: CollectScene, page: Attempt) -> None:
    """Another release wrote the page, in a form that this one cannot read."""
    with scene.database.write(scene.tenant.id) as tx:
        rewrite_attempts(tx, [replace(page, page="{}", next_check_at=scene.now)])


def test_a_page_that_cannot_be_read_holds_up_no_resolver(database: Database, tmp_path: Path):
    """The others are asked about, this one is a person's."""
    scene = CollectScene(database, tmp_path, customers=2)
    _spoil(scene, opened_page(scene))
    scene.leave_behind()

    scene.resolve(timedelta(minutes=2))

    assert scene.states("RE-000002") == ["SUCCEEDED"]
    assert scene.states("RE-000001") == ["ACTION_NEEDED"]
    assert scene.task_kinds() == ["PAYMENT_UNCLEAR"]


def test_a_page_that_cannot_be_closed_is_in_the_way_of_its_own_document_alone(
    database: Database, tmp_path: Path
):
    """P43: and that is said."""
    scene = CollectScene(database, tmp_path, customers=2)
    _spoil(scene, opened_page(scene))

    run = scene.collect()

    assert scene.states("RE-000002") == ["SUCCEEDED"]
    assert [(one.number, one.reason) for one in run.left] == [
        ("RE-000001", "a payment is under way")
    ]


def test_a_page_that_cannot_be_closed_leaves_no_other_open(database: Database, tmp_path: Path):
    """6.5: pages end after their hour."""
    scene = CollectScene(database, tmp_path, customers=2)
    _spoil(scene, opened_page(scene))
    opened_page(scene, "RE-000002")
    scene.clock.advance(timedelta(minutes=61))
    till = scene.till

    ended = asyncio.run(expire_pages(till.database, till.adapters, till.tenant))

    assert (ended, scene.states("RE-000002")) == (1, ["CANCELLED"])


def test_an_event_that_cannot_be_read_holds_up_none_behind_it(database: Database, tmp_path: Path):
    """P30: it is tried again, and asked about at the end; nothing is dropped."""
    scene = InboxScene(database, tmp_path, customers=2)
    scene.store.script(Step(Do.PEND), Step(Do.PEND))
    scene.collect()
    scene.deliver()
    first, _ = scene.rows()
    with scene.database.write(scene.tenant.id) as tx:
        tx.connection.execute(update(inbox).where(inbox.c.id == first.id).values(payload="[]"))

    scene.handle()

    assert scene.inbox_states() == ["NEW", "DONE"]
    assert scene.rows()[0].error == "it is kept in a form that this release cannot read"


def test_a_fee_that_is_no_amount_is_a_persons_and_the_payment_is_booked(
    database: Database, tmp_path: Path
):
    """A tenth of a cent: nothing is rounded, and nothing waits for it."""
    scene = CollectScene(database, tmp_path, provider=FineFee)

    scene.collect()

    ((kind, problem),) = scene.tasks()
    assert (scene.states(), scene.open(), kind) == (["SUCCEEDED"], {}, "PAYMENT_DIFFERS")
    assert problem.startswith(
        "double says a fee of 0.001 EUR for RE-000001: the payment was booked, the fee was not."
    )


def test_a_debit_whose_first_answer_cannot_be_read_is_asked_about_all_the_same(
    database: Database, tmp_path: Path
):
    """Written by another release: the usual days count, and its success is booked when it comes."""
    scene = CollectScene(database, tmp_path)
    scene.store.script(Step(Do.PEND))
    scene.collect()
    (pending,) = scene.attempts()
    with scene.database.write(scene.tenant.id) as tx:
        rewrite_attempts(tx, [replace(pending, outcome="{}")])

    scene.resolve(timedelta(days=1))

    (now,) = scene.attempts()
    assert (now.state.value, scene.tasks()) == ("PENDING", [])
    assert now.next_check_at == scene.now + timedelta(days=1)


@pytest.mark.parametrize("declined", [2, 12])
def test_declines_are_kept_together_in_as_many_statements(
    database: Database, tmp_path: Path, declined: int
):
    """Two hundred at once in one transaction: the receiver waits behind it."""
    scene = CollectScene(database, tmp_path, customers=declined)
    scene.store.script(*[Step(Do.DECLINE, code="51", hard=False)] * declined)
    said = Declined(hard=False, code="51")
    scene.leave_behind()
    reports = [Report(one.id, said) for one in scene.all_attempts()]
    ran: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        ran.append(statement)

    event.listen(database.engine, "before_cursor_execute", note)
    with database.write(scene.tenant.id) as tx:
        apply_reports(tx, scene.tenant, reports)
    event.remove(database.engine, "before_cursor_execute", note)

    assert len(scene.events()) == 2 * declined
    assert len(ran) <= 30
