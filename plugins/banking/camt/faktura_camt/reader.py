"""From the bytes of an upload to statement records, in file order and constant memory."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, BinaryIO

from faktura.kernel.errors import BadInput, FieldMissing, FileUnreadable
from faktura.plugin import StatementRecord
from faktura_camt.family import PARTS, Message, message_with_root
from faktura_camt.feed import Feed
from faktura_camt.found import look
from faktura_camt.header import FileHeader, read_file_header
from faktura_camt.prolog import Prolog, read_prolog
from faktura_camt.recognition import is_zip
from faktura_camt.split_values import Watched, refuse_split_values
from faktura_camt.statement import Place, Statement
from faktura_camt.streams import Document
from faktura_camt.tree import drop_before, local, misplaced
from faktura_camt.zip_archive import xml_members

if TYPE_CHECKING:
    from lxml.etree import _Element


def read_statements(source: BinaryIO, filename: str, *, lenient: bool) -> Iterator[StatementRecord]:
    """The records of an XML file, or of all XML files in a ZIP archive.

    Every error names the file, the statement and entry counted from 1, and the line if known.
    """
    try:
        for document in _documents(source):
            file = f"{filename}, {document.name}" if document.name else filename
            yield from _read_document(document, file, lenient=lenient)
    except BadInput as error:
        raise error.at(filename) from None


def _documents(source: BinaryIO) -> Iterator[Document]:
    def rewound() -> BinaryIO:
        source.seek(0)
        return source

    if is_zip(rewound().read(4)):
        yield from xml_members(source)
    else:
        yield Document("", rewound)


def _read_document(document: Document, file: str, *, lenient: bool) -> Iterator[StatementRecord]:
    try:
        prolog = read_prolog(document, lenient=lenient)
        walk = _Walk(prolog, file, document.name)
        stream = Watched(document.reopen())
        feed = Feed(stream, prolog.encoding, walk.names)
        for part in feed.parts(walk.take_finished_details):
            yield from walk.take(part, feed.position)
        if stream.noticed:
            refuse_split_values(document, prolog.encoding)
        walk.finish()
    except BadInput as error:
        raise (error.at(document.name) if document.name else error) from None


class _Walk:
    """Hands each part of a document to the statement it belongs to."""

    def __init__(self, prolog: Prolog, file: str, member: str) -> None:
        space = f"{{{prolog.namespace}}}" if prolog.namespace else ""
        parts = PARTS if prolog.message is None else {prolog.message.part}
        self.names = ("GrpHdr", "Ntry", *sorted(parts))
        self._names = {f"{space}{name}": name for name in self.names}
        self._message = prolog.message
        self._warnings = prolog.warnings
        self._file = file
        self._member = member
        self._header: FileHeader | None = None
        self._root: _Element | None = None
        self._statement: Statement | None = None
        self._finished: _Element | None = None
        self._begun: tuple[StatementRecord, ...] = ()
        self._count = 0

    def take(self, part: "_Element", position: int) -> Sequence[StatementRecord]:
        """The records that are complete now."""
        name = self._names.get(part.tag)
        if name is None:
            raise misplaced(part, "another namespace")
        if name == "GrpHdr":
            self._header = read_file_header(look(part))
            self._root = part.getparent()
            return ()
        statement = self._statement or self._begin(part if name in PARTS else part.getparent())
        if name == "Ntry" and not self._begun:
            return statement.take_entry(part, position)
        started, self._begun = self._begun, ()
        if name == "Ntry":
            return (*started, *statement.take_entry(part, position))
        self._statement = None
        self._finished = part
        drop_before(part)
        return (*started, statement.finish(part, self._warnings))

    def take_finished_details(self, position: int) -> bool:
        """Take what is done of a large entry that still grows; whether there was any."""
        root = self._root
        if root is None or local(root[-1]) not in PARTS or root[-1] is self._finished:
            return False
        return (self._statement or self._begin(root[-1])).take_finished_details(position)

    def _begin(self, element: "_Element | None") -> Statement:
        """The statement of a part; its start is announced with the next records."""
        message = None if element is None else self._message_at(element)
        if element is None or message is None:
            raise FileUnreadable("an entry stands outside of a statement", place="Ntry")
        if self._header is None:
            raise FieldMissing("the file has no header", place="GrpHdr")
        self._count += 1
        place = Place(self._file, self._member, self._count)
        statement = Statement(element, self._header, message, place)
        self._statement = statement
        self._begun = (statement.start,)
        return statement

    def _message_at(self, element: "_Element") -> Message | None:
        """The message that this is the part of; the namespace must agree."""
        match [local(one) for one in (element, *element.iterancestors())]:
            case [part, root, "Document"]:
                message = message_with_root(root)
                fits = message is not None and message.part == part
                return message if fits and self._message in (None, message) else None
            case _:
                return None

    def finish(self) -> None:
        """A document without a statement is not what the user meant to upload."""
        if not self._count:
            raise FileUnreadable(
                "there is no statement in the file",
                mend="Upload an account statement in camt.052, .053 or .054",
            )
