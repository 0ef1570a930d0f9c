"""What an exporter reads, from the tenant's accounts and the proof that they agree."""

from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager

from faktura.domain.tenants import Tenant
from faktura.plugin import ExportSource
from faktura.services.ledger_accounts import all_accounts
from faktura.services.proof_of_accounts import receivables_of_drafts
from faktura.store.export_entries import Selection
from faktura.store.export_source import StoredSource
from faktura.store.transaction import Tx
from faktura.store.verification import account_sums


@contextmanager
def export_source(tx: Tx, tenant: Tenant, wanted: Selection) -> Iterator[ExportSource]:
    """The source of a selection; nothing of it can be read afterwards."""
    source = StoredSource(tx, tenant, wanted, lambda: _accounts(tx), lambda: accounts_amiss(tx))
    with closing(source):
        yield source


def accounts_amiss(tx: Tx) -> Mapping[tuple[str, str], int]:
    """By how much customers' accounts differ from the posted journal, by (debtor, currency).

    In minor units, nothing for accounts that agree; what waits in a draft is not posted yet.
    """
    waiting = receivables_of_drafts(tx)
    found: dict[tuple[str, str], int] = {}
    for sums in account_sums(tx):
        key = sums.debtor, sums.currency
        amiss = sums.balance - sums.receivables - waiting.get(key, 0)
        if amiss:
            found[key] = amiss
    return found


def _accounts(tx: Tx) -> Iterator[tuple[str, str]]:
    for account in all_accounts(tx):
        yield account.number, account.name
