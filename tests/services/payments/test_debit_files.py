"""Files of collective debits: made once, complete, and free again when cancelled (F101, F102, P41, P42)."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from tests.services.payments.filed import FiledScene, read

from faktura.domain.violations import Proof
from faktura.kernel.errors import FieldInvalid, TransitionRefused
from faktura.kernel.payment_terms import AttemptState, FileState
from faktura.services.mandates import revoke_mandate
from faktura.store.database import Database
from faktura.store.debit_files import list_files


@pytest.fixture
def scene(database: Database, tmp_path: Path) -> FiledScene:
    """Three invoices, due on 15 October."""
    return FiledScene(database, tmp_path / "content")


def test_debits_that_the_bank_takes_go_into_one_file(scene: FiledScene) -> None:
    """F102: collected on the due day; the sum of 35.70, 100.00 and 297.50 is 433.20."""
    scene.collect()
    assert scene.states("RE-000001", "RE-000002", "RE-000003") == ["PENDING"] * 3

    made = scene.make()

    (file,) = made.files
    assert (file.no, file.state, file.items, str(file.total)) == (
        1,
        FileState.MADE,
        3,
        "433.20 EUR",
    )
    assert (file.first_due_on, file.last_due_on) == (date(2026, 10, 15), date(2026, 10, 15))
    assert file.submit_until == datetime(2026, 10, 13, 8, tzinfo=UTC)
    assert (made.late, made.later, made.spoilt, made.over) == ([], [], [], [])
    content = scene.debits.content_of(file)
    attempts = [scene.attempts(f"RE-00000{no}")[-1] for no in (1, 2, 3)]
    assert [one.file_no for one in attempts] == [1, 1, 1]
    assert read(content, "EndToEndId") == [one.id.hex for one in attempts]
    assert read(content, "MndtId") == ["M-1", "M-2", "M-3"]
    assert read(content, "ReqdColltnDt") == ["2026-10-15"]
    assert read(content, "RmtInf/Ustrd")[0] == "RE-000001 Werk GmbH"
    assert read(content, "CdtrAcct/Id/IBAN") == ["DE02120300000000202051"]
    assert read(content, "PmtInfId") == [f"{file.message_id}-1"]
    assert [block.id for block in file.blocks] == [f"{file.message_id}-1"]
    assert scene.view().file == file
    assert [number for _, number in scene.view().debits] == ["RE-000001", "RE-000002", "RE-000003"]


def test_no_debit_is_in_two_files(scene: FiledScene) -> None:
    """Nor is its document collected by another run."""
    scene.made()

    assert scene.collect().opened == 0
    assert scene.make().files == []
    with scene.database.read(scene.tenant.id) as tx:
        assert len(list_files(tx)) == 1


def test_a_file_holds_as_many_debits_as_the_bank_takes(database: Database, tmp_path: Path) -> None:
    """G5 with a limit of two: two files, numbers and message ids of their own."""
    scene = FiledScene(database, tmp_path / "content", settings={"most_items": 2})
    scene.collect()

    first, second = scene.make().files

    assert [(one.no, one.items, str(one.total)) for one in (first, second)] == [
        (1, 2, "135.70 EUR"),
        (2, 1, "297.50 EUR"),
    ]
    assert first.message_id != second.message_id


def test_a_preview_says_the_same_and_writes_nothing(scene: FiledScene) -> None:
    """Twice, and what is made after it is what it said."""
    scene.collect()

    plans = [scene.debits.preview(scene.filing) for _ in range(2)]

    for plan in plans:
        assert [[one.waiting.number for one in ready] for ready in plan.files] == [
            ["RE-000001", "RE-000002", "RE-000003"]
        ]
    assert [one.file_no for one in scene.attempts("RE-000001")] == [None]


def test_what_the_bank_does_not_take_yet_waits(database: Database, tmp_path: Path) -> None:
    """A bank that takes debits five days ahead: from 10 October on."""
    scene = FiledScene(database, tmp_path / "content")
    scene.collect()
    scene.settings["advance_days"] = 5

    early, asked_for = scene.make(), scene.debits.preview(scene.filing, date(2026, 10, 10))
    scene.until(datetime(2026, 10, 10, 6, tzinfo=UTC))
    due = scene.make()

    assert early.files == []
    assert [(one.waiting.number, one.reason) for one in early.later] == [
        (f"RE-00000{no}", "the bank takes it from 2026-10-10 on") for no in (1, 2, 3)
    ]
    assert len(asked_for.files) == len(due.files) == 1


def test_a_debit_whose_cut_off_passed_comes_later_and_that_is_said(scene: FiledScene) -> None:
    """13 October, 10:00 sharp is too late: the next file is for 14 October, collected on the 16th."""
    scene.collect()
    scene.until(datetime(2026, 10, 13, 8, tzinfo=UTC))

    made = scene.make()

    assert made.late == ["RE-000001", "RE-000002", "RE-000003"]
    assert made.files[0].first_due_on == date(2026, 10, 16)
    assert made.files[0].submit_until == datetime(2026, 10, 14, 8, tzinfo=UTC)


def test_a_file_that_was_not_handed_in_before_its_cut_off_is_late(scene: FiledScene) -> None:
    """Until it is handed in."""
    scene.made()
    assert not scene.view().is_late

    scene.until(datetime(2026, 10, 13, 8, tzinfo=UTC))

    assert scene.view().is_late
    assert not scene.hand_in().is_late


def test_a_debit_with_a_problem_waits_with_one_task_and_the_rest_goes_on(
    scene: FiledScene,
) -> None:
    """Its file comes once a person has mended it, and the task is done then."""
    scene.sign("K-1", "M-1b", "DE89370400440532013000", holder="Иван Петров")
    scene.collect()

    made, again = scene.make(), scene.make()

    (file,) = made.files
    assert [number for _, number in scene.view(file.no).debits] == ["RE-000002", "RE-000003"]
    for one in (made, again):
        assert [left.waiting.number for left in one.spoilt] == ["RE-000001"]
    ((kind, problem),) = scene.tasks()
    assert kind == "PAYMENT_REJECTED"
    assert problem.startswith("The debit of 35.70 EUR for RE-000001 is in no file of sepa: ")
    assert "Иван Петров" in problem
    assert scene.states("RE-000001") == ["PENDING"]

    scene.rename_holder("M-1b", "Ivan Petrov")
    assert scene.make().files[0].no == 2
    assert scene.tasks() == []


def test_a_debit_of_a_revoked_mandate_is_given_up(scene: FiledScene) -> None:
    """Nobody was asked for the money: its document is free for what is so then."""
    scene.collect()
    with scene.database.write(scene.tenant.id) as tx:
        revoke_mandate(tx, scene.tenant, scene.mandates[0].id, "moved away")

    made = scene.make()

    assert [(one.waiting.number, one.reason) for one in made.over] == [
        ("RE-000001", "mandate M-1 is GONE: moved away")
    ]
    assert made.files[0].items == 2
    (attempt,) = scene.attempts("RE-000001")
    assert (attempt.state, attempt.file_no, attempt.first_sent_at) == (
        AttemptState.CANCELLED, None, None,
    )  # fmt: skip


def test_a_debit_whose_document_was_paid_meanwhile_is_given_up(scene: FiledScene) -> None:
    """Else it would be collected a second time."""
    scene.collect()
    scene.credit("35.70", "RE-000001", gvc="166", on=date(2026, 10, 1))

    made = scene.make()

    assert [(one.waiting.number, one.reason) for one in made.over] == [
        ("RE-000001", "0.00 EUR is open by now, not 35.70 EUR")
    ]
    assert scene.states("RE-000001") == ["CANCELLED"]


def test_a_file_says_which_documents_were_paid_since_it_was_made(scene: FiledScene) -> None:
    """Its bytes stay what they are: a person cancels it and makes another one."""
    file = scene.made()
    scene.credit("35.70", "RE-000001", gvc="166", on=date(2026, 10, 1))

    assert scene.view().changed == ("RE-000001",)
    assert scene.debits.content_of(scene.view().file) == scene.debits.content_of(file)

    scene.cancel()
    scene.collect()
    (other,) = scene.make().files
    assert (other.no, other.items, str(other.total)) == (2, 2, "397.50 EUR")


def test_cancelling_a_file_frees_its_debits(scene: FiledScene) -> None:
    """P42: the next run collects them anew, as if there had been no try."""
    scene.made()

    scene.cancel()
    scene.cancel()

    view = scene.view()
    assert (view.file.state, view.file.reason) == (FileState.CANCELLED, "wrong day")
    assert [one.state for one, _ in view.debits] == [AttemptState.CANCELLED] * 3
    for _ in range(4):
        assert scene.collect().opened == 3
        no = scene.make().files[0].no
        scene.cancel(no)
    with pytest.raises(TransitionRefused, match="is cancelled: its debits are free"):
        scene.hand_in()


def test_a_file_at_the_bank_is_cancelled_only_where_the_bank_refused_it(scene: FiledScene) -> None:
    """Else its debits would be collected twice."""
    scene.made()
    first = scene.hand_in().file.handed_in_at
    with pytest.raises(TransitionRefused, match="was handed in: the bank collects it"):
        scene.cancel()
    assert scene.hand_in().file.handed_in_at == first

    scene.cancel(refused=True)

    assert scene.states("RE-000001", "RE-000002", "RE-000003") == ["CANCELLED"] * 3


def test_the_bank_refuses_a_single_debit(scene: FiledScene) -> None:
    """The others stay with the bank; only a file at the bank has refused debits."""
    scene.made()
    with pytest.raises(TransitionRefused, match="it is made again as a whole"):
        scene.cancel(numbers=("RE-000002",))
    scene.hand_in()
    with pytest.raises(FieldInvalid, match="the file collects nothing of RE-000009"):
        scene.cancel(refused=True, numbers=("RE-000009",))

    scene.cancel(refused=True, numbers=("RE-000002",))

    assert scene.states("RE-000001", "RE-000002", "RE-000003") == [
        "PENDING", "CANCELLED", "PENDING",
    ]  # fmt: skip
    assert scene.view().file.state is FileState.HANDED_IN


def test_an_account_that_writes_no_files_is_refused_by_name(scene: FiledScene) -> None:
    """So is one that does not collect now."""
    scene.pause()

    with pytest.raises(TransitionRefused, match="sepa is PAUSED: holidays"):
        scene.debits.filings("sepa")
    assert scene.debits.filings() == []


def test_a_lost_file_is_found_by_verify(scene: FiledScene) -> None:
    """Its bytes are proved as those of all that went out."""
    file = scene.made()
    assert scene.violations() == []

    name = file.digest.hex()
    (scene.folder / str(scene.tenant.id) / name[:2] / name[2:4] / name).unlink()

    (found,) = scene.violations(Proof.CONTENTS)
    assert "file 1 of debits of sepa" in found
    assert "the stored bytes are missing" in found
