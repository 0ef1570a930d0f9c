"""The document formats `xrechnung-cii` and `xrechnung-ubl`."""

from abc import abstractmethod
from typing import TYPE_CHECKING, ClassVar, cast

from typing_extensions import override

from faktura.kernel.clock import local_date
from faktura.kernel.errors import RenderRefused
from faktura.plugin import (
    AdapterSettings,
    DocumentFormat,
    Finding,
    InvoiceDocument,
    SelfChecking,
    Severity,
)
from faktura_en16931.profile import Profile
from faktura_en16931.syntax import Syntax
from faktura_xrechnung.judgement import Rules, judged
from faktura_xrechnung.rule_sets import RuleSet, rule_set_in_force
from faktura_xrechnung.schematron import try_out
from faktura_xrechnung.settings import XRechnungSettings

if TYPE_CHECKING:
    from lxml.etree import _Element

_TIME_ZONE = "Europe/Berlin"  # where XRechnung is in force


class _XRechnung(DocumentFormat, SelfChecking):
    """XRechnung in one of its two syntaxes: pure, equal documents give equal bytes."""

    Settings: ClassVar[type[AdapterSettings]] = XRechnungSettings
    media_type = "application/xml"
    file_suffix = ".xml"
    syntax: ClassVar[Syntax]

    @property
    @override
    def rule_set(self) -> str:
        """The rule set in force today, or the one of the settings; raises FieldInvalid."""
        return self._rule_set().version

    @override
    def check(self, document: InvoiceDocument) -> tuple[Finding, ...]:
        """EN 16931, the German rules, then XSD and Schematron; empty when all is well."""
        return judged(document, self._rules(), self._tree).findings

    @override
    def render(self, document: InvoiceDocument) -> bytes:
        """The XML; raises RenderRefused that names every finding of severity ERROR."""
        from lxml import etree  # not at the top: naming the format must not load lxml

        found = judged(document, self._rules(), self._tree)
        errors = [entry for entry in found.findings if entry.severity is Severity.ERROR]
        if errors or found.tree is None:
            raise RenderRefused(
                "; ".join(f"{entry.message} ({entry.term}, {entry.rule})" for entry in errors),
                place=document.number,
                mend=f"Fill {', '.join(dict.fromkeys(entry.mend for entry in errors))}",
            )
        return etree.tostring(found.tree, xml_declaration=True, encoding="UTF-8")

    @override
    def check_settings(self) -> None:
        """Find the rule set, and run the official rules once where they are asked for."""
        rules = self._rules()
        if rules.folder:
            try_out(rules.folder)

    @abstractmethod
    def _tree(self, document: InvoiceDocument, profile: Profile) -> "_Element":
        """The document in this syntax."""

    def _rule_set(self) -> RuleSet:
        settings = cast("XRechnungSettings", self.settings)
        return rule_set_in_force(local_date(self.runtime.clock, _TIME_ZONE), settings.rule_set)

    def _rules(self) -> Rules:
        settings = cast("XRechnungSettings", self.settings)
        return Rules(self._rule_set(), self.syntax, settings.schematron_rules)


class XRechnungCii(_XRechnung):
    """XRechnung as UN/CEFACT CII."""

    format_id = "xrechnung-cii"
    syntax = Syntax.CII

    @override
    def _tree(self, document: InvoiceDocument, profile: Profile) -> "_Element":
        from faktura_en16931.cii import write_cii_tree

        return write_cii_tree(document, profile)


class XRechnungUbl(_XRechnung):
    """XRechnung as UBL 2.1: an Invoice, for document type 381 a CreditNote."""

    format_id = "xrechnung-ubl"
    syntax = Syntax.UBL

    @override
    def _tree(self, document: InvoiceDocument, profile: Profile) -> "_Element":
        from faktura_en16931.ubl import write_ubl_tree

        return write_ubl_tree(document, profile)
