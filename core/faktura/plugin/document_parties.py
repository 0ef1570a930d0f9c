"""Who and where of an invoice document in the terms of EN 16931: parties, addresses, delivery."""

from datetime import date

from faktura.plugin.dto import Dto


class Identifier(Dto):
    """An identifier with its scheme (EAS or ISO 6523 code) where one applies."""

    value: str
    scheme: str | None = None


class PostalAddress(Dto):
    """BG-5 / BG-8 / BG-12 / BG-15: three lines, city, post code, subdivision, country.

    Seller: BT-35, 36, 162, 37, 38, 39, 40; buyer: BT-50, 51, 163, 52 to 55; tax representative:
    BT-64, 65, 164, 66 to 69; deliver-to: BT-75, 76, 165, 77 to 80. Country is ISO 3166-1.
    """

    line1: str | None = None
    line2: str | None = None
    line3: str | None = None
    city: str
    postcode: str
    subdivision: str | None = None
    country: str


class Contact(Dto):
    """BG-6 / BG-9: name BT-41/56, phone BT-42/57, e-mail BT-43/58."""

    name: str | None = None
    phone: str | None = None
    email: str | None = None


class Party(Dto):
    """BG-4 seller or BG-7 buyer.

    name BT-27/44, trading_name BT-28/45, identifiers BT-29/46, registration BT-30/47,
    vat_id BT-31/48, tax_number BT-32 (seller only), legal_info BT-33 (seller only), endpoint BT-34/49.
    """

    name: str
    trading_name: str | None = None
    identifiers: tuple[Identifier, ...] = ()
    registration: Identifier | None = None
    vat_id: str | None = None
    tax_number: str | None = None
    legal_info: str | None = None
    endpoint: Identifier | None = None
    address: PostalAddress
    contact: Contact | None = None


class Payee(Dto):
    """BG-10, who is paid instead of the seller: name BT-59, identifier BT-60, registration BT-61."""

    name: str
    identifier: Identifier | None = None
    registration: Identifier | None = None


class TaxRepresentative(Dto):
    """BG-11, who owes the seller's VAT: name BT-62, VAT id BT-63, address BG-12."""

    name: str
    vat_id: str
    address: PostalAddress


class DocumentPeriod(Dto):
    """BG-14 / BG-26: first and last day, both inclusive (BT-73/74, BT-134/135)."""

    start: date
    end: date


class Delivery(Dto):
    """BG-13: name BT-70, location identifier BT-71, actual delivery date BT-72, address BG-15."""

    on: date | None = None
    name: str | None = None
    location: Identifier | None = None
    address: PostalAddress | None = None
