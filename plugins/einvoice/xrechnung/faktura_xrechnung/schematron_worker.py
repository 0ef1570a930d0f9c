"""The child process that runs the official Schematron: `python -m faktura_xrechnung.schematron_worker`.

A processor is not thread-safe and a stylesheet takes seconds to compile, so one long-lived process
keeps both. Requests and answers are frames on stdin and stdout (frames.py): a JSON head with the
stylesheets' paths, then the document in UTF-8; back comes one JSON object, `failed` or `problem`.
"""

import json
import os
import sys
from typing import TYPE_CHECKING, BinaryIO

from faktura_xrechnung.frames import read_frame, write_frame

if TYPE_CHECKING:
    from saxonche import PySaxonProcessor, PyXsltExecutable

_SVRL = "{http://purl.oclc.org/dsdl/svrl}"
_PROTOCOLS = "http://saxon.sf.net/feature/allowedProtocols"


class Stylesheets:
    """Compiled stylesheets by path, and the one processor they belong to."""

    def __init__(self, processor: "PySaxonProcessor") -> None:
        # Rules never reach the network, whatever a stylesheet or document says.
        processor.set_configuration_property(_PROTOCOLS, "file")
        self._processor = processor
        self._compiled: dict[str, PyXsltExecutable] = {}

    def failed(self, paths: list[str], document: str) -> list[dict[str, str]]:
        """What the stylesheets say about the document: rule, flag, location, text."""
        node = self._processor.parse_xml(xml_text=document)
        failed = []
        for path in paths:
            failed += _failed(self._of(path).transform_to_string(xdm_node=node) or "", path)
        return failed

    def _of(self, path: str) -> "PyXsltExecutable":
        if path not in self._compiled:
            xslt = self._processor.new_xslt30_processor()
            self._compiled[path] = xslt.compile_stylesheet(stylesheet_file=path)
        return self._compiled[path]


def _failed(report: str, path: str) -> list[dict[str, str]]:
    from lxml import etree

    root = etree.fromstring(report.encode())
    if root.find(f"{_SVRL}fired-rule") is None:
        raise ValueError(f"no rule of {path} looked at the document")
    return [
        {
            "rule": entry.get("id", ""),
            "flag": entry.get("flag", ""),
            "location": entry.get("location", ""),
            "text": " ".join("".join(map(str, entry.itertext())).split()),
        }
        for entry in root.iter(f"{_SVRL}failed-assert", f"{_SVRL}successful-report")
    ]


def serve(requests: BinaryIO, answers: BinaryIO) -> None:
    """Answer requests until their stream ends."""
    from saxonche import PySaxonProcessor

    with PySaxonProcessor(license=False) as processor:
        stylesheets = Stylesheets(processor)
        while (head := read_frame(requests)) is not None:
            document = read_frame(requests) or b""
            write_frame(answers, json.dumps(_answer(stylesheets, head, document)).encode())


def _answer(stylesheets: Stylesheets, head: bytes, document: bytes) -> dict[str, object]:
    try:
        return {"failed": stylesheets.failed(json.loads(head)["stylesheets"], document.decode())}
    except Exception as error:  # noqa: BLE001 - the process goes on, and the parent is told
        return {"problem": f"{type(error).__name__}: {error}"}


def main() -> None:
    """Serve the process that started this one."""
    # Whatever a library prints must not stand between the answers.
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    serve(sys.stdin.buffer, answers)


if __name__ == "__main__":
    main()
