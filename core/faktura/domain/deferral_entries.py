"""How deferrals become journal entries: one accrual a document, then one release a month (F108).

VAT is never deferred: only net amounts move between revenue and deferred revenue. Every document
has its own schedule; what takes revenue back has a negative one (P45).
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

from faktura.domain.charts import account_of
from faktura.domain.costs import NO_COSTS, Costs, CostShare
from faktura.domain.deferral import Spread, cells, next_month, spread_of
from faktura.domain.journal import Entry, Leg, checked
from faktura.domain.tenants import Tenant
from faktura.kernel.accounting_terms import DeferralMethod
from faktura.kernel.decimals import scaled
from faktura.kernel.money import Money
from faktura.kernel.periods import Period, last_of_month
from faktura.kernel.terms import EntryKind, Side, Slot, TaxCase

_DAY = timedelta(days=1)
_Key = tuple[Slot, str | None, TaxCase | None, Decimal | None, str | None, str | None, CostShare]


@dataclass(frozen=True, slots=True)
class Deferral:
    """The deferral of a document's line; a negative `net` takes revenue back.

    `booked_month` is the first day of the month of its document, `account` the revenue account of
    the line (None while it is missing; then `group` is the product group that may name it).
    `due_month` is the first day of the month that is posted next, None when all is.
    """

    document_id: UUID
    line_no: int
    method: DeferralMethod
    net: Money
    service: Period
    booked_month: date
    account: str | None
    tax_case: TaxCase
    tax_rate: Decimal
    tax_country: str
    costs: Costs = ()
    due_month: date | None = None
    group: str | None = None
    spread: Spread = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Find the parts of the service period."""
        object.__setattr__(self, "spread", spread_of(self.method, self.service))

    @property
    def has_rest(self) -> bool:
        """Whether months after that of the booking earn a part of it."""
        return bool(self.net) and self.spread.last_month > self.booked_month

    def posted_in(self, month: date) -> tuple[int, ...]:
        """What the entry of a month adds to revenue, by cost share: what it defers is negative."""
        spread = self.spread
        if month == self.booked_month:
            return tuple(-cell for cell in self._cells(spread.upto(month), spread.whole))
        if month < self.booked_month:
            return tuple(0 for _ in self.shares)
        return self._cells(spread.upto(month - _DAY), spread.upto(month))

    def _cells(self, start: int, end: int) -> tuple[int, ...]:
        return cells(self.net.minor, self.spread, self._weights, (start, end))

    @property
    def shares(self) -> Costs:
        """Its cost shares; one without a name where nothing is said."""
        return self.costs or (NO_COSTS,)

    @property
    def _weights(self) -> list[int]:
        return [scaled(share.percent) for share in self.shares]

    @property
    def deferred(self) -> int:
        """What its booking month defers, in minor units."""
        return -sum(self.posted_in(self.booked_month))

    def open_after(self, month: date) -> int:
        """What is still deferred when a month is over, in minor units; 0 before it was booked."""
        if month < self.booked_month:
            return 0
        return sum(self._cells(self.spread.upto(month), self.spread.whole))

    def due_after(self, month: date) -> date | None:
        """The first day of the next month with a release, once that of `month` is posted."""
        due = max(next_month(month), self.spread.first_month)
        return due if due <= self.spread.last_month else None

    def posted_months(self) -> Iterator[date]:
        """The first days of the months that are posted, in order; the next one is `due_month`."""
        month: date | None = self.booked_month
        while month is not None and month != self.due_month:
            yield month
            month = self.due_after(month)


@dataclass(frozen=True, slots=True)
class DeferredDocument:
    """A document with those of its deferrals that a month concerns."""

    document_id: UUID
    number: str
    customer_id: UUID
    deferrals: tuple[Deferral, ...]


def deferral_entry(tenant: Tenant, document: DeferredDocument, month: date) -> Entry | None:
    """What a document's deferrals post for a month, dated its last day; None for nothing.

    The month of its booking defers revenue, a later one releases it. Revenue is moved on its own
    account, or on the account of DEFERRAL_CONTRA where the tenant set one; a leg without account
    makes the entry a draft (F106).
    """
    sums: dict[_Key, int] = {}
    for deferral in document.deferrals:
        for key, minor in _moved(tenant, deferral, month):
            sums[key] = sums.get(key, 0) + minor
    legs = [_revenue_leg(key, minor) for key, minor in sums.items() if minor]
    if not legs:
        return None
    account = account_of(tenant.chart, tenant.accounts, Slot.DEFERRED_REVENUE)
    legs += [
        Leg(Slot.DEFERRED_REVENUE, account, _side(-minor), abs(minor))
        for minor in _deferred(list(sums.values()))
    ]
    first = document.deferrals[0]
    accrues = month == first.booked_month
    number = document.number
    return checked(
        Entry(
            f"prap:{number}:accrue" if accrues else f"prap:{number}:{month:%Y%m}",
            EntryKind.DEFERRAL if accrues else EntryKind.RELEASE,
            last_of_month(month),
            first.net.currency,
            f"PRAP {number}" if accrues else f"PRAP-Auflösung {number} {month:%m/%Y}",
            tuple(legs),
            document.document_id,
            document.customer_id,
            service_month=month,
        )
    )


def _deferred(moved: list[int]) -> list[int]:
    """What deferred revenue gives and takes: the rest, or both where revenue balances by itself.

    Then no account is moved against itself, which many a bookkeeping program cannot.
    """
    rest = sum(moved)
    given = sum(minor for minor in moved if minor > 0)
    return [rest] if rest else [given, -given]


def _moved(tenant: Tenant, deferral: Deferral, month: date) -> Iterator[tuple[_Key, int]]:
    contra = account_of(
        tenant.chart,
        tenant.accounts,
        Slot.DEFERRAL_CONTRA,
        deferral.tax_case,
        deferral.tax_rate,
    )
    for share, minor in zip(deferral.shares, deferral.posted_in(month), strict=True):
        where = CostShare(share.centre, share.object)
        if contra is None:
            tax = deferral.tax_case, deferral.tax_rate, deferral.tax_country
            # Its group only finds an account that is missing.
            group = deferral.group if deferral.account is None else None
            yield (Slot.REVENUE, deferral.account, *tax, group, where), minor
        else:
            yield (Slot.DEFERRAL_CONTRA, contra, None, None, None, None, where), minor


def _revenue_leg(key: _Key, minor: int) -> Leg:
    slot, account, case, rate, country, group, share = key
    return Leg(
        slot,
        account,
        _side(minor),
        abs(minor),
        tax_case=case,
        tax_rate=rate,
        tax_country=country,
        cost_centre=share.centre,
        cost_object=share.object,
        group=group,
    )


def _side(minor: int) -> Side:
    """The side of what is added to an account of income or of liabilities."""
    return Side.CREDIT if minor > 0 else Side.DEBIT
