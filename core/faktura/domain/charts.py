"""Charts of accounts as data: which account a slot has in SKR03 and SKR04.

An account key is `SLOT`, `SLOT:CASE` or `SLOT:CASE:RATE`; the most specific one that is set wins,
and the tenant's own settings win over the chart. What neither knows is a draft entry, not a guess.
"""

from collections.abc import Mapping
from decimal import Decimal

from faktura.kernel.terms import Chart, Slot, TaxCase

_SKR03 = {
    "RECEIVABLES": "1400",
    "OPENING_BALANCE": "9008",
    "BANK_FEES": "4970",
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
}
_SKR04 = {
    "RECEIVABLES": "1200",
    "OPENING_BALANCE": "9008",
    "BANK_FEES": "6855",
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
}
CHARTS: Mapping[Chart, Mapping[str, str]] = {Chart.SKR03: _SKR03, Chart.SKR04: _SKR04}


def account_keys(
    slot: Slot, case: TaxCase | None = None, rate: Decimal | None = None
) -> tuple[str, ...]:
    """The keys under which an account may be set, most specific first."""
    if case is None:
        return (slot.value,)
    keys = (f"{slot}:{case}", slot.value)
    return keys if rate is None else (f"{slot}:{case}:{rate.normalize():f}", *keys)


def account_of(
    chart: Chart,
    own: Mapping[str, str],
    slot: Slot,
    case: TaxCase | None = None,
    rate: Decimal | None = None,
) -> str | None:
    """The account for a slot: the tenant's own, else the chart's; None where it is missing."""
    keys = account_keys(slot, case, rate)
    for accounts in (own, CHARTS[chart]):
        for key in keys:
            if key in accounts:
                return accounts[key]
    return None
