"""What DATEV does by itself on an account: automatic VAT, tax keys, VAT accounts.

Clients may change the function of an account individually; their adviser knows. So the lists are
data, and a client's own functions override them.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import NamedTuple

from faktura.kernel.errors import ExportRefused
from faktura.kernel.rounding import round_ratio
from faktura.kernel.terms import Chart
from faktura_datev.automatic_accounts import (
    FREE,
    REDUCED,
    STANDARD,
    STANDARD_FUNCTIONS,
    Automatic,
)

NO_KEY = ""
LIFT_KEY = "0040"
"""Lifts the automatic function: the amount is posted without VAT."""

_HISTORIC = Decimal(16)

TAX_KEYS: Mapping[Decimal, str] = {REDUCED: "0002", STANDARD: "0003", _HISTORIC: "0005"}
"""Output VAT by rate, for accounts without an automatic function."""

INPUT_KEYS: Mapping[Decimal, str] = {REDUCED: "0008", STANDARD: "0009", _HISTORIC: "0007"}
"""Input VAT by rate: what we are billed, or bill ourselves for a partner (§ 14 (2) UStG)."""

INPUT_ACCOUNTS: Mapping[Chart, Mapping[Decimal, str]] = {
    Chart.SKR03: {REDUCED: "1571", STANDARD: "1576"},
    Chart.SKR04: {REDUCED: "1401", STANDARD: "1406"},
    Chart.OWN: {},
}
"""Where DATEV collects the input VAT."""

VAT_ACCOUNTS: Mapping[Chart, Mapping[Decimal, str]] = {
    Chart.SKR03: {REDUCED: "1771", STANDARD: "1776"},
    Chart.SKR04: {REDUCED: "3801", STANDARD: "3806"},
    Chart.OWN: {},
}
"""Where DATEV collects the output VAT; these accounts are never posted to directly."""

# Revenue taxed in another EU country (§ 18j UStG) -> where its VAT is collected.
_OSS_ACCOUNTS: Mapping[Chart, Mapping[str, str]] = {
    Chart.SKR03: {"8320": "1767", "8331": "1768"},
    Chart.SKR04: {"4320": "3817", "4331": "3818"},
    Chart.OWN: {},
}

# Debtors stand for the collective account of receivables.
_COLLECTIVE: Mapping[Chart, frozenset[str]] = {
    Chart.SKR03: frozenset({"1400"}),
    Chart.SKR04: frozenset({"1200"}),
    Chart.OWN: frozenset(),
}

CHART_CODES: Mapping[Chart, str] = {Chart.SKR03: "03", Chart.SKR04: "04", Chart.OWN: ""}
"""Header field 27; empty for a chart that is the client's own."""

# Accounts whose turnover belongs into the recapitulative statement: § 18a UStG.
STATEMENT_ACCOUNTS: Mapping[Chart, frozenset[str]] = {
    Chart.SKR03: frozenset({"8125", "8336"}),
    Chart.SKR04: frozenset({"4125", "4336"}),
    Chart.OWN: frozenset(),
}

_BASE_LENGTH = 4
_PER_CENT = 100


class Tax(NamedTuple):
    """How an amount is taxed: rate in per cent, the account its VAT is collected on.

    `country` is filled for VAT of another EU country (OSS) only.
    """

    rate: Decimal
    account: str = ""
    country: str = ""
    is_input: bool = False


UNTAXED = Tax(FREE)


