"""Collective bookings whose details come in another message: the same money once (2.5, P40)."""

from typing import Any

import pytest
from tests.services.bank.scene import BankScene
from tests.services.bank.statement_files import moved, statement

from faktura.plugin import BankTransaction, StatementKind

REPORT, NOTIFICATION = StatementKind.REPORT, StatementKind.NOTIFICATION
NAMES = {"batch_message_id": "M-1", "batch_payment_id": "P-1", "source_ref": "R1", "gvc": "192"}


def batch(amount: str = "135.70", **fields: Any) -> BankTransaction:
    """A collective credit without details."""
    return moved(amount, **{**NAMES, "batch_count": 2, **fields})


def details(amounts: tuple[str, ...] = ("35.70", "100.00"), **fields: Any) -> list[BankTransaction]:
    """Its details, for RE-000001 and RE-000002."""
    return [
        moved(
            amount,
            f"RE-00000{no + 1}",
            **{
                **NAMES,
                "batch_count": len(amounts),
                "detail_index": no,
                "detail_count": len(amounts),
                "end_to_end_id": f"E-{no + 1}",
                **fields,
            },
        )
        for no, amount in enumerate(amounts)
    ]


def states(scene: BankScene) -> list[tuple[str, str]]:
    """Amount and state of each movement."""
    return sorted((amount, state) for amount, state, _ in scene.movement_states())


BOTH = [("100.00 EUR", "BOOKED"), ("135.70 EUR", "EXPANDED"), ("35.70 EUR", "BOOKED")]


@pytest.mark.parametrize("kind", [StatementKind.STATEMENT, REPORT])
def test_notified_details_take_the_place_of_a_batch_that_waits(scene, kind):
    """150.00 in the statement, who paid it in the notification: the details are booked, not both."""
    first = scene.upload(statement(batch(), kind=kind), name="053.txt")
    assert (first.imported.new, first.matched.booked) == (1, 0)

    then = scene.upload(statement(*details(), kind=NOTIFICATION), name="054.txt")

    assert (then.imported.new, then.imported.expanded, then.matched.booked) == (2, 1, 2)
    assert states(scene) == BOTH
    assert scene.violations() == []


def test_details_that_were_notified_first_wait_for_their_batch(scene):
    """The other way round comes to the same."""
    first = scene.upload(statement(*details(), kind=NOTIFICATION), name="054.txt")
    assert (first.imported.new, first.imported.previews) == (0, 2)

    then = scene.upload(statement(batch()), name="053.txt")

    assert (then.imported.new, then.matched.booked) == (2, 2)
    assert states(scene) == BOTH


def test_all_of_it_again_adds_nothing(scene):
    """Statement, report and notification, whatever they hold and however often they come."""
    files = [
        statement(batch()),
        statement(*details(), kind=NOTIFICATION),
        statement(batch(), kind=REPORT),
        statement(batch(source_ref="R1", booking_text="SAMMLER"), message_id="M-2"),
        statement(*details(), kind=NOTIFICATION, message_id="M-3"),
    ]

    for no, file in enumerate(files):
        scene.upload(file, name=f"{no}.txt")

    assert states(scene) == BOTH


def test_a_statement_that_is_split_later_replaces_a_report_that_was_not(scene):
    """The day's report has one line, the statement its details."""
    scene.upload(statement(batch(), kind=REPORT), name="052.txt")

    then = scene.upload(statement(*details()), name="053.txt")

    assert (then.imported.new, then.imported.expanded) == (2, 1)
    assert states(scene) == BOTH


def test_a_report_that_is_not_split_adds_nothing_to_a_statement_that_is(scene):
    """The details are there."""
    scene.upload(statement(*details()), name="053.txt")

    then = scene.upload(statement(batch(), kind=REPORT), name="052.txt")

    assert (then.imported.new, then.imported.duplicates) == (0, 1)
    assert states(scene) == BOTH


def test_a_notified_batch_gives_way_to_the_details_of_the_statement(scene):
    """It was a preview."""
    scene.upload(statement(batch(), kind=NOTIFICATION), name="054.txt")

    then = scene.upload(statement(*details()), name="053.txt")

    assert (then.imported.new, then.imported.expanded) == (2, 1)
    assert states(scene) == BOTH


def test_details_that_are_only_notified_leave_a_notified_batch_alone(scene):
    """Both wait for a statement."""
    scene.upload(statement(batch(), kind=NOTIFICATION), name="1.txt")

    then = scene.upload(statement(*details(), kind=NOTIFICATION, message_id="2"), name="2.txt")

    assert (then.imported.new, then.imported.previews) == (0, 2)
    assert states(scene) == [
        ("100.00 EUR", "PREVIEW"),
        ("135.70 EUR", "PREVIEW"),
        ("35.70 EUR", "PREVIEW"),
    ]


@pytest.mark.parametrize(
    "fields",
    [
        {"amounts": ("35.70", "99.99")},
        {"source_ref": "R2"},
        {"batch_payment_id": "P-2"},
        {"batch_count": 3},
        {"source_ref": None, "batch_payment_id": None, "batch_message_id": None},
    ],
)
def test_details_that_do_not_fit_exactly_replace_nothing(scene, fields):
    """Another sum, another name, another count, no name: a person decides about the batch."""
    scene.upload(statement(batch()), name="053.txt")

    then = scene.upload(statement(*details(**fields), kind=NOTIFICATION), name="054.txt")

    assert (then.imported.new, then.imported.expanded, then.imported.previews) == (0, 0, 2)
    assert ("135.70 EUR", "OPEN") in states(scene)


