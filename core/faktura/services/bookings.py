"""All bookings in one list, with the sums below it (F043)."""

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum, unique
from heapq import merge
from itertools import islice
from operator import attrgetter
from typing import TypeVar
from uuid import UUID

from faktura.domain.articles import Article
from faktura.domain.bookings import (
    BookingKind,
    BookingStatus,
    item_status,
    monthly_amount,
    runs_on,
)
from faktura.domain.charges import activity_charge
from faktura.domain.contracts import BILLABLE, Contract
from faktura.domain.costs import Costs
from faktura.domain.customers import Customer
from faktura.domain.external_links import ExternalLink
from faktura.domain.tenants import Tenant
from faktura.kernel.errors import FakturaError
from faktura.kernel.money import Money
from faktura.kernel.terms import ContractState
from faktura.store.bookings import (
    BookedActivity,
    BookedItem,
    BookingFilter,
    booked_activities,
    booked_items,
)
from faktura.store.customers import read_customer
from faktura.store.transaction import Tx

# So many of a kind are read at once, with a dozen statements.
BATCH = 1_000
Row = TypeVar("Row", BookedItem, BookedActivity)


@unique
class BookingSelection(StrEnum):
    """What a person usually looks for.

    ACTIVE_SUBSCRIPTIONS: items that are billed for today; OPEN_ONE_OFFS: one-offs and usage of
    contracts that are billed; TERMINATED: of terminated contracts, and items with an end.
    """

    ACTIVE_SUBSCRIPTIONS = "ACTIVE_SUBSCRIPTIONS"
    OPEN_ONE_OFFS = "OPEN_ONE_OFFS"
    TERMINATED = "TERMINATED"


@dataclass(frozen=True, slots=True)
class BookingQuery:
    """Which bookings a person asks for; what is None filters nothing, conditions hold together."""

    kind: BookingKind | None = None
    status: BookingStatus | None = None
    selection: BookingSelection | None = None
    customer_number: str | None = None
    contract_number: str | None = None
    article_number: str | None = None
    ledger_account: str | None = None
    projects: Collection[UUID] | None = None

    @property
    def only_kind(self) -> BookingKind | None:
        """The kind beside which nothing else can fit."""
        match self.selection:
            case BookingSelection.ACTIVE_SUBSCRIPTIONS:
                return BookingKind.ITEM
            case BookingSelection.OPEN_ONE_OFFS:
                return BookingKind.ACTIVITY
            case _:
                return self.kind


@dataclass(frozen=True, slots=True)
class Booking:
    """An item or activity in the list.

    `until` and `billed_until` are exclusive. `monthly` is what an item brings in a month, net, where
    it is billed for today; `amount` is what an activity that waits will cost, net. `problem` says why
    there is none. `ledger_account` None: the chart's; `costs` are those that count.
    """

    kind: BookingKind
    id: UUID
    contract: Contract
    customer_number: str
    article: Article
    quantity: Decimal
    status: BookingStatus
    start: date
    until: date | None
    billed_until: date | None = None
    invoice_on: date | None = None
    manual: bool = False
    ledger_account: str | None = None
    links: tuple[ExternalLink, ...] = ()
    costs: Costs = ()
    runs: bool = False
    monthly: Money | None = None
    amount: Money | None = None
    problem: str = ""


@dataclass(frozen=True, slots=True)
class BookingSums:
    """What the bookings of one currency bring in: a month, and once; net.

    `unpriced` counts those that are in neither sum, as they have no price or tax today.
    """

    monthly: Money
    one_offs: Money
    items: int = 0
    activities: int = 0
    unpriced: int = 0


