"""A movement is split over documents and customers, to the cent; on both databases (P37)."""

import pytest
from tests.services.bank.people import Person
from tests.services.bank.scene import BankScene
from tests.services.bank.statement_files import IBAN, moved, returned, statement

from faktura.domain.violations import Proof
from faktura.kernel.bank_terms import MovementState
from faktura.kernel.errors import (
    FieldMissing,
    FieldRepeated,
    NotFound,
    TooPrecise,
    TransitionRefused,
)
from faktura.kernel.terms import AccountFact
from faktura.services.posting import set_account

PAYER = "DE89370400440532013000"


@pytest.fixture
def person(scene: BankScene) -> Person:
    """A person who decides."""
    return Person(scene)


def test_parts_of_documents_of_several_customers_and_credit_sum_to_the_movement(scene, person):
    """150.00 = 35.70 of K-1, 100.00 of K-2 and 14.30 as credit of K-3."""
    scene.upload(statement(moved("150.00", "Sammler", counterparty_iban=PAYER)))

    done = person.split({"RE-000001": "35.70", "RE-000002": "100.00"}, K_3="14.30")

    assert (done.state, str(done.credit)) == (MovementState.BOOKED, "14.30 EUR")
    assert scene.open() == {"RE-000003": "297.50 EUR"}
    assert str(scene.account_of(2)[-1].balance_after) == "283.20 EUR"
    reason = "split by a person, 14.30 EUR kept as credit of K-3"
    assert scene.movements()[0].reason == reason
    assert person.known_payers() == []
    assert scene.violations() == []


def test_credit_of_several_customers_needs_no_document(scene, person):
    """Each account has its own transaction and entry."""
    scene.upload(statement(moved("30.00", "Vorauszahlung")))

    person.split({}, K_1="10.00", K_2="20.00")

    assert str(scene.account_of(0)[-1].amount) == "-10.00 EUR"
    assert str(scene.account_of(1)[-1].amount) == "-20.00 EUR"
    assert scene.legs("pay:") == ["D 1200 10.00", "C 1400 10.00", "D 1200 20.00", "C 1400 20.00"]
    assert scene.violations() == []


def test_documents_of_one_customer_tell_who_pays_from_the_account(scene, person):
    """With the credit of the same customer too."""
    scene.bill_november()
    scene.upload(statement(moved("72.40", "Miete", counterparty_iban=PAYER)))

    person.split({"RE-000001": "35.70", "RE-000004": "35.70"}, K_1="1.00")

    assert person.known_payers() == [(PAYER, "K-1")]


def test_a_credit_note_is_negative(scene, person):
    """297.50 less a credit note of 59.50."""
    number = scene.issue_credit(scene.customers[2], "50.00")
    scene.upload(statement(moved("250.00", "abzgl. Gutschrift")))

    person.split({"RE-000003": "297.50", number: "-47.50"})

    assert scene.open()[number] == "-12.00 EUR"
    assert "RE-000003" not in scene.open()
    assert scene.violations(Proof.LEDGER, Proof.ACCOUNTS) == []


def test_credit_that_was_paid_out_counts_for_what_it_was(scene, person):
    """-59.50 went out for the credit note."""
    number = scene.issue_credit(scene.customers[0], "50.00")
    scene.upload(statement(moved("-59.50", "Erstattung", counterparty_iban=PAYER)))

    person.split({number: "-59.50"})

    assert number not in scene.open()
    assert person.known_payers() == []


def test_another_sum_than_the_movement_is_refused(scene, person):
    """One cent too few."""
    scene.upload(statement(moved("35.70", "Oktober")))

    with pytest.raises(
        TransitionRefused, match=r"the movement is 35\.70 EUR, and 35\.69 EUR are named"
    ):
        person.split({"RE-000001": "35.69"})

    assert scene.open()["RE-000001"] == "35.70 EUR"


@pytest.mark.parametrize(
    ("parts", "amount"),
    [
        ({"RE-000001": "35.71"}, "35.71"),
        ({"RE-000001": "-35.70"}, "-35.70"),
        ({"RE-000001": "0.00", "RE-000002": "5.00"}, "5.00"),
    ],
)
def test_no_part_is_more_than_is_open(scene, person, parts, amount):
    """Nor against its direction, nor nothing: credit is named as such."""
    scene.upload(statement(moved(amount, "Oktober")))

    with pytest.raises(TransitionRefused, match=r"35\.70 EUR are open of RE-000001"):
        person.split(parts)


