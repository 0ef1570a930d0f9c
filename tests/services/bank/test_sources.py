"""One booking told by several: statements, the day's reports, notifications, feeds (P40, 2.5).

Files overlap in any order, and each booking is there once; true twins stay two.
"""

from datetime import date
from itertools import permutations
from typing import Any

import pytest
from sqlalchemy import select
from tests.services.bank.scene import BankScene
from tests.services.bank.statement_files import IBAN, moved, statement

from faktura.kernel.bank_terms import MovementState, Notifications
from faktura.kernel.contract_terms import TaskKind
from faktura.plugin import BookingStatus, StatementKind
from faktura.store.tables import movement_alias
from faktura.store.tasks import TaskFilter, find_tasks

REPORT, NOTIFICATION = StatementKind.REPORT, StatementKind.NOTIFICATION
PAYER = "DE21500500001234567897"


def told(text: str = "Miete", amount: str = "12.00", **fields: Any):
    """A movement as a bank's file tells it."""
    return moved(amount, text, **{"counterparty_iban": PAYER, "gvc": "166", **fields})


def doubts(scene: BankScene) -> list[tuple[str, str]]:
    """Open tasks about movements that may be there twice: subject and problem."""
    with scene.database.read(scene.tenant.id) as tx:
        found = find_tasks(tx, TaskFilter(done=False))
    return [(t.subject, t.problem) for t in found if t.kind is TaskKind.MOVEMENT_DOUBTFUL]


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_statement_report_and_notification_bring_each_booking_once(scene, order):
    """052, 053 and 054 of one day, in any order, and all of them again: two bookings."""
    one, two = told("A", source_ref="R1"), told("B", source_ref="R2")
    files = (
        statement(one, told("C", status=BookingStatus.PENDING), kind=REPORT, sequence=7),
        statement(one, two, sequence=7),
        statement(two, one, kind=NOTIFICATION, sequence=7),
    )

    for round_ in range(2):
        for place in order:
            scene.upload(files[place], name=f"{round_}-{place}.txt")

    assert sorted(text for _, state, text in scene.movement_states() if state == "OPEN") == [
        "A",
        "B",
    ]
    assert scene.count("bank_transaction") == 2
    assert scene.violations() == []


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_they_are_known_even_where_the_bank_gives_other_references(scene, order):
    """A report without references, a statement with them, a notification with its own."""
    twin = told("Spende")
    files = (
        statement(told("A"), twin, twin, kind=REPORT),
        statement(
            told("A", source_ref="R1", value_on=date(2026, 11, 12)),
            told("Spende", source_ref="R2"),
            told("Spende", source_ref="R3"),
        ),
        statement(
            told("A", source_ref="N1"),
            told("Spende", source_ref="N2"),
            told("Spende", source_ref="N3"),
            kind=NOTIFICATION,
        ),
    )

    for place in (*order, 1, 0):
        scene.upload(files[place], name=f"{place}-{scene.count('bank_upload')}.txt")

    booked = sorted(text for _, state, text in scene.movement_states() if state == "OPEN")
    assert booked == ["A", "Spende", "Spende"]
    assert scene.count("bank_transaction") == 3
    assert doubts(scene) == []


def test_a_zip_with_report_and_statement_of_one_number_makes_no_twins(scene):
    """Both are number 217 and say S-1; the statement comes first, whatever the order of the files."""
    twin = told("Spende")

    report = scene.upload(
        statement(twin, twin, kind=REPORT, sequence=217, file="C52.xml"),
        statement(twin, twin, sequence=217, file="C53.xml"),
    ).imported

    assert (report.new, report.duplicates) == (2, 2)
    assert [(one.file, one.new, one.duplicates) for one in report.files] == [
        ("C52.xml", 0, 2),
        ("C53.xml", 2, 0),
    ]


def test_a_file_that_stands_in_an_archive_twice_brings_its_movements_once(scene):
    """Under two names: its references are not repeated by the bank."""
    own = (told("A", source_ref="R1"), told("B"), told("B"))

    report = scene.upload(
        statement(*own, sequence=7, file="a.xml"), statement(*own, sequence=7, file="b.xml")
    ).imported

    assert (report.new, report.duplicates) == (3, 3)
    assert report.warnings == ()


