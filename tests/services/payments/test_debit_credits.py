"""What a bank credits of files of debits: one by one, by block, or all at once (P41, decision 0023)."""

from datetime import date
from pathlib import Path

import pytest
from tests.services.bank.people import Person
from tests.services.bank.statement_files import returned
from tests.services.payments.filed import FiledScene

from faktura.kernel.payment_terms import AttemptState, MeansState
from faktura.services.attempt_view import show_attempt
from faktura.services.imports.mandate_fields import OtherAccountFields
from faktura.services.mandates import amend_mandate
from faktura.store.database import Database

ALL = ("RE-000001", "RE-000002", "RE-000003")


@pytest.fixture
def scene(database: Database, tmp_path: Path) -> FiledScene:
    """Three invoices, due on 15 October."""
    return FiledScene(database, tmp_path / "content")


def test_one_credit_that_names_its_block_pays_all_of_it(scene: FiledScene) -> None:
    """433.20 by one movement, three documents; the mandates are used since that day."""
    file = scene.made()
    scene.hand_in()

    scene.credit("433.20", "SAMMLER", batch_payment_id=f"{file.message_id}-1")

    assert scene.open() == {}
    assert scene.states(*ALL) == ["SUCCEEDED"] * 3
    assert [scene.mandate(no).last_used_on for no in (1, 2, 3)] == [date(2026, 10, 15)] * 3
    assert scene.legs("pay:")[:2] == ["D 1200 35.70", "C 1400 35.70"]
    assert len({one.movement_id for number in ALL for one in scene.allocations(number)}) == 1
    assert scene.waiting() == []
    assert scene.violations() == []


@pytest.mark.parametrize("cut", [False, True])
def test_a_credit_may_name_its_file_in_the_text_alone(scene: FiledScene, *, cut: bool) -> None:
    """However the bank sets the id."""
    file = scene.made()
    text = f"DATEI {file.message_id.lower()} VOM 13.10."
    lines = (text[:20], text[20:]) if cut else (text,)

    scene.credit("433.20", *lines)

    assert scene.states(*ALL) == ["SUCCEEDED"] * 3


def test_a_sum_that_is_not_the_block_stays_open_with_its_reason(scene: FiledScene) -> None:
    """One cent is enough."""
    file = scene.made()

    scene.credit("433.19", batch_message_id=file.message_id)

    assert scene.states(*ALL) == ["PENDING"] * 3
    ((amount, rule),) = scene.waiting()
    assert (amount, rule) == ("433.19 EUR", "debit-file-differs")
    (movement,) = scene.movements()
    assert movement.reason == (f"file {file.message_id}: awaited is 433.20 EUR, not 433.19 EUR")


def test_a_debit_that_the_bank_refused_is_missing_from_the_sum(scene: FiledScene) -> None:
    """Once a person has said so, the credit fits: 433.20 - 100.00."""
    file = scene.made()
    scene.hand_in()
    scene.credit("333.20", batch_message_id=file.message_id)
    assert scene.states(*ALL) == ["PENDING"] * 3

    scene.cancel(refused=True, numbers=("RE-000002",))
    scene.credit("0.01", "anything", name="next.txt")

    assert scene.states(*ALL) == ["SUCCEEDED", "CANCELLED", "SUCCEEDED"]
    assert scene.open() == {"RE-000002": "100.00 EUR"}


def test_a_debit_that_came_back_before_its_block_was_credited(scene: FiledScene) -> None:
    """The bank credits the block whole: 433.20 come in, 100.00 + 3.00 went out."""
    file = scene.made()
    scene.hand_in()
    back = returned(
        "-103.00", original="100.00", end_to_end_id=scene.attempts("RE-000002")[0].id.hex,
        return_reason="MD06", on=date(2026, 10, 16),
    )  # fmt: skip
    scene.statement(back, name="back.txt")
    assert scene.states(*ALL) == ["PENDING", "FAILED", "PENDING"]

    scene.credit("433.20", batch_payment_id=f"{file.message_id}-1")

    assert scene.states("RE-000001", "RE-000003") == ["SUCCEEDED"] * 2
    assert scene.open() == {"RE-000002": "100.00 EUR"}
    assert scene.waiting() == []
    assert scene.violations() == []


