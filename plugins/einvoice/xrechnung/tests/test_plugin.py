"""What the hub sees of the plugin."""

import subprocess
import sys
from datetime import date

import pytest

import faktura_xrechnung
from faktura.kernel.errors import RenderRefused
from faktura.plugin import API_VERSION, Family, InvoiceDocument, PrecedingInvoice
from faktura.testing.invoices import changed, sample_invoice, sample_line
from faktura_xrechnung.formats import XRechnungCii, XRechnungUbl
from faktura_xrechnung.reader import XRechnungReader


def test_the_plugin_describes_itself() -> None:
    """house: every plugin implements describe_plugin."""
    manifest = faktura_xrechnung.describe_plugin()

    assert (manifest.name, manifest.api_version) == ("xrechnung", API_VERSION)
    assert manifest.families == (Family.EINVOICE,)


def test_the_plugin_offers_both_syntaxes() -> None:
    """house: register_document_formats returns classes."""
    assert faktura_xrechnung.register_document_formats() == (XRechnungCii, XRechnungUbl)
    assert (XRechnungCii.format_id, XRechnungUbl.format_id) == ("xrechnung-cii", "xrechnung-ubl")
    for offered in (XRechnungCii, XRechnungUbl):
        assert (offered.media_type, offered.file_suffix) == ("application/xml", ".xml")


def test_the_plugin_offers_one_reader() -> None:
    """house: register_document_readers returns classes."""
    assert faktura_xrechnung.register_document_readers() == (XRechnungReader,)
    assert XRechnungReader.reader_id == "xrechnung"


def test_registering_the_format_does_not_load_lxml() -> None:
    """house: entry points import every plugin at the start of each command."""
    program = (
        "import sys, faktura_xrechnung as plugin\n"
        "assert 'faktura_xrechnung.formats' not in sys.modules\n"
        "plugin.register_document_formats()\n"
        "plugin.register_document_readers()\n"
        "assert not [name for name in sys.modules if name.startswith(('lxml', 'saxonche'))]\n"
    )

    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0


def test_a_refusal_names_document_findings_and_fields(xrechnung: XRechnungCii) -> None:
    """RenderRefused: place, problem with term and rule, and what to fill, each field once."""
    document = _without_contact_name_and_leitweg_id()

    with pytest.raises(RenderRefused) as refusal:
        xrechnung.render(document)

    assert refusal.value.as_dict() == {
        "code": "render_refused",
        "place": "R-2026-00042",
        "problem": "The buyer reference (Leitweg-ID) is missing (BT-10, BR-DE-15); "
        "The name of the seller's contact is missing (BT-41, BR-DE-5)",
        "mend": "Fill customer.leitwegId, tenant.seller.contact.name",
    }


def test_an_unknown_currency_is_a_finding_and_not_an_accident(xrechnung: XRechnungCii) -> None:
    """BR-CL-04: without it nobody knows the decimals, so no sum is judged."""
    document = changed(sample_invoice(), "currency", "XXX")

    assert [(entry.rule, entry.term) for entry in xrechnung.check(document)] == [
        ("BR-CL-04", "BT-5")
    ]


def test_equal_documents_give_equal_bytes(
    xrechnung: XRechnungCii, xrechnung_ubl: XRechnungUbl
) -> None:
    """DocumentFormat: pure."""
    assert xrechnung.render(sample_invoice()) == xrechnung.render(sample_invoice())
    assert xrechnung_ubl.render(sample_invoice()) == xrechnung_ubl.render(sample_invoice())


def test_the_rule_set_is_stored_beside_the_bytes(
    xrechnung: XRechnungCii, xrechnung_ubl: XRechnungUbl
) -> None:
    """XRechnung 3.0.2 with the rules of CEN that the tests prove."""
    assert xrechnung.rule_set == "xrechnung-3.0.2/en16931-1.3.16"
    assert xrechnung_ubl.rule_set == "xrechnung-3.0.2/en16931-1.3.16"


def test_a_correction_is_a_credit_note_in_ubl_and_a_cancellation_an_invoice(
    xrechnung_ubl: XRechnungUbl,
) -> None:
    """381 is not allowed in Invoice, 384 not in CreditNote (BR-CL-01)."""
    corrects = (PrecedingInvoice(number="R-1", issued_on=date(2026, 10, 31)),)
    correction = sample_invoice(type_code="381", preceding=corrects)
    cancellation = sample_invoice(
        type_code="384", preceding=corrects, lines=(sample_line(quantity="-1"),)
    )

    assert b"<CreditNote " in xrechnung_ubl.render(correction)
    assert b"<Invoice " in xrechnung_ubl.render(cancellation)


def _without_contact_name_and_leitweg_id() -> InvoiceDocument:
    document = changed(sample_invoice(), "seller.contact.name", " ")
    return changed(document, "buyer_reference", None)
