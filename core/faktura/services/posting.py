"""Setting accounts, and completing the draft entries that waited for them (F106).

A completed entry keeps its value date; it is recorded now, under the seal of this transaction.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from faktura.domain.account_keys import FIELD, checked_key, group_of, leg_account, leg_keys
from faktura.domain.charts import CHARTS
from faktura.domain.events import EventType
from faktura.domain.journal import Entry, Leg
from faktura.domain.tenants import Tenant
from faktura.kernel.errors import NotFound, shortened
from faktura.kernel.terms import Slot
from faktura.services.accounting_events import accounting_event
from faktura.services.deferrals import complete_deferrals
from faktura.services.ledger_accounts import check_length
from faktura.services.outbox import announce
from faktura.store.bank_ledger import ledger_accounts, set_ledger_account
from faktura.store.catalogue import read_product_groups
from faktura.store.facts import Facts, write_facts
from faktura.store.journal import delete_drafts, read_drafts, rewrite_draft
from faktura.store.tenants import lock_tenant, read_tenant, update_tenant
from faktura.store.transaction import Tx


@dataclass(frozen=True, slots=True)
class AccountSetting:
    """An account key with its account, and whether the tenant set it or the chart has it."""

    key: str
    account: str | None
    source: str


@dataclass(frozen=True, slots=True)
class Completed:
    """What setting an account did: entries posted, drafts that still wait for another account."""

    key: str
    account: str
    posted: int
    waiting: int


def set_account(tx: Tx, key: str, account: str, *, by: str = "") -> Completed:
    """Set an account and post exactly the drafts that missed it, under one seal.

    `key` is as in domain/account_keys.py, `by` says who sets it. Raises FieldInvalid, UnknownTerm or
    NotFound and changes nothing then.
    """
    tenant = lock_tenant(tx)
    check_length(tx, account, field="account")
    key = _known_key(tx, key)
    iban = _iban(key)
    old = tenant.accounts.get(key) if iban is None else ledger_accounts(tx).get(iban)
    if iban is None:
        tenant = replace(tenant, accounts={**tenant.accounts, key: account})
        update_tenant(tx, tenant)
    elif not set_ledger_account(tx, iban, account):
        raise NotFound(
            f"there is no bank account {iban}",
            place=FIELD,
            mend="Add the bank account first",
        )
    complete_deferrals(tx, tenant)
    told: dict[str, object] = {"accountKey": key, "old": old, "new": account, "by": by}
    return _complete(tx, tenant, told)


def account_settings(tx: Tx) -> list[AccountSetting]:
    """All account keys: what the chart has, what the tenant set, and the bank accounts."""
    tenant = read_tenant(tx)
    chart = CHARTS[tenant.chart]
    keys = sorted({*chart, *tenant.accounts})
    settings = [
        AccountSetting(key, tenant.accounts[key], "tenant")
        if key in tenant.accounts
        else AccountSetting(key, chart[key], tenant.chart.value)
        for key in keys
    ]
    banks = [
        AccountSetting(f"{Slot.BANK}:{iban}", account, "bank account")
        for iban, account in sorted(ledger_accounts(tx).items())
    ]
    return [*settings, *banks]


def _known_key(tx: Tx, text: str) -> str:
    """The key as drafts write it; raises NotFound for a product group that there is not."""
    key = checked_key(text)
    group = group_of(key)
    if group is not None and group not in (known := read_product_groups(tx)):
        raise NotFound(
            f"there is no product group {group}",
            place=FIELD,
            mend=f"Known: {shortened(', '.join(sorted(known)) or 'none')}",
        )
    return key


def _iban(key: str) -> str | None:
    slot, _, rest = key.partition(":")
    return rest if slot == Slot.BANK else None


def _complete(tx: Tx, tenant: Tenant, told: dict[str, object]) -> Completed:
    """Post what is complete now, and tell of the change under the same seal."""
    key, account = str(told["accountKey"]), str(told["new"])
    banks = ledger_accounts(tx)
    facts = Facts()
    if told["old"] != account:
        facts.events.append(accounting_event(tx, EventType.ACCOUNTING_CHANGED, told))
    waiting: list[Entry] = []
    # In the order in which they came: what takes an entry back stands behind it.
    for draft in sorted(read_drafts(tx), key=lambda one: one.since):
        if not any(leg.account is None and key in leg_keys(leg) for leg in draft.entry.legs):
            continue
        entry = _filled(draft.entry, tenant, banks)
        (waiting if entry.missing else facts.entries).append(entry)
    delete_drafts(tx, [entry.key for entry in facts.entries])
    for entry in waiting:
        rewrite_draft(tx, entry)
    if facts.entries or facts.events:
        seal = write_facts(tx, facts)
        if facts.events:
            announce(tx, seal)
    return Completed(key, account, len(facts.entries), len(waiting))


def _filled(entry: Entry, tenant: Tenant, banks: Mapping[str, str | None]) -> Entry:
    return replace(entry, legs=tuple(_resolved(leg, tenant, banks) for leg in entry.legs))


def _resolved(leg: Leg, tenant: Tenant, banks: Mapping[str, str | None]) -> Leg:
    if leg.account is not None:
        return leg
    if leg.bank_iban is not None:
        return replace(leg, account=banks.get(leg.bank_iban))
    return replace(leg, account=leg_account(tenant.chart, tenant.accounts, leg))
