"""What DATEV does by itself on an account: automatic VAT per chart, tax keys, VAT accounts.

Clients may change the function of an account individually; their adviser knows. So the lists are
data, and a client's own functions override them.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from faktura.kernel.errors import ExportRefused
from faktura.kernel.rounding import round_ratio
from faktura.kernel.terms import Chart

NO_KEY = ""
LIFT_KEY = "0040"
"""Lifts the automatic function: the amount is posted without VAT."""

FREE = Decimal(0)
_REDUCED = Decimal(7)
_STANDARD = Decimal(19)

TAX_KEYS: Mapping[Decimal, str] = {_REDUCED: "0002", _STANDARD: "0003"}
"""Output VAT by rate, for accounts without an automatic function."""

INPUT_KEYS: Mapping[Decimal, str] = {_REDUCED: "0008", _STANDARD: "0009"}
"""Input VAT by rate: what we are billed, or bill ourselves for a partner (§ 14 (2) UStG)."""

INPUT_ACCOUNTS: Mapping[Chart, Mapping[Decimal, str]] = {
    Chart.SKR03: {_REDUCED: "1571", _STANDARD: "1576"},
    Chart.SKR04: {_REDUCED: "1401", _STANDARD: "1406"},
}
"""Where DATEV collects the input VAT."""

VAT_ACCOUNTS: Mapping[Chart, Mapping[Decimal, str]] = {
    Chart.SKR03: {_REDUCED: "1771", _STANDARD: "1776"},
    Chart.SKR04: {_REDUCED: "3801", _STANDARD: "3806"},
}
"""Where DATEV collects the output VAT; these accounts are never posted to directly."""

CHART_CODES: Mapping[Chart, str] = {Chart.SKR03: "03", Chart.SKR04: "04"}
"""Header field 27."""

# Accounts (first, last) whose turnover belongs into the recapitulative statement: § 18a UStG.
STATEMENT_ACCOUNTS: Mapping[Chart, frozenset[str]] = {
    Chart.SKR03: frozenset({"8125", "8336"}),
    Chart.SKR04: frozenset({"4125", "4336"}),
}

# Rate -> (first, last) of the standard accounts with an automatic function (ranges count).
_RANGES: Mapping[Chart, Mapping[Decimal, tuple[tuple[int, int], ...]]] = {
    Chart.SKR03: {
        _STANDARD: ((1718, 1718), (2406, 2406), (8400, 8410), (8720, 8720), (8736, 8736),
                    (8760, 8760), (8790, 8790)),
        _REDUCED: ((1711, 1711), (2401, 2401), (8300, 8309), (8710, 8710), (8731, 8731),
                   (8750, 8750), (8780, 8780)),
        FREE: ((8100, 8100), (8110, 8110), (8120, 8120), (8125, 8125), (8150, 8150),
               (8290, 8290), (8336, 8339)),
    },
    Chart.SKR04: {
        _STANDARD: ((3272, 3272), (4400, 4410), (4720, 4720), (4736, 4736), (4760, 4760),
                    (4790, 4790), (6936, 6936)),
        _REDUCED: ((3260, 3260), (4300, 4309), (4710, 4710), (4731, 4731), (4750, 4750),
                   (4780, 4780), (6931, 6931)),
        FREE: ((4100, 4100), (4110, 4110), (4120, 4120), (4125, 4125), (4150, 4150),
               (4290, 4290), (4336, 4339)),
    },
}  # fmt: skip

# Automatic accounts whose rate (or VAT account) we do not know for certain: posting to them is
# refused until the client's own functions say what they do.
_UNSURE: Mapping[Chart, tuple[int, ...]] = {
    Chart.SKR03: (
        1712, 1714, 1717, 2402, 2403, 2408, 2431, 2436, 8105, 8130, 8135, 8140, 8160, 8165, 8191,
        8192, 8194, 8198, 8199, 8310, 8315, 8334, 8335, 8340, 8449, 8514, 8515, 8519, 8609, 8625,
        8630, 8640, 8649, *range(8701, 8710), 8719, 8724, 8725, 8726,
    ),
    Chart.SKR04: (
        3261, 3264, 3270, 4105, 4130, 4133, 4134, 4135, 4136, 4139, 4140, 4160, 4165, 4184, 4310,
        4315, 4334, 4335, 4340, 4449, 4564, 4565, 4569, *range(4701, 4710), 4719, 4724, 4725, 4726,
        4834, 6281, 6286, 6932, 6933, 6938,
    ),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Automatic:
    """An automatic function; `rate` in per cent, 0 for untaxed turnover, None if not known."""

    rate: Decimal | None


def _standard_functions(chart: Chart) -> dict[str, Automatic]:
    functions = {str(account): Automatic(None) for account in _UNSURE[chart]}
    for rate, ranges in _RANGES[chart].items():
        for first, last in ranges:
            functions |= {str(account): Automatic(rate) for account in range(first, last + 1)}
    return functions


_STANDARD_FUNCTIONS = {chart: _standard_functions(chart) for chart in Chart}
_BASE_LENGTH = 4
_PER_CENT = 100


@dataclass(frozen=True, slots=True)
class Functions:
    """The functions of one client's accounts: the chart's, overridden by the client's own.

    `own` maps an account of the client's full length to its rate, or to None for "no function".
    """

    chart: Chart
    account_length: int = _BASE_LENGTH
    own: Mapping[str, Decimal | None] = field(default_factory=dict)

    def automatic(self, account: str) -> Automatic | None:
        """The automatic function of an account (of full length), None if it has none."""
        if account in self.own:
            rate = self.own[account]
            return None if rate is None else Automatic(rate)
        if len(account) != self.account_length:
            return None  # personal accounts have no function
        return _STANDARD_FUNCTIONS[self.chart].get(account[:_BASE_LENGTH])

    def key_for(self, account: str, rate: Decimal, keys: Mapping[Decimal, str] = TAX_KEYS) -> str:
        """The tax key that makes DATEV tax a posting to the account at `rate` (0: not at all).

        `keys` are those of output or of input VAT.
        Raises ExportRefused where no key can: the account taxes at another rate by itself.
        """
        automatic = self.automatic(account)
        if automatic is None:
            return self._manual_key(account, rate, keys)
        if automatic.rate == rate:
            return NO_KEY
        if automatic.rate and rate == FREE:
            return LIFT_KEY
        own = "an unknown rate" if automatic.rate is None else f"{automatic.rate} %"
        raise ExportRefused(
            f"DATEV taxes it at {own} by itself, the entry has {rate} %",
            place=f"account {account}",
            mend="Choose another revenue account, or set the client's own function of this one",
        )

    def _manual_key(self, account: str, rate: Decimal, keys: Mapping[Decimal, str]) -> str:
        if rate == FREE:
            return NO_KEY
        if rate not in keys:
            raise ExportRefused(
                f"there is no tax key for {rate} %",
                place=f"account {account}",
                mend="Use a revenue account with an automatic function for this rate",
            )
        return keys[rate]

    def vat_account(self, rate: Decimal, *, is_input: bool = False) -> str:
        """The account DATEV collects the VAT of that rate on, in the client's length."""
        accounts = INPUT_ACCOUNTS if is_input else VAT_ACCOUNTS
        try:
            return accounts[self.chart][rate].ljust(self.account_length, "0")
        except KeyError:
            raise ExportRefused(
                f"DATEV has no VAT account for {rate} % in {self.chart}",
                mend="Check the tax rate of the document",
            ) from None

    def in_statement(self, account: str) -> bool:
        """Whether turnover on the account needs the buyer's VAT id (§ 18a UStG)."""
        return (
            len(account) == self.account_length
            and account[:_BASE_LENGTH] in STATEMENT_ACCOUNTS[self.chart]
        )


def vat_in(gross: int, rate: Decimal) -> int:
    """The VAT DATEV takes out of a gross amount: both in cents, halves away from zero."""
    numerator, denominator = rate.as_integer_ratio()
    return round_ratio(gross * numerator, _PER_CENT * denominator + numerator)
