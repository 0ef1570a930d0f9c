"""Where money lies while it is at a provider: the account's own ledger account, else money in transit."""

from faktura.domain.charts import account_of
from faktura.domain.tenants import Tenant
from faktura.kernel.terms import Slot
from faktura.store.payment_accounts import find_account
from faktura.store.transaction import Tx


def transit_account(tx: Tx, tenant: Tenant, instance: str) -> str | None:
    """The ledger account of that provider account, also of one that was removed since."""
    account = find_account(tx, instance)
    own = None if account is None else account.ledger_account
    return own or account_of(tenant.chart, tenant.accounts, Slot.TRANSIT)