@dataclass(frozen=True, slots=True)
class _Reader:
    """Reads bookings of one filter, batch by batch, as they stand today."""

    tx: Tx
    tenant: Tenant
    today: date
    wanted: BookingQuery
    found: BookingFilter = field(default_factory=BookingFilter)

    def bookings(self, after: UUID | None) -> Iterator[Booking]:
        """Bookings by id, of those behind `after`."""
        sources: list[Iterator[Booking]] = []
        kinds = {self.wanted.kind, self.wanted.only_kind} - {None}
        if BookingKind.ACTIVITY not in kinds:
            rows = self._rows(booked_items, lambda one: one.item.id, after)
            sources.append(self._item(row) for row in rows)
        if BookingKind.ITEM not in kinds:
            waiting = self._rows(booked_activities, lambda one: one.activity.id, after)
            sources.append(self._activity(row) for row in waiting)
        return (one for one in merge(*sources, key=attrgetter("id")) if self._fits(one))

    def _rows(
        self,
        read: Callable[..., list[Row]],
        key: Callable[[Row], UUID],
        after: UUID | None,
    ) -> Iterator[Row]:
        while True:
            batch = read(self.tx, self.found, after=after, limit=BATCH)
            yield from batch
            if len(batch) < BATCH:
                return
            after = key(batch[-1])

    def _fits(self, one: Booking) -> bool:
        wanted = self.wanted
        return (
            (wanted.status is None or one.status is wanted.status)
            and (wanted.ledger_account is None or one.ledger_account == wanted.ledger_account)
            and (wanted.selection is None or _selected(one, wanted.selection))
        )

    def _item(self, row: BookedItem) -> Booking:
        item, contract = row.item, row.contract
        one = Booking(
            BookingKind.ITEM,
            item.id,
            contract,
            row.customer.number,
            item.article,
            item.quantity,
            item_status(item, contract, row.billed_until, self.today),
            item.start,
            item.until,
            row.billed_until,
            ledger_account=item.ledger_account or item.article.group.revenue_account,
            links=item.links,
            costs=item.costs or contract.costs or item.article.booked_costs,
            runs=runs_on(item, contract, self.today),
        )
        if not one.runs:
            return one
        try:
            return replace(one, monthly=monthly_amount(item, contract, self.today))
        except FakturaError as error:
            return replace(one, problem=str(error))

    def _activity(self, row: BookedActivity) -> Booking:
        activity, contract = row.activity, row.contract
        is_done = row.billed or contract.state is ContractState.VOIDED
        one = Booking(
            BookingKind.ACTIVITY,
            activity.id,
            contract,
            row.customer.number,
            activity.article,
            activity.quantity,
            BookingStatus.DONE if is_done else BookingStatus.OPEN,
            activity.service.start,
            activity.service.end,
            invoice_on=activity.invoice_on,
            manual=activity.manual,
            ledger_account=activity.ledger_account or activity.article.group.revenue_account,
            links=activity.links,
            costs=activity.costs or contract.costs or activity.article.booked_costs,
        )
        if is_done:
            return one
        return self._charged(one, row.customer, row)

    def _charged(self, one: Booking, customer: Customer, row: BookedActivity) -> Booking:
        try:
            charge = activity_charge(self.tenant, customer, row.contract, row.activity)
        except FakturaError as error:
            return replace(one, problem=str(error))
        return replace(one, amount=charge.net)


def list_bookings(
    tx: Tx,
    tenant: Tenant,
    wanted: BookingQuery,
    today: date,
    *,
    after: UUID | None = None,
    limit: int | None = None,
) -> list[Booking]:
    """Bookings in the order in which they were made, of those behind `after`, as they stand today.

    Raises NotFound for a customer that does not exist.
    """
    return list(islice(_reader(tx, tenant, wanted, today).bookings(after), limit))


def sum_bookings(tx: Tx, tenant: Tenant, wanted: BookingQuery, today: date) -> list[BookingSums]:
    """The sums of the same bookings, one for each currency, by its code; drafts bring in nothing."""
    sums: dict[str, BookingSums] = {}
    for one in _reader(tx, tenant, wanted, today).bookings(None):
        currency = one.contract.currency
        nothing = Money(0, currency)
        so_far = sums.get(currency) or BookingSums(nothing, nothing)
        counts = one.contract.state is not ContractState.DRAFT
        is_item = one.kind is BookingKind.ITEM
        sums[currency] = BookingSums(
            so_far.monthly + (one.monthly or nothing),
            so_far.one_offs + ((one.amount if counts else None) or nothing),
            so_far.items + is_item,
            so_far.activities + (not is_item),
            so_far.unpriced + bool(one.problem),
        )
    return [sums[currency] for currency in sorted(sums)]


def _selected(one: Booking, selection: BookingSelection) -> bool:
    state = one.contract.state
    match selection:
        case BookingSelection.ACTIVE_SUBSCRIPTIONS:
            return one.runs
        case BookingSelection.OPEN_ONE_OFFS:
            is_open = one.kind is BookingKind.ACTIVITY and one.status is BookingStatus.OPEN
            return is_open and state in BILLABLE
        case BookingSelection.TERMINATED:
            has_end = one.kind is BookingKind.ITEM and one.until is not None
            return state in (ContractState.TERMINATED, ContractState.ENDED) or has_end


def _reader(tx: Tx, tenant: Tenant, wanted: BookingQuery, today: date) -> _Reader:
    number = wanted.customer_number
    counts_today = wanted.selection in (
        BookingSelection.ACTIVE_SUBSCRIPTIONS,
        BookingSelection.OPEN_ONE_OFFS,
    )
    found = BookingFilter(
        wanted.projects,
        None if number is None else read_customer(tx, number).id,
        wanted.contract_number,
        wanted.article_number,
        BILLABLE if counts_today else None,
        False if wanted.status is BookingStatus.OPEN else None,
    )
    return _Reader(tx, tenant, today, wanted, found)
