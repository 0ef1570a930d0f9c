"""What is found out about a tenant that was there before it is lived on."""

from collections.abc import Mapping
from datetime import date

from typing_extensions import override

from faktura.domain.tenants import Tenant
from faktura.kernel.terms import ContractState
from faktura.plugin import StateStore
from faktura.services.bank_accounts import add_bank_account
from faktura.store.bank_accounts import read_bank_accounts
from faktura.store.contract_overview import ContractFilter, find_contracts
from faktura.store.database import Database
from faktura.store.payment_accounts import list_accounts
from faktura.testing.simulation.company import add_accounts
from faktura.testing.simulation.wishes import Calendar, Life

_A_PAGE = 1_000
_LEDGER_ACCOUNT = "1200"
_RUNNING = (ContractState.ACTIVE,)


class NoState(StateStore):
    """The state of an adapter that keeps none."""

    @override
    def get(self, key: str) -> object | None:
        """Nothing."""
        return None

    @override
    def put(self, key: str, value: Mapping[str, object]) -> None:
        """Nothing is kept."""


def prepared(database: Database, tenant: Tenant) -> Tenant:
    """See that the tenant has a bank account and somebody who collects."""
    with database.write(tenant.id) as tx:
        known = {one.iban for one in read_bank_accounts(tx)}
        if tenant.seller.iban and tenant.seller.iban not in known:
            add_bank_account(
                tx,
                tenant.seller.iban,
                holder=tenant.seller.legal_name,
                ledger_account=_LEDGER_ACCOUNT,
            )
        if not list_accounts(tx) and tenant.seller.creditor_id:
            add_accounts(tx)
    return tenant


def known_contracts(database: Database, tenant: Tenant, calendar: Calendar, today: date) -> None:
    """Put the contracts that run into the calendar."""
    after = None
    while True:
        with database.read(tenant.id) as tx:
            page = find_contracts(tx, ContractFilter(states=_RUNNING), after=after, limit=_A_PAGE)
        for one in page:
            interval = one.contract.interval
            calendar.add(Life(one.contract.number, interval.unit.value, interval.count), today)
        if len(page) < _A_PAGE:
            return
        after = page[-1].contract.number
