"""A payer is known as long as one confirmation of it stands; on both databases (banking 4.2)."""

import pytest
from tests.services.bank.people import ON, Person
from tests.services.bank.scene import BankScene
from tests.services.bank.statement_files import moved, statement

from faktura.kernel.bank_terms import MovementState
from faktura.services.setting_unpaid import SettingUnpaid, set_unpaid

PAYER = "DE89370400440532013000"


@pytest.fixture
def person(scene: BankScene) -> Person:
    """A person who decides."""
    return Person(scene)


@pytest.mark.parametrize("unpaid", [False, True])
def test_who_was_confirmed_twice_is_known_until_both_are_taken_back(scene, person, unpaid):
    """The first one taught it; once that is taken back, the second does."""
    scene.upload(statement(moved("20.00", "Abschlag", source_ref="1", counterparty_iban=PAYER)))
    person.assign("RE-000001")
    first = person.booked()
    again = moved("50.00", "Abschlag", source_ref="2", counterparty_iban=PAYER)
    scene.upload(statement(again), name="again.txt")
    person.split({"RE-000001": "15.70"}, K_1="34.30")
    (second,) = [one.id for one in scene.movements(MovementState.BOOKED) if one.id != first]

    person.undo(first)
    assert person.known_payers() == [(PAYER, "K-1")]

    if unpaid:
        with scene.database.write(scene.tenant.id) as tx:
            set_unpaid(tx, scene.tenant, "RE-000001", SettingUnpaid("Falsch", ON))
    else:
        person.undo(second)
    assert person.known_payers() == []
    assert scene.violations() == []


def test_only_what_taught_the_same_keeps_a_payer_known(scene, person):
    """Another account, several customers, somebody else's credit, a rule: none of them says it."""
    scene.bill_november()
    scene.upload(statement(moved("20.00", "Abschlag", source_ref="1", counterparty_iban=PAYER)))
    person.assign("RE-000001")
    first = person.booked()
    for no, (parts, credit_of, account) in enumerate(
        (
            ({"RE-000001": "1.00"}, {}, "DE02500105170137075030"),
            ({"RE-000001": "1.00", "RE-000002": "1.00"}, {}, PAYER),
            ({"RE-000001": "1.00"}, {"K_2": "1.00"}, PAYER),
        )
    ):
        amount = f"{len(parts) + len(credit_of)}.00"
        line = moved(amount, "Teil", source_ref=f"2{no}", counterparty_iban=account)
        scene.upload(statement(line), name=f"{no}.txt")
        person.split(parts, **credit_of)
    line = moved("35.70", "RE-000004", source_ref="3", counterparty_iban=PAYER)
    scene.upload(statement(line), name="rule.txt")
    assert "RE-000004" not in scene.open()

    person.undo(first)

    assert (PAYER, "K-1") not in person.known_payers()
