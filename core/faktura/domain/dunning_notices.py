"""A dunning notice as it was written: which documents it reminds of and what it charges (F083)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from faktura.kernel.money import Money


@dataclass(frozen=True, slots=True)
class RemindedDocument:
    """A document that a notice reminds of; interest is for the days from `interest_from` to `interest_until`."""

    number: str
    issued_on: date
    due_on: date
    level: int
    gross: Money
    open: Money
    interest: Money
    flat: Money
    interest_from: date | None = None
    interest_until: date | None = None


@dataclass(frozen=True, slots=True)
class DunningNotice:
    """A notice to one customer in one currency; frozen, whatever is paid or waived later.

    `open` is what was overdue, `credit` what the customer had to its credit, `earlier` what was open
    of the charges of earlier notices, by their numbers. `charges` is the number
    of the document by which fee, flat and interest are owed, `charges_open` what of it is not
    settled today. `total` was to be paid until `pay_by`, inclusive.
    """

    id: UUID
    run_id: UUID
    customer_number: str
    customer_name: str
    dunned_on: date
    level: int
    pay_by: date
    open: Money
    credit: Money
    fee: Money
    flat: Money
    interest: Money
    total: Money
    recorded_at: datetime
    charges: str | None = None
    charges_open: Money | None = None
    items: tuple[RemindedDocument, ...] = ()
    earlier: tuple[tuple[str, Money], ...] = ()
    snapshot: Mapping[str, object] = field(default_factory=dict)
