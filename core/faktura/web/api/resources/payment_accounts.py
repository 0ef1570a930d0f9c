"""Accounts at payment providers: looked at, paused; they are set up on the machine itself."""

from typing import Self

from pydantic import Field

from faktura.domain.api_keys import Scope
from faktura.domain.payment_accounts import PaymentAccount
from faktura.kernel.payment_terms import ProviderState
from faktura.kernel.terms import PaymentMethod
from faktura.services.imports.mandate_fields import WithdrawnFields
from faktura.services.payment_accounts import pause_account
from faktura.store.payment_accounts import account_of, list_accounts
from faktura.web.api.call import Call, Nothing
from faktura.web.api.operation import Resource
from faktura.web.api.replies import Answer, Page

PAYMENT_ACCOUNTS = Resource(
    "PaymentAccounts", "Accounts at payment providers that collect, for all projects."
)

_ONE = "/PaymentAccounts/{account}"


class PaymentAccountAnswer(Answer):
    """An account at a payment provider."""

    account: str = Field(description="The key of its settings, and in its webhooks' address.")
    provider: str = Field(description="Whose account it is.")
    methods: tuple[PaymentMethod, ...] = Field(description="What it collects by.")
    currencies: tuple[str, ...] | None = Field(description="What it is for; null: all.")
    state: ProviderState = Field(
        description="PAUSED by a person; BROKEN: the provider does not take our key."
    )
    problem: str | None = Field(description="Why it does not collect.")
    ledger_account: str | None = Field(
        description="Where its money lies until it is paid out; null: the account TRANSIT."
    )

    @classmethod
    def of(cls, account: PaymentAccount) -> Self:
        """The answer."""
        currencies = account.currencies
        return cls(
            account=account.instance,
            provider=account.provider,
            methods=tuple(sorted(account.methods)),
            currencies=None if currencies is None else tuple(sorted(currencies)),
            state=account.state,
            problem=account.problem,
            ledger_account=account.ledger_account,
        )


@PAYMENT_ACCOUNTS.get("/PaymentAccounts", Scope.BANK_READ)
def payment_account_list(call: Call[Nothing, Nothing]) -> Page[PaymentAccountAnswer]:
    """All accounts, by key, on one page."""
    found = list_accounts(call.tx)
    return Page(data=[PaymentAccountAnswer.of(one) for one in found], next_cursor=None)


@PAYMENT_ACCOUNTS.get(_ONE, Scope.BANK_READ)
def payment_account_get(call: Call[Nothing, Nothing]) -> PaymentAccountAnswer:
    """One account."""
    return PaymentAccountAnswer.of(account_of(call.tx, call.path["account"]))


@PAYMENT_ACCOUNTS.post(f"{_ONE}/pause", Scope.BANK_WRITE)
def payment_account_pause(call: Call[Nothing, WithdrawnFields]) -> PaymentAccountAnswer:
    """Collect nothing over it until it is resumed on the machine; what is under way goes on."""
    paused = pause_account(call.tx, call.path["account"], call.body.reason)
    return PaymentAccountAnswer.of(paused)
