"""Movements in lists: narrowed, page by page, and one with all that was decided about it."""

from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

import pytest
from tests.services.bank.scene import BankScene
from tests.services.bank.statement_files import OTHER_IBAN, moved, statement

from faktura.kernel.bank_terms import MovementState
from faktura.kernel.errors import NotFound
from faktura.services.bank_accounts import set_bank_ledger
from faktura.services.bank_lists import listed_movements, movement_details
from faktura.services.dismissal import dismiss, reopen
from faktura.store.movement_lists import Direction, MovementFilter

DAY = date(2026, 11, 11)


@pytest.fixture
def moves(scene: BankScene) -> BankScene:
    """Three movements of one day and one of the day after; one settles RE-000001."""
    scene.upload(
        statement(
            moved("35.70", "RE-000001"),
            moved("1.00", "first"),
            moved("-900.00", "Miete"),
            moved("2.00", "later", on=DAY + timedelta(days=1)),
        )
    )
    return scene


def texts(
    scene: BankScene, wanted: MovementFilter, after: UUID | None = None, limit: int = 9
) -> list[str]:
    """What the payers of the listed movements wrote."""
    with scene.database.read(scene.tenant.id) as tx:
        return [m.remittance for m in listed_movements(tx, wanted, after=after, limit=limit)]


def one(scene: BankScene, text: str) -> UUID:
    """The id of the movement with that text."""
    return next(movement.id for movement in scene.movements() if movement.remittance == text)


def test_movements_are_listed_page_by_page_latest_booking_first(moves):
    """Within a day the one imported last is first; an unknown one is no place to go on from."""
    everything = MovementFilter()

    assert texts(moves, everything, limit=2) == ["later", "Miete"]
    assert texts(moves, everything, one(moves, "Miete")) == ["first", "RE-000001"]
    assert texts(moves, everything, one(moves, "RE-000001")) == []
    with pytest.raises(NotFound, match="there is no bank movement"):
        texts(moves, everything, UUID(int=1))


def test_a_list_of_movements_is_narrowed_by_everything_that_is_given(moves):
    """`from` is inclusive, `until` exclusive."""
    other = moves.add_account(OTHER_IBAN)

    for wanted, found in (
        (MovementFilter(states={MovementState.BOOKED}), ["RE-000001"]),
        (MovementFilter(states=set()), []),
        (MovementFilter(account_id=moves.account.id), ["later", "Miete", "first", "RE-000001"]),
        (MovementFilter(account_id=other.id), []),
        (MovementFilter(booked_from=DAY + timedelta(days=1)), ["later"]),
        (MovementFilter(booked_until=DAY + timedelta(days=1)), ["Miete", "first", "RE-000001"]),
        (MovementFilter(booked_until=DAY), []),
        (MovementFilter(direction=Direction.OUT), ["Miete"]),
        (MovementFilter(direction=Direction.IN), ["later", "first", "RE-000001"]),
        (MovementFilter({MovementState.OPEN}, direction=Direction.IN), ["later", "first"]),
    ):
        assert texts(moves, wanted) == found, wanted


def test_a_movement_shows_the_banks_record_and_every_decision(moves):
    """The rules left it open, a person dismissed it and took that back."""
    movement_id = one(moves, "Miete")
    with moves.database.write(moves.tenant.id) as tx:
        dismiss(tx, movement_id, "Miete November")
        reopen(tx, movement_id)
        found = movement_details(tx, movement_id)

    assert (found.listed.id, found.listed.state) == (movement_id, MovementState.OPEN)
    assert (found.record.amount, found.record.remittance_lines) == (Decimal(-900), ("Miete",))
    assert [(d.no, d.outcome, d.rule) for d in found.decisions] == [
        (1, "OPEN", "no-number"),
        (2, "DISMISSED", "dismissed"),
        (3, "OPEN", "reopened"),
    ]
    assert found.decisions[1].reason == "Miete November"
    assert found.decisions[1].proof["raw"] == {
        "remittance": "Miete",
        "reference": "",
        "endToEndId": "",
    }
    assert {decided.decided_at for decided in found.decisions} == {moves.database.clock.now()}


def test_the_proof_of_a_match_names_the_document_and_where_its_number_stands(moves):
    """The number stands at the beginning of the payer's own text."""
    with moves.database.read(moves.tenant.id) as tx:
        found = movement_details(tx, one(moves, "RE-000001"))

    (decided,) = found.decisions
    assert decided.outcome == "FULL"
    assert decided.proof["documents"] == [["RE-000001", "35.70"]]
    assert decided.proof["hits"] == [["RE-000001", "remittance", 0, 9, "written"]]


def test_an_unknown_movement_is_refused(moves):
    """Another tenant's is unknown."""
    movement_id = one(moves, "Miete")

    with (
        moves.database.read(moves.tenant.id + 1) as tx,
        pytest.raises(NotFound, match=f"there is no bank movement {movement_id}"),
    ):
        movement_details(tx, movement_id)


def test_setting_the_ledger_account_of_a_bank_account_posts_what_waited(open_scene):
    """F106: a payment that came before the account was known."""
    scene = open_scene(ledger_account=None)
    scene.upload(statement(moved("35.70", "RE-000001")))
    assert scene.count("draft_entry") == 1

    with scene.database.write(scene.tenant.id) as tx:
        done = set_bank_ledger(tx, scene.account.iban.lower(), "1200", by="Jo")

    assert (done.account, done.posted, done.waiting) == ("1200", 1, 0)
    assert scene.count("draft_entry") == 0
    with (
        scene.database.write(scene.tenant.id) as tx,
        pytest.raises(NotFound, match=f"there is no bank account {OTHER_IBAN}"),
    ):
        set_bank_ledger(tx, OTHER_IBAN, "1200", by="Jo")
