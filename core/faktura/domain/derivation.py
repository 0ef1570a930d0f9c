"""Why a line costs what it costs: a stored derivation from which its net can be recomputed (O10)."""

from collections.abc import Mapping
from decimal import Decimal
from typing import cast

from faktura.domain.charges import Charge
from faktura.domain.contracts import Contract
from faktura.domain.discounts import Discount
from faktura.domain.line_amounts import discount_amount, list_amount
from faktura.domain.proration import WHOLE, Share
from faktura.kernel.money import Money

Derivation = Mapping[str, object]


def derivation_of(charge: Charge, contract: Contract) -> dict[str, object]:
    """Every input of the line's amount, with the rule it came from; decimals as text."""
    price = charge.picked.price
    facts: dict[str, object] = {
        "rule": "round(price × quantity × part) − round(discount)",
        "currency": price.currency,
        "unitPrice": str(price.unit_price),
        "quantity": str(charge.item_quantity),
        "priceSource": "special price" if charge.picked.special else "list price",
        "priceDay": str(charge.service.start),
        "taxDay": str(charge.service.last_day),
        "taxCase": charge.tax.case.value,
        "taxRate": str(charge.tax.rate),
    }
    if price.valid_from is not None:
        facts["priceValidFrom"] = str(price.valid_from)
    if price.valid_until is not None:
        facts["priceValidUntil"] = str(price.valid_until)
    if price.from_quantity:
        facts["priceFromQuantity"] = str(price.from_quantity)
    if not charge.part.is_whole:
        facts["part"] = [charge.part.start, charge.part.end, charge.part.whole]
        facts["convention"] = contract.day_count.value
    if charge.discount is not None:
        facts["discount"] = (
            {"percent": str(charge.discount.percent), "reason": charge.discount.reason}
            if charge.discount.percent is not None
            else {"amount": str(charge.discount.amount), "reason": charge.discount.reason}
        )
    return facts


def recomputed_net(derivation: Derivation) -> Money:
    """The line's net from its derivation alone; equal to the stored net or something is wrong."""
    currency = str(derivation["currency"])
    price, quantity = Decimal(str(derivation["unitPrice"])), Decimal(str(derivation["quantity"]))
    part = Share(*cast("list[int]", derivation["part"])) if "part" in derivation else WHOLE
    discount = discount_amount(_discount(derivation), price, quantity, currency, part)
    return list_amount(price, quantity, currency, part) - discount


def _discount(derivation: Derivation) -> Discount | None:
    given = cast("Mapping[str, str] | None", derivation.get("discount"))
    if given is None:
        return None
    if "percent" in given:
        return Discount(percent=Decimal(given["percent"]))
    return Discount(amount=Decimal(given["amount"]))