@dataclass(frozen=True, slots=True)
class Functions:
    """The functions of one client's accounts: the chart's, overridden by the client's own.

    `own` maps an account of the client's full length to its rate, or to None for "no function";
    `vat` and `input_vat` map rates to the accounts their VAT is collected on, `oss` revenue
    accounts to theirs. `oss_key` is the tax key of OSS, empty if nobody told. `direct` are accounts
    DATEV collects on that the adviser wants to have posted to all the same; over `clearing` go
    entries that have no single contra account.
    """

    chart: Chart
    account_length: int = _BASE_LENGTH
    own: Mapping[str, Decimal | None] = field(default_factory=dict)
    vat: Mapping[Decimal, str] = field(default_factory=dict)
    input_vat: Mapping[Decimal, str] = field(default_factory=dict)
    oss: Mapping[str, str] = field(default_factory=dict)
    oss_key: str = ""
    direct: Collection[str] = ()
    clearing: str = ""
    _collected: frozenset[str] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        standard = (
            *VAT_ACCOUNTS[self.chart].values(),
            *INPUT_ACCOUNTS[self.chart].values(),
            *_OSS_ACCOUNTS[self.chart].values(),
            *_COLLECTIVE[self.chart],
        )
        own = {*self.vat.values(), *self.input_vat.values(), *self.oss.values()}
        collected = own.union(map(self._in_length, standard)).difference(self.direct)
        object.__setattr__(self, "_collected", frozenset(collected))

    def automatic(self, account: str) -> Automatic | None:
        """The automatic function of an account (of full length), None if it has none."""
        if account in self.own:
            rate = self.own[account]
            return None if rate is None else Automatic(rate)
        if len(account) != self.account_length:
            return None  # personal accounts have no function
        return STANDARD_FUNCTIONS[self.chart].get(account[:_BASE_LENGTH])

    def key_for(self, account: str, tax: Tax) -> str:
        """The tax key that makes DATEV tax a posting to the account so (rate 0: not at all).

        Raises ExportRefused where no key can: the account taxes at another rate by itself.
        """
        automatic = self.automatic(account)
        if automatic is None:
            return self._oss_key(account) if tax.country else _manual_key(account, tax)
        if automatic.rate == tax.rate and not tax.country:
            return NO_KEY
        if automatic.rate and tax.rate == FREE:
            return LIFT_KEY
        own = "an unknown rate" if automatic.rate is None else f"{automatic.rate} %"
        raise ExportRefused(
            f"DATEV taxes it at {own} by itself, the entry has {tax.rate} %",
            place=f"account {account}",
            mend="Choose another revenue account, or set the client's own function of this one",
        )

    def lifting(self, *accounts: str) -> str:
        """The key for posting between accounts without any VAT."""
        return LIFT_KEY if any(map(self.automatic, accounts)) else NO_KEY

    def _oss_key(self, account: str) -> str:
        if not self.oss_key:
            raise ExportRefused(
                "VAT of another country (OSS) has no tax key",
                place=f"account {account}",
                mend="Ask the adviser for the key of OSS turnover and set it as `oss_key`",
            )
        return self.oss_key

    def vat_account(self, rate: Decimal, *, is_input: bool = False) -> str:
        """The account DATEV collects the VAT of that rate on, in the client's length."""
        own, accounts = (self.input_vat, INPUT_ACCOUNTS) if is_input else (self.vat, VAT_ACCOUNTS)
        if rate in own:
            return own[rate]
        try:
            return self._in_length(accounts[self.chart][rate])
        except KeyError:
            name = "input_vat_accounts" if is_input else "vat_accounts"
            raise ExportRefused(
                f"DATEV has no VAT account for {rate} % in {self.chart}",
                mend=f"Check the tax rate of the document, or set the account in `{name}`",
            ) from None

    def oss_vat_account(self, revenue: str) -> str:
        """The account DATEV collects the VAT of turnover in other EU countries on."""
        if revenue in self.oss:
            return self.oss[revenue]
        standard = {
            self._in_length(account): self._in_length(vat)
            for account, vat in _OSS_ACCOUNTS[self.chart].items()
        }
        try:
            return standard[revenue]
        except KeyError:
            raise ExportRefused(
                "DATEV taxes it at no rate of another country (OSS)",
                place=f"account {revenue}",
                mend="Use a revenue account of OSS, or name this one's VAT account in `oss_accounts`",
            ) from None

    def in_statement(self, account: str) -> bool:
        """Whether turnover on the account needs the buyer's VAT id (§ 18a UStG)."""
        return (
            len(account) == self.account_length
            and account[:_BASE_LENGTH] in STATEMENT_ACCOUNTS[self.chart]
        )

    def is_collected(self, account: str) -> bool:
        """Whether DATEV fills the account by itself, so that nobody posts to it directly."""
        return account in self._collected

    def _in_length(self, account: str) -> str:
        return account.ljust(self.account_length, "0")


def _manual_key(account: str, tax: Tax) -> str:
    if tax.rate == FREE:
        return NO_KEY
    keys = INPUT_KEYS if tax.is_input else TAX_KEYS
    if tax.rate not in keys:
        raise ExportRefused(
            f"there is no tax key for {tax.rate} %",
            place=f"account {account}",
            mend="Use a revenue account with an automatic function for this rate",
        )
    return keys[tax.rate]


def vat_in(gross: int, rate: Decimal) -> int:
    """The VAT DATEV takes out of a gross amount: both in cents, halves away from zero."""
    numerator, denominator = rate.as_integer_ratio()
    return round_ratio(gross * numerator, _PER_CENT * denominator + numerator)
