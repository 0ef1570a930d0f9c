"""Equal bookings of different statements are different money; the same statement is told once (P40)."""

from decimal import Decimal
from itertools import permutations
from typing import Any

import pytest
from tests.services.bank.scene import BankScene
from tests.services.bank.statement_files import moved, statement

from faktura.kernel.contract_terms import TaskKind
from faktura.plugin import Balance, StatementKind
from faktura.services.statement_reports import ImportReport
from faktura.store.tasks import TaskFilter, find_tasks

PAYER = "DE21500500001234567897"


def gift(**fields: Any):
    """A donation that looks like every other one."""
    return moved("12.00", "Spende", **{"counterparty_iban": PAYER, "gvc": "166", **fields})


def sent(scene: BankScene, *movements: Any, **fields: Any) -> ImportReport:
    """Upload a statement in a file of its own."""
    name = str(scene.count("bank_upload"))
    return scene.upload(statement(*movements, message_id=name, **fields), name=name).imported


def between(opening: str, closing: str) -> dict[str, Balance]:
    """Both balances of a statement."""
    day = moved("1.00").booked_on
    return {
        name: Balance(amount=Decimal(amount), currency="EUR", on=day)
        for name, amount in (("opening", opening), ("closing", closing))
    }


def states(scene: BankScene) -> list[str]:
    """The states of all movements."""
    return sorted(state for _, state, _ in scene.movement_states())


@pytest.mark.parametrize("order", list(permutations(range(3))))
@pytest.mark.parametrize(
    "places",
    [
        ({"sequence": 7}, {"sequence": 8}),
        ({"sequence": 7, "page": 1, "last_page": False}, {"sequence": 7, "page": 2}),
    ],
)
def test_equal_bookings_of_two_statements_or_pages_are_two(scene, order, places):
    """In any order with a report of both, and all of it again: 24.00 and no more."""
    files = (
        ((gift(),), places[0]),
        ((gift(),), places[1]),
        ((gift(), gift()), {"kind": StatementKind.REPORT}),
    )

    for place in (*order, *order):
        movements, fields = files[place]
        sent(scene, *movements, **fields)

    assert states(scene) == ["OPEN", "OPEN"]


def test_equal_bookings_of_two_statements_in_one_file_are_two(scene):
    """Also where the file comes again in the other order, after another source told of them."""
    seven, eight = statement(gift(), sequence=7), statement(gift(), sequence=8)
    scene.fed(gift(source_ref="F1"), gift(source_ref="F2"), connection="1")

    first = scene.upload(seven, eight).imported
    again = scene.upload(eight, seven, name="2.txt").imported

    assert (first.new, first.duplicates, again.new, again.duplicates) == (0, 2, 0, 2)
    assert states(scene) == ["OPEN", "OPEN"]


def test_a_long_statement_keeps_all_its_equal_bookings(scene):
    """1,100 of them are more than one write; again, and once more on the next statement."""
    many = [gift(entry_index=no) for no in range(1100)]

    assert sent(scene, *many, sequence=7).new == 1100
    assert sent(scene, *many, sequence=7).duplicates == 1100
    assert sent(scene, *many[:2], sequence=8).new == 2


def test_a_whole_statement_and_its_pages_are_one(scene):
    """Whole first, then its pages one by one; then whole once more."""
    sent(scene, gift(), gift(), sequence=7)

    two = sent(scene, gift(), sequence=7, page=2)
    one = sent(scene, gift(), sequence=7, page=1, last_page=False)
    again = sent(scene, gift(), gift(), sequence=7)

    assert (two.new, one.new, again.new) == (0, 0, 0)
    assert again.duplicates == 2


def test_pages_of_a_statement_without_a_number_are_told_apart_by_its_name(scene):
    """The bank's own id of it stands for the number."""
    first = sent(scene, gift(), page=1, last_page=False)
    second = sent(scene, gift(), page=2)
    again = sent(scene, gift(), page=2)

    assert (first.new, second.new, again.new) == (1, 1, 0)


