"""Issued documents as files: pre-checked, repeatable, durable, and frozen."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta

import pytest
from tests.services.company import RUN, Company, XRechnung, bill
from typing_extensions import override

from faktura.domain.addresses import Address
from faktura.domain.customers import Customer
from faktura.flows.document_file import document_file
from faktura.flows.documents import Documents, RenderedFile, render_documents
from faktura.kernel.errors import IntegrityBroken, NotFound, PluginMissing, RenderRefused
from faktura.kernel.terms import TaxCase, TaxCategory
from faktura.plugin import DocumentFormat, Identifier, InvoiceDocument
from faktura.services.documents import Selection, check_document
from faktura.services.invoice_view import invoice_document
from faktura.store.blobs import DirectoryStore
from faktura.store.codec import to_json
from faktura.store.customers import read_customer
from faktura.store.documents import (
    Rendering,
    document_id,
    document_ids,
    read_document,
    read_renderings,
    write_renderings,
)
from faktura.store.tables import customer
from faktura_xrechnung.formats import XRechnungCii

NUMBERS = [f"RE-{no:06d}" for no in range(1, 10)]


@pytest.fixture
def contents(tmp_path):
    """The content store."""
    return DirectoryStore(tmp_path / "content")


@dataclass
class Only:
    """An installation with one format."""

    format: DocumentFormat

    @property
    def offered(self) -> frozenset[str]:
        return frozenset({self.format.format_id})

    def format_of(self, format_id: str) -> DocumentFormat:
        if format_id != self.format.format_id:
            raise PluginMissing(f"no {format_id}")
        return self.format


def render(database, contents, tenant, selection=None, document_format=None):
    """Render and return the receipt and the files."""
    files: list[RenderedFile] = []
    formats = Only(document_format or XRechnung().cii)
    receipt = render_documents(
        Documents(database, contents, formats, tenant),
        selection or Selection(),
        deliver=files.append,
    )
    return receipt, files


def view(database, tenant, number) -> InvoiceDocument:
    """The document as a format sees it."""
    with database.read(tenant.id) as tx:
        return invoice_document(read_document(tx, number))


def test_every_document_of_every_tax_case_keeps_the_formats_rules(database, billed):
    """Standard, reduced, exempt, reverse charge, intra-community, export, not taxable."""
    with database.read(billed.id) as tx:
        findings = {n: check_document(tx, XRechnung().cii, n) for n in NUMBERS}

    assert findings == dict.fromkeys(NUMBERS, ())


def test_all_documents_are_rendered_and_kept(database, billed, contents):
    """House.md 6: bytes durable, then the row with hash, size and version of the rules."""
    receipt, files = render(database, contents, billed)

    with database.read(billed.id) as tx:
        rows = read_renderings(tx, list(document_ids(tx)))
    assert (receipt.rendered, receipt.new, receipt.refused) == (9, 9, ())
    assert [file.name for file in files] == [f"{number}.xml" for number in NUMBERS]
    assert sorted(contents.get(billed.id, row.sha256) for row in rows) == sorted(
        file.content for file in files
    )
    assert {(row.format, row.media_type) for row in rows} == {("xrechnung-cii", "application/xml")}
    assert sorted(row.size for row in rows) == sorted(len(file.content) for file in files)


def test_rendering_again_gives_the_same_bytes_and_no_new_row(database, billed, contents):
    """Repeatable: rendered from frozen data only."""
    _, first = render(database, contents, billed)

    receipt, second = render(database, contents, billed)

    assert second == first
    assert (receipt.rendered, receipt.new) == (9, 0)


def test_one_document_or_those_of_a_run(database, billed, contents):
    """By number, by run, and an unknown number is refused."""
    later = bill(database, billed, RUN.replace(month=11))

    _, one = render(database, contents, billed, Selection(number="RE-000003"))
    _, of_run = render(database, contents, billed, Selection(run_id=later.run_id))

    assert [file.number for file in one] == ["RE-000003"]
    # The contract that ended on 17 October has no second invoice.
    assert [file.number for file in of_run] == [f"RE-{no:06d}" for no in range(10, 18)]
    with pytest.raises(NotFound, match="there is no document RE-99"):
        render(database, contents, billed, Selection(number="RE-99"))


def test_a_later_change_of_the_customer_changes_no_issued_document(database, billed, contents):
    """P23: the snapshot holds all that is printed."""
    _, before = render(database, contents, billed)
    with database.write(billed.id) as tx:
        moved = replace(
            read_customer(tx, "K-1"), name="Ganz Anders AG", address=Address("Neu 2", "1", "Ulm")
        )
        tx.connection.execute(
            customer.update()
            .where(customer.c.number == "K-1")
            .values(name=moved.name, data=to_json(moved, Customer))
        )

    _, after = render(database, contents, billed)

    assert after == before
    assert b"Kunde 1 GmbH" in after[0].content


class Newer(XRechnungCii):
    """A format of newer rules, which write something else."""

    rule_set = "xrechnung-9"
    worked = 0

    @override
    def render(self, document: InvoiceDocument) -> bytes:
        """The bytes with a remark behind them."""
        self.worked += 1
        return super().render(document) + b"<!-- newer -->"


@dataclass
class Meanwhile:
    """A format in whose rendering something else happens."""

    cii: XRechnungCii
    act: Callable[[], object]
    format_id = "xrechnung-cii"
    media_type = "application/xml"
    file_suffix = ".xml"

    @property
    def rule_set(self) -> str:
        return self.cii.rule_set

    def render(self, document: InvoiceDocument) -> bytes:
        self.act()
        return self.cii.render(document) + b"<!-- by the other -->"


def newer_format() -> Newer:
    sample = XRechnung().cii
    return Newer(sample.settings, sample.runtime)


def test_other_bytes_under_the_same_rules_are_a_broken_integrity(database, billed, contents):
    """Two render at once: something changed that must not; the first bytes stay where they are."""
    first = Selection(number="RE-000001")
    racing = Meanwhile(XRechnung().cii, lambda: render(database, contents, billed, first))

    with pytest.raises(IntegrityBroken, match="other bytes than when it was rendered first") as e:
        render(database, contents, billed, first, racing)

    assert "document RE-000001, format xrechnung-cii" in e.value.place
    receipt, (file,) = render(database, contents, billed, first)
    assert receipt.new == 0
    assert b"by the other" not in file.content


def test_of_two_releases_that_render_at_once_the_first_one_stands(database, billed, contents):
    """Workers are brought up to date one after the other: what was recorded first is handed out."""
    first = Selection(number="RE-000001")
    racing = Meanwhile(newer_format(), lambda: render(database, contents, billed, first))

    receipt, (file,) = render(database, contents, billed, first, racing)

    with database.read(billed.id) as tx:
        rows = read_renderings(tx, list(document_ids(tx)))
    assert (receipt.rendered, receipt.new) == (1, 0)
    assert b"by the other" not in file.content
    assert [row.rule_set for row in rows] == ["xrechnung-3.0.2/en16931-1.3.16"]


def test_what_was_rendered_is_handed_out_whatever_the_rules_have_become(database, billed, contents):
    """P23: sending again sends the stored bytes; only what is missing is rendered by newer rules."""
    _, (sent,) = render(database, contents, billed, Selection(number="RE-000001"))
    newer = newer_format()

    receipt, files = render(database, contents, billed, document_format=newer)

    with database.read(billed.id) as tx:
        rows = read_renderings(tx, [document_id(tx, number) for number in NUMBERS])
    assert files[0] == sent
    assert (receipt.rendered, receipt.new, newer.worked) == (9, 8, 8)
    assert sorted(row.rule_set for row in rows) == [
        "xrechnung-3.0.2/en16931-1.3.16", *["xrechnung-9"] * 8,
    ]  # fmt: skip


def test_of_two_renderings_of_a_format_the_newest_is_handed_out(database, billed, contents):
    """By the time at which it was rendered: xrechnung-10 sorts before xrechnung-9 as a text."""
    with database.read(billed.id) as tx:
        document = document_id(tx, "RE-000001")
    for rules, content in (("xrechnung-9", b"older"), ("xrechnung-10", b"newest")):
        kept = contents.put(billed.id, content)
        with database.write(billed.id) as tx:
            write_renderings(
                tx,
                [Rendering(document, "xrechnung-cii", kept, len(content), "text/xml", rules)],
            )
        database.clock.advance(timedelta(seconds=1))

    _, (file,) = render(database, contents, billed, Selection(number="RE-000001"))
    formats = Documents(database, contents, Only(XRechnung().cii), billed)

    assert file.content == b"newest"
    assert document_file(formats, "RE-000001", None, None).content == b"newest"


def test_stored_bytes_that_have_changed_are_not_handed_out(database, billed, contents):
    """The hash is recorded with the document."""
    render(database, contents, billed, Selection(number="RE-000001"))
    (path,) = (path for path in contents.root.rglob("*") if path.is_file())
    path.chmod(0o600)
    path.write_bytes(b"other")

    with pytest.raises(IntegrityBroken, match="the stored bytes do not match their hash"):
        render(database, contents, billed, Selection(number="RE-000001"))


class Refusing(XRechnungCii):
    """A format that refuses one document."""

    @override
    def render(self, document: InvoiceDocument) -> bytes:
        """The bytes, but for RE-000002."""
        if document.number == "RE-000002":
            raise RenderRefused("no", place=document.number)
        return super().render(document)


def test_a_refused_document_does_not_stop_the_others(database, billed, contents):
    """O19: the rest goes on, the refusal is reported with its number."""
    sample = XRechnung().cii
    refusing = Refusing(sample.settings, sample.runtime)

    receipt, files = render(database, contents, billed, document_format=refusing)

    assert receipt.rendered == 8
    assert [refusal.place for refusal in receipt.refused] == ["RE-000002"]
    assert "RE-000002" not in [file.number for file in files]


def test_what_is_not_taxable_names_no_vat_id(database, billed):
    """BR-O-02 to 04: neither BT-31 nor BT-48; BR-CO-26 is met by the register number."""
    document = view(database, billed, "RE-000005")

    assert [row.category for row in document.vat] == ["O"]
    assert document.vat[0].rate is None
    assert document.lines[0].vat_rate is None
    assert (document.seller.vat_id, document.buyer.vat_id) == (None, None)
    assert document.seller.tax_number == "27/123/45678"


def test_without_vat_id_and_register_the_tax_number_names_the_seller(database):
    """BR-CO-26, also where the VAT id is left out because nothing is taxable (category O)."""
    company = Company(database)
    seller = replace(company.tenant.seller, register_number="")
    tenant = replace(company.tenant, seller=seller)
    company.contract(company.customer("CH"), "A-1")
    bill(database, tenant)

    document = view(database, tenant, "RE-000001")

    assert [identifier.value for identifier in document.seller.identifiers] == ["27/123/45678"]
    assert XRechnung().cii.check(document) == ()


def test_a_small_business_says_why_there_is_no_vat(database):
    """§ 19 UStG: category E with a reason and no code (there is no VATEX code for it)."""
    company = Company(database)
    tenant = replace(
        company.tenant,
        small_business=True,
        tax_cases=frozenset({TaxCase.SMALL_BUSINESS}),
        seller=replace(company.tenant.seller, vat_id="", register_number=""),
    )
    company.contract(company.customer(), "A-1")
    bill(database, tenant)

    document = view(database, tenant, "RE-000001")

    (row,) = document.vat
    assert row.category is TaxCategory.E
    assert (str(row.rate), str(row.tax), row.exemption_code) == ("0", "0.00", None)
    assert row.exemption_reason == "Gemäß § 19 UStG wird keine Umsatzsteuer berechnet."
    assert XRechnung().cii.check(document) == ()


def test_an_intra_community_supply_names_day_and_country_of_delivery(database, billed):
    """BR-IC-11 and BR-IC-12."""
    document = view(database, billed, "RE-000004")

    assert document.delivery is not None
    assert document.delivery.address is not None
    assert str(document.delivery.on) == "2026-10-31"
    assert document.delivery.address.country == "AT"
    assert (document.seller.vat_id, document.buyer.vat_id) == ("DE123456788", "ATU12345675")


def test_a_direct_debit_carries_the_mandate_and_no_account_to_pay_to(database, billed):
    """BR-DE-25-a and -b: exactly BG-19 with means code 59."""
    payment = view(database, billed, "RE-000007").payment

    assert payment.means_code == "59"
    assert payment.transfers == ()
    assert payment.direct_debit is not None
    assert payment.direct_debit.mandate == "M-1"
    assert payment.direct_debit.creditor_id == "DE98ZZZ09999999999"
    assert payment.direct_debit.iban == "DE75512108001245126199"


def test_a_card_is_an_online_payment(database, billed):
    """48 would ask for the card's last digits (BR-DE-24-a), which only the provider knows."""
    payment = view(database, billed, "RE-000008").payment

    assert (payment.means_code, payment.means_text) == ("68", "Kreditkarte")


