"""One statement: its parts in file order become its records."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple, cast

from faktura.kernel.errors import BadInput
from faktura.plugin import BankTransaction, BookingStatus, StatementEnd, StatementStart
from faktura_camt.balances import Balances
from faktura_camt.family import Message
from faktura_camt.found import look
from faktura_camt.header import FileHeader, read_statement_start
from faktura_camt.mapping import Position, to_transactions
from faktura_camt.open_entry import OpenEntry, read_entry
from faktura_camt.tree import children_before, children_behind, drop_before, local, misplaced

if TYPE_CHECKING:
    from lxml.etree import _Element

_HEAD = frozenset({"Id", "StmtPgntn", "ElctrncSeqNb", "CreDtTm", "Acct", "Bal"})
# libxml2 does not count further in the elements themselves.
_LAST_LINE = 65_534


class Place(NamedTuple):
    """The file as people are told of it, the member of an archive, the statement's number from 1."""

    file: str
    member: str
    number: int


class Statement:
    """Reads one account's share of a message (Stmt, Rpt, Ntfctn) while it is still growing."""

    def __init__(
        self, element: "_Element", header: FileHeader, message: Message, place: Place
    ) -> None:
        self.element = element
        self._message = message
        self._member = place.member
        self._file = place.file
        self._place = f"statement {place.number}"
        self._balances = Balances()
        self._entries = 0
        self._unsplit = 0
        self._entry_began = 0
        self._open: OpenEntry | None = None
        self._finished: _Element | None = None
        try:
            self.start = self._read_start(header)
        except BadInput as error:
            raise error.at(self._place) from None

    def _read_start(self, header: FileHeader) -> StatementStart:
        for one in children_before(self.element, "Ntry"):
            if local(one) == "Bal":
                self._balances.add(look(one))
        start = read_statement_start(look(self.element, before="Ntry"), header)
        return start.model_copy(update={"kind": self._message.kind, "file": self._member})

    def take_finished_details(self, position: int) -> bool:
        """Take what is done of a large entry that still grows; whether there was any."""
        entry = self.element[-1] if len(self.element) else self.element
        if local(entry) != "Ntry" or entry is self._finished or not len(entry):
            return False
        # Only a batch can be large: its last child holds the details.
        if local(entry[-1]) != "NtryDtls":
            return False
        try:
            if self._open is None:
                self._open = OpenEntry(entry, self._entry_began)
            return self._open.take_finished_details(position)
        except BadInput as error:
            raise error.at(self._entry_place(entry)) from None

    def take_entry(self, entry: "_Element", position: int) -> Sequence[BankTransaction]:
        """Finish an Ntry: its transactions, whose amounts add up to it."""
        if entry.getparent() is not self.element:
            raise misplaced(entry, self._place)
        try:
            records = self._read_entry(entry)
        except BadInput as error:
            raise error.at(self._entry_place(entry)) from None
        drop_before(entry)
        self._entries += 1
        self._entry_began = position
        self._open = None
        self._finished = entry
        return records

    def _read_entry(self, entry: "_Element") -> list[BankTransaction]:
        earlier = entry.getprevious()
        if self._entries and earlier is not None and earlier is not self._finished:
            raise misplaced(earlier, "")
        head, details, unsplit = read_entry(entry) if self._open is None else self._open.finish()
        self._unsplit += unsplit
        if head.kind.status is BookingStatus.BOOKED:
            self._balances.book(*head.amount)
        position = Position(self._entries, f"{self._file}, {self._entry_place(entry)}")
        return to_transactions(head, details, position)

    def finish(self, element: "_Element", file_warnings: tuple[str, ...]) -> StatementEnd:
        """The end record; a statement whose balances do not fit is reported, not refused."""
        if element is not self.element:
            raise misplaced(element, self._place)
        if self._entries:
            for one in children_behind(self.element, "Ntry"):
                if local(one) in _HEAD:
                    raise misplaced(one, self._place)
        balanced, warnings = self._balances.verdict(asked=self._message.has_balances)
        if self._unsplit:
            unsplit = f"{self._unsplit} batches have details without amounts: each is one movement"
            warnings = (*warnings, unsplit)
        return StatementEnd(
            opening=self._balances.opening(),
            closing=self._balances.closing(),
            balanced=balanced,
            entries=self._entries,
            warnings=(*file_warnings, *warnings),
        )

    def _entry_place(self, entry: "_Element") -> str:
        place = f"{self._place}, entry {self._entries + 1}"
        line = cast("int | None", entry.sourceline)
        return place if line is None or line > _LAST_LINE else f"{place}, line {line}"
