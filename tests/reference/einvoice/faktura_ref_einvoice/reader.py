"""The reader `ref-einvoice`: files of the format, of anybody."""

import json
from typing import ClassVar, cast

from faktura.kernel.errors import FileUnreadable
from faktura.plugin import (
    AdapterSettings,
    CheckedFile,
    DocumentReader,
    InvoiceDocument,
    ReadDocument,
)
from pydantic import ValidationError
from typing_extensions import override

from faktura_ref_einvoice.mapping import FORMAT
from faktura_ref_einvoice.parts import Part, document_fields
from faktura_ref_einvoice.rules import findings
from faktura_ref_einvoice.settings import RefInvoiceSettings

SYNTAX = "REF"
_START = b'{"format": "ref-invoice-'


class RefInvoiceReader(DocumentReader):
    """Reads what the format writes; a file is hostile until it is read."""

    reader_id = "ref-einvoice"
    Settings: ClassVar[type[AdapterSettings]] = RefInvoiceSettings

    @override
    def recognises(self, content: bytes) -> bool:
        """By the first bytes that every such file has."""
        return content.startswith(_START)

    @override
    def read(self, content: bytes) -> ReadDocument:
        """The document, and what in the file has no field; raises FileUnreadable."""
        part = Part(_data(content))
        if part.value("format") != FORMAT:
            raise FileUnreadable("it is no plain invoice of this version", place="format")
        fields = document_fields(part)
        try:
            document = InvoiceDocument.model_validate(fields)
        except ValidationError as wrong:
            first = wrong.errors()[0]
            raise FileUnreadable(first["msg"], place=f"{first['loc']}") from None
        return ReadDocument(
            document=document, syntax=SYNTAX, specification=FORMAT, unread=part.unread()
        )

    @override
    def check(self, content: bytes) -> CheckedFile:
        """The same rules as at writing; raises FileUnreadable."""
        read = self.read(content)
        longest = cast("RefInvoiceSettings", self.settings).longest_text
        return CheckedFile(
            syntax=read.syntax,
            specification=read.specification,
            rule_sets=(FORMAT,),
            findings=tuple(findings(read.document, longest)),
        )


def _data(content: bytes) -> object:
    try:
        return json.loads(content.decode())
    except (ValueError, RecursionError):
        raise FileUnreadable("the file is no JSON") from None
