"""Movements that are none of ours to book: rent, wages, the bank's own fees."""

from uuid import UUID

import pytest
from sqlalchemy import select
from tests.services.bank.statement_files import IBAN, moved, statement

from faktura.flows.statements import match_open
from faktura.kernel.bank_terms import MovementState
from faktura.kernel.contract_terms import TaskKind
from faktura.kernel.errors import FieldMissing, NotFound, TransitionRefused
from faktura.services.assignment import assign
from faktura.services.dismissal import dismiss, reopen
from faktura.services.tasks import list_tasks
from faktura.store import tables
from faktura.store.tasks import ask_once


@pytest.fixture
def call(scene):
    """Call a service about the only movement, in a transaction of its own."""

    def called(service, *words: str) -> None:
        [movement] = scene.movements()
        with scene.database.write(scene.tenant.id) as tx:
            service(tx, movement.id, *words)

    return called


def decisions(scene) -> list[tuple[int, str, str, str]]:
    """Number, outcome, rule and reason of every decision that was ever taken."""
    d = tables.match_decision.c
    with scene.database.read(scene.tenant.id) as tx:
        rows = tx.connection.execute(select(d.no, d.outcome, d.rule, d.reason).order_by(d.no))
        return [tuple(row) for row in rows]


def test_a_dismissed_movement_waits_no_more_and_books_nothing(scene, call):
    """The reason stands in the list."""
    scene.upload(statement(moved("-900.00", "Miete November")))

    call(dismiss, "  office rent ")

    [movement] = scene.movements(MovementState.DISMISSED)
    assert (movement.rule, movement.reason) == ("dismissed", "office rent")
    assert scene.waiting() == []
    assert scene.legs("pay:") == []
    assert scene.violations() == []


def test_matching_never_touches_a_dismissed_movement(scene, call):
    """Though it would fit by number and sum once its invoice is there."""
    scene.upload(statement(moved("35.70", "RE-000004")))
    call(dismiss, "a mistake of the payer, sent back by hand")
    scene.bill_november()

    matched = match_open(scene.database, scene.tenant)

    assert (matched.booked, matched.open) == (0, 0)
    assert scene.open()["RE-000004"] == "35.70 EUR"
    assert len(scene.movements(MovementState.DISMISSED)) == 1


def test_importing_it_again_does_not_bring_a_dismissed_movement_back(scene, call):
    """A movement is known whatever became of it (P40)."""
    scene.upload(statement(moved("-900.00", "Miete"), sequence=11))
    call(dismiss, "office rent")

    report = scene.upload(statement(moved("-900.00", "Miete"), sequence=11), name="again.txt")

    assert (report.imported.new, report.matched.open) == (0, 0)


def test_a_reopened_movement_waits_again_and_is_matched_again(scene, call):
    """Nothing of what was decided is lost."""
    scene.upload(statement(moved("35.70", "RE-000001 RE-000002")))
    call(dismiss, "not ours")

    call(reopen)

    assert scene.waiting() == [("35.70 EUR", "reopened")]
    assert match_open(scene.database, scene.tenant).open == 1
    said = "one of the named is the amount"
    assert decisions(scene) == [
        (1, "PROPOSED", "one-of-named", said),
        (2, "DISMISSED", "dismissed", "not ours"),
        (3, "OPEN", "reopened", "opened again by a person"),
        (4, "PROPOSED", "one-of-named", said),
    ]


def test_without_a_reason_nothing_is_dismissed(scene, call):
    """Blanks are none."""
    scene.upload(statement(moved("-900.00", "Miete")))

    with pytest.raises(FieldMissing):
        call(dismiss, " \t")

    assert scene.waiting() == [("-900.00 EUR", "no-number")]


def test_only_what_waits_is_dismissed(scene, call):
    """What is booked stays booked; what is dismissed is so already."""
    scene.upload(statement(moved("35.70", "RE-000001")))

    with pytest.raises(TransitionRefused, match="BOOKED already"):
        call(dismiss, "rent")


def test_only_what_is_dismissed_is_opened_again(scene, call):
    """Else a booked payment could be booked twice."""
    scene.upload(statement(moved("35.70", "RE-000001")))

    with pytest.raises(TransitionRefused, match="it is BOOKED, only what was dismissed"):
        call(reopen)


def test_a_dismissed_movement_is_not_assigned_before_it_is_opened_again(scene, call):
    """One decision after the other."""
    scene.upload(statement(moved("20.00", "Abschlag")))
    call(dismiss, "unknown payer")

    with pytest.raises(TransitionRefused, match="DISMISSED already"):
        call(lambda tx, movement: assign(tx, scene.tenant, movement, ["RE-000001"]))


def test_a_movement_nobody_has_is_not_found(scene):
    """Neither way."""
    with scene.database.write(scene.tenant.id) as tx:
        with pytest.raises(NotFound):
            dismiss(tx, UUID(int=7), "rent")
        with pytest.raises(NotFound):
            reopen(tx, UUID(int=7))


@pytest.fixture
def held(scene):
    """Two movements that a feed was not sure of: they may be duplicates. One task asks."""
    scene.upload(statement(moved("35.70", "RE-000001"), moved("100.00", "RE-000002")))
    with scene.database.write(scene.tenant.id) as tx:
        tx.connection.execute(tables.bank_transaction.update().values(state="HELD"))
        tx.connection.exec_driver_sql("DELETE FROM match_decision")
        ask_once(tx, TaskKind.MOVEMENT_DOUBTFUL, IBAN, "2 movements may be duplicates")
    return [movement.id for movement in scene.movements(MovementState.HELD)]


def tasks(scene) -> int:
    """How many tasks are open."""
    with scene.database.read(scene.tenant.id) as tx:
        return len(list_tasks(tx))


def test_what_is_held_is_let_go_to_be_matched_or_dismissed_as_a_duplicate(scene, held):
    """The rules leave it alone until then; the task is done with the last of them."""
    first, second = held
    assert match_open(scene.database, scene.tenant).booked == 0
    with scene.database.write(scene.tenant.id) as tx:
        reopen(tx, first)
    assert tasks(scene) == 1
    (movement,) = scene.movements(MovementState.OPEN)
    assert (movement.rule, movement.reason) == ("reopened", "no duplicate, says a person")

    with scene.database.write(scene.tenant.id) as tx:
        dismiss(tx, second, "the same as on the statement")

    assert tasks(scene) == 0
    assert [one.id for one in scene.movements(MovementState.DISMISSED)] == [second]
