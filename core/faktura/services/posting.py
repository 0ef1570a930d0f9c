"""Setting accounts, and completing the draft entries that waited for them (F106).

A completed entry keeps its value date; it is recorded now, under the seal of this transaction.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from faktura.domain.charts import CHARTS, account_of
from faktura.domain.journal import Entry, Leg
from faktura.domain.tenants import Tenant
from faktura.kernel.decimals import decimal_from_text
from faktura.kernel.errors import FieldInvalid, NotFound, shortened
from faktura.kernel.terms import Slot, TaxCase, term
from faktura.store.bank_ledger import ledger_accounts, set_ledger_account
from faktura.store.facts import Facts, write_facts
from faktura.store.journal import delete_drafts, read_drafts, rewrite_draft
from faktura.store.tenants import lock_tenant, read_tenant, update_tenant
from faktura.store.transaction import Tx

_ACCOUNT = re.compile(r"[0-9]{3,9}", re.ASCII)
_FIELD = "field account key"


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


def set_account(tx: Tx, key: str, account: str) -> Completed:
    """Set an account and post exactly the drafts that missed it, under one seal.

    `key` is `SLOT`, `SLOT:CASE`, `SLOT:CASE:RATE` or `BANK:<iban>`. Raises FieldInvalid,
    UnknownTerm or NotFound and changes nothing then.
    """
    if not _ACCOUNT.fullmatch(account):
        raise FieldInvalid(
            f"“{shortened(account)}” is not a ledger account",
            place="field account",
            mend="Write 3 to 9 digits",
        )
    tenant = lock_tenant(tx)
    key = _checked_key(key)
    iban = _iban(key)
    if iban is None:
        tenant = replace(tenant, accounts={**tenant.accounts, key: account})
        update_tenant(tx, tenant)
    elif not set_ledger_account(tx, iban, account):
        raise NotFound(
            f"there is no bank account {iban}",
            place=_FIELD,
            mend="Add the bank account first",
        )
    return _complete(tx, tenant, key, account)


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


def _checked_key(key: str) -> str:
    """The key as drafts write it: `VAT:STANDARD:16.0` is `VAT:STANDARD:16`."""
    slot, _, rest = key.partition(":")
    if term(Slot, slot, field=_FIELD) is Slot.BANK:
        iban = rest.replace(" ", "").upper()
        if not iban:
            raise FieldInvalid("a bank account is missing", place=_FIELD, mend="Write BANK:<iban>")
        return f"{slot}:{iban}"
    if not rest:
        return slot
    case, _, rate = rest.partition(":")
    term(TaxCase, case, field=_FIELD)
    if not rate:
        return f"{slot}:{case}"
    return f"{slot}:{case}:{decimal_from_text(rate, field=_FIELD).normalize():f}"


def _iban(key: str) -> str | None:
    slot, _, rest = key.partition(":")
    return rest if slot == Slot.BANK else None


def _complete(tx: Tx, tenant: Tenant, key: str, account: str) -> Completed:
    banks = ledger_accounts(tx)
    facts = Facts()
    waiting: list[Entry] = []
    for draft in read_drafts(tx):
        if not any(missed == key or missed.startswith(f"{key}:") for missed in draft.missing):
            continue
        entry = _filled(draft.entry, tenant, banks)
        (waiting if entry.missing else facts.entries).append(entry)
    delete_drafts(tx, [entry.key for entry in facts.entries])
    for entry in waiting:
        rewrite_draft(tx, entry)
    if facts.entries:
        write_facts(tx, facts)
    return Completed(key, account, len(facts.entries), len(waiting))


def _filled(entry: Entry, tenant: Tenant, banks: Mapping[str, str | None]) -> Entry:
    return replace(entry, legs=tuple(_resolved(leg, tenant, banks) for leg in entry.legs))


def _resolved(leg: Leg, tenant: Tenant, banks: Mapping[str, str | None]) -> Leg:
    if leg.account is not None:
        return leg
    if leg.bank_iban is not None:
        return replace(leg, account=banks.get(leg.bank_iban))
    account = account_of(tenant.chart, tenant.accounts, leg.slot, leg.tax_case, leg.tax_rate)
    return replace(leg, account=account)