def test_what_a_report_only_announces_is_booked_when_the_statement_books_it(scene):
    """PDNG is counted and not kept; INFO and FUTR neither."""
    announced = [told("A", status=status) for status in BookingStatus if status != "BOOKED"]

    report = scene.upload(statement(*announced, kind=REPORT)).imported
    booked = scene.upload(statement(told("A")), name="2.txt").imported

    assert (report.new, report.previews) == (0, 3)
    assert (booked.new, booked.duplicates) == (1, 0)


def test_a_notification_waits_for_its_statement(scene):
    """camt.054 never books by itself: the row is a preview until a statement has it."""
    payment = told("RE-000001", amount="35.70", source_ref="R1")
    first = scene.upload(statement(payment, kind=NOTIFICATION), name="054.txt")
    assert (first.imported.new, first.imported.previews, first.matched.booked) == (0, 1, 0)
    assert scene.movement_states() == [("35.70 EUR", "PREVIEW", "RE-000001")]

    assert scene.movements()[0].reason == "announced: its statement brings the booking itself"

    then = scene.upload(statement(payment, sequence=7), name="053.txt")

    assert (then.imported.new, then.imported.duplicates, then.matched.booked) == (1, 0, 1)
    assert scene.movement_states() == [("35.70 EUR", "BOOKED", "RE-000001")]
    again = scene.upload(statement(payment, kind=NOTIFICATION, message_id="M2"), name="054b.txt")
    assert (again.imported.new, again.imported.duplicates) == (0, 1)


def test_a_notified_movement_belongs_to_the_statement_that_books_it(scene):
    """Its balances do not add up: then it is not booked by itself."""
    payment = told("RE-000001", amount="35.70", source_ref="R1")
    scene.upload(statement(payment, kind=NOTIFICATION), name="054.txt")

    report = scene.upload(statement(payment, balanced=False), name="053.txt")

    assert (report.imported.new, report.matched.booked) == (1, 0)


def test_an_account_with_notifications_alone_books_them(open_scene):
    """The tenant says so of the account."""
    scene = open_scene(notifications=Notifications.BOOKINGS)
    payment = told("RE-000001", amount="35.70", source_ref="R1")

    report = scene.upload(statement(payment, kind=NOTIFICATION), name="054.txt")

    assert (report.imported.new, report.matched.booked) == (1, 1)


def test_numbers_of_reports_and_notifications_leave_no_gaps(scene):
    """They have rows of numbers of their own."""
    scene.upload(statement(sequence=217), name="217.txt")
    scene.upload(statement(sequence=900, kind=REPORT), name="r.txt")
    scene.upload(statement(sequence=950, kind=NOTIFICATION), name="n.txt")

    report = scene.upload(statement(sequence=218), name="218.txt").imported

    assert report.warnings == ()


def test_a_feed_and_a_statement_tell_of_one_booking(scene):
    """The feed has ids of its own, no GVC, another value date, and joins the lines."""
    scene.upload(statement(told("RE-000009 vom", source_ref="R1"), told("Spende"), told("Spende")))

    fed = [
        told("RE-000009  vom", source_ref="901", gvc=None, value_on=date(2026, 11, 13)),
        told("Spende", source_ref="902"),
        told("Spende", source_ref="903"),
        told("Spende", source_ref="904"),
    ]
    first = scene.fed(*fed, connection="1")
    again = scene.fed(*fed, told("neu", source_ref="905"), connection="1")

    assert (first.new, first.duplicates, first.held) == (1, 3, 0)
    assert (again.new, again.duplicates, again.held) == (1, 4, 0)
    assert len(scene.movement_states()) == 5


def test_a_connection_that_was_made_anew_brings_nothing_twice(scene):
    """New ids for everything, and a statement of the same days after it (P55)."""
    days = [told("A", source_ref="1"), told("B", source_ref="2"), told("B", source_ref="3")]
    anew = [told("B", source_ref="71"), told("A", source_ref="72"), told("B", source_ref="73")]
    scene.fed(*days, connection="1")

    second = scene.fed(*anew, connection="2")
    file = scene.upload(statement(told("A"), told("B"), told("B"))).imported

    assert (second.new, second.duplicates) == (0, 3)
    assert (file.new, file.duplicates) == (0, 3)
    assert len(scene.movement_states()) == 3


