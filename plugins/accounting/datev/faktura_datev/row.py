"""One DATEV posting before it is written, in whole cents."""

from dataclasses import dataclass
from datetime import date
from typing import NamedTuple, TypeAlias

from faktura_datev.accounts import UNTAXED, Tax


@dataclass(frozen=True, slots=True)
class Voucher:
    """What all rows of an entry share; `infos` are pairs of kind and content (Beleginfo).

    `link` is the id of the document's image; a `reversal` is shown as a general reversal.
    """

    on: date
    document: str
    due: date | None
    text: str
    mandate: str
    infos: tuple[tuple[str, str], ...]
    link: str = ""
    reversal: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """One posting: `amount` cents (> 0) on `side` (S or H) of `account`, against `contra`.

    `destination` is the buyer's VAT id, or the country whose VAT it is, then with its `eu_rate`.
    """

    amount: int
    side: str
    account: str
    contra: str
    key: str
    destination: str
    eu_rate: str
    cost_centre: str
    cost_object: str
    voucher: Voucher
    matter: str = ""


class Place(NamedTuple):
    """Where a share of an entry belongs; shares of one place are one row.

    `matter` tells DATEV what charges of dunning are (Sachverhalt).
    """

    account: str
    cost_centre: str = ""
    cost_object: str = ""
    tax: Tax = UNTAXED
    vat_id: str = ""
    matter: str = ""


SignedShares: TypeAlias = dict[Place, int]
"""Cents per place; credits are positive."""
