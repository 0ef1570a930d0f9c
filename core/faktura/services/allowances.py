"""Discounts of a frozen line as allowances of EN 16931 (BG-27)."""

from faktura.domain.discount_facts import applied_discounts
from faktura.domain.discounts import AppliedDiscount
from faktura.domain.document_words import discount_reason
from faktura.domain.documents import LineRecord
from faktura.domain.snapshot_fields import plain_text
from faktura.kernel.money import Money
from faktura.kernel.rounding import percent_of
from faktura.plugin import Allowance

# BT-140 (UNTDID 5189).
_DISCOUNT_CODE = "95"


def allowances_of(line: LineRecord, language: str) -> tuple[Allowance, ...]:
    """What each discount took off the line (BG-27), per cents on what the ones before it left."""
    if not line.discount:
        return ()
    left = line.list_net
    found = []
    for applied in applied_discounts(line.derivation):
        if applied.amount:
            found.append(_allowance(applied, left, language))
        left -= applied.amount
    return tuple(found)


def _allowance(applied: AppliedDiscount, base: Money, language: str) -> Allowance:
    percent = applied.discount.percent
    if percent and percent_of(base, percent) != applied.amount:
        # A part of a period, rounded so that the parts sum up: the bare amount is shown (R040).
        percent = None
    return Allowance(
        amount=applied.amount.decimal,
        base=base.decimal if percent else None,
        percent=percent or None,
        reason=discount_reason(plain_text(applied.discount.reason) or "", language),
        reason_code=_DISCOUNT_CODE,
    )
