"""A day of their own for single customers of a sandbox: who may have one, and what it means (O23).

Everything of such a customer is as it would be on that day; all others stay at the real one.
"""

from datetime import date
from uuid import UUID

from faktura.domain.customers import Customer
from faktura.domain.tenants import Tenant
from faktura.kernel.clock import local_date
from faktura.kernel.errors import OutOfRange, TransitionRefused
from faktura.kernel.terms import RunState
from faktura.services.billing_runs import check_run_date
from faktura.services.dunning import dunning_chunks, ensure_numbers
from faktura.store.customers import lock_customers, read_customer
from faktura.store.dunning import DunningRun, lock_plan, run_of_day, write_run
from faktura.store.dunning_candidates import overdue_documents
from faktura.store.simulated_dates import set_simulated, simulated_on, simulated_on_of
from faktura.store.transaction import Tx


def local_today(
    tx: Tx,
    tenant: Tenant,
    *,
    customer_number: str | None = None,
    contract_number: str | None = None,
    document_number: str | None = None,
) -> date:
    """Today for the customer of that number, contract or document: the simulated day, else the local one."""
    own = simulated_on_of(
        tx,
        customer_number=customer_number,
        contract_number=contract_number,
        document_number=document_number,
    )
    return own or local_date(tx.clock, tenant.time_zone)


def today_of(tx: Tx, tenant: Tenant, customer_id: UUID) -> date:
    """Today for a customer: the simulated day, else the tenant's local one."""
    own = simulated_on(tx, customer_id) if tenant.sandbox else None
    return own or local_date(tx.clock, tenant.time_zone)


def begin(tx: Tx, tenant: Tenant, number: str, to: date) -> tuple[Customer, date]:
    """The customer, locked, and the day from which they go on to `to`, inclusive.

    Raises NotFound, TransitionRefused outside a sandbox and for a way back, OutOfRange for more than two
    years at once.
    """
    customer = _locked(tx, tenant, number)
    today = local_date(tx.clock, tenant.time_zone)
    first = simulated_on(tx, customer.id) or today
    if to < first:
        raise OutOfRange(
            f"{to} is before {first}, where the customer stands",
            place="date",
            mend="Time goes forward only: take the simulated date back, or go further",
        )
    check_run_date(to, first, field="date")
    return customer, first


def reach(tx: Tx, customer_id: UUID, on: date) -> bool:
    """Put the customer onto that day; whether nobody was further meanwhile."""
    return set_simulated(tx, customer_id, on)


def take_back(tx: Tx, tenant: Tenant, number: str) -> Customer:
    """The customer lives on the real day again; what was issued stays issued. Raises as `begin`."""
    customer = _locked(tx, tenant, number)
    set_simulated(tx, customer.id, None)
    return customer


def plan_dunning_of(tx: Tx, tenant: Tenant, customer_id: UUID, on: date) -> list[UUID]:
    """The dunning runs to finish so that the customer is dunned on that day, where it runs by itself."""
    if not tenant.dunning.by_itself:
        return []
    lock_plan(tx, on)
    cut_off = run_of_day(tx, on, RunState.RUNNING)
    runs = [] if cut_off is None else [cut_off.id]
    if not tenant.dunning.levels:
        return runs
    found = dunning_chunks(overdue_documents(tx, on, customer_id))
    if found.chunks:
        ensure_numbers(tx)
        run = DunningRun(tx.new_id(), on, tenant.dunning, found.customers)
        write_run(tx, run, found.input_hash, found.chunks)
        runs.append(run.id)
    return runs


def _locked(tx: Tx, tenant: Tenant, number: str) -> Customer:
    customer = read_customer(tx, number)
    if not tenant.sandbox:
        raise TransitionRefused(
            "only a customer of a sandbox can live on a day of their own",
            place="customerNumber",
            mend="Create one with: faktura tenants create KEY --sandbox",
        )
    lock_customers(tx, [customer.id])
    return customer
