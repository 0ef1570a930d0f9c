"""What the process documentation tells of a tenant's live configuration (GoBD, Verfahrensdokumentation)."""

from collections.abc import Sequence
from dataclasses import dataclass

from faktura.domain.api_keys import ApiKey
from faktura.domain.audit_pack import Head
from faktura.domain.bank_accounts import BankAccount
from faktura.domain.tenants import Tenant
from faktura.services.audit_packs import chain_head_of
from faktura.services.ledger_accounts import KnownAccount, all_accounts
from faktura.services.posting import AccountSetting, account_settings
from faktura.services.users import all_users
from faktura.store.api_keys import read_keys
from faktura.store.bank_accounts import read_bank_accounts
from faktura.store.exports import StoredBatch, list_batches
from faktura.store.numbers import RangeFormat, ranges
from faktura.store.period_locks import PeriodLock, read_locks
from faktura.store.tenants import read_tenant
from faktura.store.transaction import Tx

# The latest of each target tell how handing over is done.
_BATCHES = 200


@dataclass(frozen=True, slots=True)
class Member:
    """A person who may sign in to the tenant's pages, and whether they still may."""

    email: str
    name: str
    is_active: bool


@dataclass(frozen=True, slots=True)
class ProcessFacts:
    """The tenant's part of the documentation, read at one moment."""

    tenant: Tenant
    accounts: Sequence[KnownAccount]
    settings: Sequence[AccountSetting]
    banks: Sequence[BankAccount]
    ranges: Sequence[RangeFormat]
    members: Sequence[Member]
    keys: Sequence[ApiKey]
    locks: Sequence[PeriodLock]
    batches: Sequence[StoredBatch]
    head: Head


def process_facts(tx: Tx) -> ProcessFacts:
    """Everything the documentation names of the tenant; no secret is among it."""
    tenant = read_tenant(tx)
    return ProcessFacts(
        tenant,
        all_accounts(tx),
        account_settings(tx),
        read_bank_accounts(tx),
        ranges(tx),
        _members(tx, tenant.key),
        read_keys(tx),
        read_locks(tx),
        list_batches(tx, limit=_BATCHES),
        chain_head_of(tx, tenant),
    )


def _members(tx: Tx, key: str) -> list[Member]:
    return [
        Member(entry.user.email, entry.user.name, entry.user.disabled_at is None)
        for entry in all_users(tx)
        if key in entry.tenants
    ]
