"""The journal: posted entries, entries by hand, and taking those back (P24)."""

from typing import Annotated

from pydantic import Field

from faktura.domain.api_keys import Scope
from faktura.kernel.errors import NotFound
from faktura.kernel.terms import EntryKind, Side
from faktura.services.entry_reversals import Reversing, reverse_entry
from faktura.services.imports.checks import Fields
from faktura.services.imports.cost_fields import CostName
from faktura.services.imports.text_fields import Currency, Filled, LedgerAccount, Number
from faktura.services.imports.value_fields import Amount, Day, Flag, as_word
from faktura.services.manual_entries import ManualEntry, ManualLine, post_manual
from faktura.store.journal import JournalFilter, journal_page, read_entry
from faktura.web.api.call import Call, Nothing
from faktura.web.api.cursors import Paged, cursor_of
from faktura.web.api.operation import Resource
from faktura.web.api.replies import Created, Page, page
from faktura.web.api.resources.journal_entry_answers import (
    JournalEntryAnswer,
    PostedByHandAnswer,
)

JOURNAL_ENTRIES = Resource("JournalEntries", "What is posted: entries whose debits equal credits.")

_ONE = "/JournalEntries/{entryKey}"


class JournalEntryQuery(Paged):
    """Which entries; several conditions hold together."""

    from_: Day | None = Field(
        default=None, alias="from", description="From this accounting date on."
    )
    until: Day | None = Field(default=None, description="Up to this accounting date, inclusive.")
    account: LedgerAccount | None = Field(
        default=None, description="With a leg on this ledger account or personal account."
    )
    kind: Annotated[tuple[Annotated[EntryKind, as_word(EntryKind)], ...], Field(strict=False)] = (
        Field(default=(), description="Repeat it for several kinds; left out: all.")
    )
    invoice_number: Number | None = Field(default=None, description="That concern this document.")
    customer_number: Number | None = Field(default=None, description="That concern this customer.")
    cost_centre: CostName | None = Field(
        default=None, description="With a leg on this cost centre."
    )
    late: Flag | None = Field(
        default=None, description="Only those whose own month was locked already, or all others."
    )


class ManualLineFields(Fields):
    """An amount on one side of a ledger account."""

    account: LedgerAccount = Field(description="The ledger account; one that is set up.")
    side: Annotated[Side, as_word(Side)] = Field(description="D is debit, C is credit.")
    amount: Amount = Field(description="More than 0, as text.")
    cost_centre: CostName | None = Field(default=None, description="Its cost centre (KOST1).")
    cost_object: CostName | None = Field(default=None, description="Its cost object (KOST2).")


class ManualEntryFields(Fields):
    """An entry by hand: at least two lines whose debits come to their credits."""

    reference: Number = Field(
        description="A name of your own: the same entry again is the one that was posted."
    )
    value_date: Day = Field(description="The day of the fact.")
    text: Filled = Field(description="What is booked.")
    currency: Currency | None = Field(default=None, description="Left out: the tenant's.")
    lines: tuple[ManualLineFields, ...] = Field(strict=False, description="Its lines, in order.")


class ReversalFields(Fields):
    """Why an entry is taken back, and from which day on."""

    reason: Filled = Field(description="It stands in the reversal's text.")
    on: Day | None = Field(default=None, description="The reversal's value date; today.")


@JOURNAL_ENTRIES.get("/JournalEntries", Scope.ACCOUNTING_READ)
def journal_entry_list(call: Call[JournalEntryQuery, Nothing]) -> Page[JournalEntryAnswer]:
    """Entries in the order of the journal, a page at a time.

    Later entries come behind all others, whatever their dates: no page misses one.
    """
    query = call.query
    wanted = JournalFilter(
        query.from_,
        query.until,
        query.account,
        after_seq=query.after_count(),
        kinds=query.kind,
        document=query.invoice_number,
        customer=query.customer_number,
        cost_centre=query.cost_centre,
        late=query.late,
    )
    found = journal_page(call.tx, wanted, query.limit + 1)
    return page(found, query.limit, lambda one: cursor_of(str(one.seq)), JournalEntryAnswer.of)


@JOURNAL_ENTRIES.get(_ONE, Scope.ACCOUNTING_READ)
def journal_entry_get(call: Call[Nothing, Nothing]) -> JournalEntryAnswer:
    """One entry, by its key."""
    key = call.path["entryKey"]
    found = read_entry(call.tx, key)
    if found is None:
        raise NotFound(f"there is no entry {key}", place="entryKey")
    return JournalEntryAnswer.of(found)


@JOURNAL_ENTRIES.post("/JournalEntries", Scope.ACCOUNTING_WRITE)
def journal_entry_create(call: Call[Nothing, ManualEntryFields]) -> Created[PostedByHandAnswer]:
    """Post an entry by hand; in a month that is locked it is booked on the first open day (P24).

    Customers' accounts are not posted to by hand: payments and write-offs do that.
    """
    body = call.body
    lines = tuple(
        ManualLine(line.account, line.side, line.amount, line.cost_centre, line.cost_object)
        for line in body.lines
    )
    by = call.access.key.name
    given = ManualEntry(body.reference, body.value_date, body.text, lines, by, body.currency)
    done = PostedByHandAnswer.posted(post_manual(call.tx, given))
    return Created(done, f"/JournalEntries/{done.key}")


@JOURNAL_ENTRIES.post(f"{_ONE}/reverse", Scope.ACCOUNTING_WRITE)
def journal_entry_reverse(call: Call[Nothing, ReversalFields]) -> Created[PostedByHandAnswer]:
    """Take an entry by hand back, once; all others are taken back by acts of their own (P25)."""
    body = call.body
    given = Reversing(body.on or call.today, body.reason, call.access.key.name)
    done = PostedByHandAnswer.posted(reverse_entry(call.tx, call.path["entryKey"], given))
    return Created(done, f"/JournalEntries/{done.key}")
