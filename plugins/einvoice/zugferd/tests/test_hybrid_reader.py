"""Hybrids of others: what is read, what is refused, and every fault by its name."""

import zlib
from collections.abc import Callable
from io import BytesIO

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, Pdf

from faktura.kernel.errors import FileUnreadable, HostileFile
from faktura.testing.invoices import sample_invoice
from faktura_zugferd import hybrid_file
from faktura_zugferd.container_checks import level_of
from faktura_zugferd.formats import Pdf as PdfFormat
from faktura_zugferd.hybrid_reader import ZugferdReader

Change = Callable[[bytes, Callable[[Pdf], None]], bytes]

_FX_LEVEL = b"<fx:ConformanceLevel>EN 16931</fx:ConformanceLevel>"
_BAG_END = b"</rdf:Bag></pdfaExtension:schemas>"
_SECOND_BAG = _BAG_END + b"<pdfaExtension:schemas><rdf:Bag></rdf:Bag></pdfaExtension:schemas>"


def _file(pdf: Pdf) -> pikepdf.Object:
    return pdf.Root.AF[0]


def _xmp(old: bytes, new: bytes) -> Callable[[Pdf], None]:
    """A change of the metadata; `old` must be there."""

    def change(pdf: Pdf) -> None:
        metadata = pdf.Root.Metadata.read_bytes()
        assert old in metadata
        pdf.Root.Metadata.write(metadata.replace(old, new))

    return change


def _without_fx_block(pdf: Pdf) -> None:
    metadata = pdf.Root.Metadata.read_bytes()
    start = metadata.index(b'<rdf:Description rdf:about="" xmlns:fx=')
    pdf.Root.Metadata.write(metadata[:start] + b"</rdf:RDF></x:xmpmeta>")


def _twice(pdf: Pdf) -> None:
    metadata = pdf.Root.Metadata.read_bytes()
    start = metadata.index(b'<rdf:Description rdf:about="" xmlns:fx=')
    end = metadata.index(b"</rdf:RDF>")
    pdf.Root.Metadata.write(metadata[:end] + metadata[start:end] + metadata[end:])


def _relationship(pdf: Pdf) -> None:
    _file(pdf).AFRelationship = Name.Data


def _media_type(pdf: Pdf) -> None:
    _file(pdf).EF.F.Subtype = Name("/application/xml")


def _no_date(pdf: Pdf) -> None:
    del _file(pdf).EF.F.Params


def _not_associated(pdf: Pdf) -> None:
    pdf.Root.AF = Array([])


def _old_name(pdf: Pdf) -> None:
    _file(pdf).UF = pikepdf.String("ZUGFeRD-invoice.xml")


def _no_metadata(pdf: Pdf) -> None:
    del pdf.Root.Metadata


def _java_script(pdf: Pdf) -> None:
    pdf.Root.OpenAction = Dictionary(S=Name.JavaScript, JS=pikepdf.String("app.alert(1)"))


