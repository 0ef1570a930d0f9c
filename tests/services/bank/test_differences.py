"""What is given up of a document with a payment, on both databases (§ 17 UStG, F097)."""

from datetime import date
from decimal import Decimal

import pytest
from tests.services.bank.people import TWO_PERCENT, Person
from tests.services.bank.scene import BankScene
from tests.services.bank.statement_files import moved, statement
from tests.services.company import XRechnung

from faktura.domain.line_parts import LinePart
from faktura.kernel.errors import Conflict, TransitionRefused
from faktura.kernel.terms import AccountFact, Chart
from faktura.services.correcting import Correcting, correct_invoice
from faktura.services.imports.payment_fields import TakenBackFields
from faktura.services.issuing import Desk
from faktura.services.posting import set_account
from faktura.services.write_offs import undo_write_off
from faktura.store.document_lists import list_documents

LATER = date(2026, 12, 24)
WRITE_OFF, DISCOUNT = AccountFact.WRITE_OFF, AccountFact.CASH_DISCOUNT


@pytest.fixture
def person(scene: BankScene) -> Person:
    """A person who may give up 1.00, and whose company grants 2 % within 14 days."""
    found = Person(scene)
    found.may(most_given_up=100, discount=TWO_PERCENT)
    return found


def paid_state(scene: BankScene, number: str) -> str:
    """Where the document stands in the list."""
    with scene.database.read(scene.tenant.id) as tx:
        return next(row.state(LATER).value for row in list_documents(tx) if row.number == number)


def test_a_small_difference_is_written_off_as_a_posting_of_its_own(scene, person):
    """35.00 of 35.70: 0.70 with 0.11 of VAT (0.70 x 19 / 119 = 0.1118), dated as the money."""
    scene.upload(statement(moved("35.00", "Rechnung Oktober")))

    done = person.assign("RE-000001", rest_as=WRITE_OFF)

    assert [(number, str(part)) for number, part in done.given_up] == [("RE-000001", "0.70 EUR")]
    assert "RE-000001" not in scene.open()
    assert [(t.fact.value, str(t.amount), t.text) for t in scene.account_of(0)[1:]] == [
        ("PAYMENT", "-35.00 EUR", "Zahlung RE-000001"),
        ("WRITE_OFF", "-0.70 EUR", "Ausbuchung RE-000001"),
    ]
    assert scene.legs("wo:") == ["D 2406 0.59", "D 1776 0.11", "C 1400 0.70"]
    assert scene.events("RE-000001")[-1] == (3, "INVOICE_WRITTEN_OFF")
    assert scene.movements()[0].reason == ("assigned by a person, 0.70 EUR of RE-000001 given up")
    assert scene.violations() == []


def test_more_than_the_tenants_limit_is_refused_by_name(scene, person):
    """1.01 where 1.00 is allowed; nothing is booked."""
    scene.upload(statement(moved("34.69", "Rechnung Oktober")))

    with pytest.raises(TransitionRefused, match=r"1\.01 EUR are still open of RE-000001.*1\.00"):
        person.assign("RE-000001", rest_as=WRITE_OFF)

    assert scene.open()["RE-000001"] == "35.70 EUR"
    person.assign("RE-000001")
    assert scene.open()["RE-000001"] == "1.01 EUR"


def test_without_a_limit_nothing_is_given_up(scene, person):
    """The default is 0."""
    person.may()
    scene.upload(statement(moved("35.69", "Rechnung Oktober")))

    with pytest.raises(TransitionRefused, match=r"at most 0\.00 EUR"):
        person.assign("RE-000001", rest_as=WRITE_OFF)


