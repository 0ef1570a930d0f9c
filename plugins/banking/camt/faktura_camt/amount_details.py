"""What an entry or a detail says beside its booked amount: AmtDtls and Chrgs."""

from decimal import Decimal
from typing import NamedTuple

from faktura_camt.amounts import Amount, rate_from_text, sign_from_text
from faktura_camt.found import Found


class AmountDetails(NamedTuple):
    """The instructed, booked and converted amount, unsigned, and the exchange rate."""

    instructed: Amount | None = None
    transaction: Amount | None = None
    counter_value: Amount | None = None
    fx_rate: Decimal | None = None


NO_DETAILS = AmountDetails()


def read_amount_details(found: Found, at: str = "") -> AmountDetails:
    """Read AmtDtls below the path `at`; every part is optional."""
    if found.shape.is_plain:
        return NO_DETAILS
    path = f"{at}AmtDtls"
    if path not in found.shape.paths:
        return NO_DETAILS
    # The rate of the booked amount is the one that was used.
    rate = found.text(
        f"{path}/TxAmt/CcyXchg/XchgRate",
        f"{path}/InstdAmt/CcyXchg/XchgRate",
        f"{path}/CntrValAmt/CcyXchg/XchgRate",
    )
    return AmountDetails(
        instructed=found.amount(f"{path}/InstdAmt/Amt"),
        transaction=found.amount(f"{path}/TxAmt/Amt"),
        counter_value=found.amount(f"{path}/CntrValAmt/Amt"),
        fx_rate=None if rate is None else rate_from_text(rate),
    )


def read_charges(found: Found, currency: str, at: str = "") -> Decimal | None:
    """The net charges in `currency`, positive when they cost us; all records, never only one (2.4).

    None if there are none, or if one is in another currency: then they explain nothing here.
    """
    if found.shape.is_plain:
        return None
    path = f"{at}Chrgs"
    if path not in found.shape.paths:
        return None
    # Version .08 nests records under a total, .02 repeats Chrgs itself.
    costs = _costs(found, f"{path}/Rcrd") or _costs(found, path)
    if not costs:
        costs = [found.amount_at(p) for p in found.shape.values(f"{path}/TtlChrgsAndTaxAmt")]
    if not costs or any(cost.currency != currency for cost in costs):
        return None
    return sum((cost.value for cost in costs), Decimal(0))


def _costs(found: Found, path: str) -> list[Amount]:
    costs: list[Amount] = []
    for position in found.shape.values(f"{path}/Amt"):
        amount = found.amount_at(position)
        word = found.shape.beside(position, f"{path}/CdtDbtInd")
        credit = word is not None and sign_from_text(found.texts[word]) > 0
        costs.append(Amount(-amount.value, amount.currency) if credit else amount)
    return costs
