"""Addresses under which documents are paid: what a token says, and what its page shows (F089).

A token is unguessable and says nothing but whose it is, so that nothing is looked up across tenants.
"""

import re
from enum import StrEnum, unique

from faktura.domain.document_kinds import CORRECTING, SELF_BILLED
from faktura.domain.payment_state import PaymentState
from faktura.kernel.money import Money
from faktura.kernel.terms import DocumentKind

SECRET_BYTES = 24
# 24 bytes are 32 signs without a bit to spare: there is one way to write them.
_WRITTEN = re.compile(r"([1-9a-z][0-9a-z]{0,5})\.[A-Za-z0-9_-]{32}", re.ASCII)
_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
# The largest number that a column of tenants holds.
_LAST_TENANT = 2**31 - 1

# Their amounts are settled on the customer's account, nobody pays them to us (F066).
_NEVER_PAID = CORRECTING | SELF_BILLED


@unique
class PayState(StrEnum):
    """What can be done with a document on its page; UNDER_WAY is asked for already (P42)."""

    PAYABLE = "PAYABLE"
    UNDER_WAY = "UNDER_WAY"
    PAID = "PAID"
    CANCELLED = "CANCELLED"
    NOTHING = "NOTHING"


def written_token(tenant_id: int, secret: str) -> str:
    """`<tenant in base 36>.<secret>`, which needs no quoting in an address."""
    digits = ""
    while tenant_id:
        tenant_id, digit = divmod(tenant_id, len(_DIGITS))
        digits = _DIGITS[digit] + digits
    return f"{digits}.{secret}"


def tenant_of_token(token: str) -> int | None:
    """The tenant that a token names; None for what cannot be one."""
    found = _WRITTEN.fullmatch(token)
    if found is None:
        return None
    tenant_id = int(found[1], len(_DIGITS))
    return tenant_id if tenant_id <= _LAST_TENANT else None


def pay_state(
    kind: DocumentKind,
    still_open: Money,
    taken_back: PaymentState | None,
    *,
    under_way: bool,
    was_owed: bool = True,
) -> PayState:
    """What the page of a document shows; credit is nothing that a customer pays.

    `was_owed` is False where nothing ever was, or where it was given up: nobody is thanked for it.
    """
    if kind in _NEVER_PAID:
        return PayState.NOTHING
    if still_open.minor > 0:
        return PayState.UNDER_WAY if under_way else PayState.PAYABLE
    if taken_back is not None:
        return PayState.CANCELLED
    return PayState.PAID if was_owed and not still_open else PayState.NOTHING
