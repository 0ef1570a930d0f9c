"""An entry: read whole at its end, except that a large batch is taken bit by bit while it grows."""

from typing import TYPE_CHECKING, NamedTuple

from faktura.kernel.errors import BadInput, HostileFile
from faktura_camt.detail import (
    BATCH,
    DETAIL,
    Detail,
    read_batch,
    read_detail,
    read_entry_texts,
    undetailed,
)
from faktura_camt.entry import EntryHead, read_entry_head
from faktura_camt.found import MOST_ELEMENTS, look
from faktura_camt.tree import child, children_behind, drop_before, local, misplaced

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lxml.etree import _Element

# A batch is held until its end, because its sum decides; nobody's batch is larger.
MAX_DETAILS = 20_000
MAX_ENTRY_BYTES = 16 * 1024 * 1024

_HEAD = frozenset(
    {"NtryRef", "Amt", "CdtDbtInd", "RvslInd", "Sts", "BookgDt", "ValDt"}
    | {"AcctSvcrRef", "BkTxCd", "AmtDtls", "Chrgs"}
)


class Entry(NamedTuple):
    """A whole entry: its head and at least one detail.

    `unsplit` says that it has several without amounts, which were put together to one.
    """

    head: EntryHead
    details: list[Detail]
    unsplit: bool = False


def read_entry(entry: "_Element") -> Entry:
    """Read a finished Ntry that stands whole in the tree."""
    found = look(entry)
    details = found.shape.paths.get(DETAIL, ())
    if len(details) > 1:
        return OpenEntry(entry, 0).finish()
    head = read_entry_head(found)
    if not details:
        return Entry(head, [undetailed(found, head)])
    return Entry(head, [read_detail(found, head, read_batch(found))])


class OpenEntry:
    """Takes the details of one Ntry and drops them; `began` is where in the file it starts."""

    def __init__(self, element: "_Element", began: int) -> None:
        self.element = element
        self._began = began
        found = look(element, before="NtryDtls")
        self._head = read_entry_head(found)
        self._texts = read_entry_texts(found)
        self._details: list[Detail] = []
        self._holder: _Element | None = None
        self._batch: Mapping[str, object] = {}

    def take_finished_details(self, position: int) -> bool:
        """Take all details but the last, which may still grow; whether there were any."""
        left = self._left()
        if len(left) < 2:
            return False
        for holder, detail in left[:-1]:
            self._take(holder, detail)
        holder, growing = left[-1]
        self._enter(holder)
        drop_before(growing)
        drop_before(holder)
        if len(self._details) > MAX_DETAILS or position - self._began > MAX_ENTRY_BYTES:
            raise HostileFile(
                f"a batch has more than {MAX_DETAILS} details or 16 MB",
                mend="Ask the bank to book smaller batches",
            )
        return True

    def _left(self) -> "list[tuple[_Element, _Element]]":
        """The details not taken yet, each with the NtryDtls that holds it."""
        holders = [one for one in self.element if local(one) == "NtryDtls"]
        if sum(len(holder) for holder in holders) > MOST_ELEMENTS:
            raise HostileFile(f"more than {MOST_ELEMENTS} elements in one part of an entry")
        return [(holder, one) for holder in holders for one in holder if local(one) == "TxDtls"]

    def _enter(self, holder: "_Element") -> None:
        if holder is not self._holder:
            self._holder = holder
            batch = child(holder, "Btch")
            self._batch = {} if batch is None else read_batch(look(batch, at=BATCH))

    def _take(self, holder: "_Element", detail: "_Element") -> None:
        self._enter(holder)
        try:
            self._details.append(read_detail(look(detail, at=DETAIL), self._head, self._batch))
        except BadInput as error:
            raise error.at(f"detail {len(self._details) + 1}") from None

    def finish(self) -> Entry:
        """The finished entry; nothing that decides may stand behind its details."""
        for holder, detail in self._left():
            self._take(holder, detail)
        for one in children_behind(self.element, "NtryDtls"):
            if local(one) in _HEAD:
                raise misplaced(one, "")
            self._texts.update(read_entry_texts(look(one, at=local(one))))
        if len(self._details) > 1 and not any(detail.has_amount for detail in self._details):
            return Entry(self._head, [self._together()], unsplit=True)
        completed = [one._replace(values={**one.values, **self._texts}) for one in self._details]
        return Entry(self._head, completed)

    def _together(self) -> Detail:
        """Details without amounts as one: version .02 allows them; nothing says how to split.

        The remittance lines of all are kept, so that documents can still be found in them.
        """
        lines = tuple(line for detail in self._details for line in detail.lines)
        values = {**self._batch, **self._texts}
        return Detail(self._head.kind.sign, self._details[0].code, values, lines)
