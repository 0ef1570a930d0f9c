"""Writing claims off, and taking that back when the money comes after all (§ 17 Abs. 2 Nr. 1 UStG).

What is recovered is owed again with its VAT: the write-off is reversed, then the payment counts as
any other one.
"""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from faktura.domain.documents import DocumentRecord
from faktura.domain.tenants import Tenant
from faktura.kernel.clock import local_date
from faktura.kernel.errors import Conflict, OutOfRange
from faktura.kernel.money import Money, total
from faktura.kernel.terms import AccountFact
from faktura.services.billing_runs import check_run_date
from faktura.services.differences import give_up, read_claims, recover
from faktura.services.imports.payment_fields import TakenBackFields, WriteOffFields
from faktura.services.ledger import Source, open_ledger
from faktura.services.originals import visible_record
from faktura.store.tenants import holding_accounts
from faktura.store.transaction import Tx


@dataclass(frozen=True, slots=True)
class WrittenOff:
    """What was given up of a document, gross with the VAT in it, and what is still open."""

    number: str
    amount: Money
    tax: Money
    open: Money


def write_off(
    tx: Tx,
    tenant: Tenant,
    number: str,
    given: WriteOffFields,
    projects: Collection[UUID] | None = None,
) -> WrittenOff:
    """Give up what is open of a document, or a part of it; its VAT is corrected.

    Raises NotFound, OutOfRange, and TransitionRefused where less is open or the kind is none that
    is written off.
    """
    record = visible_record(tx, number, projects)[0]
    on = _day(tx, tenant, record, given.date)
    tenant = holding_accounts(tx, tenant)
    ledger = open_ledger(tx, tenant, [number])
    rest = ledger.document(number).open
    amount = rest
    if given.amount is not None:
        amount = Money.from_decimal(given.amount, record.currency, field="amount")
    source = replace(Source.named(""), booked_on=on, value_on=on, remittance=given.reason.strip())
    claim = read_claims(tx, ledger, [number])[number]
    tax = give_up(ledger, source, claim, amount, AccountFact.WRITE_OFF)
    ledger.write(tx)
    return WrittenOff(number, amount, tax, ledger.document(number).open)


def undo_write_off(
    tx: Tx,
    tenant: Tenant,
    number: str,
    given: TakenBackFields,
    projects: Collection[UUID] | None = None,
) -> Money:
    """Reverse all that is given up of a document, cash discount too; returns what is owed again.

    Raises NotFound, OutOfRange, and Conflict where none stands.
    """
    record = visible_record(tx, number, projects)[0]
    on = _day(tx, tenant, record, given.date)
    tenant = holding_accounts(tx, tenant)
    ledger = open_ledger(tx, tenant, [number])
    standing = ledger.given_up()
    if not standing:
        raise Conflict(f"nothing of {number} is written off", place="invoiceNumber")
    recover(tx, ledger, standing, on, given.reason)
    ledger.write(tx)
    return total([share.amount for share in standing], record.currency)


def _day(tx: Tx, tenant: Tenant, record: DocumentRecord, given: date | None) -> date:
    today = local_date(tx.clock, tenant.time_zone)
    on = given or max(today, record.issued_on)
    check_run_date(on, today, field="date")
    if on < record.issued_on:
        raise OutOfRange(
            f"{record.number} was issued on {record.issued_on}, after {on}",
            place="date",
            mend=f"Use {record.issued_on} or later",
        )
    return on
