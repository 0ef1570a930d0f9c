"""The document format `ref-einvoice`: a plain invoice as JSON."""

import json
from typing import ClassVar, cast

from faktura.kernel.errors import RenderRefused
from faktura.plugin import AdapterSettings, DocumentFormat, Finding, InvoiceDocument
from typing_extensions import override

from faktura_ref_einvoice.mapping import FORMAT, data_of
from faktura_ref_einvoice.rules import findings
from faktura_ref_einvoice.settings import RefInvoiceSettings


class RefInvoiceFormat(DocumentFormat):
    """Writes the fields in one order: equal documents give equal bytes."""

    format_id = "ref-einvoice"
    media_type = "application/json"
    file_suffix = ".json"
    Settings: ClassVar[type[AdapterSettings]] = RefInvoiceSettings

    @property
    @override
    def rule_set(self) -> str:
        """The version that stands in the files."""
        return FORMAT

    @override
    def check(self, document: InvoiceDocument) -> tuple[Finding, ...]:
        """Everything that is wrong at once."""
        longest = cast("RefInvoiceSettings", self.settings).longest_text
        return tuple(findings(document, longest))

    @override
    def render(self, document: InvoiceDocument) -> bytes:
        """The file; raises RenderRefused that names every finding."""
        if errors := self.check(document):
            raise RenderRefused(
                "; ".join(error.message for error in errors),
                mend=f"Fill {', '.join(error.mend for error in errors)}",
            )
        return json.dumps(data_of(document)).encode()