def test_a_credit_is_a_negative_quantity(database, billed):
    """BR-27: a price is never negative."""
    _, credit = view(database, billed, "RE-000009").lines

    assert (str(credit.quantity), str(credit.price), str(credit.net)) == ("-1", "50", "-50.00")
    assert credit.description == "Gutschein"


def test_a_period_is_stated_with_its_last_day_as_day_of_delivery(database, billed):
    """F112, G9: BT-73 and BT-74, BT-72 = BT-74, and BT-134/135 on the line."""
    document = view(database, billed, "RE-000001")

    assert document.period is not None
    assert document.delivery is not None
    assert (str(document.period.start), str(document.period.end)) == ("2026-10-01", "2026-10-31")
    assert document.delivery.on == document.period.end
    assert document.lines[0].period == document.period


def test_a_public_buyer_is_named_by_its_leitweg_id_any_other_by_its_number(database):
    """F113: BT-10 and BT-49 are the Leitweg-ID; without one BT-10 is the customer number."""
    company = Company(database)
    public = company.customer(leitweg_id="04011000-12345-03")
    company.contract(public, "A-1")
    company.contract(company.customer(), "A-1")
    bill(database, company.tenant)

    first, second = (view(database, company.tenant, number) for number in NUMBERS[:2])

    assert first.buyer_reference == "04011000-12345-03"
    assert first.buyer.endpoint == Identifier(value="04011000-12345-03", scheme="0204")
    assert second.buyer_reference == "K-2"
    assert second.buyer.endpoint == Identifier(value="kunde2@example.com", scheme="EM")


