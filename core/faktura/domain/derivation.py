"""Why a line costs what it costs: a stored derivation from which its net can be recomputed (O10)."""

from collections.abc import Mapping

from faktura.domain.articles import Price
from faktura.domain.charges import Charge
from faktura.domain.contracts import Contract
from faktura.domain.discount_facts import applied_discounts, discount_facts, priced_part
from faktura.domain.line_amounts import list_amount
from faktura.kernel.money import Money, total

Derivation = Mapping[str, object]


def derivation_of(charge: Charge, contract: Contract) -> dict[str, object]:
    """Every input of the line's amount, with the rule it came from; decimals as text."""
    corrected = charge.corrects
    if corrected is not None and corrected.derivation is not None:
        reversed_line = {"document": corrected.number, "line": corrected.line_no}
        return {**corrected.derivation, "reversed": reversed_line}
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
    if corrected is not None:
        facts["rule"] = "amount taken back"
        facts["priceSource"] = "correction"
        facts["corrects"] = {"document": corrected.number, "line": corrected.line_no}
    if charge.ledger_account is not None:
        facts["ledgerAccount"] = charge.ledger_account
    facts |= _when_it_fits(price)
    if not charge.part.is_whole:
        facts["part"] = [charge.part.start, charge.part.end, charge.part.whole]
        facts["convention"] = contract.day_count.value
    if charge.discounts:
        facts["discounts"] = discount_facts(charge.discounts)
    return facts


def _when_it_fits(price: Price) -> dict[str, object]:
    """From when to when and from which quantity on a price is valid, as far as it is limited."""
    facts: dict[str, object] = {}
    if price.valid_from is not None:
        facts["priceValidFrom"] = str(price.valid_from)
    if price.valid_until is not None:
        facts["priceValidUntil"] = str(price.valid_until)
    if price.from_quantity:
        facts["priceFromQuantity"] = str(price.from_quantity)
    return facts


def recomputed_net(derivation: Derivation) -> Money:
    """The line's net from its derivation alone; equal to the stored net or something is wrong.

    A line that takes another one back gives what that gave, negated.
    """
    if "reversed" in derivation:
        original = {key: value for key, value in derivation.items() if key != "reversed"}
        return -recomputed_net(original)
    line = priced_part(derivation)
    off = total(tuple(applied.amount for applied in applied_discounts(derivation)), line.currency)
    return list_amount(line.price, line.quantity, line.currency, line.part) - off
