"""Charts of accounts as data: which account a slot has in SKR03 and SKR04.

An account key is `SLOT`, `SLOT:CASE`, `SLOT:CASE:RATE` or `SLOT:CASE:RATE:COUNTRY`; the most specific
one that is set wins, and the tenant's own settings win over the chart. What neither knows is a
draft entry, not a guess.
"""

from collections.abc import Mapping
from decimal import Decimal
from functools import lru_cache

from faktura.kernel.terms import Chart, Slot, TaxCase

_SKR03 = {
    "RECEIVABLES": "1400",
    "OPENING_BALANCE": "9008",
    "BANK_FEES": "4970",
    "TRANSIT": "1360",
    "DEPOSITS_REQUESTED": "1593",
    "DEPOSITS_RECEIVED:STANDARD:19": "1718",
    "DEPOSITS_RECEIVED:REDUCED:7": "1711",
    "REVENUE:STANDARD:19": "8400",
    "REVENUE:REDUCED:7": "8300",
    "REVENUE:REDUCED:0": "8290",
    "REVENUE:EXEMPT": "8100",
    "REVENUE:SMALL_BUSINESS": "8195",
    "REVENUE:REVERSE_CHARGE": "8336",
    "REVENUE:INTRA_COMMUNITY": "8125",
    "REVENUE:EXPORT": "8120",
    "REVENUE:NOT_TAXABLE": "8338",
    "REVENUE:OSS": "8331",
    "VAT:STANDARD:19": "1776",
    "VAT:REDUCED:7": "1771",
    "VAT:OSS": "1768",
    "COMMISSION": "4760",
    "INPUT_VAT:STANDARD:19": "1576",
    "INPUT_VAT:REDUCED:7": "1571",
    "DEFERRED_REVENUE": "0990",
    "WRITE_OFF": "2400",
    "WRITE_OFF:STANDARD:19": "2406",
    "WRITE_OFF:REDUCED:7": "2401",
    "RECOVERED": "2732",
    "CASH_DISCOUNT": "8730",
    "CASH_DISCOUNT:STANDARD:19": "8736",
    "CASH_DISCOUNT:REDUCED:7": "8731",
    "DUNNING_FEES": "2700",
    "DUNNING_INTEREST": "2650",
}
_SKR04 = {
    "RECEIVABLES": "1200",
    "OPENING_BALANCE": "9008",
    "BANK_FEES": "6855",
    "TRANSIT": "1460",
    "DEPOSITS_REQUESTED": "1495",
    "DEPOSITS_RECEIVED:STANDARD:19": "3272",
    "DEPOSITS_RECEIVED:REDUCED:7": "3260",
    "REVENUE:STANDARD:19": "4400",
    "REVENUE:REDUCED:7": "4300",
    "REVENUE:REDUCED:0": "4290",
    "REVENUE:EXEMPT": "4100",
    "REVENUE:SMALL_BUSINESS": "4185",
    "REVENUE:REVERSE_CHARGE": "4336",
    "REVENUE:INTRA_COMMUNITY": "4125",
    "REVENUE:EXPORT": "4120",
    "REVENUE:NOT_TAXABLE": "4338",
    "REVENUE:OSS": "4331",
    "VAT:STANDARD:19": "3806",
    "VAT:REDUCED:7": "3801",
    "VAT:OSS": "3818",
    "COMMISSION": "6770",
    "INPUT_VAT:STANDARD:19": "1406",
    "INPUT_VAT:REDUCED:7": "1401",
    "DEFERRED_REVENUE": "3900",
    "WRITE_OFF": "6930",
    "WRITE_OFF:STANDARD:19": "6936",
    "WRITE_OFF:REDUCED:7": "6931",
    "RECOVERED": "4925",
    "CASH_DISCOUNT": "4730",
    "CASH_DISCOUNT:STANDARD:19": "4736",
    "CASH_DISCOUNT:REDUCED:7": "4731",
    "DUNNING_FEES": "4830",
    "DUNNING_INTEREST": "7100",
}
CHARTS: Mapping[Chart, Mapping[str, str]] = {
    Chart.SKR03: _SKR03,
    Chart.SKR04: _SKR04,
    Chart.OWN: {},
}


@lru_cache(maxsize=4096)
def account_keys(
    slot: Slot,
    case: TaxCase | None = None,
    rate: Decimal | None = None,
    country: str | None = None,
) -> tuple[str, ...]:
    """The keys under which an account may be set, most specific first; a country needs a rate."""
    return (slot.value,) if case is None else (*_taxed(slot, case, rate, country), slot.value)


@lru_cache(maxsize=4096)
def group_keys(
    group: str, case: TaxCase, rate: Decimal, country: str | None = None
) -> tuple[str, ...]:
    """The keys under which a product group's revenue account may be set for a tax (F045)."""
    return _taxed(f"{Slot.REVENUE}@{group}", case, rate, country)


def _taxed(head: str, case: TaxCase, rate: Decimal | None, country: str | None) -> tuple[str, ...]:
    keys = [f"{head}:{case}"]
    if rate is not None:
        keys.append(f"{keys[-1]}:{rate.normalize():f}")
        if country:
            keys.append(f"{keys[-1]}:{country}")
    return tuple(reversed(keys))


def account_of(
    chart: Chart,
    own: Mapping[str, str],
    slot: Slot,
    case: TaxCase | None = None,
    rate: Decimal | None = None,
    country: str | None = None,
) -> str | None:
    """The account for a slot: the tenant's own, else the chart's; None where it is missing."""
    keys = account_keys(slot, case, rate, country)
    for accounts in (own, CHARTS[chart]):
        for key in keys:
            if key in accounts:
                return accounts[key]
    return None


def group_account(
    own: Mapping[str, str], group: str, case: TaxCase, rate: Decimal, country: str | None = None
) -> str | None:
    """The tenant's revenue account for a product group and a tax; None where none is set."""
    keys = group_keys(group, case, rate, country)
    return next((own[key] for key in keys if key in own), None)
