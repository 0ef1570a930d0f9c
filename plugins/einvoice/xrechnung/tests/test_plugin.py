"""What the hub sees of the plugin."""

import subprocess
import sys

import pytest

import faktura_xrechnung
from faktura.kernel.errors import RenderRefused
from faktura.plugin import API_VERSION, Family, InvoiceDocument
from faktura.testing.invoices import changed, sample_invoice
from faktura_xrechnung.formats import XRechnungCii


def test_the_plugin_describes_itself() -> None:
    """house: every plugin implements describe_plugin."""
    manifest = faktura_xrechnung.describe_plugin()

    assert (manifest.name, manifest.api_version) == ("xrechnung", API_VERSION)
    assert manifest.families == (Family.EINVOICE,)


def test_the_plugin_offers_one_format() -> None:
    """house: register_document_formats returns classes."""
    assert faktura_xrechnung.register_document_formats() == (XRechnungCii,)
    assert XRechnungCii.format_id == "xrechnung-cii"
    assert (XRechnungCii.media_type, XRechnungCii.file_suffix) == ("application/xml", ".xml")
    assert XRechnungCii.rule_set == "xrechnung-3.0.2/en16931-1.3.16"


def test_registering_the_format_does_not_load_lxml() -> None:
    """house: entry points import every plugin at the start of each command."""
    program = (
        "import sys, faktura_xrechnung as plugin\n"
        "assert 'faktura_xrechnung.formats' not in sys.modules\n"
        "plugin.register_document_formats()\n"
        "assert not [name for name in sys.modules if name.startswith('lxml')]\n"
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


def test_equal_documents_give_equal_bytes(xrechnung: XRechnungCii) -> None:
    """DocumentFormat: pure."""
    assert xrechnung.render(sample_invoice()) == xrechnung.render(sample_invoice())


def _without_contact_name_and_leitweg_id() -> InvoiceDocument:
    document = changed(sample_invoice(), "seller.contact.name", " ")
    return changed(document, "buyer_reference", None)
