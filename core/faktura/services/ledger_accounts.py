"""The ledger accounts that a tenant knows, with their names; whoever changes one is kept (GoBD)."""

import re
from dataclasses import dataclass
from typing import Final

from faktura.domain.account_names import standard_name
from faktura.domain.charts import CHARTS
from faktura.domain.events import EventType
from faktura.domain.tenants import Tenant
from faktura.kernel.errors import FieldInvalid, FieldMissing, NotFound, NumberTaken, shortened
from faktura.services.accounting_events import accounting_event
from faktura.services.imports.text_fields import checked_line
from faktura.services.outbox import announce
from faktura.store.facts import Facts, write_facts
from faktura.store.ledger_accounts import (
    accounts_of_banks,
    accounts_of_groups,
    posted_accounts,
    read_named_accounts,
    write_named_account,
)
from faktura.store.ledger_accounts import rename_account as write_name
from faktura.store.numbers import DEBTOR, ranges
from faktura.store.tenants import lock_tenant, read_tenant
from faktura.store.transaction import Tx

OWN: Final = "own"
_ACCOUNT = re.compile(r"[0-9]{3,9}", re.ASCII)


@dataclass(frozen=True, slots=True)
class KnownAccount:
    """A ledger account; `name` is empty where nobody gave it one.

    `source` says who knows it: `own` for those people added, the chart, `tenant` for account keys,
    `product group`, `bank account`, or `journal` where it was only posted to.
    """

    number: str
    name: str
    source: str


def known_accounts(tx: Tx) -> dict[str, KnownAccount]:
    """All accounts that are set up, by number; those that were only posted to are not among them."""
    tenant = read_tenant(tx)
    groups, banks = accounts_of_groups(tx), accounts_of_banks(tx)
    named = {
        OWN: read_named_accounts(tx),
        "tenant": dict.fromkeys(tenant.accounts.values(), ""),
        tenant.chart.value: dict.fromkeys(CHARTS[tenant.chart].values(), ""),
        "product group": {number: f"Erlöse {name}" for number, name in groups.items()},
        "bank account": {number: f"Bank {iban}" for number, iban in banks.items()},
    }
    found: dict[str, KnownAccount] = {}
    # Who comes first says where an account is from; it may be another one who has a name for it.
    for source, accounts in named.items():
        for number, name in accounts.items():
            before = found.get(number)
            called = (before.name if before else "") or _name(tenant, source, number, name)
            found[number] = KnownAccount(number, called, before.source if before else source)
    return dict(sorted(found.items()))


def _name(tenant: Tenant, source: str, number: str, name: str) -> str:
    return name if source == OWN else standard_name(tenant.chart, number) or name


def all_accounts(tx: Tx) -> list[KnownAccount]:
    """All accounts that are set up or were ever posted to, by number; reads the whole journal."""
    tenant, found = read_tenant(tx), known_accounts(tx)
    for number in posted_accounts(tx):
        if number not in found:
            found[number] = KnownAccount(number, standard_name(tenant.chart, number), "journal")
    return sorted(found.values(), key=lambda one: one.number)


def account_length(tx: Tx) -> int:
    """How many digits a ledger account has: one less than a personal account (DATEV)."""
    debtors = [one for one in ranges(tx) if one.name == DEBTOR]
    return len(debtors[-1].format.write(debtors[-1].next)) - 1


def check_length(tx: Tx, number: str, *, field: str) -> None:
    """Raise FieldInvalid where the number cannot be that of a ledger account."""
    check_digits(number, account_length(tx), field=field)


def check_digits(number: str, length: int, *, field: str) -> None:
    """Raise FieldInvalid for a number that has not the digits of a ledger account."""
    if not _ACCOUNT.fullmatch(number):
        raise FieldInvalid(
            f"“{shortened(number)}” is not a ledger account",
            place=field,
            mend="Write digits only, those in front that are 0 as well",
        )
    if len(number) == length + 1:
        raise FieldInvalid(
            f"{number} is a personal account",
            place=field,
            mend="Customers' accounts move by invoices, payments and write-offs alone",
        )
    if len(number) != length:
        raise FieldInvalid(
            f"{number} has {len(number)} digits, a ledger account has {length}",
            place=field,
            mend="It is one less than debtor accounts have; write those in front that are 0",
        )


def add_account(tx: Tx, number: str, name: str, *, by: str) -> KnownAccount:
    """Add an account that people post to by hand; raises FieldInvalid, FieldMissing, NumberTaken."""
    lock_tenant(tx)
    check_length(tx, number, field="number")
    called = _checked_name(name)
    before = known_accounts(tx).get(number)
    if before is not None:
        raise NumberTaken(
            f"there is an account {number} already{before.name and f': {before.name}'}",
            place="number",
            mend=f"Give it another name: faktura accounting accounts rename {number} NAME",
        )
    write_named_account(tx, number, called)
    _tell(tx, number, None, called, by)
    return KnownAccount(number, called, OWN)


def rename_account(tx: Tx, number: str, name: str, *, by: str) -> KnownAccount:
    """Give an account its name; one of the chart or of a setting gets one of its own.

    Raises NotFound for an account that nobody set up, and FieldMissing.
    """
    lock_tenant(tx)
    known, called = known_account(tx, number), _checked_name(name)
    if known.source != OWN:
        write_named_account(tx, number, called)
    elif called != known.name:
        write_name(tx, number, called)
    if called != known.name:
        _tell(tx, number, known.name, called, by)
    return KnownAccount(number, called, OWN)


def known_account(tx: Tx, number: str) -> KnownAccount:
    """The account of that number that is set up; raises NotFound."""
    found = known_accounts(tx).get(number)
    if found is None:
        raise NotFound(
            f"there is no account {shortened(number)}",
            place="number",
            mend=f"Add it: faktura accounting accounts add {shortened(number)} NAME",
        )
    return found


def _checked_name(name: str) -> str:
    called = checked_line(name)
    if not called:
        raise FieldMissing("the account has no name", place="name")
    return called


def _tell(tx: Tx, number: str, old: str | None, new: str, by: str) -> None:
    data: dict[str, object] = {"accountName": number, "old": old, "new": new, "by": by}
    told = accounting_event(tx, EventType.ACCOUNTING_CHANGED, data)
    announce(tx, write_facts(tx, Facts(events=[told])))