def test_register_numbers_and_care_of_stand_on_the_document(database):
    """F111: BT-30 and BT-47; F055: c/o directly below the buyer's name, before the street."""
    company = Company(database)
    address = Address("Kai 3", "20457", "Hamburg", care_of="c/o Reederei Holm", extra="Haus B")
    company.contract(company.customer(address=address, register_number="HRB 1234"), "A-1")
    bill(database, company.tenant)

    document = view(database, company.tenant, "RE-000001")

    assert document.seller.registration == Identifier(value="HRB 4711")
    assert document.buyer.registration == Identifier(value="HRB 1234")
    at = document.buyer.address
    assert (at.line1, at.line2, at.line3) == ("c/o Reederei Holm", "Kai 3", "Haus B")


def test_a_single_day_is_a_day_of_delivery_and_no_period(database):
    """F112: one date is BT-72 only."""
    company = Company(database)
    contract = company.contract(company.customer(), "A-1", start=RUN.replace(month=12))
    company.one_off(contract, "A-4", invoice_on=RUN)
    with database.write(company.tenant.id) as tx:
        tx.connection.exec_driver_sql("UPDATE contract SET next_due_on = '2026-10-01'")
    bill(database, company.tenant)

    document = view(database, company.tenant, "RE-000001")

    assert document.delivery is not None
    assert str(document.delivery.on) == "2026-10-01"
    assert document.period is None
    assert document.lines[0].period is None
