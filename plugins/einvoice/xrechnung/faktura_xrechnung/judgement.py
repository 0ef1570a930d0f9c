"""What all rules together say about a document that is to be written: own rules, XSD, Schematron.

The cheap and well-worded ones come first; the next are only asked when those found no error.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from faktura.plugin import Finding, InvoiceDocument, Severity
from faktura_en16931.checks import check
from faktura_en16931.file_checks import check_schema
from faktura_en16931.profile import Profile
from faktura_en16931.syntax import Syntax
from faktura_xrechnung.rule_sets import RuleSet
from faktura_xrechnung.rules import check_xrechnung
from faktura_xrechnung.schematron import check_schematron, stylesheets

if TYPE_CHECKING:
    from lxml.etree import _Element

Write = Callable[[InvoiceDocument, Profile], "_Element"]


@dataclass(frozen=True, slots=True)
class Rules:
    """Which rules judge: the rule set, the syntax (CII or UBL), where the official files lie.

    `folder` is empty when the official Schematron is not asked.
    """

    rule_set: RuleSet
    syntax: Syntax
    folder: str


@dataclass(frozen=True, slots=True)
class Judgement:
    """What was found, and the tree that was written; None when the own rules found an error."""

    findings: tuple[Finding, ...]
    tree: "_Element | None"


def judged(document: InvoiceDocument, rules: Rules, write: Write) -> Judgement:
    """All findings about a document; raises WorkerLost, Misconfigured when Schematron is asked."""
    german = tuple(check_xrechnung(document))
    findings = [*check(document, {finding.term for finding in german}), *german]
    if has_error(findings):
        return Judgement(tuple(findings), None)
    tree = write(document, rules.rule_set.profile)
    findings += check_schema(tree, rules.syntax)
    if rules.folder and not has_error(findings):
        findings += check_official(tree, rules.syntax, rules.folder, german=True)
    return Judgement(tuple(findings), tree)


def check_official(tree: "_Element", syntax: Syntax, folder: str, *, german: bool) -> list[Finding]:
    """What the official Schematron says; raises WorkerLost, Misconfigured."""
    from lxml import etree

    document = etree.tostring(tree, encoding="unicode").encode()
    files = stylesheets(folder, syntax, german=german)
    return list(check_schematron(files, document, german=german))


def has_error(findings: Iterable[Finding]) -> bool:
    """Whether any of them forbids the document."""
    return any(entry.severity is Severity.ERROR for entry in findings)