@pytest.mark.parametrize(
    ("how", "rule", "said"),
    [
        (_without_fx_block, "ZUGFeRD-xmp", "have no fx block"),
        (_no_metadata, "ZUGFeRD-xmp", "cannot be read"),
        (_twice, "ZUGFeRD-xmp", "have 2 fx blocks"),
        (
            _xmp(_FX_LEVEL, _FX_LEVEL.replace(b"EN 16931", b"EXTENDED")),
            "ZUGFeRD-xmp-ConformanceLevel",
            "fx:ConformanceLevel is EXTENDED, not EN 16931",
        ),
        (_xmp(_FX_LEVEL, b""), "ZUGFeRD-xmp-ConformanceLevel", "is absent, not EN 16931"),
        (
            _xmp(b">factur-x.xml<", b">other.xml<"),
            "ZUGFeRD-xmp-DocumentFileName",
            "fx:DocumentFileName is other.xml, not factur-x.xml",
        ),
        (_xmp(b">INVOICE</fx", b">LETTER</fx"), "ZUGFeRD-xmp-DocumentType", "is LETTER"),
        (_xmp(b">1.0</fx", b">9</fx"), "ZUGFeRD-xmp-Version", "fx:Version is 9, not 1.0"),
        (
            _xmp(_BAG_END, _SECOND_BAG),
            "ISO_19005_3:6.6.2.3",
            "2 containers of extension schemas",
        ),
        (
            _xmp(b"<pdfaSchema:prefix>fx</pdfaSchema:prefix>", b""),
            "ISO_19005_3:6.6.2.3",
            "has no pdfaSchema:prefix",
        ),
        (
            _xmp(b"<pdfaProperty:name>Version</pdfaProperty:name>", b""),
            "ISO_19005_3:6.6.2.3",
            "does not describe fx:Version",
        ),
        (
            _xmp(b"<pdfaProperty:description>INVOICE</pdfaProperty:description>", b""),
            "ISO_19005_3:6.6.2.3",
            "property DocumentType of schema fx has no pdfaProperty:description",
        ),
        (
            _xmp(b"<pdfaProperty:category>external<", b"<pdfaProperty:category>other<"),
            "ISO_19005_3:6.6.2.3",
            "is neither internal nor external",
        ),
        (
            _xmp(b"namespaceURI>urn:factur-x:", b"namespaceURI>urn:other:"),
            "ISO_19005_3:6.6.2.3",
            "The fx schema is described 0 times",
        ),
        (_relationship, "ZUGFeRD-relationship", "AFRelationship is Data, not Alternative"),
        (_media_type, "ZUGFeRD-mime", "The MIME type is application/xml, not text/xml"),
        (_no_date, "ZUGFeRD-date", "has no Params with ModDate"),
        (_not_associated, "ISO_19005_3:6.8", "/AF does not name the embedded invoice"),
        (_old_name, "ZUGFeRD-name", "is called ZUGFeRD-invoice.xml, not factur-x.xml"),
        (_java_script, "pikepdf:schema-Catalog", "/OpenAction"),
    ],
)
def test_a_fault_of_the_container_is_found_by_name(
    how: Callable[[Pdf], None],
    rule: str,
    said: str,
    reader: ZugferdReader,
    hybrid: bytes,
    changed_pdf: Change,
) -> None:
    """Factur-X 1.09 and ISO 19005-3: one fault, one name."""
    findings = reader.check(changed_pdf(hybrid, how)).findings

    found = [finding for finding in findings if finding.rule.startswith(rule[:18])]
    assert any(said in finding.message for finding in found), findings
    assert all(finding.mend for finding in findings)


def test_a_file_saved_again_without_a_change_has_no_fault(
    reader: ZugferdReader, hybrid: bytes, changed_pdf: Change
) -> None:
    """So the faults above come from the changes."""
    assert reader.check(changed_pdf(hybrid, lambda _: None)).findings == ()


@pytest.mark.parametrize("name", ["zugferd-invoice.xml", "ZUGFeRD-invoice.xml", "xrechnung.xml"])
def test_older_names_of_the_invoice_are_read(
    name: str, reader: ZugferdReader, hybrid: bytes, changed_pdf: Change
) -> None:
    """ZUGFeRD 1 and 2.0, profile XRECHNUNG."""

    def rename(pdf: Pdf) -> None:
        _file(pdf).UF = pikepdf.String(name)

    read = reader.read(changed_pdf(hybrid, rename))

    assert read.document.number == "R-2026-00042"


def test_a_plain_pdf_has_no_invoice(reader: ZugferdReader, pdf: PdfFormat) -> None:
    """Named with what to do, for read and check alike."""
    plain = pdf.render(sample_invoice())

    for ask in (reader.read, reader.check):
        with pytest.raises(FileUnreadable, match=r"no invoice in it.*factur-x\.xml, nor any"):
            ask(plain)


def test_two_invoices_are_none(reader: ZugferdReader, hybrid: bytes, changed_pdf: Change) -> None:
    """Nobody could say which one is meant."""

    def add(pdf: Pdf) -> None:
        pdf.attachments["xrechnung.xml"] = b"<a/>"

    with pytest.raises(
        FileUnreadable, match=r"has 2 invoices in it: factur-x\.xml, xrechnung\.xml"
    ):
        reader.read(changed_pdf(hybrid, add))


@pytest.mark.parametrize("user", ["", "secret"])
def test_an_encrypted_pdf_is_refused(user: str, reader: ZugferdReader, hybrid: bytes) -> None:
    """PDF/A forbids it, with and without a password to open."""
    out = BytesIO()
    with pikepdf.open(BytesIO(hybrid)) as pdf:
        pdf.save(out, encryption=pikepdf.Encryption(owner="owner", user=user))

    with pytest.raises(FileUnreadable, match="the PDF is encrypted"):
        reader.read(out.getvalue())


@pytest.mark.parametrize("content", [b"%PDF-1.7", b"%PDF-1.7\n%%EOF", b"x" * 100])
def test_what_is_no_pdf_is_refused(content: bytes, reader: ZugferdReader) -> None:
    """Never an accident of a library."""
    with pytest.raises(FileUnreadable):
        reader.check(content)


