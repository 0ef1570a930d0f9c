"""Base rates of § 247 BGB: those that ship, and those that a tenant adds when they are announced."""

from datetime import date
from decimal import Decimal

from faktura.domain.base_rates import BaseRates, check_base_rate
from faktura.domain.events import EventType
from faktura.kernel.clock import local_date
from faktura.kernel.decimals import exact
from faktura.kernel.errors import Conflict
from faktura.services.accounting_events import accounting_event
from faktura.services.outbox import announce
from faktura.store.base_rates import is_charged_since, read_base_rates, write_base_rate
from faktura.store.facts import Facts, write_facts
from faktura.store.tenants import lock_tenant
from faktura.store.transaction import Tx


def base_rates(tx: Tx) -> BaseRates:
    """The base rates that are known to the tenant."""
    return BaseRates(read_base_rates(tx))


def add_base_rate(tx: Tx, start: date, percent: Decimal, *, by: str) -> None:
    """Keep the rate that was announced from 1 January or 1 July on; `by` says who adds it.

    A slip is put right by adding the right rate. Raises FieldInvalid, OutOfRange, also for a half year
    later than the next one, and Conflict where another rate is kept for that half year and a notice
    charges interest with it.
    """
    tenant = lock_tenant(tx)
    today = local_date(tx.clock, tenant.time_zone)
    check_base_rate(start, exact(percent, field="percent"), today)
    known = read_base_rates(tx).get(start)
    if known == percent:
        return
    if known is not None and is_charged_since(tx, start):
        raise Conflict(
            f"the base rate from {start} is {known}, and interest was charged with it",
            place="validFrom",
            mend="A rate that was charged with is never changed: waive what is wrong",
        )
    write_base_rate(tx, start, percent)
    data: dict[str, object] = {"baseRate": str(percent), "validFrom": str(start), "by": by}
    if known is not None:
        data["old"] = str(known)
    told = accounting_event(tx, EventType.ACCOUNTING_CHANGED, data)
    announce(tx, write_facts(tx, Facts(events=[told])))
