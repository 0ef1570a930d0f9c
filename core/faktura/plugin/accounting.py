"""Accounting exports: posted journal entries in, files out."""

from abc import abstractmethod
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import ClassVar

from faktura.kernel.terms import Chart, DocumentKind, EntryKind, Side, Slot, TaxCase
from faktura.plugin.adapter import Adapter
from faktura.plugin.dto import Dto


class LegData(Dto):
    """One leg of an entry: amount > 0 in the entry's currency on one side of one account.

    `slot` says what the account is used for. A RECEIVABLES leg carries the personal account of
    the customer in `debtor`. REVENUE and VAT legs carry `tax_case` and `tax_rate` (per cent, 0 for
    untaxed cases); `tax_country` is the country whose rate it is, `buyer_vat_id` is filled where
    the recapitulative statement needs it.
    """

    no: int
    account: str
    slot: Slot
    side: Side
    amount: Decimal
    debtor: str | None = None
    tax_case: TaxCase | None = None
    tax_rate: Decimal | None = None
    tax_country: str | None = None
    buyer_vat_id: str | None = None
    cost_centre: str | None = None
    cost_object: str | None = None


class JournalEntryData(Dto):
    """A posted entry: debits equal credits. `seq` is its gapless place in the journal.

    `value_date` is the date of the fact, `document_number` the number of the document it concerns
    (an invoice, or the one a payment settles), `key` its stable unique key.
    """

    seq: int
    key: str
    kind: EntryKind
    value_date: date
    recorded_at: datetime
    currency: str
    text: str
    document_number: str | None = None
    document_kind: DocumentKind | None = None
    due_on: date | None = None
    customer_number: str | None = None
    customer_name: str | None = None
    reverses_key: str | None = None
    mandate: str | None = None
    legs: tuple[LegData, ...]


class ExportBatch(Dto):
    """What an export is about: posted entries of value dates `start`..`end` (both inclusive).

    `number` counts the tenant's exports to this target; `created_at` is frozen with the batch, so
    that repeating it gives the same bytes. `fiscal_year_month` is the month (1-12) in which the
    fiscal year starts.
    """

    number: int
    start: date
    end: date
    created_at: datetime
    time_zone: str
    currency: str
    chart: Chart
    fiscal_year_month: int = 1


class ExportFile(Dto):
    """One finished file: bytes, the rows it holds and the entries (by key) each row came from.

    `notes` name what had to be written otherwise than it was booked, e.g. a letter the format's
    character set lacks; a person should see them.
    """

    name: str
    media_type: str
    content: bytes
    rows: int
    entry_keys: tuple[str, ...]
    notes: tuple[str, ...] = ()


class AccountingExporter(Adapter):
    """Turns entries into files for an accounting system; pure, equal input gives equal bytes."""

    target: ClassVar[str]
    """Name people choose, e.g. `datev`; unique among the enabled plugins."""

    @abstractmethod
    def export(
        self, batch: ExportBatch, entries: Sequence[JournalEntryData]
    ) -> Iterator[ExportFile]:
        """Yield the files of the batch; every entry is in exactly one of them.

        Entries come ordered by (value_date, seq). Raises ExportRefused when a file would not be
        right; an entry is never skipped or cut silently.
        """
