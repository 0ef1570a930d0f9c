"""The tax number of a partner: on credit notes BT-32, on invoices never, on both databases (F066)."""

from dataclasses import replace
from typing import Any

import pytest
from tests.services.company import XRechnung
from tests.services.documents.view_scene import ViewScene, without_keys

from faktura.domain.addresses import ContactPerson
from faktura.domain.line_parts import LinePart
from faktura.kernel.errors import FinaliseRefused
from faktura.plugin import Identifier, Party
from faktura.services.invoice_view import invoice_document
from faktura.store.customers import read_customer, replace_customers

PARTNER: dict[str, Any] = {
    "tax_number": "41/234/56789",
    "contact": ContactPerson("Uwe Kern", "+49 40 77", "kern@kunde.example"),
}

BOTH = (Identifier(value="K-1"), Identifier(value="41/234/56789"))


@pytest.fixture
def scene(database) -> ViewScene:
    """A company without formats."""
    return ViewScene(database)


def credited(scene: ViewScene, **partner: Any) -> str:
    """The credit note to a partner with a contract over memberships."""
    scene.company.contract(scene.company.customer(**{**PARTNER, **partner}), "A-1")
    return scene.credit("K-1", "V-1")


def numbers(party: Party) -> tuple[str | None, str | None, str | None]:
    """VAT id, tax number and register number."""
    register = party.registration.value if party.registration else None
    return party.vat_id, party.tax_number, register


def change(scene: ViewScene, **changes: Any) -> None:
    """Change fields of the partner, as a person would."""
    with scene.database.write(scene.company.tenant.id) as tx:
        replace_customers(tx, [replace(read_customer(tx, "K-1"), **changes)])


def test_a_partner_is_named_by_the_tax_number_alone(scene):
    """§ 14 (4) no. 2 UStG: BT-32; BR-CO-26: without VAT id and register number BT-29 as well."""
    document = scene.view(credited(scene))

    assert numbers(document.seller) == (None, "41/234/56789", None)
    # Our number of the partner stays the first: pages print it as the supplier's number.
    assert document.seller.identifiers == BOTH
    assert document.buyer_reference == "K-1"
    assert (document.buyer.tax_number, document.buyer.identifiers) == (None, ())
    assert XRechnung().cii.check(document) == ()


@pytest.mark.parametrize(
    ("known", "expected"),
    [
        ({"eu_tax_id": "DE136695976"}, ("DE136695976", "41/234/56789", None)),
        ({"register_number": "HRB 1"}, (None, "41/234/56789", "HRB 1")),
        ({"eu_tax_id": "DE136695976", "tax_number": ""}, ("DE136695976", None, None)),
    ],
)
def test_beside_another_id_our_number_of_the_partner_stands_alone(scene, known, expected):
    """BT-29 is the customer number as before; the tax number is BT-32 only."""
    document = scene.view(credited(scene, **known))

    assert numbers(document.seller) == expected
    assert document.seller.identifiers == (Identifier(value="K-1"),)
    assert XRechnung().cii.check(document) == ()


def test_an_invoice_never_names_the_customers_tax_number(scene):
    """A buyer has none (BG-7): neither the invoice nor its correction nor its cancellation."""
    scene.company.contract(scene.company.customer(**PARTNER), "A-1")
    scene.company.contract(scene.company.customer(**PARTNER), "A-1")
    scene.bill()
    corrected = scene.correct("RE-000001", LinePart(1))
    cancelled = scene.cancel("RE-000002", "doppelt")

    for number in ("RE-000001", "RE-000002", corrected, cancelled):
        document = scene.view(number)
        assert document.buyer.tax_number is None
        assert "41/234/56789" not in document.model_dump_json()
        assert XRechnung().cii.check(document) == ()


def test_a_document_of_before_the_tax_number_was_kept_still_renders(scene):
    """P23: what its snapshot lacks reads as nothing."""
    record = scene.record(credited(scene, eu_tax_id="DE136695976"))

    document = invoice_document(without_keys(record, "buyer.taxNumber"))

    assert numbers(document.seller) == ("DE136695976", None, None)
    assert document.seller.identifiers == (Identifier(value="K-1"),)
    assert XRechnung().cii.check(document) == ()


@pytest.mark.parametrize("article", ["A-1", "A-3"])
def test_a_partner_without_any_number_is_refused_by_name(scene, article):
    """Taxed or exempt (§ 34a UStDV), and whatever the format: the number is drawn afterwards."""
    scene.company.contract(scene.company.customer(), "A-1")

    with pytest.raises(FinaliseRefused) as refused:
        scene.credit("K-1", "V-1", article)

    assert str(refused.value).count("customer.taxNumber") == 1
    assert "neither tax number nor VAT id" in str(refused.value)
    change(scene, tax_number="41/234/56789")
    assert scene.credit("K-1", "V-1", article) == "RK-000001"


def test_a_correction_names_the_partner_as_its_credit_note_did(scene):
    """What was frozen counts (P23), not what the partner is called by since."""
    number = credited(scene)
    change(scene, tax_number="99/999/99999", eu_tax_id="DE136695976")

    document = scene.view(scene.take_credit_back(number, "Falscher Monat"))

    assert numbers(document.seller) == (None, "41/234/56789", None)
    assert document.seller.identifiers == BOTH
    assert XRechnung().cii.check(document) == ()


def test_a_correction_takes_todays_tax_number_where_none_was_frozen(scene):
    """The supplier must be named; the number decides nothing about the tax."""
    number = credited(scene, eu_tax_id="DE136695976", tax_number="")
    change(scene, tax_number="41/234/56789")

    document = scene.view(scene.take_credit_back(number, "Falscher Monat"))

    assert numbers(document.seller) == ("DE136695976", "41/234/56789", None)
