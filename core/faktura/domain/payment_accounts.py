"""Accounts at payment providers: what they serve, and what their adapters can do (O18)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from faktura.kernel.money import Money
from faktura.kernel.payment_terms import ProviderState
from faktura.kernel.terms import PaymentMethod


@dataclass(frozen=True, slots=True)
class PaymentAccount:
    """An account at a provider; `instance` is the key of its settings.

    `currencies` are those that it was set up for, None for all. `problem` says why it is broken or
    paused. `ledger_account` is where its money lies until it is paid out; None means the tenant's
    account for money in transit. `cursor` is how far its events were polled.
    """

    instance: str
    provider: str
    methods: frozenset[PaymentMethod]
    currencies: frozenset[str] | None = None
    state: ProviderState = ProviderState.ACTIVE
    problem: str | None = None
    ledger_account: str | None = None
    cursor: str | None = None
    polled_at: datetime | None = None

    def serves(self, method: PaymentMethod, currency: str) -> bool:
        """Whether it is set up for this method in this currency, collecting or not."""
        return method in self.methods and self.takes(currency)

    def takes(self, currency: str) -> bool:
        """Whether it is set up for this currency."""
        return self.currencies is None or currency in self.currencies


@dataclass(frozen=True, slots=True)
class AccountLimits:
    """What an account's adapter can do with its settings now.

    `minimum` and `maximum` are by currency, inclusive. `files_debits` says that its debits go to
    our bank as files: they need mandates of ours.
    """

    methods: frozenset[PaymentMethod]
    currencies: frozenset[str] | None = None
    minimum: Mapping[str, Money] = field(default_factory=dict)
    maximum: Mapping[str, Money] = field(default_factory=dict)
    takes_b2b: bool = False
    files_debits: bool = False
