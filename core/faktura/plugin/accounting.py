"""Accounting exports: posted journal entries in, files out."""

from abc import abstractmethod
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from typing import ClassVar, Protocol

from faktura.kernel.terms import Chart, DocumentKind
from faktura.plugin.accounting_entries import JournalEntryData
from faktura.plugin.adapter import Adapter
from faktura.plugin.dto import Dto


class ExportOptions(Dto):
    """What an export holds besides invoices and manual entries.

    `payments` are payments, returns and refunds (F106), `corrections` are corrections and credit
    notes, `deferrals` are those of revenue (F108); `debtors` asks for the customers' master data.
    """

    payments: bool = True
    corrections: bool = True
    deferrals: bool = True
    debtors: bool = True


class ExportBatch(Dto):
    """What an export is about: posted entries of accounting dates `start`..`end` (both inclusive).

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
    company: str = ""
    options: ExportOptions = ExportOptions()


class AccountData(Dto):
    """A ledger account by number; `name` is empty where nobody gave it one."""

    number: str
    name: str = ""


class DebtorData(Dto):
    """A customer as accounting knows them: the personal account and what it is called.

    A person has `last_name`; a company `company`. `vat_id` includes the country code; `country` is
    ISO 3166-1 alpha-2, `due_days` the payment term where it is one in days.
    """

    account: str
    customer_number: str
    company: str = ""
    first_name: str = ""
    last_name: str = ""
    street: str = ""
    additional: str = ""
    postcode: str = ""
    city: str = ""
    country: str = ""
    vat_id: str = ""
    email: str = ""
    phone: str = ""
    iban: str = ""
    bic: str = ""
    account_holder: str = ""
    mandate: str = ""
    due_days: int | None = None


class BookedDocument(Dto):
    """An issued document that entries concern, as an auditor lists it; amounts as on the account."""

    number: str
    kind: DocumentKind
    issued_on: date
    due_on: date
    customer_number: str
    currency: str
    net: Decimal
    vat: Decimal
    gross: Decimal
    sha256: str


class AccountBalanceData(Dto):
    """What an account comes to at the end of day `on` by accounting date; debits are positive.

    `debtor` is the personal account on the receivables: its balance comes from the customer's
    account, not from the journal, so that a mismatch shows.
    """

    on: date
    account: str
    currency: str
    balance: Decimal
    debtor: str | None = None


class ExportSource(Protocol):
    """What an exporter may ask for; each call reads from the start, in a stable order, streamed."""

    def entries(self) -> Iterator[JournalEntryData]:
        """The entries of the batch, by (booked_on, seq)."""
        ...

    def accounts(self) -> Iterator[AccountData]:
        """All accounts the tenant posts to, by number; personal accounts are not among them."""
        ...

    def debtors(self) -> Iterator[DebtorData]:
        """The customers of the batch's entries, by account."""
        ...

    def documents(self) -> Iterator[BookedDocument]:
        """The documents of the batch's entries, by number."""
        ...

    def balances(self) -> Iterator[AccountBalanceData]:
        """Opening balances on the day before `start`, then those at each month's end up to `end`.

        Of all entries, whatever the batch leaves out; by (on, account, debtor, currency).
        """
        ...


class ExportFile(Dto):
    """One finished file: bytes, the rows it holds and the entries (by key) each row came from.

    `notes` name what had to be written otherwise than it was booked, e.g. a letter the format's
    character set lacks; a person should see them. A file of master data has no entries.
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

    hands_over: ClassVar[bool] = True
    """Whether entries are handed over for good, so that each goes out once (P24).

    Otherwise every batch holds all entries of its days, as a copy of the books for a reader.
    """

    @abstractmethod
    def export(self, batch: ExportBatch, source: ExportSource) -> Iterator[ExportFile]:
        """Yield the files of the batch; every entry is in exactly one of them.

        One file is held in memory at a time. Raises ExportRefused when a file would not be right; an
        entry is never skipped or cut silently.
        """
