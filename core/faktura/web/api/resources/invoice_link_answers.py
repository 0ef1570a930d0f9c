"""Which other documents an issued document is linked to (BG-3)."""

from collections.abc import Iterable
from typing import Self

from pydantic import Field

from faktura.kernel.terms import DocumentKind, DocumentLinkKind
from faktura.store.document_links import LinkedDocument
from faktura.web.api.replies import Answer
from faktura.web.api.shapes import Day


class InvoiceLinkAnswer(Answer):
    """Another document."""

    number: str = Field(description="The other document's number.")
    kind: DocumentKind
    issued_on: Day = Field(description="The other document's date.")

    @classmethod
    def all_of(cls, linked: Iterable[LinkedDocument], why: DocumentLinkKind) -> tuple[Self, ...]:
        """Those that are linked for this reason."""
        return tuple(
            cls(number=one.number, kind=one.kind, issued_on=one.issued_on)
            for one in linked
            if one.why is why
        )