def test_a_month_without_a_number_repeats_the_days(scene):
    """Two days of one gift each are a month of two; whatever came first."""
    month = {"statement_id": "MONTH"}
    sent(scene, gift(), **month)
    sent(scene, gift(), sequence=7)
    sent(scene, gift(), sequence=8)

    report = sent(scene, gift(), gift(), **month)

    assert (report.new, report.duplicates) == (0, 2)
    assert states(scene) == ["OPEN", "OPEN"]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        # A number that is used once more: both balances are others.
        ({"sequence": 7, **between("0", "12")}, {"sequence": 7, **between("12", "24")}),
        # Without a number, and one begins where the other one ended.
        (between("0", "12"), between("12", "24")),
        # Numbers that follow one another, balances that do not.
        ({"sequence": 7, **between("0", "12")}, {"sequence": 8, **between("0", "12")}),
        # A statement that contradicts itself.
        ({"sequence": 7, "balanced": False}, {"sequence": 8}),
        ({"sequence": 7}, {"sequence": 8, "balanced": False}),
    ],
)
def test_what_contradicts_itself_is_decided_by_a_person(scene, first, second):
    """It may be the same gift or another one: nothing is dropped, nothing counts twice."""
    sent(scene, gift(), **first)

    report = sent(scene, gift(), moved("5.00", "B"), **second)
    again = sent(scene, gift(), moved("5.00", "B"), **second)

    assert (report.new, report.held) == (1, 1)
    assert (again.new, again.held, again.duplicates) == (0, 0, 2)
    assert states(scene) == ["HELD", "OPEN", "OPEN"]
    with scene.database.read(scene.tenant.id) as tx:
        tasks = find_tasks(tx, TaskFilter(done=False))
    assert TaskKind.MOVEMENT_DOUBTFUL in [task.kind for task in tasks]


def test_a_statement_that_grew_is_the_same_one(scene):
    """It begins where it began before and ends later: what it had is known."""
    sent(scene, gift(), sequence=7, **between("0", "12"))

    report = sent(scene, gift(), gift(), sequence=7, **between("0", "24"))

    assert (report.new, report.duplicates, report.held) == (1, 1, 0)


def test_a_reference_that_two_statements_share_is_decided_by_a_person(scene):
    """A reference names one booking, two numbers name two: once told again, nothing is added."""
    one = gift(source_ref="SAME")
    sent(scene, one, kind=StatementKind.REPORT)
    sent(scene, one, sequence=7)

    eight = sent(scene, one, sequence=8)
    again = [sent(scene, one, sequence=number) for number in (7, 8)]

    assert (eight.new, eight.held) == (0, 1)
    assert [report.duplicates for report in again] == [1, 1]


@pytest.mark.parametrize("order", list(permutations(range(2))))
def test_a_reference_alone_in_one_statement_and_repeated_in_another_are_two(scene, order):
    """The bank repeats its references: the numbers tell the bookings apart."""
    alone, other = gift(source_ref="SAME"), moved("12.00", "Miete", source_ref="SAME")
    other = other.model_copy(update={"counterparty_iban": PAYER})
    files = (((alone,), 7), ((alone, other), 8))

    for place in (*order, *order):
        movements, number = files[place]
        sent(scene, *movements, sequence=number)

    assert states(scene) == ["OPEN", "OPEN", "OPEN"]


def test_a_repeated_reference_of_a_doubtful_statement_is_decided_by_a_person(scene):
    """Alone in one, repeated in the other, and one of them contradicts itself."""
    alone = gift(source_ref="SAME")
    other = alone.model_copy(update={"remittance_lines": ("Miete",)})
    sent(scene, alone, sequence=7, balanced=False)

    report = sent(scene, alone, other, sequence=8)

    assert (report.new, report.held) == (1, 1)
    assert sent(scene, alone, other, sequence=8).duplicates == 2


def test_a_report_contradicts_no_statement(scene):
    """Its balances are of noon, and what another source told is of any statement."""
    sent(scene, gift(), kind=StatementKind.REPORT, **between("0", "12"))

    report = sent(scene, gift(), sequence=7, **between("12", "24"))

    assert (report.new, report.duplicates, report.held) == (0, 1, 0)