def test_a_bank_may_credit_only_what_did_not_come_back(scene: FiledScene) -> None:
    """The block less what was returned before."""
    file = scene.made()
    scene.hand_in()
    back = returned(
        "-100.00", original="100.00", end_to_end_id=scene.attempts("RE-000002")[0].id.hex,
        on=date(2026, 10, 14),
    )  # fmt: skip
    scene.statement(back, name="back.txt")

    scene.credit("333.20", batch_payment_id=f"{file.message_id}-1")

    assert scene.states(*ALL) == ["SUCCEEDED", "FAILED", "SUCCEEDED"]


def test_debits_of_a_collective_credit_come_back_one_by_one(scene: FiledScene) -> None:
    """By the end-to-end id alone; the customer owes it again, the mandate is not used any more."""
    file = scene.made()
    scene.hand_in()
    scene.credit("433.20", batch_payment_id=f"{file.message_id}-1")

    back = returned(
        "-103.00", original="100.00", end_to_end_id=scene.attempts("RE-000002")[0].id.hex,
        return_reason="AC04", on=date(2026, 10, 20),
    )  # fmt: skip
    scene.statement(back, name="back.txt")

    assert scene.states(*ALL) == ["SUCCEEDED", "CHARGED_BACK", "SUCCEEDED"]
    assert scene.open() == {"RE-000002": "100.00 EUR"}
    assert scene.mandate(2).state is not MeansState.ACTIVE
    assert scene.violations() == []


@pytest.mark.parametrize("most", [10, 2])
def test_a_collective_credit_that_is_taken_back_leaves_its_debits_collected(
    scene: FiledScene, monkeypatch: pytest.MonkeyPatch, most: int
) -> None:
    """Each is told, or the first ones and how many more."""
    monkeypatch.setattr("faktura.services.undoing_matches._MOST_TOLD", most)
    file = scene.made()
    scene.hand_in()
    scene.credit("433.20", "SAMMLER", batch_payment_id=f"{file.message_id}-1")
    person = Person(scene)

    done = person.undo(person.booked())

    assert done.numbers == ALL
    assert [one.partition(" over ")[2] for one in done.stays[:2]] == [
        "35.70 EUR for RE-000001 stays SUCCEEDED: its debit was collected",
        "100.00 EUR for RE-000002 stays SUCCEEDED: its debit was collected",
    ]
    assert len(done.stays) == 3
    assert (done.stays[2] == "1 more attempts stay SUCCEEDED like these") == (most == 2)
    assert scene.states(*ALL) == ["SUCCEEDED"] * 3
    assert scene.violations() == []


def test_single_credits_need_no_file(scene: FiledScene) -> None:
    """The bank lists what it collected: each by its end-to-end id, whatever batch it names."""
    file = scene.made()

    for no, amount in enumerate(("35.70", "100.00", "297.50"), 1):
        (attempt,) = scene.attempts(f"RE-00000{no}")
        scene.credit(
            amount,
            name=f"{no}.txt",
            end_to_end_id=attempt.id.hex,
            batch_payment_id=f"{file.message_id}-1",
        )

    assert scene.states(*ALL) == ["SUCCEEDED"] * 3
    assert scene.mandate(1).last_used_on == date(2026, 10, 15)


def test_a_file_of_somebody_else_is_none_of_ours(scene: FiledScene) -> None:
    """Another installation hands in over the same account."""
    scene.made()

    scene.credit("433.20", "FKT1-XAAAAAAAAAAAA")

    assert scene.waiting() == [("433.20 EUR", "no-number")]


