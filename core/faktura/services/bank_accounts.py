"""Bank accounts of a tenant: where statements are imported to (F099).

A ledger account that is not known yet is set later; what waited for it is then completed.
"""

import re

from faktura.domain.bank_accounts import BankAccount
from faktura.domain.events import EventType
from faktura.domain.iban import checked_iban
from faktura.kernel.bank_terms import Notifications
from faktura.kernel.errors import FieldInvalid, FieldMissing, NotFound, NumberTaken, shortened
from faktura.kernel.money import minor_digits
from faktura.kernel.terms import Slot
from faktura.services.accounting_events import accounting_event
from faktura.services.ledger_accounts import check_length
from faktura.services.outbox import announce
from faktura.services.posting import Completed, set_account
from faktura.store.bank_accounts import (
    change_notifications,
    find_bank_account,
    read_bank_accounts,
    write_bank_account,
)
from faktura.store.facts import Facts, write_facts
from faktura.store.tenants import lock_tenant
from faktura.store.transaction import Tx

_BIC = re.compile(r"[A-Z]{6}[A-Z0-9]{2}([A-Z0-9]{3})?", re.ASCII)


def add_bank_account(
    tx: Tx,
    iban: str,
    *,
    holder: str,
    bic: str | None = None,
    ledger_account: str | None = None,
    currency: str = "EUR",
) -> BankAccount:
    """Add an account; raises FieldInvalid, FieldMissing, UnknownTerm, NumberTaken."""
    if not holder.strip():
        raise FieldMissing("the account's holder is not named", place="holder")
    minor_digits(currency)
    new = BankAccount(
        tx.new_id(),
        checked_iban(iban, field="iban"),
        holder.strip(),
        currency,
        _checked_bic(bic),
        ledger_account or None,
    )
    if new.ledger_account is not None:
        check_length(tx, new.ledger_account, field="ledgerAccount")
    if find_bank_account(tx, new.iban) is not None:
        raise NumberTaken(f"there is a bank account {new.iban} already", place="iban")
    write_bank_account(tx, new)
    return new


def bank_account_of(tx: Tx, iban: str) -> BankAccount:
    """The account of that IBAN, however it is spaced; raises FieldInvalid, NotFound."""
    wanted = checked_iban(iban, field="iban")
    found = find_bank_account(tx, wanted)
    if found is None:
        known = ", ".join(account.iban for account in read_bank_accounts(tx))
        raise NotFound(
            f"there is no bank account {wanted}",
            place="account",
            mend=f"Known: {known}" if known else "Add it: faktura bank accounts add",
        )
    return found


def set_notifications(tx: Tx, iban: str, notifications: Notifications, *, by: str) -> None:
    """Say what camt.054 files are to the account from now on: details of its statements, or bookings.

    What was imported stays as it is. `by` says who sets it. Raises FieldInvalid and NotFound.
    """
    lock_tenant(tx)
    account = bank_account_of(tx, iban)
    if account.notifications is notifications:
        return
    change_notifications(tx, account.id, notifications)
    data: dict[str, object] = {
        "bankAccount": account.iban,
        "notifications": notifications,
        "old": account.notifications,
        "by": by,
    }
    told = accounting_event(tx, EventType.ACCOUNTING_CHANGED, data)
    announce(tx, write_facts(tx, Facts(events=[told])))


def set_bank_ledger(tx: Tx, iban: str, account: str, *, by: str) -> Completed:
    """Set the ledger account of a bank account, and post exactly the drafts that waited for it.

    `by` says who sets it. Raises FieldInvalid and NotFound.
    """
    return set_account(tx, f"{Slot.BANK}:{bank_account_of(tx, iban).iban}", account, by=by)


def _checked_bic(text: str | None) -> str | None:
    if not text:
        return None
    bic = text.replace(" ", "").upper()
    if not _BIC.fullmatch(bic):
        raise FieldInvalid(
            f"“{shortened(text)}” is not a BIC",
            place="bic",
            mend="Write 8 or 11 letters and digits, or leave it out",
        )
    return bic
