"""The first share of a subscription: its days before the regular billing as one-offs (F038)."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from uuid import UUID

from faktura.domain.activities import OpenActivity
from faktura.domain.billing_plan import BillableContract
from faktura.domain.first_share import ItemShare, check_share, item_share
from faktura.domain.subscriptions import Subscription, subscriptions_of
from faktura.domain.tenants import Tenant
from faktura.kernel.decimals import ONE
from faktura.kernel.errors import FieldMissing, NotFound, TransitionRefused
from faktura.kernel.ids import IdSource
from faktura.kernel.money import Money
from faktura.kernel.terms import Origin
from faktura.services.booking_facts import tell_of_booking
from faktura.services.named_bookings import locked_view
from faktura.store.activities import write_open
from faktura.store.booking_changes import move_payment_start, was_ever_billed
from faktura.store.transaction import Tx


@dataclass(frozen=True, slots=True)
class FirstShare:
    """A share up to `until` (exclusive), billed from `invoice_on`, else with the next invoice.

    `subscription` counts the contract's subscriptions from 1; None: the only one. `prices` are
    agreed net amounts by item, in place of the computed ones.
    """

    until: date
    subscription: int | None = None
    prices: Mapping[UUID, Decimal] = field(default_factory=dict)
    invoice_on: date | None = None


def take_first_share(
    tx: Tx,
    tenant: Tenant,
    number: str,
    wanted: FirstShare,
    projects: Collection[UUID] | None = None,
) -> list[OpenActivity]:
    """Make a one-off of each item's days from the start of payment; payment then starts at the end.

    Raises NotFound, also outside `projects` (None: all), TransitionRefused where something is
    billed already, OutOfRange with the days that are possible.
    """
    view = locked_view(tx, number, projects)
    contract, own = view.contract, _subscription(view, wanted.subscription)
    items = [item for item in view.items if item.subscription.id == own.id]
    if any(was_ever_billed(tx, item.id) for item in items):
        raise TransitionRefused(
            "something of the subscription is billed: its first share was part of that (F038)",
            place="subscription",
            mend="Record a one-off, or cancel what was billed",
        )
    check_share(own, contract, wanted.until)
    shares = [item_share(tenant, view.customer, contract, item, wanted.until) for item in items]
    booked = _booked(
        [share for share in shares if share is not None], wanted, contract.currency, tx.new_id
    )
    write_open(tx, contract.id, booked)
    move_payment_start(tx, own.id, wanted.until)
    facts = {
        "from": own.first_paid_day,
        "until": wanted.until,
        "activityIds": [str(one.id) for one in booked],
        "amounts": [one.unit_price for one in booked],
    }
    tell_of_booking(tx, tenant, contract, {"firstShare": facts})
    return booked


def _subscription(view: BillableContract, no: int | None) -> Subscription:
    """The subscription of that number, counted from 1 as they are shown; else the only one."""
    own = subscriptions_of(view.items)
    if not own:
        raise NotFound(f"contract {view.contract.number} has no subscription", place="subscription")
    if no is None and len(own) > 1:
        raise FieldMissing(
            f"contract {view.contract.number} has {len(own)} subscriptions",
            place="subscription",
            mend=f"Give 1 to {len(own)}",
        )
    if no is not None and not 1 <= no <= len(own):
        raise NotFound(
            f"contract {view.contract.number} has no subscription {no}",
            place="subscription",
            mend=f"Give 1 to {len(own)}",
        )
    return own[(no or 1) - 1]


def _booked(
    shares: list[ItemShare], wanted: FirstShare, currency: str, new_id: IdSource
) -> list[OpenActivity]:
    unknown = set(wanted.prices) - {share.item.id for share in shares}
    if unknown:
        raise NotFound(
            f"the share has no item {min(unknown)}", place="prices", mend="Name items of the share"
        )
    return [
        OpenActivity(
            new_id(),
            share.item.article,
            Origin.ONE_OFF,
            ONE,
            share.service,
            wanted.invoice_on,
            unit_price=_price(share, wanted, currency),
            # A price that somebody gave is explained by nothing but itself.
            text="" if share.item.id in wanted.prices else share.parts,
            ledger_account=share.item.ledger_account,
            links=share.item.links,
            costs=share.item.costs,
        )
        for share in shares
    ]


def _price(share: ItemShare, wanted: FirstShare, currency: str) -> Decimal:
    given = wanted.prices.get(share.item.id)
    if given is None:
        return share.net.decimal
    return Money.from_decimal(given, currency, field="prices").decimal
