"""The document formats `pdf` and `zugferd`; both write letters too."""

from collections.abc import Iterable
from functools import cached_property
from typing import TYPE_CHECKING, ClassVar, cast

from typing_extensions import override

from faktura.kernel.errors import RenderRefused
from faktura.plugin import (
    AccountStatement,
    AdapterSettings,
    DocumentFormat,
    Finding,
    InvoiceDocument,
    LetterWriting,
    Reminder,
    Runtime,
    SelfChecking,
    Severity,
)
from faktura_en16931.checks import check
from faktura_en16931.file_checks import check_schema
from faktura_en16931.syntax import Syntax
from faktura_zugferd.giro_code import giro_code, giro_code_of_reminder
from faktura_zugferd.letter_data import reminder_page, statement_page
from faktura_zugferd.page_data import invoice_page
from faktura_zugferd.pages import Pages
from faktura_zugferd.settings import ZugferdSettings
from faktura_zugferd.versions import LEVEL, PDF_RULES, PROFILE, ZUGFERD_RULES, rule_set
from faktura_zugferd.xmp import XML_NAME, with_factur_x

if TYPE_CHECKING:
    from lxml.etree import _Element


class Pdf(DocumentFormat, LetterWriting, SelfChecking):
    """The page as PDF/A-3b: equal documents give equal bytes."""

    format_id = "pdf"
    media_type = "application/pdf"
    file_suffix = ".pdf"
    Settings: ClassVar[type[AdapterSettings]] = ZugferdSettings
    _rules: ClassVar[str] = PDF_RULES

    def __init__(self, settings: AdapterSettings, runtime: Runtime) -> None:
        super().__init__(settings, runtime)
        self._look = cast("ZugferdSettings", settings).look()
        self._pages = Pages(self._look)

    @property
    @override
    def rule_set(self) -> str:
        """Rules, layout, typesetter and a hash of the settings."""
        return self._rule_set

    @cached_property
    def _rule_set(self) -> str:
        return rule_set(self._rules, self.settings)

    @override
    def check(self, document: InvoiceDocument) -> tuple[Finding, ...]:
        """What EN 16931 says, which § 14 UStG is part of; empty when all is well."""
        return tuple(check(document))

    @override
    def render(self, document: InvoiceDocument) -> bytes:
        """The PDF; raises RenderRefused that names every finding of severity ERROR."""
        _refuse(document, self.check(document))
        page = invoice_page(document, self._look, giro_code(document))
        return self._pages.pdf("invoice", page)

    @override
    def write_statement(self, statement: AccountStatement) -> bytes:
        """The statement of an account as PDF/A-3b; raises RenderRefused."""
        return self._pages.pdf("statement", statement_page(statement, self._look))

    @override
    def write_reminder(self, reminder: Reminder) -> bytes:
        """The letter as PDF/A-3b; raises RenderRefused."""
        page = reminder_page(reminder, self._look, giro_code_of_reminder(reminder))
        return self._pages.pdf("reminder", page)

    @override
    def check_settings(self) -> None:
        """Render the sample documents and judge each file; raises FieldInvalid, Misconfigured."""
        from faktura_zugferd.trial import try_out

        try_out(self, cast("ZugferdSettings", self.settings))


class Zugferd(Pdf):
    """The same page with its invoice inside: profile EN 16931 of ZUGFeRD 2.5 / Factur-X 1.09."""

    format_id = "zugferd"
    _rules = ZUGFERD_RULES

    @override
    def check(self, document: InvoiceDocument) -> tuple[Finding, ...]:
        """EN 16931, then the XSD of the XML; empty when all is well."""
        findings = super().check(document)
        if _errors(findings):
            return findings
        return (*findings, *check_schema(_tree(document), Syntax.CII))

    @override
    def render(self, document: InvoiceDocument) -> bytes:
        """The hybrid PDF; raises RenderRefused that names every finding of severity ERROR."""
        from lxml import etree

        from faktura_zugferd.typesetting import TextFile

        _refuse(document, super().check(document))
        tree = _tree(document)
        _refuse(document, check_schema(tree, Syntax.CII))
        xml: bytes = etree.tostring(tree, xml_declaration=True, encoding="UTF-8")
        file = TextFile(XML_NAME, xml.decode(), description="Factur-X / ZUGFeRD EN 16931")
        page = invoice_page(document, self._look, giro_code(document))
        return with_factur_x(self._pages.pdf("invoice", page, (file,)), LEVEL)


def _tree(document: InvoiceDocument) -> "_Element":
    from faktura_en16931.cii import write_cii_tree

    return write_cii_tree(document, PROFILE)


def _errors(findings: Iterable[Finding]) -> list[Finding]:
    return [entry for entry in findings if entry.severity is Severity.ERROR]


def _refuse(document: InvoiceDocument, findings: Iterable[Finding]) -> None:
    """Raise RenderRefused that names the errors among the findings."""
    errors = _errors(findings)
    if errors:
        raise RenderRefused(
            "; ".join(f"{entry.message} ({entry.term}, {entry.rule})" for entry in errors),
            place=document.number,
            mend=f"Fill {', '.join(dict.fromkeys(entry.mend for entry in errors))}",
        )
