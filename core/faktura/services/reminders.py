"""A reminder of what a customer owes and has not paid in time; writing one changes nothing.

No fee and no interest: whoever books them writes them into the letter.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

from faktura.domain.customers import Customer
from faktura.domain.snapshot import seller_snapshot
from faktura.domain.tenants import Tenant
from faktura.kernel.clock import local_date
from faktura.kernel.errors import OutOfRange, TransitionRefused
from faktura.plugin import Reminder, ReminderItem
from faktura.services.billing_runs import check_run_date
from faktura.services.letter_heads import currency_of_letter, letter_head
from faktura.services.payment_view import credit_transfers
from faktura.store.customers import read_customer
from faktura.store.document_lists import DocumentRow, Wanted, list_documents
from faktura.store.transaction import Tx

LEVELS = range(4)
_TIME_TO_PAY = timedelta(days=7)
_ROWS_A_LOOK = 500


@dataclass(frozen=True, slots=True)
class AskedReminder:
    """Whom to remind, at which level (0 is a reminder to pay, 1 to 3 are dunning levels).

    `on` is the day of the letter, None today; it is to be paid until `pay_by`, inclusive, None is
    seven days later. `currency` None is the only one in which something is overdue.
    """

    customer_number: str
    level: int = 0
    on: date | None = None
    pay_by: date | None = None
    currency: str | None = None


def reminder(
    tx: Tx, tenant: Tenant, asked: AskedReminder, projects: Collection[UUID] | None = None
) -> Reminder:
    """What is open now of documents that were due before the day, oldest first.

    Of documents of `projects` only (None: all). Raises NotFound, OutOfRange, FieldMissing for a
    currency to choose, TransitionRefused where nothing is overdue.
    """
    customer = read_customer(tx, asked.customer_number)
    today = local_date(tx.clock, tenant.time_zone)
    on = asked.on or today
    check_run_date(on, today, field="on")
    pay_by = asked.pay_by or on + _TIME_TO_PAY
    _check(asked.level, on, pay_by)
    rows = _overdue(tx, customer, on, projects)
    currency = currency_of_letter(customer, {row.open.currency for row in rows}, asked.currency)
    items = tuple(_item(row) for row in rows if row.open.currency == currency)
    return Reminder(
        head=letter_head(tenant, customer, on, currency),
        level=asked.level,
        items=items,
        total=sum((item.open for item in items), Decimal(0)),
        pay_by=pay_by,
        transfers=credit_transfers(seller_snapshot(tenant.seller)),
    )


def _check(level: int, on: date, pay_by: date) -> None:
    if level not in LEVELS:
        raise OutOfRange(
            f"{level} is no level of a reminder",
            place="level",
            mend="Use 0 for a reminder to pay, 1 to 3 for dunning",
        )
    if pay_by < on:
        raise OutOfRange(
            f"{pay_by} is before the letter's day, {on}",
            place="payBy",
            mend="Leave the customer time to pay",
        )


def _overdue(
    tx: Tx, customer: Customer, on: date, projects: Collection[UUID] | None
) -> list[DocumentRow]:
    """Of a document's due date itself nothing is overdue (§ 286 Abs. 2 BGB)."""
    wanted = Wanted(
        customer_number=customer.number, projects=projects, due_until=on, unsettled=True
    )
    rows = sorted(_all(tx, wanted), key=lambda row: (row.due_on, row.issued_on, row.number))
    if not rows:
        raise TransitionRefused(
            f"customer {customer.number} owes nothing that is overdue on {on}",
            place="customerNumber",
            mend="There is nothing to remind of",
        )
    return rows


def _all(tx: Tx, wanted: Wanted) -> Iterator[DocumentRow]:
    """All rows of the list, a look at a time."""
    after = None
    while rows := list_documents(tx, wanted, after=after, limit=_ROWS_A_LOOK):
        yield from rows
        if len(rows) < _ROWS_A_LOOK:
            return
        after = rows[-1].number


def _item(row: DocumentRow) -> ReminderItem:
    return ReminderItem(
        number=row.number,
        issued_on=row.issued_on,
        due_on=row.due_on,
        gross=row.gross.decimal,
        open=row.open.decimal,
    )