def test_details_of_which_one_is_known_already_are_no_whole_batch(scene):
    """The rest is as it is without batches."""
    one, two = details()
    scene.upload(statement(one), name="1.txt")

    then = scene.upload(statement(one, two, message_id="2"), name="2.txt")

    assert (then.imported.new, then.imported.duplicates) == (1, 1)


def test_what_a_person_decided_about_a_batch_stays_decided(scene):
    """Its details come later: they are the same money and add nothing."""
    scene.upload(statement(batch()), name="053.txt")
    scene.dismiss_all("interne Umbuchung")

    then = scene.upload(statement(*details(), kind=NOTIFICATION), name="054.txt")
    again = scene.upload(statement(*details(), kind=NOTIFICATION, message_id="2"), name="2.txt")

    assert (then.imported.new, then.imported.duplicates, then.imported.previews) == (0, 2, 0)
    assert again.imported.duplicates == 2
    assert states(scene) == [("135.70 EUR", "DISMISSED")]


def test_the_details_of_a_doubtful_statement_are_not_booked_by_themselves(scene):
    """They stand for money of a statement whose balances contradict it."""
    scene.upload(statement(batch(), balanced=False), name="053.txt")

    then = scene.upload(statement(*details(), kind=NOTIFICATION), name="054.txt")

    assert (then.imported.new, then.matched.booked) == (2, 0)


def test_each_detail_may_have_a_reference_of_its_own(scene):
    """Then the batch is known by what they share."""
    own = [one.model_copy(update={"source_ref": f"D{no}"}) for no, one in enumerate(details())]
    scene.upload(statement(batch()), name="053.txt")

    then = scene.upload(statement(*own, kind=NOTIFICATION), name="054.txt")

    assert then.imported.expanded == 1


def test_two_equal_batches_of_one_day_are_told_apart_or_left_alone(scene):
    """The same payment block in two equal parts: the bank's reference tells which one is meant."""
    scene.upload(statement(batch(), batch(source_ref="R2")), name="053.txt")

    one = scene.upload(statement(*details(source_ref="R2"), kind=NOTIFICATION), name="054.txt")
    other = scene.upload(
        statement(*details(source_ref=None), kind=NOTIFICATION, message_id="2"), name="2.txt"
    )

    assert one.imported.expanded == 1
    assert other.imported.expanded == 0
    assert ("135.70 EUR", "OPEN") in states(scene)


def test_a_batch_of_more_than_one_write_stays_whole(scene):
    """1,500 details behind 700 single payments: written in pieces, never in the middle of an entry."""
    singles = [moved("1.00", f"N {no}", entry_index=no) for no in range(700)]
    many = details(("1.00",) * 1500)
    scene.upload(statement(batch("1500.00", batch_count=1500)), name="053.txt")

    then = scene.upload(
        statement(*singles, *[one.model_copy(update={"entry_index": 700}) for one in many]),
        name="2.txt",
    )

    assert (then.imported.new, then.imported.expanded) == (2200, 1)


NAMELESS: dict[str, Any] = {"batch_message_id": None, "batch_payment_id": None, "source_ref": None}


def test_a_sum_whose_details_may_be_booked_already_waits_for_a_person(scene):
    """No name in common: nobody can tell, and both would be twice the money."""
    scene.upload(statement(*details(**NAMELESS), kind=REPORT))

    report = scene.upload(statement(batch(**NAMELESS)), name="2.txt").imported

    assert (report.new, report.held) == (0, 1)
    assert states(scene)[1] == ("135.70 EUR", "HELD")


def test_details_whose_sum_may_be_booked_already_wait_for_a_person(scene):
    """The other way round; another sum of the day is no doubt."""
    scene.upload(statement(batch(**NAMELESS), kind=REPORT))

    report = scene.upload(
        statement(
            *details(**NAMELESS, entry_index=0),
            *details(("1.00", "2.00"), **NAMELESS, entry_index=1),
        ),
        name="2.txt",
    ).imported

    assert (report.new, report.held) == (2, 2)


@pytest.mark.parametrize("split", [True, False])
def test_a_notification_that_may_be_booked_otherwise_waits_for_a_person(scene, split):
    """Notified in parts, booked as a sum by one source and in parts by the next; or the reverse."""
    one, other = details(**NAMELESS), [batch(**NAMELESS)]
    notified, booked = (one, other) if split else (other, one)
    scene.upload(statement(*booked, kind=REPORT), name="052.txt")
    scene.upload(statement(*notified, kind=NOTIFICATION), name="054.txt")

    report = scene.upload(statement(*notified), name="053.txt").imported
    again = scene.upload(statement(*notified, message_id="2"), name="2.txt").imported

    assert (report.new, report.held) == (0, len(notified))
    assert (again.held, again.duplicates) == (0, len(notified))
    assert [state for _, state in states(scene)].count("HELD") == len(notified)
