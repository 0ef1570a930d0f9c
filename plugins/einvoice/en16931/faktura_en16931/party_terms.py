"""Which terms the fields of a party and of an address are: they differ by whose they are."""

from typing import Final, NamedTuple


class AddressTerms(NamedTuple):
    """The BT numbers of BG-5, BG-8, BG-12 or BG-15."""

    line1: str
    line2: str
    line3: str
    city: str
    postcode: str
    subdivision: str
    country: str


class PartyTerms(NamedTuple):
    """The BT numbers of BG-4 or BG-7; only a seller has a tax number and legal information."""

    name: str
    trading_name: str
    identifier: str
    registration: str
    vat_id: str
    tax_number: str | None
    legal_info: str | None
    endpoint: str
    contact_name: str
    contact_phone: str
    contact_email: str
    address: AddressTerms


SELLER: Final = PartyTerms(
    *("BT-27", "BT-28", "BT-29", "BT-30", "BT-31", "BT-32", "BT-33", "BT-34"),
    *("BT-41", "BT-42", "BT-43"),
    AddressTerms("BT-35", "BT-36", "BT-162", "BT-37", "BT-38", "BT-39", "BT-40"),
)
BUYER: Final = PartyTerms(
    *("BT-44", "BT-45", "BT-46", "BT-47", "BT-48", None, None, "BT-49"),
    *("BT-56", "BT-57", "BT-58"),
    AddressTerms("BT-50", "BT-51", "BT-163", "BT-52", "BT-53", "BT-54", "BT-55"),
)
TAX_REPRESENTATIVE: Final = AddressTerms(
    *("BT-64", "BT-65", "BT-164", "BT-66", "BT-67", "BT-68", "BT-69")
)
DELIVER_TO: Final = AddressTerms(*("BT-75", "BT-76", "BT-165", "BT-77", "BT-78", "BT-79", "BT-80"))
