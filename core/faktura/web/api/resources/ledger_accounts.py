"""Ledger accounts with their names, and which of them postings use (F106)."""

from typing import Self

from pydantic import Field

from faktura.domain.api_keys import Scope
from faktura.services.imports.checks import Fields
from faktura.services.imports.text_fields import Filled, LedgerAccount
from faktura.services.ledger_accounts import (
    KnownAccount,
    add_account,
    known_account,
    known_accounts,
    rename_account,
)
from faktura.services.posting import AccountSetting, Completed, account_settings, set_account
from faktura.store.tenants import lock_tenant
from faktura.web.api.call import Call, Nothing
from faktura.web.api.operation import Resource
from faktura.web.api.patches import Patch, patch_of
from faktura.web.api.replies import Answer, Created, Page

LEDGER_ACCOUNTS = Resource("LedgerAccounts", "The accounts of the books, by number.")
ACCOUNT_KEYS = Resource("AccountKeys", "Which account each kind of posting uses.")

_ONE = "/LedgerAccounts/{ledgerAccount}"


class LedgerAccountFields(Fields):
    """An account beyond those of the chart."""

    number: LedgerAccount = Field(description="As many digits as the other accounts have.")
    name: Filled = Field(description="What it is called.")


class LedgerAccountAnswer(Answer):
    """A ledger account."""

    number: str = Field(description="Its number.")
    name: str = Field(description="What it is called; may be empty.")
    source: str = Field(description="Who knows it: own, the chart, tenant, product group, bank.")

    @classmethod
    def of(cls, account: KnownAccount) -> Self:
        """The answer."""
        return cls(number=account.number, name=account.name, source=account.source)


class AccountKeyFields(Fields):
    """The account of a key."""

    key: Filled = Field(
        description="SLOT:CASE:RATE:COUNTRY, as far as it matters, e.g. VAT:STANDARD:19;"
        " REVENUE@GROUP:CASE:RATE:COUNTRY; BANK:<iban>."
    )
    account: LedgerAccount = Field(description="The ledger account.")


class AccountKeyAnswer(Answer):
    """An account key."""

    key: str = Field(description="What is posted.")
    account: str | None = Field(description="Where; null: its entries wait as drafts.")
    source: str = Field(description="Who says so: the chart, tenant, bank account.")

    @classmethod
    def of(cls, setting: AccountSetting) -> Self:
        """The answer."""
        return cls(key=setting.key, account=setting.account, source=setting.source)


class CompletedAnswer(Answer):
    """What setting an account did."""

    key: str = Field(description="The key as entries write it.")
    account: str = Field(description="Its account from now on.")
    posted: int = Field(description="Entries that waited for it alone and are posted now.")
    still_waiting: int = Field(description="Entries that wait for another account as well.")

    @classmethod
    def of(cls, done: Completed) -> Self:
        """The answer."""
        return cls(
            key=done.key, account=done.account, posted=done.posted, still_waiting=done.waiting
        )


@LEDGER_ACCOUNTS.get("/LedgerAccounts", Scope.ACCOUNTING_READ)
def ledger_account_list(call: Call[Nothing, Nothing]) -> Page[LedgerAccountAnswer]:
    """All accounts that are set up, by number, on one page."""
    found = known_accounts(call.tx).values()
    return Page(data=[LedgerAccountAnswer.of(one) for one in found], next_cursor=None)


@LEDGER_ACCOUNTS.post("/LedgerAccounts", Scope.ACCOUNTING_WRITE)
def ledger_account_create(
    call: Call[Nothing, LedgerAccountFields],
) -> Created[LedgerAccountAnswer]:
    """Add an account, so that entries by hand can use it."""
    body, by = call.body, call.access.key.name
    added = add_account(call.tx, body.number, body.name, by=by)
    return Created(LedgerAccountAnswer.of(added), f"/LedgerAccounts/{added.number}")


@LEDGER_ACCOUNTS.get(_ONE, Scope.ACCOUNTING_READ, tagged=True)
def ledger_account_get(call: Call[Nothing, Nothing]) -> LedgerAccountAnswer:
    """One account."""
    return LedgerAccountAnswer.of(known_account(call.tx, call.path["ledgerAccount"]))


@LEDGER_ACCOUNTS.patch(
    _ONE,
    Scope.ACCOUNTING_WRITE,
    patch_of("LedgerAccountPatch", LedgerAccountFields, fixed={"number"}),
)
def ledger_account_update(call: Call[Nothing, Patch]) -> LedgerAccountAnswer:
    """Call an account by another name; the change is kept with who made it (GoBD)."""
    number = call.path["ledgerAccount"]
    lock_tenant(call.tx)
    present = known_account(call.tx, number)
    call.check_unchanged(LedgerAccountAnswer.of(present))
    name = call.body.values().get("name")
    if name is None:
        return LedgerAccountAnswer.of(present)
    by = call.access.key.name
    return LedgerAccountAnswer.of(rename_account(call.tx, number, str(name), by=by))


@ACCOUNT_KEYS.get("/AccountKeys", Scope.ACCOUNTING_READ)
def account_key_list(call: Call[Nothing, Nothing]) -> Page[AccountKeyAnswer]:
    """All account keys: what the chart has, what the tenant set, the bank accounts; on one page."""
    found = account_settings(call.tx)
    return Page(data=[AccountKeyAnswer.of(one) for one in found], next_cursor=None)


@ACCOUNT_KEYS.post("/AccountKeys", Scope.ACCOUNTING_WRITE)
def account_key_set(call: Call[Nothing, AccountKeyFields]) -> CompletedAnswer:
    """Set the account of a key, and post exactly the entries that waited for it (F106).

    Entries that are posted keep the account that they were posted with.
    """
    body, by = call.body, call.access.key.name
    return CompletedAnswer.of(set_account(call.tx, body.key, body.account, by=by))
