"""Writing notices with all that follows: charges, account, journal, levels, events, one seal."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from uuid import UUID

from faktura.domain.account import opened, recorded
from faktura.domain.customers import Customer
from faktura.domain.dunning import Notice
from faktura.domain.dunning_charges import (
    RULES,
    Charges,
    charges_entry,
    charges_of,
    charges_snapshot,
)
from faktura.domain.dunning_snapshot import notice_snapshot
from faktura.domain.events import Event, EventType
from faktura.domain.snapshot import Snapshot, buyer_snapshot, seller_snapshot
from faktura.domain.tenants import Tenant
from faktura.kernel.canonical import canonical_json
from faktura.kernel.money import Money
from faktura.kernel.terms import DocumentKind
from faktura.services.dunning_texts import level_text
from faktura.services.outbox import announce
from faktura.store.accounts import OpenItem, account_heads
from faktura.store.document_numbers import document_numbers
from faktura.store.dunning import DunningRun
from faktura.store.dunning_writing import FrozenCharges, FrozenNotice, write_notices
from faktura.store.facts import Facts, write_facts
from faktura.store.tenants import holding_accounts
from faktura.store.transaction import Tx

# What a text of a level is tried with before the number of the charges is spent.
_NO_NUMBER_YET = "MG-000000"


@dataclass(slots=True)
class NoticeDesk:
    """Freezes the notices of one run; what they share is made once."""

    tenant: Tenant
    run: DunningRun
    _seller: Snapshot = field(init=False)

    def __post_init__(self) -> None:
        """Freeze the seller once."""
        self._seller = seller_snapshot(self.tenant.seller)

    def parties(self, customer: Customer) -> tuple[Snapshot, Snapshot]:
        """Seller and buyer as printed."""
        return self._seller, buyer_snapshot(customer)

    def snapshot(self, notice: Notice, customer: Customer, number: str | None) -> Snapshot:
        """All that a notice says; raises TemplateFailed where the text of its level cannot be made."""
        levels = self.run.policy.levels
        said = notice_snapshot(notice, self.parties(customer), charges=number, levels=len(levels))
        level = levels[notice.level - 1]
        said["text"] = level_text(self.tenant, customer, level, said) if level.texts else None
        return said

    def check(self, notice: Notice, customer: Customer) -> None:
        """Raise what would keep a notice from being written, before a number is spent on it."""
        if self.run.policy.levels[notice.level - 1].texts:
            self.snapshot(notice, customer, _NO_NUMBER_YET if notice.charges else None)


def write_all(
    tx: Tx, desk: NoticeDesk, notices: Sequence[Notice], customers: Mapping[UUID, Customer]
) -> None:
    """Write checked notices under one seal; their customers are locked."""
    if not notices:
        return
    tenant = holding_accounts(tx, desk.tenant)
    charges = _numbered(tx, notices, customers)
    facts = Facts()
    _post(tx, desk, tenant, charges, facts)
    frozen = []
    for place, notice in enumerate(notices):
        own = charges.get(place)
        customer = customers[notice.customer_id]
        said = canonical_json(desk.snapshot(notice, customer, None if own is None else own.number))
        document_id = None if own is None else own.id
        one = FrozenNotice(tx.new_id(), desk.run.id, notice, document_id, said)
        frozen.append(one)
        facts.events.append(_told(one, customer, own))
    # The documents of the charges come first: notices name them.
    announce(tx, write_facts(tx, facts))
    write_notices(tx, frozen)


def _numbered(
    tx: Tx, notices: Sequence[Notice], customers: Mapping[UUID, Customer]
) -> dict[int, Charges]:
    """The documents of what notices charge, by the notice's place; one gapless block of numbers."""
    charging = [(place, notice) for place, notice in enumerate(notices) if notice.charges]
    if not charging:
        return {}
    kinds = [DocumentKind.DUNNING] * len(charging)
    numbers = document_numbers(tx, kinds, charging[0][1].dunned_on)
    return {
        place: charges_of(notice, tx.new_id(), number, customers[notice.customer_id])
        for (place, notice), number in zip(charging, numbers, strict=True)
    }


def _post(
    tx: Tx, desk: NoticeDesk, tenant: Tenant, charges: Mapping[int, Charges], facts: Facts
) -> None:
    heads = account_heads(tx, {one.customer.id for one in charges.values()})
    for one in charges.values():
        key = one.customer.id, one.currency
        posted, heads[key] = recorded(
            heads.get(key) or opened(one.currency),
            one.customer.id,
            RULES.fact,
            one.amount,
            value_date=one.issued_on,
            text=one.title,
            source=one.source,
            document_id=one.id,
        )
        seller, buyer = desk.parties(one.customer)
        snapshot = canonical_json(charges_snapshot(one, seller, buyer))
        facts.charges.append(FrozenCharges(one, snapshot))
        facts.transactions.append(posted)
        facts.entries.append(charges_entry(tenant, one))
        facts.open_items.append(
            OpenItem(one.id, one.customer.id, one.number, one.amount, one.due_on)
        )


def _told(frozen: FrozenNotice, customer: Customer, charges: Charges | None) -> Event:
    notice = frozen.notice
    data: dict[str, object] = {
        "notice": str(frozen.id),
        "customerNumber": customer.number,
        "level": notice.level,
        "currency": notice.currency,
        **{
            name: _decimal(minor, notice.currency)
            for name, minor in (
                ("open", notice.open),
                ("fee", notice.fee),
                ("flat", notice.flat),
                ("interest", notice.interest),
                ("total", notice.total),
            )
        },
        "payBy": str(notice.pay_by),
        "charges": None if charges is None else charges.number,
        "invoices": [
            {
                "number": item.document.number,
                "level": item.level,
                "open": _decimal(item.document.open, notice.currency),
            }
            for item in notice.items
        ],
        # Sealed with the event: so what the notice says stays provable.
        "snapshotHash": sha256(frozen.snapshot.encode()).hexdigest(),
    }
    return Event(EventType.DUNNING_CREATED, "dunning_notice", frozen.id, 1, data)


def _decimal(minor: int, currency: str) -> str:
    return str(Money(minor, currency).decimal)
