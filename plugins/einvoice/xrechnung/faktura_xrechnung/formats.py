"""The document format `xrechnung-cii`."""

from typing_extensions import override

from faktura.kernel.errors import RenderRefused
from faktura.plugin import DocumentFormat, Finding, InvoiceDocument, Severity
from faktura_en16931.checks import check
from faktura_xrechnung.profile import PROCESS, RULE_SET, SPECIFICATION
from faktura_xrechnung.rules import check_xrechnung


class XRechnungCii(DocumentFormat):
    """XRechnung 3.0 as UN/CEFACT CII: pure, equal documents give equal bytes."""

    format_id = "xrechnung-cii"
    media_type = "application/xml"
    file_suffix = ".xml"
    rule_set = RULE_SET

    @override
    def check(self, document: InvoiceDocument) -> tuple[Finding, ...]:
        """EN 16931 first, then the German rules; empty when all is well."""
        return (*check(document), *check_xrechnung(document))

    @override
    def render(self, document: InvoiceDocument) -> bytes:
        """The XML; raises RenderRefused that names every finding of severity ERROR."""
        errors = [entry for entry in self.check(document) if entry.severity is Severity.ERROR]
        if errors:
            raise RenderRefused(
                "; ".join(f"{entry.message} ({entry.term}, {entry.rule})" for entry in errors),
                place=document.number,
                mend=f"Fill {', '.join(dict.fromkeys(entry.mend for entry in errors))}",
            )
        # Not at the top: naming the format must not load lxml.
        from faktura_en16931.cii import Profile, write_cii

        return write_cii(document, Profile(process=PROCESS, specification=SPECIFICATION))
