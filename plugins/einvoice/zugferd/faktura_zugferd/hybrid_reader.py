"""The reader `zugferd`: hybrid PDFs of anybody, taken apart, read back and checked."""

from typing import Final

from typing_extensions import override

from faktura.kernel.errors import BadInput
from faktura.plugin import CheckedFile, DocumentReader, Finding, ReadDocument
from faktura_en16931.file_checks import check_xml
from faktura_en16931.findings import error
from faktura_zugferd.container_checks import check_extension, check_file, check_xmp, level_of
from faktura_zugferd.hybrid_file import embedded_files, invoice_xml, metadata_of, opened
from faktura_zugferd.pdfa import RULE_SET, can_judge, check_pdfa
from faktura_zugferd.xmp_reading import Xmp, xmp_of

_MAGIC: Final = b"%PDF-"
_HEAD: Final = 1024
_NOTHING: Final = Xmp({}, 0, 0, ())


class ZugferdReader(DocumentReader):
    """Reads ZUGFeRD and Factur-X of all versions that hold CII, and says what is wrong with them."""

    reader_id = "zugferd"

    @override
    def recognises(self, content: bytes) -> bool:
        """Whether a PDF begins in the first 1,024 bytes, as readers of PDF accept it."""
        return _MAGIC in content[:_HEAD]

    @override
    def read(self, content: bytes) -> ReadDocument:
        """The document of the embedded XML; raises FileUnreadable, HostileFile, BadInput."""
        from faktura_en16931.reading import read_invoice

        with opened(content) as pdf:
            xml = invoice_xml(embedded_files(pdf))
        return read_invoice(xml)

    @override
    def check(self, content: bytes) -> CheckedFile:
        """The container, then the XML (XSD, EN 16931), then PDF/A-3b where pikepdf can judge it.

        Raises FileUnreadable and HostileFile for a PDF without an invoice.
        """
        with opened(content) as pdf:
            files = embedded_files(pdf)
            checked = check_xml(invoice_xml(files)).checked
            invoice = next(file for file in files if file.is_invoice)
            xmp, problems = _xmp(metadata_of(pdf))
            findings = [
                *check_file(invoice, level_of(checked.specification)),
                *problems,
                *(check_xmp(xmp, invoice.name, checked.specification) if not problems else ()),
                *check_extension(xmp),
                *checked.findings,
            ]
            rule_sets = ["container", *checked.rule_sets]
            if can_judge():
                findings += check_pdfa(pdf, xmp)
                rule_sets.append(RULE_SET)
        update = {"findings": tuple(findings), "rule_sets": tuple(rule_sets)}
        return checked.model_copy(update=update)


def _xmp(metadata: bytes) -> tuple[Xmp, list[Finding]]:
    """The facts of the metadata, or that there are none to be read."""
    try:
        return xmp_of(metadata), []
    except BadInput as problem:
        message = f"The XMP metadata cannot be read: {problem.problem}"
        return _NOTHING, [error("ZUGFeRD-xmp", "XMP", message, "Write the XMP metadata anew")]
