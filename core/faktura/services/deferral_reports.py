"""What is deferred at a day: document by document, and of invoices that are not paid (F108)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import islice

from faktura.domain.deferral import month_of
from faktura.kernel.money import Money
from faktura.kernel.periods import last_of_month
from faktura.kernel.rounding import round_ratio
from faktura.kernel.terms import DocumentKind
from faktura.store.deferral_reports import (
    PaidUntil,
    RunningDeferrals,
    RunningQuery,
    paid_until,
    running_deferrals,
)
from faktura.store.transaction import Tx

_DOCUMENTS_A_BATCH = 500
_NOTHING = PaidUntil(0, 0)


@dataclass(frozen=True, slots=True)
class OpenDeferral:
    """What a document defers at a day; what takes revenue back defers less than nothing.

    `open` is `deferred` less `released`; `until` is the day of the last release.
    """

    number: str
    kind: DocumentKind
    customer_number: str
    customer_name: str
    issued_on: date
    deferred: Money
    released: Money
    until: date

    @property
    def open(self) -> Money:
        """What is still deferred."""
        return self.deferred - self.released


@dataclass(frozen=True, slots=True)
class UnpaidDeferral:
    """What an invoice, less its corrections, defers though it is not paid.

    `unpaid` is the gross amount that is owed; `not_received` is the part of what is open of the
    deferral that was never received: in the same ratio as what is owed to what was charged.
    """

    deferral: OpenDeferral
    unpaid: Money
    not_received: Money


@dataclass(frozen=True, slots=True)
class ReportQuery:
    """A report at the end of the day `at`, of one customer or of all, behind a number of its list."""

    at: date
    customer_number: str | None = None
    after: str | None = None


def open_deferrals(tx: Tx, wanted: ReportQuery) -> Iterator[OpenDeferral]:
    """Documents of which something is deferred, by number; streamed.

    As the journal has it when everything due is posted: by the last days of months up to that day.
    """
    month = _posted_month(wanted.at)
    query = RunningQuery(month, wanted.customer_number, wanted.after)
    for running in running_deferrals(tx, query):
        found = _open(running, month)
        if found.open:
            yield found


def unpaid_deferrals(tx: Tx, wanted: ReportQuery) -> Iterator[UnpaidDeferral]:
    """Deferrals of invoices that are not fully paid, by number; streamed.

    HGB § 250 Abs. 2 knows deferred income of receipts only: at the year's end the adviser decides
    what becomes of these.
    """
    month = _posted_month(wanted.at)
    query = RunningQuery(month, wanted.customer_number, wanted.after, by_invoice=True)
    left = running_deferrals(tx, query)
    while batch := list(islice(left, _DOCUMENTS_A_BATCH)):
        settled = paid_until(tx, [one.document_id for one in batch], wanted.at)
        for running in batch:
            paid = settled.get(running.document_id, _NOTHING)
            found, charged = _open(running, month), running.gross.minor - paid.corrected
            unpaid = charged - paid.paid
            if found.open.minor > 0 and unpaid > 0:
                currency = running.gross.currency
                part = round_ratio(found.open.minor * unpaid, charged)
                yield UnpaidDeferral(found, Money(unpaid, currency), Money(part, currency))


def _posted_month(at: date) -> date:
    """The first day of the latest month that is over when the day is."""
    month = month_of(at)
    if at == last_of_month(at) or month == date.min:
        return month
    return month_of(month - timedelta(days=1))


def _open(running: RunningDeferrals, month: date) -> OpenDeferral:
    currency = running.gross.currency
    deferred = sum(one.deferred for one in running.deferrals)
    left = sum(one.open_after(month) for one in running.deferrals)
    return OpenDeferral(
        running.number,
        running.kind,
        running.customer_number,
        running.customer_name,
        running.issued_on,
        Money(deferred, currency),
        Money(deferred - left, currency),
        last_of_month(max(one.spread.last_month for one in running.deferrals)),
    )
