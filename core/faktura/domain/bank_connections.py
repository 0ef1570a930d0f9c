"""Connections to banks over a feed: what is known of them, their accounts, and what a feed was asked for.

A feed is asked by errands: an errand is written down before the feed is called, so that nothing that
it may have begun is ever forgotten.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from faktura.domain.bank_accounts import BankAccount
from faktura.kernel.bank_terms import (
    Consent,
    FeedAccountState,
    FeedResult,
    FeedTaskKind,
    FeedTaskState,
)


@dataclass(frozen=True, slots=True)
class Gap:
    """Days of which a feed may have told nothing, both inclusive; `noted_at` in UTC."""

    first: date
    last: date
    noted_at: datetime


@dataclass(frozen=True, slots=True)
class ConnectionFacts:
    """What is known of a connection; moments in UTC.

    `result` and `message` are of the last login at the bank. `problem` says why the feed itself could
    not be asked, and `failures` how often in a row that was so, or the bank had a fault. `adjusted`
    are sentences on bookings that the feed made up to fit a balance. `read_hash` stands for what was
    read last, `told` are the codes of the statuses that were told last.
    """

    bic: str | None = None
    is_busy: bool = False
    needs_person: bool = False
    consent: Consent = Consent.UNKNOWN
    consent_until: datetime | None = None
    result: FeedResult = FeedResult.UNKNOWN
    message: str = ""
    result_at: datetime | None = None
    problem: str = ""
    failures: int = 0
    gap: Gap | None = None
    adjusted: tuple[str, ...] = ()
    read_hash: str = ""
    told: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class BankConnection:
    """A connection of an instance; `reference` is the feed's id of it.

    `read_from` is the day from which on the feed's imports are read the next time, None for all.
    `busy_until` is set while an errand is under way, `next_at` where it is updated by itself.
    """

    id: UUID
    instance: str
    reference: str
    bank_name: str
    facts: ConnectionFacts = field(default_factory=ConnectionFacts)
    read_from: date | None = None
    tried_at: datetime | None = None
    succeeded_at: datetime | None = None
    busy_until: datetime | None = None
    next_at: datetime | None = None
    ended_at: datetime | None = None

    def is_busy(self, now: datetime) -> bool:
        """Whether somebody updates it, and may still be expected to end that."""
        return self.busy_until is not None and self.busy_until > now


@dataclass(frozen=True, slots=True)
class AccountFacts:
    """An account as the feed saw it last; `iban` is the last one it named (P55).

    `differs` is set where the feed now names an IBAN that the linked bank account does not have.
    """

    iban: str | None = None
    number: str = ""
    holder: str = ""
    name: str = ""
    currency: str | None = None
    balance: Decimal | None = None
    is_seized: bool = False
    state: FeedAccountState = FeedAccountState.UNKNOWN
    updated_at: datetime | None = None
    tried_at: datetime | None = None
    differs: bool = False


@dataclass(frozen=True, slots=True)
class ConnectedAccount:
    """An account of a connection by the feed's id; without `bank_account_id` it is not imported."""

    connection_id: UUID
    reference: str
    bank_account_id: UUID | None
    facts: AccountFacts

    @property
    def is_read(self) -> bool:
        """Whether its bookings are imported."""
        return self.bank_account_id is not None and not self.facts.differs

    @property
    def label(self) -> str:
        """What a person calls it."""
        return self.facts.iban or self.facts.number or self.facts.name or self.reference


@dataclass(frozen=True, slots=True)
class ErrandFacts:
    """What is known of an errand; `url` is the form that a person must visit, good for one visit.

    `answer` is the feed's own word and sentence about a failure. `looks` counts how often the feed was
    asked what became of it, `looking_until` is set while somebody does.
    """

    attended: bool = False
    connection: str = ""
    url: str = ""
    url_until: datetime | None = None
    code: str = ""
    message: str = ""
    rejected: bool = False
    looks: int = 0
    looking_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Errand:
    """What a feed was asked for; `reference` None until its answer was kept.

    `state` is the feed's; the errand is over at `ended_at`, when all that came of it is kept.
    """

    id: UUID
    instance: str
    kind: FeedTaskKind
    state: FeedTaskState
    connection_id: UUID | None
    reference: str | None
    asked_by: str
    created_at: datetime
    look_at: datetime | None
    facts: ErrandFacts = field(default_factory=ErrandFacts)
    ended_at: datetime | None = None


def seen_account(
    before: ConnectedAccount | None,
    now: ConnectedAccount,
    ours: Mapping[UUID, BankAccount],
    taken: Collection[UUID],
) -> ConnectedAccount:
    """The account after what the feed says of it `now`, which knows no bank account.

    It is linked by its IBAN where it has no link, and by the feed's id from then on: the IBAN may be
    missing. Another one than ours stops the import of it (P55). `taken` are bank accounts that
    another account brings.
    """
    linked = before.bank_account_id if before is not None else None
    if linked is None or linked in taken:
        linked = _account_of(now.facts, ours, taken)
    differs = before is not None and before.facts.differs and linked is not None
    if linked is not None and now.facts.iban is not None:
        differs = now.facts.iban != ours[linked].iban
    iban = now.facts.iban or (before.facts.iban if before is not None else None)
    return replace(
        now, bank_account_id=linked, facts=replace(now.facts, iban=iban, differs=differs)
    )


def _account_of(
    facts: AccountFacts, ours: Mapping[UUID, BankAccount], taken: Collection[UUID]
) -> UUID | None:
    if facts.iban is None:
        return None
    for account in ours.values():
        if account.id not in taken and account.owns(facts.iban, None, facts.currency):
            return account.id
    return None