def test_a_twin_is_new_where_the_other_one_is_known_by_its_key(scene):
    """Whatever comes first in the file: what this source names by key is not left to its twin."""
    scene.upload(statement(told("Spende", source_ref="R1"), kind=REPORT))

    report = scene.upload(
        statement(told("Spende", source_ref="R2"), told("Spende", source_ref="R1")), name="2.txt"
    ).imported

    assert (report.new, report.duplicates) == (1, 1)


def test_another_text_for_the_same_money_waits_for_a_person(scene):
    """Same day, amount and payer: nobody can tell; nothing is booked of it, and a person is asked."""
    scene.upload(statement(told("RE-000001", amount="35.70", source_ref="R1")))

    fed = scene.fed(told("Rechnung eins", amount="35.70", source_ref="9"), connection="1")

    assert (fed.new, fed.held) == (0, 1)
    assert [state for _, state, _ in scene.movement_states()] == ["BOOKED", "HELD"]
    ((subject, problem),) = doubts(scene)
    assert subject == IBAN
    assert problem.startswith("1 of the movements may have come from another source before")
    (held,) = scene.movements(MovementState.HELD)
    assert held.rule == "doubtful"
    assert scene.violations() == []


def test_a_payer_that_only_one_source_knows_is_a_doubt_too(scene):
    """A feed without the IBAN cannot say that it was another payer."""
    scene.upload(statement(told("A", source_ref="R1")))

    fed = scene.fed(told("A", source_ref="9", counterparty_iban=None), connection="1")

    assert (fed.new, fed.held) == (0, 1)


@pytest.mark.parametrize(
    "fields",
    [
        {"counterparty_iban": "DE75512108001245126199"},
        {"on": date(2026, 11, 12)},
        {"amount": "12.01"},
    ],
)
def test_another_payer_day_or_amount_is_no_doubt(scene, fields):
    """Tolerance nought."""
    scene.upload(statement(told("A", source_ref="R1")))

    fed = scene.fed(told("B", source_ref="9", **fields), connection="1")

    assert (fed.new, fed.held) == (1, 0)


def test_one_movement_casts_doubt_on_one_other_only(scene):
    """The second of the feed is a new payment."""
    scene.upload(statement(told("A", source_ref="R1")))

    fed = scene.fed(told("B", source_ref="8"), told("C", source_ref="9"), connection="1")

    assert (fed.new, fed.held) == (1, 1)


def test_what_the_feed_itself_doubts_waits_for_a_person(scene):
    """Asked once, however often it happens."""
    scene.fed(told("A", source_ref="8", is_doubtful=True), connection="1")
    scene.fed(told("B", source_ref="9", is_doubtful=True), connection="1")

    assert [state for _, state, _ in scene.movement_states()] == ["HELD", "HELD"]
    assert len(doubts(scene)) == 1


def test_a_feed_that_brings_nothing_new_leaves_no_trace(scene):
    """It is asked many times a day; the same answer again is known by its bytes as well."""
    scene.fed(told("A", source_ref="8"), connection="1")

    nothing = scene.fed(told("A", source_ref="8", booking_text="later"), connection="1")
    same = scene.fed(told("A", source_ref="8"), connection="1")

    assert (nothing.new, nothing.duplicates) == (0, 1)
    assert same.already_imported
    assert scene.count("bank_upload") == 1
    assert scene.count("bank_statement") == 1


def test_the_names_a_movement_has_are_kept(scene):
    """By which key, and by whom."""
    scene.upload(statement(told("A", source_ref="R1")))
    scene.fed(told("A", source_ref="9"), connection="1")

    with scene.database.read(scene.tenant.id) as tx:
        rows = tx.connection.execute(select(movement_alias)).all()

    assert [row.source for row in rows] == ["feed:1"]