def test_cash_discount_corrects_the_vat_of_its_rate(scene, person):
    """2 % of 297.50 are 5.95 with 0.95 of VAT; the document is paid, not written off."""
    scene.upload(statement(moved("291.55", "abzgl. 2 % Skonto")))

    person.assign("RE-000003", rest_as=DISCOUNT)

    assert "RE-000003" not in scene.open()
    posted = scene.account_of(2)[-1]
    assert (posted.fact.value, str(posted.amount), posted.text) == (
        "CASH_DISCOUNT", "-5.95 EUR", "Skonto RE-000003",
    )  # fmt: skip
    assert scene.legs("dis:") == ["D 8736 5.00", "D 1776 0.95", "C 1400 5.95"]
    assert scene.events("RE-000003")[-1][1] == "INVOICE_DISCOUNT_TAKEN"
    assert paid_state(scene, "RE-000003") == "PAID"
    assert scene.violations() == []


def test_more_than_the_percent_is_no_cash_discount(scene, person):
    """5.96 of 297.50 are more than 2 %; without terms there is none at all."""
    scene.upload(statement(moved("291.54", "abzgl. Skonto")))

    with pytest.raises(TransitionRefused, match=r"5\.96 EUR.*at most 5\.95 EUR"):
        person.assign("RE-000003", rest_as=DISCOUNT)
    person.may()
    with pytest.raises(TransitionRefused, match="no cash discount is granted"):
        person.assign("RE-000003", rest_as=DISCOUNT)


def test_a_document_with_discount_is_not_corrected_before_it_is_taken_back(scene, person):
    """Its VAT is corrected already; the write-off's way back serves the discount as well."""
    scene.upload(statement(moved("291.55", "Skonto")))
    person.assign("RE-000003", rest_as=DISCOUNT)
    part = Correcting((LinePart(1, amount=Decimal("100.00")),), "Kulanz")
    desk = Desk(scene.tenant, XRechnung())
    with (
        scene.database.write(scene.tenant.id) as tx,
        pytest.raises(Conflict, match="cash discount was taken"),
    ):
        correct_invoice(tx, desk, "RE-000003", part)

    with scene.database.write(scene.tenant.id) as tx:
        given = TakenBackFields.model_validate({"reason": "Reklamation"})
        again = undo_write_off(tx, scene.tenant, "RE-000003", given)
    with scene.database.write(scene.tenant.id) as tx:
        correct_invoice(tx, desk, "RE-000003", part)

    assert str(again) == "5.95 EUR"
    assert scene.account_of(2)[3].text == "Skonto RE-000003 zurückgenommen"
    assert scene.legs("rec:") == ["C 8736 5.00", "C 1776 0.95", "D 1400 5.95"]
    assert scene.violations() == []


def test_more_money_for_a_document_with_discount_waits_for_it_to_be_taken_back(scene, person):
    """It would be credit, while the VAT of what was given up stays corrected."""
    scene.upload(statement(moved("291.55", "Skonto", source_ref="1")))
    person.assign("RE-000003", rest_as=DISCOUNT)
    scene.upload(statement(moved("5.95", "Nachzahlung", source_ref="2")), name="b.txt")

    with pytest.raises(TransitionRefused, match="given a discount"):
        person.assign("RE-000003")


def test_what_is_given_up_waits_for_a_missing_account(open_scene):
    """F106: a chart of one's own has none; the draft completes itself with its VAT."""
    scene = open_scene(chart=Chart.OWN)
    person = Person(scene)
    person.may(discount=TWO_PERCENT)
    scene.upload(statement(moved("34.99", "Skonto")))
    person.assign("RE-000001", rest_as=DISCOUNT)
    assert scene.legs("dis:") == []

    with scene.database.write(scene.tenant.id) as tx:
        for key, account in (
            ("RECEIVABLES", "1400"), ("REVENUE", "8400"), ("VAT", "1776"), ("CASH_DISCOUNT", "8736"),
        ):  # fmt: skip
            set_account(tx, key, account)

    assert scene.legs("dis:") == ["D 8736 0.60", "D 1776 0.11", "C 1400 0.71"]
    assert scene.violations() == []
