"""An entry while it grows: read whole at its end, except that a large batch is taken bit by bit."""

from typing import TYPE_CHECKING, NamedTuple

from faktura.kernel.errors import HostileFile
from faktura_camt.detail import NO_BATCH, Batch, Detail, read_batch, read_detail
from faktura_camt.entry import EntryHead, read_entry_head
from faktura_camt.found import look
from faktura_camt.mapping import undetailed
from faktura_camt.tree import child, children_behind, drop_before, local, misplaced

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml.etree import _Element

# A batch is held until its end, because its sum decides; nobody's batch is larger.
MAX_DETAILS = 20_000
MAX_ENTRY_BYTES = 16 * 1024 * 1024

_DETAIL = "NtryDtls/TxDtls"
_HEAD = frozenset(
    {"NtryRef", "Amt", "CdtDbtInd", "RvslInd", "Sts", "BookgDt", "ValDt"}
    | {"AcctSvcrRef", "BkTxCd", "AmtDtls", "Chrgs"}
)


class Entry(NamedTuple):
    """A whole entry: its head and at least one detail."""

    head: EntryHead
    details: list[Detail]


def read_entry(entry: "_Element") -> Entry:
    """Read a finished Ntry that stands whole in the tree."""
    found = look(entry)
    if found.shape.count(_DETAIL) > 1:
        return OpenEntry(entry, 0).finish()
    head = read_entry_head(found)
    inner, batched = found.inside(_DETAIL), found.inside("NtryDtls/Btch")
    own_batch = NO_BATCH if batched is None else read_batch(batched)
    if inner is None:
        return Entry(head, [undetailed(head, own_batch)])
    return Entry(head, [read_detail(inner, head, own_batch)])


class OpenEntry:
    """Takes the details of one Ntry and drops them; `began` is where in the file it starts."""

    def __init__(self, element: "_Element", began: int) -> None:
        self.element = element
        self._began = began
        self._head = read_entry_head(look(element, before="NtryDtls"))
        self._details: list[Detail] = []
        self._holder: _Element | None = None
        self._batch = NO_BATCH

    def take_finished_details(self, position: int) -> bool:
        """Take all details but the last, which may still grow; whether there were any."""
        before = len(self._details)
        pending: _Element | None = None
        for detail in list(self._elements()):
            if pending is not None:
                self._take(pending)
            pending = detail
        if pending is not None:
            self._drop_before(pending)
        if len(self._details) > MAX_DETAILS or position - self._began > MAX_ENTRY_BYTES:
            raise HostileFile(
                f"a batch has more than {MAX_DETAILS} details or 16 MB",
                mend="Ask the bank to book smaller batches",
            )
        return len(self._details) > before

    def _elements(self) -> "Iterator[_Element]":
        for holder in self.element:
            if local(holder) == "NtryDtls":
                yield from (one for one in holder if local(one) == "TxDtls")

    def _take(self, detail: "_Element") -> None:
        holder = detail.getparent()
        if holder is not None and holder is not self._holder:
            self._holder = holder
            self._batch = _batch_in(holder)
        self._details.append(read_detail(look(detail), self._head, self._batch))

    def _drop_before(self, detail: "_Element") -> None:
        holder = detail.getparent()
        if holder is not None and holder is self._holder:
            drop_before(detail)
            drop_before(holder)

    def finish(self) -> Entry:
        """The finished entry; nothing that decides may stand behind its details."""
        for detail in self._elements():
            self._take(detail)
        for one in children_behind(self.element, "NtryDtls"):
            if local(one) in _HEAD:
                raise misplaced(one, "")
            if local(one) == "AddtlNtryInf" and (text := look(one).text("")):
                self._head.texts["booking_text"] = text
        return Entry(self._head, self._details)


def _batch_in(holder: "_Element") -> Batch:
    batch = child(holder, "Btch")
    return NO_BATCH if batch is None else read_batch(look(batch))
