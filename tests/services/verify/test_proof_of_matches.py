"""`faktura verify` works out anew what rules booked from the bank's texts (O6)."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from tests.services.bank.people import Person
from tests.services.bank.scene import BankScene
from tests.services.bank.statement_files import moved, returned, statement
from tests.services.company import opened
from tests.services.verify.books import tampering

from faktura.domain.violations import Proof
from faktura.kernel.bank_terms import MovementState
from faktura.services.assignment import assign
from faktura.services.bank_policies import PolicyChange, change_bank_policy
from faktura.services.imports.payment_fields import TakenBackFields
from faktura.services.undoing_matches import undo
from faktura.services.verification import prove
from faktura.store.database import Database

ONE = "(SELECT id FROM bank_transaction WHERE amount = 3570)"
TWO = "(SELECT id FROM bank_transaction WHERE amount = 39750)"
BACK = "(SELECT id FROM bank_transaction WHERE amount = -3920)"


def booked(database: Database, folder: Path) -> BankScene:
    """One payment names a document, one names two; the first came back with a fee of 3.50."""
    scene = BankScene(database, folder / "content")
    scene.upload(
        statement(
            moved("35.70", "Rechnung RE-000001", source_ref="1"),
            moved("397.50", "RE-000002", "RE-000003", source_ref="2"),
        )
    )
    scene.upload(
        statement(
            returned("-39.20", "RETOURE RE-000001", original="35.70", source_ref="3"),
            sequence=2,
        )
    )
    return scene


@pytest.fixture(scope="module")
def books(tmp_path_factory: pytest.TempPathFactory) -> Iterator[BankScene]:
    """One set of books for all damages: each is rolled back."""
    folder = tmp_path_factory.mktemp("matches")
    database = opened(f"sqlite:///{folder / 'books.db'}")
    yield booked(database, folder)
    database.close()


def said(scene: BankScene, *changes: str) -> list[str]:
    """What the proof of matches finds after these changes, without the ids of movements."""
    with tampering(scene.database, scene.tenant) as tx:
        for change in changes:
            tx.connection.exec_driver_sql(change)
        return [f"{one.place.split()[0]}: {one.problem}" for one in prove(tx, Proof.MATCHES)]


def test_what_rules_booked_is_proved(database: Database, tmp_path: Path) -> None:
    """Without this, every other test here would pass for the wrong reason; on both databases."""
    scene = booked(database, tmp_path)

    states = [movement.state for movement in scene.movements()]
    assert sorted(states) == [MovementState.BOOKED, MovementState.BOOKED, MovementState.RETURNED]
    assert said(scene) == []
    assert scene.violations() == []


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (
            (
                f"UPDATE bank_transaction SET data = replace(data, 'RE-000003', 'RE-000003 ')"
                f" WHERE id = {TWO}"
            ),
            "the proof of numbers-exact-sum: its remittance is not the one that the bank gave",
        ),
        (
            (
                f"UPDATE match_decision SET proof = replace(proof, '100.00', '100.01')"
                f" WHERE movement_id = {TWO}"
            ),
            "the proof of numbers-exact-sum: its parts do not add up to 397.50",
        ),
        (
            (
                f'UPDATE match_decision SET proof = replace(proof, \'["RE-000003","remittance"\','
                f' \'["RE-000004","remittance"\') WHERE movement_id = {TWO}'
            ),
            "the proof of numbers-exact-sum: “RE-000003” is settled and not named",
        ),
        (
            f"UPDATE match_decision SET proof = '[]' WHERE movement_id = {ONE}",
            "the proof of numbers-exact-sum: it is not shaped like a proof",
        ),
        (
            f"UPDATE match_decision SET proof = '{{' WHERE movement_id = {ONE}",
            "its proof or its record cannot be read",
        ),
        (
            f"UPDATE bank_transaction SET data = '{{}}' WHERE id = {ONE}",
            "its proof or its record cannot be read",
        ),
        (
            f"DELETE FROM match_decision WHERE movement_id = {ONE}",
            "it is booked, and nothing was decided about it",
        ),
        (
            f"UPDATE match_decision SET outcome = 'PROPOSED' WHERE movement_id = {ONE}",
            "it is BOOKED, but decided as PROPOSED",
        ),
        (
            (
                f"UPDATE match_decision SET proof = replace(proof, '\"3.50\"', '\"3.40\"')"
                f" WHERE movement_id = {BACK}"
            ),
            "the proof of return-of-payment: its parts and fee are not -39.20",
        ),
        (
            f"UPDATE allocation SET amount = 29749 WHERE movement_id = {TWO} AND amount = 29750",
            "what counts for RE-000003 is not what its proof says",
        ),
        (
            f"DELETE FROM allocation WHERE movement_id = {BACK}",
            "what counts for RE-000001 is not what its proof says",
        ),
        (
            f"UPDATE allocation SET entry_key = 'wo:x' WHERE movement_id = {ONE}",
            "0 EUR should be given up with it",
        ),
        (
            f"UPDATE allocation SET entry_key = 'pay:lost' WHERE movement_id = {ONE}",
            "pay:lost counts and is not in the journal",
        ),
        (
            f"UPDATE bank_transaction SET state = 'OPEN' WHERE id = {ONE}",
            "it is not booked, and 35.70 EUR of it count for RE-000001",
        ),
        (
            "UPDATE account_transaction SET amount = -10001 WHERE amount = -10000",
            "it is BOOKED, and 397.51 EUR of it stand on accounts, not 397.50 EUR",
        ),
    ],
)
def test_each_damage_is_told_at_its_movement(books: BankScene, change: str, problem: str) -> None:
    """Text, proof, decision, allocation, entry: whatever was changed behind the core's back."""
    assert f"bank_transaction: {problem}" in said(books, change)


