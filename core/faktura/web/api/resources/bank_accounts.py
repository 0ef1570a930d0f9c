"""Bank accounts: add them, tell their ledger account (F099, F106)."""

from typing import Annotated

from pydantic import Field

from faktura.domain.api_keys import Scope
from faktura.kernel.bank_terms import Notifications
from faktura.services.bank_accounts import (
    add_bank_account,
    bank_account_of,
    set_bank_ledger,
    set_notifications,
)
from faktura.services.imports.checks import Fields
from faktura.services.imports.text_fields import Currency, Filled, Iban, LedgerAccount, Line
from faktura.services.imports.value_fields import as_word
from faktura.store.bank_accounts import read_bank_accounts
from faktura.store.tenants import lock_tenant
from faktura.web.api.call import Call, Nothing
from faktura.web.api.operation import Resource
from faktura.web.api.patches import Patch, patch_of
from faktura.web.api.replies import Created, Page
from faktura.web.api.resources.bank_account_answers import BankAccountAnswer

BANK_ACCOUNTS = Resource("BankAccounts", "The tenant's own accounts, of all its projects.")

NotificationsWord = Annotated[Notifications, as_word(Notifications)]

_ONE = "/BankAccounts/{iban}"


class BankAccountFields(Fields):
    """A bank account."""

    iban: Iban = Field(description="The account's IBAN, with or without blanks.")
    holder: Filled = Field(description="Whose account it is.")
    bic: Line | None = Field(default=None, description="The bank's BIC.")
    ledger_account: LedgerAccount | None = Field(
        default=None, description="Its account in accounting; may be told later."
    )
    currency: Currency = Field(default="EUR", description="ISO 4217 code.")
    notifications: NotificationsWord = Field(
        default=Notifications.DETAILS,
        description="What camt.054 files are: DETAILS of its statements, or BOOKINGS, the only ones.",
    )


class BankLedgerFields(Fields):
    """What changes of a bank account."""

    ledger_account: LedgerAccount = Field(description="Its account in accounting: 3 to 9 digits.")
    notifications: NotificationsWord = Field(
        description="What camt.054 files are: DETAILS of its statements, or BOOKINGS, the only ones."
    )


@BANK_ACCOUNTS.get("/BankAccounts", Scope.BANK_READ)
def bank_account_list(call: Call[Nothing, Nothing]) -> Page[BankAccountAnswer]:
    """All bank accounts, by IBAN, on one page."""
    found = read_bank_accounts(call.tx)
    return Page(data=[BankAccountAnswer.of(account) for account in found], next_cursor=None)


@BANK_ACCOUNTS.post("/BankAccounts", Scope.BANK_WRITE)
def bank_account_create(call: Call[Nothing, BankAccountFields]) -> Created[BankAccountAnswer]:
    """Add a bank account; statements can be imported to it from now on."""
    given = call.body
    new = add_bank_account(
        call.tx,
        given.iban,
        holder=given.holder,
        bic=given.bic,
        ledger_account=given.ledger_account,
        currency=given.currency,
    )
    set_notifications(call.tx, new.iban, given.notifications, by=call.access.key.name)
    added = bank_account_of(call.tx, new.iban)
    return Created(BankAccountAnswer.of(added), f"/BankAccounts/{new.iban}")


@BANK_ACCOUNTS.get(_ONE, Scope.BANK_READ, tagged=True)
def bank_account_get(call: Call[Nothing, Nothing]) -> BankAccountAnswer:
    """One bank account."""
    return BankAccountAnswer.of(bank_account_of(call.tx, call.path["iban"]))


@BANK_ACCOUNTS.patch(_ONE, Scope.BANK_WRITE, patch_of("BankAccountPatch", BankLedgerFields))
def bank_account_update(call: Call[Nothing, Patch]) -> BankAccountAnswer:
    """Tell or change the ledger account; what waited for it in accounting is posted (F106).

    Entries that are posted keep the account that they were posted with.
    """
    iban = call.path["iban"]
    # Whoever sets an account of the books waits here, so that what is compared stays as it is.
    lock_tenant(call.tx)
    call.check_unchanged(_answer(call, iban))
    wanted, by = call.body.values(), call.access.key.name
    if "ledgerAccount" in wanted:
        set_bank_ledger(call.tx, iban, str(wanted["ledgerAccount"]), by=by)
    if "notifications" in wanted:
        set_notifications(call.tx, iban, Notifications(str(wanted["notifications"])), by=by)
    return _answer(call, iban)


def _answer(call: Call[Nothing, Patch], iban: str) -> BankAccountAnswer:
    return BankAccountAnswer.of(bank_account_of(call.tx, iban))
