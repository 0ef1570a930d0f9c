"""Taking back what a person recorded: a payment or a refund, by its reference (F106, P25)."""

from collections.abc import Collection
from dataclasses import replace
from uuid import UUID

from faktura.domain.tenants import Tenant
from faktura.kernel.clock import local_date
from faktura.kernel.errors import Conflict, NotFound
from faktura.kernel.terms import AccountFact
from faktura.services.billing_runs import check_run_date
from faktura.services.imports.payment_fields import TakenBackFields
from faktura.services.ledger import Source, open_ledger
from faktura.services.manual_money import booking_of, recorded_entries
from faktura.services.originals import visible_record
from faktura.services.taking_back import take_booking_back
from faktura.store.manual_bookings import numbers_settled_by, transactions_of
from faktura.store.tenants import holding_accounts
from faktura.store.transaction import Tx


def undo_recorded(
    tx: Tx,
    tenant: Tenant,
    reference: str,
    given: TakenBackFields,
    projects: Collection[UUID] | None = None,
) -> tuple[str, ...]:
    """Reverse what was recorded under a reference; the numbers of the documents that it settled.

    Nothing is deleted: each transaction and entry has one that takes it back, and what was paid is
    open again. Raises NotFound, OutOfRange, and Conflict where it was taken back before, whole or
    in part, or where its credit was paid out since.
    """
    booking = booking_of(reference)
    today = local_date(tx.clock, tenant.time_zone)
    on = given.date or today
    check_run_date(on, today, field="date")
    found = recorded_entries(tx, booking)
    if found is None:
        raise NotFound(
            f"nothing was recorded as {reference}",
            place="reference",
            mend="faktura payments list shows the references",
        )
    fact, entries = found
    customer_id = entries[0].customer_id
    if customer_id is None:
        raise NotFound(f"{reference} belongs to nobody", place="reference")
    tenant = holding_accounts(tx, tenant)
    numbers = sorted(numbers_settled_by(tx, customer_id, {entry.key for entry in entries}))
    for number in numbers if projects is not None else ():
        visible_record(tx, number, projects)
    ledger = open_ledger(tx, tenant, numbers, [customer_id])
    source = replace(
        Source.named(booking), booked_on=on, value_on=on, remittance=given.reason.strip()
    )
    if transactions_of(tx, customer_id, [source.key(AccountFact.SET_UNPAID)]):
        raise Conflict(
            f"{reference} was taken back already",
            place="reference",
            mend="faktura payments list shows it; record the money anew where it came after all",
        )
    prefix = f"{source.key(fact)}:"
    shares = [share for share in ledger.shares() if share.entry_key.startswith(prefix)]
    take_booking_back(tx, ledger, source, shares, {customer_id}, fact)
    ledger.write(tx)
    return tuple(numbers)