def test_a_cancelled_file_that_was_handed_in_all_the_same_is_believed(scene: FiledScene) -> None:
    """The bank has the money: what its cancelling freed is collected."""
    file = scene.made()
    scene.cancel()

    scene.credit("433.20", batch_message_id=file.message_id)

    assert scene.states(*ALL) == ["SUCCEEDED"] * 3
    assert scene.open() == {}


def test_a_first_debit_is_marked_once_and_never_after_the_bank_collected(
    database: Database, tmp_path: Path
) -> None:
    """For banks that want FRST: the second month follows the first credit."""
    settings: dict[str, object] = {"first_sequence": "FRST"}
    scene = FiledScene(database, tmp_path / "content", settings=settings)
    first = scene.made()
    scene.hand_in()
    scene.credit("433.20", batch_message_id=first.message_id)

    scene.november()
    (second,) = scene.make().files

    assert b"<SeqTp>FRST</SeqTp>" in scene.debits.content_of(first)
    assert b"<SeqTp>RCUR</SeqTp>" in scene.debits.content_of(second)


def test_a_mandate_that_moved_to_another_account_tells_the_bank_once(scene: FiledScene) -> None:
    """It moved after the first file was made: the bank knows the former account by its credit only."""
    first = scene.made()
    scene.hand_in()
    with scene.database.write(scene.tenant.id) as tx:
        other = OtherAccountFields(iban="DE02100500000054540402")
        amend_mandate(tx, scene.tenant, scene.mandates[0].id, other)
    scene.credit("433.20", batch_message_id=first.message_id)

    scene.november()
    (second,) = scene.make().files
    told = scene.debits.content_of(second)
    scene.credit(
        "433.20", batch_message_id=second.message_id, on=date(2026, 11, 16), name="november.txt"
    )

    assert told.count(b"<AmdmntInd>true</AmdmntInd>") == 1
    assert b"SMNDA" in told
    mandate = scene.mandate(1).mandate
    assert mandate is not None
    assert mandate.amendment is None


def test_a_one_off_mandate_is_in_one_file_only(scene: FiledScene) -> None:
    """The second month waits until the first is decided, and is given up once it is collected."""
    scene.sign("K-1", "M-ONCE", "DE89370400440532013000", sequence="ONE_OFF")
    first = scene.made()
    scene.hand_in()
    scene.november()

    waiting = scene.make()
    scene.credit("433.20", batch_message_id=first.message_id)
    over = scene.make()

    assert [(one.waiting.number, one.reason) for one in waiting.later] == [
        ("RE-000004", "mandate M-ONCE is for one collection, which is under way")
    ]
    assert [(one.waiting.number, one.reason) for one in over.over] == [
        ("RE-000004", "mandate M-ONCE is for one collection and was used on 2026-10-15")
    ]
    assert scene.attempts("RE-000004")[-1].state is AttemptState.CANCELLED


def test_an_attempt_shows_what_the_bank_booked_of_it(scene: FiledScene) -> None:
    """Its own document of the block, then the return with the bank's fee."""
    file = scene.made()
    scene.hand_in()
    scene.credit("433.20", batch_payment_id=f"{file.message_id}-1")
    (attempt,) = scene.attempts("RE-000002")
    back = returned(
        "-103.00", original="100.00", end_to_end_id=attempt.id.hex, return_reason="MD06",
        on=date(2026, 10, 16),
    )  # fmt: skip
    scene.statement(back, name="back.txt")

    with scene.database.read(scene.tenant.id) as tx:
        shown = show_attempt(tx, attempt.id)

    assert [(one.fact, str(one.amount)) for one in shown.bookings] == [
        ("PAYMENT", "-100.00 EUR"),
        ("RETURN", "100.00 EUR"),
    ]
    assert [one.kind for one in shown.entries] == ["PAYMENT", "RETURN", "RETURN_FEE"]
