"""Settlement credit notes and their corrections, on both databases (F066)."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from tests.services.company import TENANT
from tests.services.documents.correction_scene import CorrectionScene, without_format

from faktura.domain.addresses import ContactPerson
from faktura.domain.line_parts import LinePart
from faktura.kernel.errors import (
    Conflict,
    FinaliseRefused,
    NotFound,
    OutOfRange,
    TaxCaseMissing,
    TransitionRefused,
)
from faktura.kernel.terms import Chart, ContractState
from faktura.services.credit_notes import (
    CorrectingCredit,
    correct_credit_note,
    create_credit_note,
)
from faktura.services.imports.credit_note_file import CreditNoteFields
from faktura.store.contracts import update_states
from faktura.store.database import Database

VAT_ID = "DE136695976"
CONTACT = ContactPerson("Pia Partner", "+49 40 333444", "pia@partner.example")
POSITION = {
    "articleNumber": "A-1",
    "quantity": "2",
    "unitPrice": "50.00",
    "text": "Provision Oktober",
    "from": "2026-10-01",
    "until": "2026-11-01",
}


@pytest.fixture
def scene(database: Database, tmp_path: Path) -> CorrectionScene:
    """A company with XRechnung and no contracts."""
    return CorrectionScene(database, tmp_path)


def partner(scene: CorrectionScene, **changes: object) -> Any:
    """A partner with a contract."""
    known: dict[str, object] = {"eu_tax_id": VAT_ID, "contact": CONTACT, **changes}
    country = str(known.pop("country", "DE"))
    customer = scene.company.customer(country, **known)
    scene.company.contract(customer, "A-1")
    return customer


def credit(scene: CorrectionScene, customer: Any, *positions: object, **given: object) -> str:
    """Credit a partner; the number of the credit note."""
    fields = {
        "partnerNumber": customer.number,
        "contractNumber": f"V{customer.number[1:]}",
        "positions": list(positions) or [POSITION],
        **given,
    }
    with scene.write() as tx:
        return create_credit_note(tx, scene.desk, CreditNoteFields.model_validate(fields)).number


def correct(scene: CorrectionScene, number: str, *lines: LinePart) -> str:
    """Take a credit note back."""
    with scene.write() as tx:
        given = CorrectingCredit("Falscher Monat", lines)
        return correct_credit_note(tx, scene.desk, number, given).number


@pytest.mark.parametrize(
    ("chart", "legs"),
    [
        (Chart.SKR03, ["C 1400 119.00", "D 4760 100.00", "D 1576 19.00"]),
        (Chart.SKR04, ["C 1200 119.00", "D 6770 100.00", "D 1406 19.00"]),
    ],
)
def test_we_owe_the_partner_what_is_credited(
    database: Database, tmp_path: Path, chart: Chart, legs: list[str]
):
    """F066: 2 x 50.00 and 19.00 VAT: a commission, input VAT, and 119.00 in the partner's favour."""
    scene = CorrectionScene(database, tmp_path, replace(TENANT, chart=chart))
    customer = partner(scene)

    number = credit(scene, customer)

    assert scene.totals() == {number: "-100.00 -19.00 -119.00"}
    assert (scene.open(), scene.balance(customer.id)) == ({number: "-119.00"}, "-119.00")
    assert scene.legs(f"crn:{number}") == legs
    assert scene.events() == ["CREDIT_NOTE_CREATED"]
    assert scene.violations() == []


def test_on_paper_the_partner_supplies_and_we_are_billed(scene: CorrectionScene):
    """§ 14 (2), (4) no. 10 UStG: 389, positive, the word Gutschrift, seller and buyer swapped."""
    paper = scene.printed(credit(scene, partner(scene)))

    assert (paper.type_code, paper.notes[0].text) == ("389", "Gutschrift")
    assert (paper.seller.name, paper.seller.vat_id) == ("Kunde 1 GmbH", VAT_ID)
    assert (paper.buyer.name, paper.buyer.vat_id) == ("Werk GmbH", "DE123456788")
    assert (paper.buyer.tax_number, paper.seller.tax_number) == (None, None)
    (line,) = paper.lines
    assert (line.quantity, line.price, line.net) == (Decimal(2), Decimal(50), Decimal(100))
    assert (paper.totals.gross, paper.totals.due) == (Decimal(119), Decimal(119))
    assert paper.payment_terms == "Der Betrag wird Ihrem Kundenkonto gutgeschrieben."
    assert scene.findings(paper.number) == []


