"""Adapters that write and read invoice documents, and what they find wrong with one."""

from abc import abstractmethod
from enum import StrEnum, unique
from typing import ClassVar

from faktura.plugin.adapter import Adapter
from faktura.plugin.documents import InvoiceDocument
from faktura.plugin.dto import Dto


@unique
class Severity(StrEnum):
    """Whether a finding forbids the document or only deserves a look."""

    ERROR = "ERROR"
    WARNING = "WARNING"


class Finding(Dto):
    """Something a format's rules say about a document, in words of the domain.

    `term` is the BT or BG number, `rule` the rule's name (BR-DE-15), `mend` the field a person
    should fill, e.g. `customer.leitwegId`.
    """

    severity: Severity = Severity.ERROR
    term: str
    rule: str
    message: str
    mend: str


class DocumentFormat(Adapter):
    """Renders a document as bytes: pure, equal input gives equal bytes."""

    format_id: ClassVar[str]
    """Name people choose, e.g. `xrechnung-cii`; unique among the enabled plugins."""
    media_type: ClassVar[str]
    file_suffix: ClassVar[str]

    @property
    @abstractmethod
    def rule_set(self) -> str:
        """Version of the rules and of the layout the bytes follow; stored beside them."""

    @abstractmethod
    def check(self, document: InvoiceDocument) -> tuple[Finding, ...]:
        """What the format's rules say, before a number is spent; empty when all is well."""

    @abstractmethod
    def render(self, document: InvoiceDocument) -> bytes:
        """The document's bytes; raises RenderRefused naming the findings of severity ERROR."""


class ReadDocument(Dto):
    """An e-invoice that was read back into the document: EN 16931 only, so nothing to print.

    `syntax` is CII or UBL, `process` BT-23, `specification` BT-24. `unread` are places of the file
    (paths) whose content has no field in the document: nothing is lost in silence.
    """

    document: InvoiceDocument
    syntax: str
    process: str | None = None
    specification: str
    unread: tuple[str, ...] = ()


class CheckedFile(Dto):
    """What the rules say about a file, and which rule sets were asked (`xsd`, `schematron`, ...)."""

    syntax: str
    specification: str | None
    rule_sets: tuple[str, ...]
    findings: tuple[Finding, ...]


class DocumentReader(Adapter):
    """Reads and checks the e-invoices of others, and our own; files are hostile."""

    reader_id: ClassVar[str]
    """Name of the reader; unique among the enabled plugins."""

    @abstractmethod
    def recognises(self, content: bytes) -> bool:
        """Whether the file looks like one of these, by its first bytes; it never raises."""

    @abstractmethod
    def read(self, content: bytes) -> ReadDocument:
        """The document of the file; raises FileUnreadable, HostileFile."""

    @abstractmethod
    def check(self, content: bytes) -> CheckedFile:
        """All that the rules say about the file; raises FileUnreadable for what is no e-invoice."""
