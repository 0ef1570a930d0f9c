"""The hybrid: one page, one invoice inside, right by every rule, and the same when read back."""

from collections.abc import Callable
from io import BytesIO

import pikepdf
import pytest

from faktura.kernel.errors import RenderRefused
from faktura.plugin import InvoiceDocument
from faktura.testing.invoice_scenarios import SCENARIOS
from faktura.testing.invoices import changed, sample_invoice
from faktura.testing.scenario import Scenario
from faktura_en16931.syntax import Syntax
from faktura_en16931.terms import terms_of
from faktura_zugferd.formats import Pdf, Zugferd
from faktura_zugferd.hybrid_file import embedded_files, invoice_xml, opened
from faktura_zugferd.hybrid_reader import ZugferdReader
from faktura_zugferd.xmp import with_factur_x


@pytest.mark.parametrize("scenario", SCENARIOS.values(), ids=SCENARIOS.keys())
def test_a_hybrid_keeps_every_rule_and_reads_back(
    scenario: Scenario,
    zugferd: Zugferd,
    reader: ZugferdReader,
    broken_rules: Callable[[bytes], dict[str, str]],
) -> None:
    """Container, fx block, XSD, CEN and Factur-X Schematron, PDF/A-3b; then read(write(d)) == d."""
    content = zugferd.render(scenario.document)

    checked = reader.check(content)
    assert checked.findings == ()
    assert checked.rule_sets == ("container", "xsd", "en16931", "pdfa-3b")
    fatal = [rule for rule, flag in broken_rules(_xml(content)).items() if flag != "warning"]
    assert fatal == []
    read = reader.read(content)
    assert read.document == scenario.document.model_copy(update={"printed": None})
    assert read.unread == ()


def test_the_invoice_says_which_profile_it_follows(hybrid: bytes) -> None:
    """BT-24 of EN 16931 without an extension, BT-23 of Peppol billing."""
    terms = terms_of(_xml(hybrid), Syntax.CII)

    assert terms["BT-24"] == ["urn:cen.eu:en16931:2017"]
    assert terms["BT-23"] == ["urn:fdc:peppol.eu:2017:poacc:billing:01:1.0"]
    assert terms["BT-112"] == ["119.00"]


def test_the_file_is_embedded_as_the_alternative_of_the_page(hybrid: bytes) -> None:
    """Germany: AFRelationship Alternative, text/xml, in /AF of the catalogue, with its date."""
    with opened(hybrid) as pdf:
        (file,) = embedded_files(pdf)

    assert (file.name, file.relationship, file.media_type) == (
        "factur-x.xml",
        "Alternative",
        "text/xml",
    )
    assert (file.is_associated, file.has_date) == (True, True)


def test_the_metadata_are_open_and_describe_the_invoice_in_one_bag(hybrid: bytes) -> None:
    """einvoice.md 3: no filter on the XMP, a second container would break PDF/A."""
    with pikepdf.open(BytesIO(hybrid)) as pdf:
        metadata = pdf.Root.Metadata
        assert "/Filter" not in metadata
        xmp = metadata.read_bytes().decode()

    assert xmp.count("<pdfaExtension:schemas>") == 1
    assert "<fx:DocumentType>INVOICE</fx:DocumentType>" in xmp
    assert "<fx:DocumentFileName>factur-x.xml</fx:DocumentFileName>" in xmp
    assert "<fx:Version>1.0</fx:Version>" in xmp
    assert "<fx:ConformanceLevel>EN 16931</fx:ConformanceLevel>" in xmp


def test_the_step_that_adds_the_metadata_leaves_the_page_alone(pdf: Pdf, zugferd: Zugferd) -> None:
    """The page of a hybrid is the page of the plain PDF."""
    plain, hybrid = pdf.render(sample_invoice()), zugferd.render(sample_invoice())

    with pikepdf.open(BytesIO(plain)) as left, pikepdf.open(BytesIO(hybrid)) as right:
        assert left.pages[0].Contents.read_bytes() == right.pages[0].Contents.read_bytes()


@pytest.mark.parametrize("format_id", ["pdf", "zugferd"])
def test_equal_documents_give_equal_bytes(
    format_id: str, pdf: Pdf, zugferd: Zugferd, build: Callable[..., Pdf]
) -> None:
    """DocumentFormat: pure; another object, as in another process, writes the same."""
    adapter = pdf if format_id == "pdf" else zugferd
    again = build(type(adapter))

    first = adapter.render(sample_invoice())

    assert adapter.render(sample_invoice()) == first
    assert again.render(sample_invoice()) == first


def test_a_document_that_breaks_a_rule_is_no_page(pdf: Pdf, zugferd: Zugferd) -> None:
    """RenderRefused names the finding, the term and the field to fill."""
    broken = changed(sample_invoice(), "totals.gross", sample_invoice().totals.net)

    for adapter in (pdf, zugferd):
        with pytest.raises(RenderRefused) as refusal:
            adapter.render(broken)
        assert refusal.value.place == "R-2026-00042"
        assert "BR-CO-15" in refusal.value.problem


def test_a_page_needs_no_print_details(zugferd: Zugferd, reader: ZugferdReader) -> None:
    """A document from a file (`einvoice render --input`) or read back has none."""
    bare = sample_invoice(printed=None)

    assert reader.check(zugferd.render(bare)).findings == ()


def _xml(content: bytes) -> bytes:
    with opened(content) as pdf:
        return invoice_xml(embedded_files(pdf))


def test_check_and_render_agree(zugferd: Zugferd, document: InvoiceDocument) -> None:
    """A document without findings can be written; the own rules come before the schema."""
    broken = changed(document, "totals.gross", document.totals.net)

    assert zugferd.check(document) == ()
    assert "BR-CO-15" in {finding.rule for finding in zugferd.check(broken)}


def test_a_page_without_the_invoice_or_with_it_twice_is_no_hybrid(
    pdf: Pdf, hybrid: bytes, changed_pdf: Callable[[bytes, Callable[[pikepdf.Pdf], None]], bytes]
) -> None:
    """Whatever a template did to the file, the step says so."""

    def without_metadata(opened_pdf: pikepdf.Pdf) -> None:
        del opened_pdf.Root.Metadata

    def with_other_metadata(opened_pdf: pikepdf.Pdf) -> None:
        opened_pdf.Root.Metadata.write(b"<rdf:RDF></rdf:RDF>")

    with pytest.raises(RenderRefused, match="holds 0 files, and not the invoice alone"):
        with_factur_x(pdf.render(sample_invoice()), "EN 16931")
    for how in (without_metadata, with_other_metadata):
        with pytest.raises(RenderRefused, match="not as the typesetter writes them"):
            with_factur_x(changed_pdf(hybrid, how), "EN 16931")
