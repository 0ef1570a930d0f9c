"""Writing XRechnung as CII against replaying the same elements, texts and attributes in lxml."""

import logging
from collections.abc import Callable
from typing import Final, cast

from figure import Figure, at_most, interleaved
from lxml import etree

from faktura.kernel.clock import SystemClock
from faktura.plugin import AdapterSettings, InvoiceDocument, Runtime, StateStore
from faktura.testing.invoices import sample_invoice, sample_line
from faktura_en16931.cii import Profile, write_cii
from faktura_en16931.cii_elements import NAMESPACES
from faktura_xrechnung.formats import XRechnungCii
from faktura_xrechnung.profile import PROCESS, SPECIFICATION

ROUNDS: Final = 300
_PROFILE: Final = Profile(process=PROCESS, specification=SPECIFICATION)

# Parent's place in the list of elements made so far, tag, text, attributes.
_Step = tuple[int, str, str | None, dict[str, str]]


def measure() -> list[Figure]:
    """Documents of one to three lines: the bare writer, and the whole rendering with its checks."""
    documents = [_document(lines) for lines in (1, 2, 3)]
    # The format is pure: it asks its runtime for nothing.
    runtime = Runtime(SystemClock(), logging.getLogger("bench"), cast("StateStore", None))
    renderer = XRechnungCii(AdapterSettings(), runtime)
    recordings = [_recorded(document) for document in documents]
    for document, (root, steps) in zip(documents, recordings, strict=True):
        assert _replayed(root, steps) == renderer.render(document)

    def replay() -> None:
        for root, steps in recordings:
            _replayed(root, steps)

    def write() -> None:
        for document in documents:
            write_cii(document, _PROFILE)

    def render() -> None:
        for document in documents:
            renderer.render(document)

    return [
        _figure("cii_write", write, replay, len(documents)),
        _figure("cii_check_and_write", render, replay, len(documents)),
    ]


def _figure(name: str, ours: Callable[[], None], bare: Callable[[], None], size: int) -> Figure:
    mine, limit = interleaved(_repeated(ours), _repeated(bare))
    microseconds = 1e6 / (ROUNDS * size)
    return at_most(name, mine * microseconds, "us", limit * microseconds, 2.0)


def _repeated(job: Callable[[], None]) -> Callable[[], None]:
    def many() -> None:
        for _ in range(ROUNDS):
            job()

    return many


def _document(lines: int) -> InvoiceDocument:
    return sample_invoice(lines=tuple(sample_line(id=f"{no}") for no in range(1, lines + 1)))


def _recorded(document: InvoiceDocument) -> tuple[etree._Element, list[_Step]]:
    root = etree.fromstring(write_cii(document, _PROFILE))
    places = {element: place for place, element in enumerate(root.iter())}
    steps: list[_Step] = []
    for element in root.iterdescendants():
        parent = element.getparent()
        assert parent is not None
        attributes = {str(name): str(value) for name, value in element.attrib.items()}
        steps.append((places[parent], str(element.tag), element.text, attributes))
    return root, steps


def _replayed(root: etree._Element, steps: list[_Step]) -> bytes:
    made = [etree.Element(root.tag, nsmap=NAMESPACES)]
    for parent, tag, text, attributes in steps:
        element = etree.SubElement(made[parent], tag, attributes)
        element.text = text
        made.append(element)
    return etree.tostring(made[0], xml_declaration=True, encoding="UTF-8")


if __name__ == "__main__":
    for figure in measure():
        print(figure.line())
