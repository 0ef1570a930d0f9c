"""The reader `xrechnung`: XML invoices of anybody, in CII or UBL, read back and checked."""

from typing import ClassVar, Final, cast

from typing_extensions import override

from faktura.plugin import (
    AdapterSettings,
    CheckedFile,
    DocumentReader,
    ReadDocument,
    SelfChecking,
    Severity,
)
from faktura_en16931.file_checks import check_xml
from faktura_en16931.syntax import Syntax
from faktura_xrechnung.judgement import check_official, has_error
from faktura_xrechnung.rule_sets import is_xrechnung
from faktura_xrechnung.rules import check_read_xrechnung
from faktura_xrechnung.schematron import try_out
from faktura_xrechnung.settings import XRechnungSettings

_XML_STARTS: Final = (b"<", "<".encode("utf-16-le"), "<".encode("utf-16-be"))
_BYTE_ORDER_MARKS: Final = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")
_HEAD: Final = 64


class XRechnungReader(DocumentReader, SelfChecking):
    """Reads XML invoices of EN 16931 and says what the rules say about them; files are hostile."""

    reader_id = "xrechnung"
    Settings: ClassVar[type[AdapterSettings]] = XRechnungSettings

    @override
    def recognises(self, content: bytes) -> bool:
        """Whether the file begins as XML does."""
        head = content[:_HEAD]
        for mark in _BYTE_ORDER_MARKS:
            head = head.removeprefix(mark)
        return head.lstrip().startswith(_XML_STARTS)

    @override
    def read(self, content: bytes) -> ReadDocument:
        """The document; raises FileUnreadable, HostileFile, and BadInput for a broken value."""
        from faktura_en16931.reading import read_invoice

        return read_invoice(content)

    @override
    def check(self, content: bytes) -> CheckedFile:
        """XSD, EN 16931 with its arithmetic, the German rules where they apply, what is not read.

        The official Schematron is asked where it is set up and no error was found before. Raises
        FileUnreadable and HostileFile for what is no e-invoice; WorkerLost, Misconfigured.
        """
        found = check_xml(content, check_read_xrechnung)
        specification = found.checked.specification
        german = specification is not None and is_xrechnung(specification)
        checked = _with_rule_set(found.checked, "xrechnung") if german else found.checked
        folder = cast("XRechnungSettings", self.settings).schematron_rules
        if not folder or has_error(checked.findings):
            return checked
        official = check_official(found.root, Syntax(checked.syntax), folder, german=german)
        # Where both say a rule is broken, the official word on its severity counts.
        refused = {entry.rule for entry in official if entry.severity is Severity.ERROR}
        kept = tuple(entry for entry in checked.findings if entry.rule not in refused)
        known = {entry.rule for entry in kept}
        added = tuple(entry for entry in official if entry.rule not in known)
        return _with_rule_set(checked, "schematron").model_copy(
            update={"findings": (*kept, *added)}
        )

    @override
    def check_settings(self) -> None:
        """Run the official rules once where they are asked for."""
        folder = cast("XRechnungSettings", self.settings).schematron_rules
        if folder:
            try_out(folder)


def _with_rule_set(checked: CheckedFile, name: str) -> CheckedFile:
    return checked.model_copy(update={"rule_sets": (*checked.rule_sets, name)})
