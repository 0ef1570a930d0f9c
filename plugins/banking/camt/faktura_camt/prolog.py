"""The prolog of a document: encoding, DOCTYPE, namespace; decided before any entry is read."""

import codecs
import re
from typing import TYPE_CHECKING, NamedTuple, cast

from lxml import etree

from faktura.kernel.errors import FileUnreadable, HostileFile, shortened
from faktura_camt.family import Message, message_named
from faktura_camt.recognition import HEAD_BYTES, is_zip
from faktura_camt.safe_xml import pull_parser
from faktura_camt.streams import ByteStream, Document
from faktura_camt.tree import local

if TYPE_CHECKING:
    from lxml.etree import _Element

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16le"),
    (codecs.BOM_UTF16_BE, "utf-16be"),
    ("<?".encode("utf-16le"), "utf-16le"),
    ("<?".encode("utf-16be"), "utf-16be"),
)
_DECLARED = re.compile(rb"<\?xml\s[^>]{0,100}?encoding\s*=\s*[\"']([A-Za-z0-9._-]{1,40})[\"']")
_ENCODINGS = {
    "utf-8": "utf-8",
    "utf8": "utf-8",
    "us-ascii": "utf-8",
    "ascii": "utf-8",
    "iso-8859-1": "iso-8859-1",
    "latin1": "iso-8859-1",
    "iso-8859-15": "iso-8859-15",
    "windows-1252": "windows-1252",
    "cp1252": "windows-1252",
}
_FALLBACK = "windows-1252"
# Read against their schemas and samples; of the others a person is told.
_TESTED_VERSIONS = frozenset({"02", "04", "08"})
_MEND = "Upload an account statement in camt.052, .053 or .054"


class Prolog(NamedTuple):
    """How to read the document: its encoding, its namespace ("" for none), what looked odd.

    `message` is None where no namespace names it: then the outermost element does.
    """

    encoding: str
    namespace: str
    message: Message | None
    warnings: tuple[str, ...]


def read_prolog(document: Document, *, lenient: bool) -> Prolog:
    """Judge a document by its first 64 KiB."""
    head = document.reopen().read(HEAD_BYTES)
    if not head.strip():
        raise FileUnreadable("the file is empty")
    if is_zip(head):
        raise HostileFile("there is a ZIP archive in the ZIP archive")
    encoding, warnings = _encoding(head, document)
    # In the decoded text, or UTF-16 would hide it. It stands before the first element, and that
    # must come within the head.
    if "<!DOCTYPE" in head.decode(encoding, errors="replace").upper():
        raise HostileFile("the document has a DOCTYPE", mend="Ask the bank for a plain file")
    namespace = _namespace(_root(head, encoding), lenient=lenient)
    message, odd = _message(namespace)
    return Prolog(encoding, namespace, message, (*warnings, *odd))


def _encoding(head: bytes, document: Document) -> tuple[str, tuple[str, ...]]:
    for mark, encoding in _BOMS:
        if head.startswith(mark):
            return encoding, ()
    declared = _DECLARED.match(head)
    if declared is not None:
        name = declared[1].decode("ascii")
        if name.lower() not in _ENCODINGS:
            raise FileUnreadable(
                f"the encoding “{name}” is not supported",
                mend="Supported are UTF-8, UTF-16, ISO-8859-1, ISO-8859-15 and Windows-1252",
            )
        return _ENCODINGS[name.lower()], ()
    if _is_utf8(document.reopen()):
        return "utf-8", ()
    return _FALLBACK, (f"no encoding is declared and the text is not UTF-8: read as {_FALLBACK}",)


def _is_utf8(stream: ByteStream) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        while chunk := stream.read(HEAD_BYTES):
            decoder.decode(chunk)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _root(head: bytes, encoding: str) -> "_Element":
    parser = pull_parser(encoding, events=("start",), tag="*")
    broken: str | None = None
    try:
        parser.feed(head)
    except etree.XMLSyntaxError as error:
        broken = shortened(error.msg)
    for _, element in parser.read_events():
        return cast("_Element", element)  # only elements were asked for
    if broken is not None or len(head) < HEAD_BYTES:
        raise FileUnreadable(f"this is not an XML document: {broken or 'it has no element'}")
    raise HostileFile("there is no element in the first 64 KiB")


def _namespace(root: "_Element", *, lenient: bool) -> str:
    namespace = root.tag[1:].partition("}")[0] if root.tag.startswith("{") else ""
    if local(root) != "Document":
        raise FileUnreadable(
            f"this is not a camt file: it starts with “{shortened(local(root))}”", mend=_MEND
        )
    if not namespace and not lenient:
        raise FileUnreadable(
            "the document has no namespace",
            mend="Ask the bank for a correct file, or set `lenient` of this plugin",
        )
    return namespace


def _message(namespace: str) -> tuple[Message | None, tuple[str, ...]]:
    if not namespace:
        return None, ("the document has no namespace: its version is not known",)
    named = message_named(namespace)
    if named is None:
        raise FileUnreadable(
            f"this is {shortened(namespace.rpartition(':')[2])},"
            " not camt.052, .053 or .054 in one of the versions .02 to .14",
            mend=_MEND,
        )
    message, version = named
    if version in _TESTED_VERSIONS:
        return message, ()
    found = f"{message.name}.001.{version}"
    odd = f"version {found} is read by its structure: please check the result"
    return message, (odd,)