@pytest.mark.parametrize(
    "content", [b"%PDF-1.7", b"%PDF-1.7\n%%EOF", b"%PDF-1.7\ntrailer << /Root 1 0 R >>\n%%EOF"]
)
def test_a_broken_pdf_is_described_without_objects_of_python(
    content: bytes, reader: ZugferdReader
) -> None:
    """An address in memory helps nobody."""
    with pytest.raises(FileUnreadable, match=r"^the PDF is broken: [a-z]") as refused:
        reader.check(content)

    assert "BytesIO" not in refused.value.problem


def test_a_pdf_cut_off_anywhere_is_an_error_or_an_invoice(
    reader: ZugferdReader, hybrid: bytes
) -> None:
    """qpdf mends what it can; the rest is named."""
    refused = 0
    for cut in range(0, len(hybrid), len(hybrid) // 25):
        try:
            assert reader.read(hybrid[:cut]).document.number == "R-2026-00042"
        except FileUnreadable:
            refused += 1
    assert refused >= 3


def test_an_embedded_bomb_is_not_inflated(
    reader: ZugferdReader, hybrid: bytes, changed_pdf: Change, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The bound is on what comes out, not on what the file says."""
    monkeypatch.setattr(hybrid_file, "MOST_XML_BYTES", 1_000_000)

    def swell(pdf: Pdf) -> None:
        packed = zlib.compress(b" " * 2_000_000)
        _file(pdf).EF.F.write(packed, filter=Name.FlateDecode)

    with pytest.raises(HostileFile, match="inflates without end"):
        reader.read(changed_pdf(hybrid, swell))


def test_other_packing_is_refused(
    reader: ZugferdReader, hybrid: bytes, changed_pdf: Change
) -> None:
    """A picture's packing and chains of filters are no honest way to embed 10 kB of XML."""

    def pack(pdf: Pdf) -> None:
        _file(pdf).EF.F.write(b"x", filter=Name.DCTDecode)

    with pytest.raises(FileUnreadable, match="is packed as /DCTDecode"):
        reader.read(changed_pdf(hybrid, pack))


def test_a_huge_file_is_not_opened(
    reader: ZugferdReader, hybrid: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    """50 MB at most."""
    monkeypatch.setattr(hybrid_file, "MOST_BYTES", 100)

    with pytest.raises(HostileFile, match="the PDF has more than"):
        reader.read(hybrid)


@pytest.mark.parametrize("names", [Array([]), Dictionary(EmbeddedFiles=Array([1])), Dictionary()])
def test_a_broken_list_of_files_is_no_accident(
    names: pikepdf.Object, reader: ZugferdReader, hybrid: bytes, changed_pdf: Change
) -> None:
    """/AF still names the file, or the list is refused."""

    def break_names(pdf: Pdf) -> None:
        pdf.Root.Names = names
        pdf.Root.AF = Array([])

    with pytest.raises(FileUnreadable):
        reader.read(changed_pdf(hybrid, break_names))


def test_the_xml_is_checked_too(reader: ZugferdReader, hybrid: bytes, changed_pdf: Change) -> None:
    """XSD and arithmetic, as of a bare XML."""

    def break_xml(pdf: Pdf) -> None:
        xml = _file(pdf).EF.F.read_bytes()
        total = b"<ram:GrandTotalAmount>119.00<"
        assert total in xml
        _file(pdf).EF.F.write(xml.replace(total, b"<ram:GrandTotalAmount>120.00<"))

    rules = {finding.rule for finding in reader.check(changed_pdf(hybrid, break_xml)).findings}

    assert "BR-CO-15" in rules


@pytest.mark.parametrize(
    ("content", "known"),
    [(b"%PDF-1.7\n", True), (b"\n\n%PDF-1.4", True), (b"<Invoice/>", False), (b"", False)],
)
def test_a_pdf_is_known_by_its_first_bytes(
    content: bytes, known: bool, reader: ZugferdReader
) -> None:
    """It never raises."""
    assert reader.recognises(content) is known


@pytest.mark.parametrize(
    ("specification", "level"),
    [
        ("urn:cen.eu:en16931:2017", "EN 16931"),
        ("urn:cen.eu:en16931:2017#compliant#urn:factur-x.eu:1p0:basic", "BASIC"),
        ("urn:cen.eu:en16931:2017#conformant#urn:factur-x.eu:1p0:extended", "EXTENDED"),
        ("urn:cen.eu:en16931:2017#compliant#urn:xeinkauf.de:kosit:xrechnung_3.0", "XRECHNUNG"),
        ("urn:factur-x.eu:1p0:minimum", "MINIMUM"),
        ("urn:factur-x.eu:1p0:basicwl", "BASIC WL"),
        ("urn:nobody", None),
        (None, None),
    ],
)
def test_the_profile_decides_about_the_level(specification: str | None, level: str | None) -> None:
    """BT-24 -> fx:ConformanceLevel."""
    assert level_of(specification) == level
