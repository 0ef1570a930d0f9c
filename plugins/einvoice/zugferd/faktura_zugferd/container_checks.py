"""What ZUGFeRD and PDF/A-3 demand of the PDF around an invoice: the file's marks and the fx block.

Rules are named after what they look at: Factur-X 1.09, parts 6 and 7; ISO 19005-3, 6.6.2.3 and 6.8.
"""

from collections.abc import Iterator, Mapping
from typing import Final

from faktura.plugin import Finding
from faktura_en16931.findings import error
from faktura_zugferd.hybrid_file import EmbeddedFile
from faktura_zugferd.xmp import FX, PROPERTIES
from faktura_zugferd.xmp_reading import DescribedSchema, Xmp

_XMP: Final = "XMP"
_FILE: Final = "factur-x.xml"
_NORM: Final = "urn:cen.eu:en16931:2017"
_XRECHNUNG: Final = "XRECHNUNG"
LEVELS: Final[Mapping[str, str]] = {
    _NORM: "EN 16931",
    f"{_NORM}#compliant#urn:factur-x.eu:1p0:basic": "BASIC",
    f"{_NORM}#conformant#urn:factur-x.eu:1p0:extended": "EXTENDED",
    "urn:factur-x.eu:1p0:minimum": "MINIMUM",
    "urn:factur-x.eu:1p0:basicwl": "BASIC WL",
}
"""BT-24 -> fx:ConformanceLevel."""
_NO_INVOICES: Final = frozenset({"MINIMUM", "BASIC WL"})  # in Germany: data, not an alternative
_MEDIA_TYPE: Final = "text/xml"
_SCHEMA_FIELDS: Final = ("schema", "namespaceURI", "prefix")
_PROPERTY_FIELDS: Final = ("name", "valueType", "category", "description")


def level_of(specification: str | None) -> str | None:
    """The fx:ConformanceLevel that belongs to BT-24, None for one nobody knows."""
    if specification and "xeinkauf.de:kosit:xrechnung" in specification:
        return _XRECHNUNG
    return LEVELS.get(specification or "")


def check_file(file: EmbeddedFile, level: str | None) -> Iterator[Finding]:
    """Name, relationship, MIME type, /AF and date of the embedded invoice."""
    name = "xrechnung.xml" if level == _XRECHNUNG else _FILE
    if file.name != name:
        message = f"The invoice is called {file.name}, not {name}"
        yield error("ZUGFeRD-name", _FILE, message, f"Call the embedded file {name}")
    relationship = "Data" if level in _NO_INVOICES else "Alternative"
    if file.relationship != relationship:
        message = f"AFRelationship is {file.relationship or 'absent'}, not {relationship}"
        yield error("ZUGFeRD-relationship", _FILE, message, f"Embed the XML as {relationship}")
    if file.media_type != _MEDIA_TYPE:
        message = f"The MIME type is {file.media_type or 'absent'}, not {_MEDIA_TYPE}"
        yield error("ZUGFeRD-mime", _FILE, message, f"Set the file's Subtype to {_MEDIA_TYPE}")
    if not file.is_associated:
        message = "The catalogue's /AF does not name the embedded invoice"
        yield error("ISO_19005_3:6.8", _FILE, message, "Add the file to /AF of the catalogue")
    if not file.has_date:
        message = "The embedded invoice has no Params with ModDate"
        yield error("ZUGFeRD-date", _FILE, message, "Set Params and ModDate of the embedded file")


def check_xmp(xmp: Xmp, file_name: str, specification: str | None) -> Iterator[Finding]:
    """The fx block, once and whole, and right about the file and its profile (BT-24)."""
    if xmp.fx_blocks == 0:
        message = "The XMP metadata have no fx block: no reader knows that there is an invoice"
        yield error("ZUGFeRD-xmp", _XMP, message, "Write the fx block into the XMP metadata")
        return
    if xmp.fx_blocks > 1:
        message = f"The XMP metadata have {xmp.fx_blocks} fx blocks"
        yield error("ZUGFeRD-xmp", _XMP, message, "Write the fx block once")
    level = level_of(specification)
    wanted = {
        "DocumentType": ("INVOICE", "ORDER"),
        "DocumentFileName": (file_name,),
        "ConformanceLevel": (level,) if level else tuple(LEVELS.values()),
        "Version": ("1.0", "2p0", "2.1", "2.2", "2.3", "3.0"),
    }
    for name, values in wanted.items():
        given = xmp.fx.get(name)
        if given not in values:
            message = f"fx:{name} is {given or 'absent'}, not {values[0]}"
            term = "BT-24" if name == "ConformanceLevel" else _XMP
            yield error(f"ZUGFeRD-xmp-{name}", term, message, f"Write fx:{name} as {values[0]}")


def check_extension(xmp: Xmp) -> Iterator[Finding]:
    """The extension schemas: one container, the fx schema in it, each described whole."""
    rule = "ISO_19005_3:6.6.2.3"
    if xmp.bags > 1:
        message = f"The XMP metadata have {xmp.bags} containers of extension schemas"
        yield error(rule, _XMP, message, "Put all schemas into one pdfaExtension:schemas")
    for schema in xmp.schemas:
        yield from _check_schema(schema, rule)
    if not xmp.fx_blocks:
        return
    described = [one for one in xmp.schemas if one.fields.get("namespaceURI") == FX]
    if len(described) != 1:
        message = f"The fx schema is described {len(described)} times"
        yield error(rule, _XMP, message, "Describe the fx schema once in pdfaExtension:schemas")
        return
    names = {fields.get("name") for fields in described[0].properties}
    for name in [*PROPERTIES, *sorted(set(xmp.fx) - set(PROPERTIES))]:
        if name not in names:
            message = f"The extension schema does not describe fx:{name}"
            yield error(rule, _XMP, message, f"Describe {name} in the fx schema")


def _check_schema(schema: DescribedSchema, rule: str) -> Iterator[Finding]:
    shown = schema.fields.get("prefix") or schema.fields.get("namespaceURI") or "without a name"
    for field in _SCHEMA_FIELDS:
        if not schema.fields.get(field):
            message = f"The extension schema {shown} has no pdfaSchema:{field}"
            yield error(rule, _XMP, message, f"Write pdfaSchema:{field}")
    for fields in schema.properties:
        for field in _PROPERTY_FIELDS:
            if not fields.get(field):
                name = fields.get("name") or "without a name"
                message = f"The property {name} of schema {shown} has no pdfaProperty:{field}"
                yield error(rule, _XMP, message, f"Write pdfaProperty:{field}")
        if fields.get("category", "internal") not in ("internal", "external"):
            message = f"The category of {fields.get('name')} is neither internal nor external"
            yield error(rule, _XMP, message, "Write internal or external")