@pytest.mark.parametrize("credit", ["-5.00", "0.00"])
def test_credit_of_a_customer_is_never_negative(scene, person, credit):
    """Nobody billed it."""
    scene.upload(statement(moved("30.00" if credit == "-5.00" else "35.00", "Oktober")))

    with pytest.raises(TransitionRefused, match="is no credit of a customer"):
        person.split({"RE-000001": "35.00"}, K_1=credit)


def test_each_document_and_customer_is_named_once(scene, person):
    """Nobody could say which amount was meant."""
    scene.upload(statement(moved("30.00", "Oktober")))
    with pytest.raises(FieldMissing):
        person.split({})
    with pytest.raises(NotFound, match="RE-999999"):
        person.split({"RE-999999": "30.00"})
    with pytest.raises(NotFound, match="K-99"):
        person.split({}, K_99="30.00")
    with pytest.raises(TooPrecise):
        person.split({"RE-000001": "29.999"})
    with pytest.raises(FieldRepeated, match="RE-000001"):
        person.split_twice("RE-000001")

    assert [amount for amount, _ in scene.waiting()] == ["30.00 EUR"]


def test_a_returned_debit_is_not_split(scene, person):
    """It undoes whole payments."""
    scene.upload(statement(returned("-39.20", end_to_end_id="UNKNOWN")))

    with pytest.raises(TransitionRefused, match="it is a returned debit"):
        person.split({"RE-000001": "-39.20"})


def test_what_stays_open_of_the_parts_is_given_up(scene, person):
    """0.70 and 0.50, each under the limit of 1.00 a document."""
    person.may(most_given_up=100)
    scene.upload(statement(moved("134.50", "Sammler")))

    done = person.split({"RE-000001": "35.00", "RE-000002": "99.50"}, rest_as=AccountFact.WRITE_OFF)

    assert [str(amount) for _, amount in done.given_up] == ["0.70 EUR", "0.50 EUR"]
    assert scene.open() == {"RE-000003": "297.50 EUR"}
    assert scene.legs("wo:") == [
        "D 2406 0.59", "D 1776 0.11", "C 1400 0.70", "D 2400 0.50", "C 1400 0.50",
    ]  # fmt: skip
    assert scene.violations() == []


def test_a_bank_account_without_ledger_account_waits_as_a_draft(open_scene):
    """F106: booked on the customer's account at once, in the journal when the account is set."""
    scene = open_scene(ledger_account=None)
    person = Person(scene)
    scene.upload(statement(moved("50.00", "Oktober")))

    person.split({"RE-000001": "35.70"}, K_1="14.30")
    assert (scene.count("draft_entry"), scene.legs("pay:")) == (2, [])
    assert "RE-000001" not in scene.open()
    with scene.database.write(scene.tenant.id) as tx:
        set_account(tx, f"BANK:{IBAN}", "1210")

    assert scene.legs("pay:") == ["D 1210 35.70", "C 1400 35.70", "D 1210 14.30", "C 1400 14.30"]
    assert scene.count("draft_entry") == 0
    assert scene.violations() == []


@pytest.mark.parametrize(
    "lines",
    [
        ("Müller & Söhne – Straße 5  ", "  RE 1,", "", "danke\t!"),
        ("x" * 27, "y" * 27 + " "),
        ("Ж中ß'\"\\;--",),
    ],
)
def test_the_payers_own_text_is_kept_to_the_byte(scene, person, lines):
    """F092: with umlauts, lines, blanks at the ends; value and recording day beside it."""
    scene.upload(statement(moved("20.00", *lines)))

    person.split({"RE-000001": "15.00"}, K_1="5.00")

    booked = scene.account_of(0)[1:]
    assert [one.remittance for one in booked] == ["\n".join(lines)] * 2
    assert [str(one.value_date) for one in booked] == ["2026-11-11"] * 2
    assert scene.movements()[0].remittance == "\n".join(lines)
    assert scene.count("account_transaction") == 5
