"""One DATEV posting before it is written, in whole cents."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import NamedTuple, TypeAlias

from faktura_datev.accounts import FREE


@dataclass(frozen=True, slots=True)
class Voucher:
    """What all rows of an entry share; `infos` are pairs of kind and content (Beleginfo)."""

    on: date
    document: str
    due: date | None
    text: str
    mandate: str
    infos: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Row:
    """One posting: `amount` cents (> 0) on `side` (S or H) of `account`, against `contra`."""

    amount: int
    side: str
    account: str
    contra: str
    key: str
    vat_id: str
    cost_centre: str
    cost_object: str
    voucher: Voucher


class Place(NamedTuple):
    """Where a share of an entry belongs; shares of one place are one row.

    The VAT of an `is_input` place is input VAT: we are billed there.
    """

    account: str
    rate: Decimal = FREE
    vat_id: str = ""
    cost_centre: str = ""
    cost_object: str = ""
    is_input: bool = False


SignedShares: TypeAlias = dict[Place, int]
"""Cents per place; credits are positive."""
