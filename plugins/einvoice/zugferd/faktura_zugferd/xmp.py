"""The step that makes a page with its XML a hybrid: the fx block in the XMP metadata.

typst attaches the XML but writes no XMP of others. The description of the schema joins the bag that
typst writes already: PDF/A allows one only. Nothing else of the file is changed.
"""

from io import BytesIO
from typing import Final

from faktura.kernel.errors import RenderRefused

XML_NAME: Final = "factur-x.xml"
FX: Final = "urn:factur-x:pdfa:CrossIndustryDocument:invoice:1p0#"

_VERSION: Final = "1.0"
_BAG_END: Final = b"</rdf:Bag></pdfaExtension:schemas>"
_RDF_END: Final = b"</rdf:RDF>"

PROPERTIES: Final = {
    "DocumentFileName": "name of the embedded XML invoice file",
    "DocumentType": "INVOICE",
    "Version": "The actual version of the Factur-X XML schema",
    "ConformanceLevel": "The conformance level of the embedded Factur-X data",
}
"""The properties of the fx schema, each with its description."""


def with_factur_x(pdf: bytes, level: str) -> bytes:
    """`pdf` with the fx block for `level` ("EN 16931"); equal input gives equal bytes.

    Raises RenderRefused when the file is not as typst writes it.
    """
    import pikepdf

    with pikepdf.open(BytesIO(pdf)) as opened:
        if len(opened.attachments) != 1:
            raise RenderRefused(
                f"the page holds {len(opened.attachments)} files, and not the invoice alone",
                place="template",
                mend="Attach each of sys.inputs.files by pdf.attach, and nothing else",
            )
        metadata = opened.Root.get("/Metadata")
        if not isinstance(metadata, pikepdf.Stream):
            raise _unexpected()
        metadata.write(_completed(metadata.read_bytes(), level))
        out = BytesIO()
        # pikepdf would write all metadata anew to give them the version of the file they have.
        opened.save(out, deterministic_id=True, fix_metadata_version=False)
        return out.getvalue()


def _completed(xmp: bytes, level: str) -> bytes:
    if xmp.count(_BAG_END) != 1 or xmp.count(_RDF_END) != 1:
        raise _unexpected()
    with_schema = xmp.replace(_BAG_END, _schema() + _BAG_END)
    return with_schema.replace(_RDF_END, _description(level) + _RDF_END)


def _schema() -> bytes:
    rows = "".join(
        '<rdf:li rdf:parseType="Resource">'
        f"<pdfaProperty:name>{name}</pdfaProperty:name>"
        "<pdfaProperty:valueType>Text</pdfaProperty:valueType>"
        "<pdfaProperty:category>external</pdfaProperty:category>"
        f"<pdfaProperty:description>{description}</pdfaProperty:description></rdf:li>"
        for name, description in PROPERTIES.items()
    )
    return (
        '<rdf:li rdf:parseType="Resource">'
        "<pdfaSchema:schema>Factur-X PDFA Extension Schema</pdfaSchema:schema>"
        f"<pdfaSchema:namespaceURI>{FX}</pdfaSchema:namespaceURI>"
        "<pdfaSchema:prefix>fx</pdfaSchema:prefix>"
        f"<pdfaSchema:property><rdf:Seq>{rows}</rdf:Seq></pdfaSchema:property></rdf:li>"
    ).encode()


def _description(level: str) -> bytes:
    return (
        f'<rdf:Description rdf:about="" xmlns:fx="{FX}">'
        "<fx:DocumentType>INVOICE</fx:DocumentType>"
        f"<fx:DocumentFileName>{XML_NAME}</fx:DocumentFileName>"
        f"<fx:Version>{_VERSION}</fx:Version>"
        f"<fx:ConformanceLevel>{level}</fx:ConformanceLevel></rdf:Description>"
    ).encode()


def _unexpected() -> RenderRefused:
    return RenderRefused(
        "the page's XMP metadata are not as the typesetter writes them",
        place="XMP",
        mend="A template must leave the document's metadata alone",
    )
