"""What the rules say about an XML invoice that somebody brings: XSD, EN 16931, what was not read."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from faktura.kernel.errors import BadInput
from faktura.plugin import CheckedFile, Finding, ReadDocument, Severity
from faktura_en16931.checks import check
from faktura_en16931.coded import check_forms
from faktura_en16931.findings import error, warning
from faktura_en16931.official import as_officially
from faktura_en16931.syntax import Syntax

if TYPE_CHECKING:
    from lxml.etree import _Element

_TERM: Final = re.compile(r"B[TG]-[0-9]+")
_ELEMENT: Final = re.compile(r"Element '(\w+)'")
_NORM: Final = "urn:cen.eu:en16931:2017"
_MAY_BE_EMPTY: Final = "ApplicableHeaderTradeDelivery"  # the schema of CII demands it
_MOST: Final = 1_000
_MEND: Final = "Ask the sender for a correct file"

Rules = Callable[[ReadDocument], Iterable[Finding]]


@dataclass(frozen=True, slots=True)
class CheckedXml:
    """A file's root element and what was found; further rules may look at the same tree."""

    root: "_Element"
    checked: CheckedFile


def check_xml(content: bytes, also: Rules | None = None) -> CheckedXml:
    """All findings about a file; `also` adds the rules of a profile.

    Raises FileUnreadable and HostileFile for what is no e-invoice at all.
    """
    from faktura_en16931.reading import read_root, syntax_of
    from faktura_en16931.safe_xml import parsed

    root = parsed(content)
    syntax = syntax_of(root)
    findings = [*check_schema(root, syntax), *_empty(root)]
    specification = None
    asked = ["xsd"]
    try:
        read = read_root(root)
    except BadInput as problem:
        findings.append(_unreadable(problem))
    else:
        specification = read.specification
        asked.append("en16931")
        formless = tuple(check_forms(read.document))
        findings += [as_officially(one, formless) for one in check(read.document)]
        findings += [as_officially(one) for one in also(read)] if also else []
        findings += _read(read)
    checked = CheckedFile(
        syntax=syntax,
        specification=specification,
        rule_sets=tuple(asked),
        findings=_bounded(findings),
    )
    return CheckedXml(root, checked)


def _bounded(findings: list[Finding]) -> tuple[Finding, ...]:
    """All of them; of a file that is made to have endless ones the gravest 1,000, and a word so."""
    if len(findings) <= _MOST:
        return tuple(findings)
    gravest = sorted(findings, key=lambda one: one.severity is not Severity.ERROR)[:_MOST]
    message = f"{len(findings) - _MOST:,} more findings are not shown"
    return (*gravest, warning("faktura-findings", "file", message, _MEND))


def check_schema(tree: "_Element", syntax: Syntax) -> list[Finding]:
    """What the XSD of the syntax says, by line and message; a tree that was built has no lines."""
    from faktura_en16931.xsd import xsd_errors

    return [
        error("XSD", _element(message), f"line {line}: {message}" if line else message, _MEND)
        for line, message in xsd_errors(tree, syntax)
    ]


def _element(message: str) -> str:
    """The element a message of the schema is about."""
    named = _ELEMENT.match(message)
    return named.group(1) if named else "XML"


def _empty(root: "_Element") -> Iterator[Finding]:
    """Elements that say nothing (R008, R74); the schema lets some of them pass."""
    from faktura_en16931.xml_nodes import line_of, local

    empty = 0
    for element in root.iter():
        if empty > _MOST:
            return
        if not len(element) and not (element.text or "").strip():
            name = local(element)
            if name != _MAY_BE_EMPTY:
                message = f"line {line_of(element)}: the element {name} is empty"
                empty += 1
                yield error("PEPPOL-EN16931-R008", name, message, _MEND)


def _read(read: ReadDocument) -> Iterator[Finding]:
    if not read.specification.startswith(_NORM):
        message = f"The specification “{read.specification}” is none of EN 16931"
        yield warning("faktura-specification", "BT-24", message, _MEND)
    for place in read.unread:
        message = f"{place} has no place in EN 16931 and is not read"
        yield warning("faktura-unread", place, message, _MEND)


def _unreadable(problem: BadInput) -> Finding:
    """A value that is missing or no value of its kind, as a finding."""
    term = _TERM.search(problem.place)
    message = f"{problem.place}: {problem.problem}" if problem.place else problem.problem
    return error(problem.code, term.group() if term else "file", message, problem.mend or _MEND)
