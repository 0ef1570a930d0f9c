"""Posted journal entries as connectors see them."""

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from faktura.kernel.terms import DocumentKind, EntryKind, Side, Slot, TaxCase
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

    `value_date` is the date of the fact. `booked_on` is its accounting date: the value date, or the
    first open day when that month was locked already (P24). `document_number` is the number of the
    document it concerns (an invoice, or the one a payment settles), `key` its stable unique key.
    `service_month` is the first day of the month whose share a release is (F108). `document_link` is
    the id under which the document's image lies at the export's target. `sha256` is the entry's own
    hash (hexadecimal), as the chain of seals covers it.
    """

    seq: int
    key: str
    kind: EntryKind
    value_date: date
    booked_on: date
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
    service_month: date | None = None
    created_by: str | None = None
    document_link: UUID | None = None
    sha256: str = ""
    legs: tuple[LegData, ...]
