"""The books as a whole: the trial balance, and entries that wait for an account (F106)."""

from typing import Self

from pydantic import Field

from faktura.domain.api_keys import Scope
from faktura.kernel.terms import EntryKind
from faktura.services.balances import TrialBalance, trial_balances
from faktura.services.imports.checks import Fields
from faktura.services.imports.value_fields import Day as GivenDay
from faktura.services.ledger_accounts import KnownAccount, known_accounts
from faktura.store.journal import DraftEntry, read_drafts
from faktura.web.api.call import Call, Nothing
from faktura.web.api.cursors import Paged, cursor_of
from faktura.web.api.operation import Resource
from faktura.web.api.replies import Answer, Page, page
from faktura.web.api.shapes import AmountText, Currency, Day, Moment

TRIAL_BALANCE = Resource("TrialBalance", "What stands on each account; the sums are equal.")
ACCOUNTING_DRAFTS = Resource("AccountingDrafts", "Entries that wait for an account.")


class TrialBalanceQuery(Fields):
    """Which days, by accounting date."""

    from_: GivenDay | None = Field(
        default=None, alias="from", description="The first day; what lies before is the opening."
    )
    until: GivenDay | None = Field(default=None, description="The last day, inclusive.")


class AccountTotalsAnswer(Answer):
    """An account between two days."""

    account: str = Field(description="The ledger account.")
    name: str = Field(description="Its name; empty where it has none.")
    opening: AmountText = Field(description="Its balance before; debits are positive.")
    debit: AmountText = Field(description="Debits of the days.")
    credit: AmountText = Field(description="Credits of the days.")
    balance: AmountText = Field(description="Its balance at the end.")


class CurrencyBalanceAnswer(Answer):
    """The accounts of one currency, and their equal sums."""

    currency: Currency
    debit: AmountText = Field(description="All debits of the days.")
    credit: AmountText = Field(description="All credits of the days.")
    accounts: tuple[AccountTotalsAnswer, ...] = Field(description="By number.")

    @classmethod
    def of(cls, balance: TrialBalance, known: dict[str, KnownAccount]) -> Self:
        """The answer."""
        return cls(
            currency=balance.currency,
            debit=balance.debit,
            credit=balance.credit,
            accounts=tuple(
                AccountTotalsAnswer(
                    account=row.account,
                    name=known[row.account].name if row.account in known else "",
                    opening=row.opening,
                    debit=row.debit,
                    credit=row.credit,
                    balance=row.balance,
                )
                for row in balance.accounts
            ),
        )


class TrialBalanceAnswer(Answer):
    """What stands on each account."""

    balances: tuple[CurrencyBalanceAnswer, ...] = Field(description="One for each currency.")


class AccountingDraftAnswer(Answer):
    """An entry that is posted as soon as its accounts are set."""

    key: str = Field(description="The entry's key.")
    kind: EntryKind
    value_date: Day = Field(description="The day of the fact; it stays.")
    currency: Currency
    text: str = Field(description="What is booked.")
    missing: tuple[str, ...] = Field(description="The account keys to set.")
    since: Moment = Field(description="Since when it waits.")

    @classmethod
    def of(cls, draft: DraftEntry) -> Self:
        """The answer."""
        entry = draft.entry
        return cls(
            key=draft.key,
            kind=entry.kind,
            value_date=entry.value_date,
            currency=entry.currency,
            text=entry.text,
            missing=draft.missing,
            since=draft.since,
        )


@TRIAL_BALANCE.get("/TrialBalance", Scope.ACCOUNTING_READ)
def trial_balance_get(call: Call[TrialBalanceQuery, Nothing]) -> TrialBalanceAnswer:
    """Opening, debits, credits and balance of every account, by accounting date."""
    found = trial_balances(call.tx, call.query.until, start=call.query.from_)
    known = known_accounts(call.tx)
    return TrialBalanceAnswer(balances=tuple(CurrencyBalanceAnswer.of(one, known) for one in found))


@ACCOUNTING_DRAFTS.get("/AccountingDrafts", Scope.ACCOUNTING_READ)
def accounting_draft_list(call: Call[Paged, Nothing]) -> Page[AccountingDraftAnswer]:
    """Entries that miss an account, by key, a page at a time."""
    query = call.query
    found = list(read_drafts(call.tx, after=query.after(), limit=query.limit + 1))
    return page(found, query.limit, lambda one: cursor_of(one.key), AccountingDraftAnswer.of)
