"""Credit notes to partners without VAT id pass the rules of their receivers (F066, F110, P18)."""

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

from tests.journeys.official_rules import official_rules
from tests.services.company import Company, XRechnung, opened
from tests.services.documents.view_scene import ViewScene

from faktura.domain.addresses import ContactPerson
from faktura.domain.articles import ProductGroup
from faktura.domain.tax import TaxGroup
from faktura.kernel.terms import TaxCase
from faktura.plugin import Identifier
from faktura.store.catalogue import write_articles, write_product_groups, write_tax_groups

CONTACT = ContactPerson("Uwe Kern", "+49 40 77", "kern@kunde.example")

BOTH = (Identifier(value="K-1"), Identifier(value="41/234/56789"))


def _supply_of_a_small_business(company: Company) -> None:
    """The article S-1, which partners supply without VAT (§ 19 UStG)."""
    group = ProductGroup("small", "Kleinunternehmer", TaxGroup("small", TaxCase.SMALL_BUSINESS, ()))
    with company.database.write(company.tenant.id) as tx:
        article = replace(company.articles["A-1"], id=tx.new_id(), number="S-1", group=group)
        write_tax_groups(tx, [group.tax_group])
        write_product_groups(tx, [group])
        write_articles(tx, [article], {article.id: company.project.id})


def test_a_small_business_partner_with_a_tax_number_only_breaks_no_official_rule(tmp_path: Path):
    """XSD, CEN and KoSIT: BR-DE-16 and BR-E-02 by BT-32, BR-CO-26 by BT-29; taxed ones by BR-S-02."""
    database = opened(f"sqlite:///{tmp_path / 'books.db'}")
    scene = ViewScene(database)
    _supply_of_a_small_business(scene.company)
    partner = scene.company.customer(tax_number="41/234/56789", contact=CONTACT)
    scene.company.contract(partner, "A-1")
    small, taxed = scene.credit("K-1", "V-1", "S-1"), scene.credit("K-1", "V-1", "A-1")
    numbers = (small, taxed, scene.take_credit_back(small, "Falscher Monat"))
    documents = {number: scene.view(number) for number in numbers}
    database.close()
    writer = XRechnung().cii
    written = {number: writer.render(one) for number, one in documents.items()}

    with official_rules() as official:
        broken = {number: official.broken_by(xml) for number, xml in written.items()}

    (row,) = documents[small].vat
    assert (row.category, row.tax) == ("E", Decimal("0.00"))
    assert row.exemption_reason == "Gemäß § 19 UStG wird keine Umsatzsteuer berechnet."
    for document in documents.values():
        assert (document.type_code, document.seller.vat_id) == ("389", None)
        assert document.seller.tax_number == "41/234/56789"
        assert document.seller.identifiers == BOTH
    assert {number: found for number, found in broken.items() if found} == {}
