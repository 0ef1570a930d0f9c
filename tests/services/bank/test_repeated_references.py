"""Banks that give one reference to several bookings: twins stay two, nothing doubles (P40, 2.5)."""

from itertools import permutations
from typing import Any

import pytest
from tests.services.bank.statement_files import moved, statement

from faktura.plugin import StatementKind

REPORT = StatementKind.REPORT


def told(text: str, **fields: Any):
    """A movement as a bank's file tells it."""
    return moved("12.00", text, counterparty_iban="DE21500500001234567897", gvc="166", **fields)


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_a_twin_under_one_reference_is_new_whatever_report_came_first(scene, order):
    """Some banks repeat a reference: the first report has one of the twins, the next one both."""
    twin, other = told("Spende", source_ref="B"), told("Miete", source_ref="B")
    reports = ((twin,), (twin, twin), (twin, other, twin))

    for place in (*order, *order):
        name = f"{scene.count('bank_upload')}.txt"
        scene.upload(statement(*reports[place], kind=REPORT, message_id=name), name=name)

    booked = sorted(text for _, state, text in scene.movement_states() if state == "OPEN")
    assert booked == ["Miete", "Spende", "Spende"]
    assert scene.count("bank_transaction") == 3


@pytest.mark.parametrize("order", list(permutations(range(2))))
def test_twins_under_one_reference_are_known_where_a_feed_told_of_them_first(scene, order):
    """The feed has references of its own."""
    twin = told("Spende", source_ref="B")
    scene.fed(told("Spende", source_ref="F1"), told("Spende", source_ref="F2"), connection="1")
    reports = ((twin,), (twin, twin))

    for place in (*order, *order):
        name = f"{scene.count('bank_upload')}.txt"
        scene.upload(statement(*reports[place], kind=REPORT, message_id=name), name=name)

    assert [state for _, state, _ in scene.movement_states()] == ["OPEN", "OPEN"]


def test_a_reference_that_stands_for_other_words_too_is_another_booking(scene):
    """One reference for a whole day: what was told alone is none of those told together."""
    scene.upload(statement(told("A", source_ref="B"), kind=REPORT))

    report = scene.upload(
        statement(told("C", source_ref="B"), told("D", source_ref="B"), kind=REPORT), name="2.txt"
    ).imported

    assert (report.new, report.duplicates) == (2, 0)
