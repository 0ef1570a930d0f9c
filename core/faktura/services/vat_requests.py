"""Whom a register is asked about, and what: now, after a change, by turns (F120)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import islice

from faktura.domain.customers import Customer
from faktura.domain.jobs import JobName
from faktura.domain.tenants import Tenant
from faktura.domain.vat_checks import is_abroad, is_due
from faktura.kernel.clock import local_date
from faktura.kernel.errors import TransitionRefused
from faktura.plugin import VatIdQuestion
from faktura.store.customers import read_customer
from faktura.store.jobs import enqueue
from faktura.store.transaction import Tx
from faktura.store.vat_checks import customers_abroad, waiting_checks

# So many a day at most: a register of all Europe is nobody's own.
MOST_A_DAY = 1_000
# More at once come round with the daily look: an import must not flood the register.
_MOST_AT_ONCE = 20


@dataclass(frozen=True, slots=True)
class Asked:
    """What a register is to be asked about a customer, and by which checker."""

    customer_number: str
    checker: str
    question: VatIdQuestion


def vat_question(tx: Tx, tenant: Tenant, customer_number: str) -> Asked:
    """What to ask about a customer now.

    Raises NotFound, and TransitionRefused where the tenant names no checker or the customer has no VAT
    id of another member state.
    """
    customer = read_customer(tx, customer_number)
    if not tenant.vat_checks.checker:
        raise TransitionRefused(
            "no register is set to check VAT ids with",
            place="vatChecks.checker",
            mend="Run: faktura vat-ids policy --checker vies",
        )
    if not is_abroad(customer.eu_tax_id, tenant.country):
        raise TransitionRefused(
            f"customer {customer.number} has no VAT id of another member state",
            place="euTaxId",
            mend="Only those are checked",
        )
    return Asked(customer.number, tenant.vat_checks.checker, _question(tenant, customer))


def _question(tenant: Tenant, customer: Customer) -> VatIdQuestion:
    own = tenant.seller.vat_id
    if not (tenant.vat_checks.qualified and own):
        return VatIdQuestion(vat_id=customer.eu_tax_id, own_vat_id=own)
    address = customer.address
    return VatIdQuestion(
        vat_id=customer.eu_tax_id,
        own_vat_id=own,
        name=customer.name,
        street=address.street,
        zip_code=address.zip_code,
        city=address.city,
    )


def ask_soon(tx: Tx, tenant: Tenant, changed: Sequence[tuple[Customer | None, Customer]]) -> None:
    """Have customers checked whose VAT id, name or address is new, each with what it was before or None.

    Of many at once those wait for the daily look whom it finds.
    """
    if not tenant.vat_checks.checker:
        return
    asked = [
        (before, after)
        for before, after in changed
        if is_abroad(after.eu_tax_id, tenant.country)
        and (before is None or _question(tenant, before) != _question(tenant, after))
    ]
    if len(asked) > _MOST_AT_ONCE:
        # It looks for VAT ids: of one that was checked nobody would ask about the other name for long.
        asked = [one for one in asked if _was_checked(*one)]
    _put_in(tx, [after for _, after in asked])


def whose_turn(tx: Tx, tenant: Tenant) -> list[Customer]:
    """Customers of other member states to be checked today; whose check still waits is none of them.

    At most MOST_A_DAY, the others on the days after. It reads all customers abroad: nobody is to be
    kept from writing meanwhile.
    """
    on = local_date(tx.clock, tenant.time_zone)
    waiting = waiting_checks(tx)
    due = (
        customer
        for customer in customers_abroad(tx, tenant.country)
        if customer.number not in waiting and _is_due(tenant, customer, on)
    )
    return list(islice(due, MOST_A_DAY))


def ask_by_turns(tx: Tx, tenant: Tenant, due: Sequence[Customer]) -> None:
    """Put in the checks of those whose turn it is, each once a day."""
    _put_in(tx, due, once=str(local_date(tx.clock, tenant.time_zone)))


def _was_checked(before: Customer | None, after: Customer) -> bool:
    checked = None if before is None else before.vat_checked
    return checked is not None and checked.vat_id == after.eu_tax_id


def _is_due(tenant: Tenant, customer: Customer, on: date) -> bool:
    return is_abroad(customer.eu_tax_id, tenant.country) and is_due(
        customer.vat_checked, customer.eu_tax_id, on, tenant.vat_checks.every_days
    )


def _put_in(tx: Tx, customers: Sequence[Customer], *, once: str | None = None) -> None:
    """One job each, of one name `once` only one; a member state is asked one question after the other.

    Those above MOST_A_DAY run on the days after.
    """
    for no, one in enumerate(customers):
        enqueue(
            tx,
            JobName.CHECK_VAT_ID,
            {"customer": one.number},
            key=None if once is None else f"vat-check:{one.id}:{one.eu_tax_id}:{once}",
            run_at=tx.now() + timedelta(days=no // MOST_A_DAY),
            lock=f"vat-check:{one.eu_tax_id[:2]}",
        )