def test_its_correction_takes_it_back_and_is_set_off(scene: CorrectionScene):
    """domain.md: 389 with negative quantities and BG-3; nothing is owed any more."""
    customer = partner(scene)
    number = credit(scene, customer)

    correction = correct(scene, number)

    assert scene.totals()[correction] == "100.00 19.00 119.00"
    assert (scene.open(), scene.balance(customer.id)) == ({}, "0.00")
    assert scene.legs(f"crn:{correction}") == ["D 1400 119.00", "C 4760 100.00", "C 1576 19.00"]
    paper = scene.printed(correction)
    assert (paper.type_code, paper.notes[0].text) == ("389", "Gutschriftskorrektur")
    assert [one.number for one in paper.preceding] == [number]
    assert (paper.lines[0].quantity, paper.totals.gross) == (Decimal(-2), Decimal(-119))
    assert scene.findings(correction) == []
    assert scene.violations() == []
    with pytest.raises(Conflict, match="nothing is left"):
        correct(scene, number)
    with pytest.raises(Conflict, match="CREDIT_NOTE_CORRECTION"):
        correct(scene, correction)


def test_a_part_of_it_is_taken_back(scene: CorrectionScene):
    """F066: one of two commissions; 59.50 are still owed to the partner."""
    number = credit(scene, partner(scene))

    correct(scene, number, LinePart(1, quantity=Decimal(1)))

    assert scene.open() == {number: "-59.50"}
    assert scene.violations() == []


def test_reduced_exempt_and_free_positions(scene: CorrectionScene):
    """F066: 7 % to 1571, none for an exempt supply; each by the article's tax group."""
    positions = [{**POSITION, "articleNumber": number} for number in ("A-2", "A-3")]

    number = credit(scene, partner(scene), *positions)

    assert scene.totals() == {number: "-200.00 -7.00 -207.00"}
    assert scene.legs(f"crn:{number}") == [
        "C 1400 207.00", "D 4760 100.00", "D 4760 100.00", "D 1571 7.00",
    ]  # fmt: skip
    assert scene.findings(number) == []
    assert scene.violations() == []


def test_whoever_deducts_no_input_vat_has_it_as_cost(database: Database, tmp_path: Path):
    """§ 19 (1) UStG: a small business pays 119.00 of commission."""
    given = replace(without_format(), small_business=True)
    scene = CorrectionScene(database, tmp_path, given)

    number = credit(scene, partner(scene))

    assert scene.legs(f"crn:{number}") == ["C 1400 119.00", "D 4760 119.00"]
    assert scene.violations() == []


def test_a_partner_abroad_or_without_any_tax_number_is_refused_by_name(scene: CorrectionScene):
    """§ 13b, § 14 (4) no. 2 UStG: no number is spent."""
    with pytest.raises(TaxCaseMissing, match="13b") as abroad:
        credit(scene, partner(scene, country="AT"))
    assert abroad.value.place == "customer.billingAddress.country"
    with pytest.raises(FinaliseRefused, match=r"customer\.taxNumber"):
        credit(scene, partner(scene, eu_tax_id=""))
    assert credit(scene, partner(scene), {**POSITION, "articleNumber": "A-3"}) == "RK-000001"
    # The format wants the partner's phone: the partner is the seller there.
    with pytest.raises(FinaliseRefused) as missing:
        credit(scene, partner(scene, contact=None))
    assert "customer.contactPerson.phone" in missing.value.mend


def test_a_contract_of_somebody_else_is_not_found(scene: CorrectionScene):
    """Only the partner's own contract; one that was concluded."""
    one, other = partner(scene), partner(scene)

    with pytest.raises(NotFound, match="contract V-2 is another customer's"):
        credit(scene, one, contractNumber=f"V{other.number[1:]}")
    with pytest.raises(NotFound, match="there is no article A-99"):
        credit(scene, one, {**POSITION, "articleNumber": "A-99"})
    with pytest.raises(OutOfRange, match="is not behind"):
        credit(scene, one, {**POSITION, "until": "2026-10-01"})
    contract = scene.company.contract(scene.company.customer(number="K-9"))
    with scene.write() as tx:
        update_states(tx, [replace(contract, state=ContractState.DRAFT)])
    with pytest.raises(TransitionRefused, match="DRAFT"):
        credit(scene, replace(one, number="K-9"))
    assert scene.totals() == {}


def test_it_is_issued_on_the_day_that_is_given(scene: CorrectionScene):
    """At most two years ahead, as runs are."""
    assert scene.document(credit(scene, partner(scene), date="2026-10-31")).issued_on == date(
        2026, 10, 31
    )
    with pytest.raises(OutOfRange):
        credit(scene, partner(scene), date="2029-10-31")
