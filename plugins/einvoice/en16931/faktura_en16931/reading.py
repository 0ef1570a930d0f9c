"""Reading an e-invoice of anybody: which syntax it is, and the document it says."""

from typing import assert_never

from lxml import etree

from faktura.kernel.errors import FileUnreadable, shortened
from faktura.plugin import ReadDocument
from faktura_en16931.safe_xml import parsed
from faktura_en16931.syntax import SYNTAX_BY_ROOT, Syntax
from faktura_en16931.xml_nodes import line_of


def read_invoice(content: bytes) -> ReadDocument:
    """The document of an XML file in CII or UBL.

    Raises HostileFile, FileUnreadable for what is no e-invoice, and BadInput naming term, place
    and line for a value that cannot be read.
    """
    return read_root(parsed(content))


def read_root(root: etree._Element) -> ReadDocument:
    """The same for a tree that `safe_xml.parsed` made."""
    syntax = syntax_of(root)
    match syntax:
        case Syntax.CII:
            from faktura_en16931.cii_reading import read_cii

            return read_cii(root)
        case Syntax.UBL:
            from faktura_en16931.ubl_reading import read_ubl

            return read_ubl(root)
        case _:
            assert_never(syntax)


def syntax_of(root: etree._Element) -> Syntax:
    """CII or UBL, by the root's full name; raises FileUnreadable for any other."""
    syntax = SYNTAX_BY_ROOT.get(str(root.tag))
    if syntax is None:
        line = line_of(root)
        raise FileUnreadable(
            f"the file is no e-invoice: it begins with “{shortened(root.tag)}”",
            place=f"line {line}" if line else "",
            mend="CrossIndustryInvoice, or Invoice or CreditNote of UBL 2.1, is needed",
        )
    return syntax
