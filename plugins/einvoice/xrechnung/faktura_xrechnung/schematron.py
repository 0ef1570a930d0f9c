"""What the official Schematron says, as findings: CEN for every document, KoSIT for XRechnung.

The rule files are the operator's: a folder with the compiled stylesheets of the official bundles.
"""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from faktura.kernel.errors import Misconfigured
from faktura.plugin import Finding, Severity
from faktura_en16931.syntax import Syntax
from faktura_xrechnung.schematron_process import PROCESS, FailedRule, refuse_without_saxon

_PLACE: Final = "setting schematron_rules"
_SUFFIXES: Final = (".xsl", ".xslt")
_FATAL: Final = frozenset({"fatal", "error"})
_TERM: Final = re.compile(r"B[TG]-[0-9]+")

_SAMPLES: Final = {
    Syntax.CII: b'<CrossIndustryInvoice xmlns="urn:un:unece:uncefact:data:standard:'
    b'CrossIndustryInvoice:100"><ExchangedDocumentContext/></CrossIndustryInvoice>',
    Syntax.UBL: b'<Invoice xmlns="urn:oasis:names:specification:ubl:schema:xsd:Invoice-2"/>',
}

# What KoSIT's configuration of the validator says otherwise for XRechnung.
_ONLY_WARNINGS: Final = frozenset({"BR-CL-21", "BR-CL-23"})
_ALSO_ERRORS: Final = frozenset({"CII-SR-452", "CII-SR-453", "CII-SR-454"})


def stylesheets(folder: str, syntax: Syntax, *, german: bool) -> tuple[Path, ...]:
    """The files that judge a document of that syntax (CII or UBL), CEN first.

    They are found by name anywhere below the folder; raises Misconfigured when one is missing or
    there twice, or the extra is not installed.
    """
    refuse_without_saxon()
    names = [f"EN16931-{syntax}-validation"]
    if german:
        names.append(f"XRechnung-{syntax}-validation")
    return tuple(_file(Path(folder).resolve(), name) for name in names)


def _file(folder: Path, name: str) -> Path:
    found = sorted(
        path for suffix in _SUFFIXES for path in folder.rglob(f"{name}{suffix}") if path.is_file()
    )
    if len(found) == 1:
        return found[0]
    problem = f"{len(found)} files are called {name}" if found else f"there is no {name}.xsl"
    raise Misconfigured(
        f"{problem} (or .xslt) in {folder}",
        place=_PLACE,
        mend="Unpack the official bundles there, one version of them",
    )


def check_schematron(files: Sequence[Path], document: bytes, *, german: bool) -> Iterator[Finding]:
    """The rules a document breaks; `document` is UTF-8 without a declaration.

    Raises WorkerLost, Misconfigured.
    """
    for failed in PROCESS.failed(files, document):
        yield _finding(failed, german=german)


def _finding(failed: FailedRule, *, german: bool) -> Finding:
    is_error = failed.flag in _FATAL
    if german and failed.rule in _ONLY_WARNINGS:
        is_error = False
    if german and failed.rule in _ALSO_ERRORS:
        is_error = True
    place = shown_path(failed.location)
    term = _TERM.search(failed.text)
    return Finding(
        severity=Severity.ERROR if is_error else Severity.WARNING,
        term=term.group() if term else place.rpartition("/")[2],
        rule=failed.rule,
        message=failed.text,
        mend=place,
    )


def shown_path(location: str) -> str:
    """An XPath of a report as people read it: names and numbers, no namespaces."""
    path = re.sub(r"\*:|\bQ\{[^}]*\}|\[namespace-uri\(\)='[^']*'\]", "", location)
    path = re.sub(r"\*\[local-name\(\)='(\w+)'\]", r"\1", path)
    path = re.sub(r"(?<=/)\w+:", "", path).replace("[1]", "")
    return path.lstrip("/")


def try_out(folder: str) -> None:
    """Compile and run all rules once, on an empty invoice; raises Misconfigured, WorkerLost."""
    for syntax, sample in _SAMPLES.items():
        PROCESS.failed(stylesheets(folder, syntax, german=True), sample)
