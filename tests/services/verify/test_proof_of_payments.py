"""`faktura verify` finds payments, chargebacks, refunds and files that the books do not know."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from tests.services.bank.statement_files import returned
from tests.services.company import opened
from tests.services.payments.filed import FiledScene
from tests.services.payments.refunds import Refunds
from tests.services.verify.books import tampering

from faktura.domain.violations import Proof
from faktura.plugin import RefundAnswer
from faktura.services.chargebacks import win_chargeback
from faktura.services.verification import prove
from faktura.store.database import Database

ATTEMPT_1 = "document_id = (SELECT id FROM document WHERE number = 'RE-000001')"
ATTEMPT_2 = "document_id = (SELECT id FROM document WHERE number = 'RE-000002')"
ATTEMPT_3 = "document_id = (SELECT id FROM document WHERE number = 'RE-000003')"


def collected(database: Database, folder: Path) -> Refunds:
    """RE-000001 was paid, cancelled and given back; 2 charged back, a part of 3 charged back and won.

    Each dispute cost a fee of 20.00.
    """
    scene = Refunds(database, folder)
    refund = scene.open_one(scene.paid_and_cancelled(), "35.70")
    scene.said(refund, RefundAnswer.SUCCEEDED, reference="re_1")
    scene.dispute(scene.paid("RE-000002"), "double:dp_2", fee="20.00")
    third = scene.paid("RE-000003")
    scene.dispute(third, "double:dp_3", "97.50", fee="20.00")
    with database.write(scene.tenant.id) as tx:
        win_chargeback(tx, scene.tenant, scene.fact(third, "double:dp_3", "97.50"))
    return scene


def filed(database: Database, folder: Path) -> FiledScene:
    """All three were collected over our bank by a file; it credited them in one sum."""
    scene = FiledScene(database, folder)
    file = scene.made()
    scene.hand_in()
    scene.credit("433.20", "SAMMLER", batch_payment_id=f"{file.message_id}-1")
    return scene


def said(scene: Refunds | FiledScene, *changes: str) -> list[tuple[str, str]]:
    """Place, without its id, and problem of what the proof of payments finds after these changes."""
    with tampering(scene.database, scene.tenant) as tx:
        for change in changes:
            tx.connection.exec_driver_sql(change)
        found = list(prove(tx, Proof.PAYMENTS))
    return [(_without_id(one.place), one.problem) for one in found]


def _without_id(place: str) -> str:
    """Ids are another one in each run."""
    return " ".join(word for word in place.split() if len(word) < 32)


@pytest.fixture(scope="module")
def at_provider(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Refunds]:
    """One set of books for all damages: each is rolled back."""
    folder = tmp_path_factory.mktemp("provider")
    database = opened(f"sqlite:///{folder / 'books.db'}")
    yield collected(database, folder / "content")
    database.close()


@pytest.fixture(scope="module")
def at_bank(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FiledScene]:
    """The same for debits over our own bank."""
    folder = tmp_path_factory.mktemp("bank")
    database = opened(f"sqlite:///{folder / 'books.db'}")
    yield filed(database, folder / "content")
    database.close()


def test_books_of_collected_payments_hold(at_provider: Refunds, at_bank: FiledScene) -> None:
    """Without this, every other test here would pass for the wrong reason."""
    assert said(at_provider) == []
    assert said(at_bank) == []
    assert at_provider.violations() == []
    assert at_bank.violations() == []


@pytest.mark.parametrize(
    ("change", "place", "problem"),
    [
        (
            f"UPDATE payment_attempt SET amount = 3571 WHERE {ATTEMPT_1}",
            "payment_attempt of document RE-000001",
            "it is SUCCEEDED over 35.71 EUR, and 35.70 EUR are booked",
        ),
        (
            f"UPDATE payment_attempt SET state = 'FAILED' WHERE {ATTEMPT_1}",
            "payment_attempt of document RE-000001",
            "it is FAILED over 35.70 EUR, and 35.70 EUR are booked",
        ),
        (
            f"UPDATE payment_attempt SET state = 'PENDING' WHERE {ATTEMPT_3}",
            "payment_attempt of document RE-000003",
            "it is PENDING over 297.50 EUR, and 297.50 EUR are booked",
        ),
        (
            "UPDATE account_transaction SET source = 'pay:other' || substr(source, 12)",
            "payment_attempt of document RE-000001",
            "it is SUCCEEDED over 35.70 EUR, and no payment is booked for it",
        ),
        (
            f"DELETE FROM payment_attempt WHERE {ATTEMPT_1}",
            "account_transaction",
            "its payment attempt does not exist",
        ),
        (
            f"UPDATE payment_attempt SET state = 'CHARGED_BACK' WHERE {ATTEMPT_3}",
            "payment_attempt of document RE-000003",
            "it is CHARGED_BACK, and no chargeback stands",
        ),
        (
            "UPDATE chargeback SET amount = amount - 1 WHERE subject = 'double:dp_2'",
            "chargeback double:dp_2",
            "it took back 99.99 EUR, 100.00 EUR are booked",
        ),
        (
            "UPDATE chargeback SET state = 'WON' WHERE subject = 'double:dp_2'",
            "chargeback double:dp_2",
            "it is WON, 0.00 EUR of 100.00 EUR are booked again",
        ),
        (
            "UPDATE chargeback SET state = 'LOST' WHERE subject = 'double:dp_3'",
            "chargeback double:dp_3",
            "it is LOST, 97.50 EUR of 97.50 EUR are booked again",
        ),
        (
            "UPDATE chargeback SET fee = 1500 WHERE subject = 'double:dp_2'",
            "chargeback double:dp_2",
            "its fee of 15.00 EUR is posted as 20.00 EUR",
        ),
        (
            "UPDATE journal_entry SET entry_key = entry_key || 'x' WHERE kind = 'PROVIDER_FEE'",
            "chargeback double:dp_3",
            "its fee of 20.00 EUR is posted as no entry",
        ),
        (
            "DELETE FROM chargeback WHERE subject = 'double:dp_2'",
            "payment_attempt of document RE-000002",
            "100.00 EUR are booked as chargeback 1, which does not exist",
        ),
        (
            "UPDATE payment_refund SET amount = 3569",
            "payment_refund of document RE-000001",
            "it is SUCCEEDED over 35.69 EUR, 35.70 EUR went out and 0.00 EUR came back",
        ),
        (
            "UPDATE payment_refund SET state = 'FAILED'",
            "payment_refund of document RE-000001",
            "it is FAILED over 35.70 EUR, 35.70 EUR went out and 0.00 EUR came back",
        ),
        (
            "UPDATE payment_refund SET state = 'UNKNOWN'",
            "payment_refund of document RE-000001",
            "it is UNKNOWN over 35.70 EUR, 35.70 EUR went out and 0.00 EUR came back",
        ),
        (
            "DELETE FROM payment_refund",
            "account_transaction of refund",
            "there is no such refund",
        ),
    ],
)  # fmt: skip
def test_a_row_that_the_books_contradict_is_named(
    at_provider: Refunds, change: str, place: str, problem: str
) -> None:
    """These rows may be rewritten, so no seal covers them: they are compared with what is sealed."""
    found = said(at_provider, change)

    assert (place, problem) in found


def test_two_live_attempts_of_a_document_are_named(at_provider: Refunds) -> None:
    """P28: the database refuses the second one; one that got in all the same is found."""
    found = said(
        at_provider,
        "DROP INDEX uq_payment_attempt_live",
        f"UPDATE payment_attempt SET state = 'SENT' WHERE {ATTEMPT_2}",
        f"CREATE TEMP TABLE second AS SELECT * FROM payment_attempt WHERE {ATTEMPT_2}",
        "UPDATE second SET id = randomblob(16), reference = NULL",
        "INSERT INTO payment_attempt SELECT * FROM second",
    )

    assert ("document RE-000002", "2 attempts may still become its money") in found


@pytest.mark.parametrize(
    ("change", "place", "problem"),
    [
        (
            "UPDATE debit_file SET total = total + 1",
            "debit_file sepa 1",
            "its total is 433.21 EUR, its attempts come to 433.20 EUR",
        ),
        (
            f"UPDATE payment_attempt SET file_no = NULL WHERE {ATTEMPT_2}",
            "debit_file sepa 1",
            "it says 3 debits and names 3, and 2 attempts say that they are in it",
        ),
        (
            f"UPDATE payment_attempt SET file_no = 7 WHERE {ATTEMPT_2}",
            "payment_attempt of document RE-000002",
            "sepa has no file 7",
        ),
        (
            f"UPDATE payment_attempt SET instance = 'other' WHERE {ATTEMPT_2}",
            "payment_attempt of document RE-000002",
            "other has no file 1",
        ),
        (
            f"UPDATE account_transaction SET source = 'x:y' WHERE fact = 'PAYMENT' AND {ATTEMPT_2}",
            "payment_attempt of document RE-000002",
            "it is SUCCEEDED over 100.00 EUR, and no payment is booked for it",
        ),
    ],
)  # fmt: skip
def test_a_debit_or_file_that_does_not_fit_is_named(
    at_bank: FiledScene, change: str, place: str, problem: str
) -> None:
    """What our bank collected is paid by its movement, one for a whole file."""
    found = said(at_bank, change)

    assert (place, problem) in found


def test_a_return_that_is_not_booked_as_its_chargeback_says_is_named(
    database: Database, tmp_path: Path
) -> None:
    """100.00 came back, and 3.00 of fee."""
    scene = filed(database, tmp_path)
    key = scene.attempts("RE-000002")[-1].id.hex
    back = returned("-103.00", original="100.00", end_to_end_id=key, on=date(2026, 10, 19))
    scene.statement(back, name="returned.txt")

    assert said(scene) == []
    less = said(scene, "UPDATE chargeback SET amount = 9999")
    fee = said(scene, "UPDATE chargeback SET fee = 299")

    problem = "it took back 99.99 EUR, 100.00 EUR are booked as returned"
    assert less == [("chargeback", problem)]
    assert fee == [("chargeback", "its fee of 2.99 EUR is posted as 3.00 EUR")]


def test_a_file_whose_bytes_are_not_the_ones_that_were_made_is_named(
    database: Database, tmp_path: Path
) -> None:
    """The bank was given bytes: they are kept under their hash."""
    scene = filed(database, tmp_path / "content")
    digest = scene.view().file.digest.hex()
    (kept,) = (one for one in (tmp_path / "content").rglob("*") if digest[2:] in one.name)
    kept.chmod(0o600)
    kept.write_bytes(kept.read_bytes().replace(b"35.70", b"35.71"))

    (found,) = scene.violations()

    assert "file 1 of debits of sepa" in found
    assert "CONTENTS" in found


def test_both_databases_keep_the_same_proof(database: Database, tmp_path: Path) -> None:
    """A sample of each table on PostgreSQL too."""
    scene = collected(database, tmp_path)

    assert said(scene) == []
    for change, place in (
        (f"UPDATE payment_attempt SET amount = 1 WHERE {ATTEMPT_1}", "payment_attempt of document RE-000001"),
        ("UPDATE chargeback SET amount = 1 WHERE subject = 'double:dp_2'", "chargeback double:dp_2"),
        ("UPDATE payment_refund SET amount = 1", "payment_refund of document RE-000001"),
    ):  # fmt: skip
        assert place in [found for found, _ in said(scene, change)]