def test_what_a_person_assigned_needs_no_text(database: Database, tmp_path: Path) -> None:
    """A person's decision is theirs; the accounts say what it did."""
    scene = BankScene(database, tmp_path / "content")
    scene.upload(statement(moved("35.70", "wie besprochen")))
    (waiting,) = scene.movements()
    with database.write(scene.tenant.id) as tx:
        assign(tx, scene.tenant, waiting.id, ["RE-000001"])

    assert scene.open().keys() == {"RE-000002", "RE-000003"}
    assert said(scene) == []


def test_what_was_undone_counts_for_nothing(database: Database, tmp_path: Path) -> None:
    """A person takes a booking by a rule back: it must be reversed whole (P25)."""
    scene = booked(database, tmp_path)
    (both,) = [one for one in scene.movements() if str(one.amount) == "397.50 EUR"]
    with database.write(scene.tenant.id) as tx:
        given = {"reason": "falsch gebucht", "date": date(2026, 12, 1)}
        undo(tx, scene.tenant, both.id, TakenBackFields.model_validate(given))

    assert said(scene) == []
    assert said(scene, "DELETE FROM allocation WHERE amount = -10000") == [
        "bank_transaction: it is not booked, and 100.00 EUR of it count for RE-000002"
    ]


def test_a_discount_that_a_rule_took_is_given_up_and_proved(
    database: Database, tmp_path: Path
) -> None:
    """98.00 of 100.00 within the days: 2.00 are given up, and the proof says so."""
    scene = BankScene(database, tmp_path / "content")
    terms: PolicyChange = {
        "auto": None,
        "discount": "2/60",
        "grace_days": None,
        "takes_discount": True,
        "most_given_up": None,
        "feed_hours": None,
        "consent_days": None,
    }
    with database.write(scene.tenant.id) as tx:
        change_bank_policy(tx, terms, by="Jo")
    scene.upload(statement(moved("98.00", "RE-000002", on=date(2026, 11, 12))))

    assert scene.open().keys() == {"RE-000001", "RE-000003"}
    assert said(scene) == []
    assert said(scene, "DELETE FROM allocation WHERE amount = 200") == [
        "bank_transaction: 2.00 EUR should be given up with it"
    ]


def test_credit_of_a_movement_that_waits_stands_nowhere(database: Database, tmp_path: Path) -> None:
    """It counts for no document: 5.00 of it were credit of K-3, and are not any more."""
    scene = BankScene(database, tmp_path / "content")
    scene.upload(statement(moved("40.70", "Sammler")))
    person = Person(scene)
    person.split({"RE-000001": "35.70"}, K_3="5.00")
    assert said(scene) == []

    person.undo(person.booked())

    assert said(scene) == []
    assert said(scene, "DELETE FROM account_transaction WHERE amount = 500") == [
        "bank_transaction: it is OPEN, and 5.00 EUR of it stand on accounts, not 0.00 EUR"
    ]
