"""Seller and buyer of a frozen document in the terms of EN 16931, and who is who when we bill ourselves."""

from faktura.domain.snapshot_fields import Frozen, part_of_snapshot, text_of_snapshot
from faktura.plugin import Contact, Identifier, Party, PostalAddress

_EMAIL_SCHEME = "EM"
_LEITWEG_SCHEME = "0204"


def seller_party(seller: Frozen, *, without_vat_id: bool = False) -> Party:
    """The seller (BG-4); a document about what is not taxable names no VAT id (BR-O-02)."""
    contact = _contact(seller)
    party = Party(
        name=str(seller["legalName"]),
        trading_name=text_of_snapshot(seller, "tradingName"),
        registration=_identifier(text_of_snapshot(seller, "registerNumber")),
        vat_id=None if without_vat_id else text_of_snapshot(seller, "vatId"),
        legal_info=text_of_snapshot(seller, "legalInfo"),
        endpoint=_identifier(contact.email if contact else None, _EMAIL_SCHEME),
        address=postal_address(seller),
        contact=contact,
    )
    return _with_tax_number(party, text_of_snapshot(seller, "taxNumber"))


def buyer_party(buyer: Frozen, *, without_vat_id: bool = False) -> Party:
    """The customer (BG-7); the contact person is there only where it is shown (F056)."""
    leitweg_id = _identifier(text_of_snapshot(buyer, "leitwegId"), _LEITWEG_SCHEME)
    return Party(
        name=str(buyer["name"]),
        identifiers=(Identifier(value=str(buyer["number"])),),
        registration=_identifier(text_of_snapshot(buyer, "registerNumber")),
        vat_id=None if without_vat_id else text_of_snapshot(buyer, "vatId"),
        endpoint=leitweg_id or _identifier(text_of_snapshot(buyer, "email"), _EMAIL_SCHEME),
        address=postal_address(buyer),
        contact=_contact(buyer),
    )


def partner_as_seller(partner: Frozen, *, without_vat_id: bool = False) -> Party:
    """The partner whom we credit, as the seller (BG-4): we write the document in the partner's place.

    A contact must be named there (BR-DE-2 to 7). Without a person that may be shown (F056) it is
    the partner, at the telephone and e-mail address that are known. Snapshots of before the tax
    number was kept have none.
    """
    party = buyer_party(partner, without_vat_id=without_vat_id)
    shown = party.contact or Contact()
    contact = Contact(
        name=shown.name or party.name,
        phone=shown.phone or text_of_snapshot(partner, "phone"),
        email=shown.email or text_of_snapshot(partner, "email"),
    )
    supplier = party.model_copy(update={"contact": contact})
    return _with_tax_number(supplier, text_of_snapshot(partner, "taxNumber"))


def ourselves_as_buyer(seller: Frozen, *, without_vat_id: bool = False) -> Party:
    """We as the buyer (BG-7), who has no tax number there."""
    party = seller_party(seller, without_vat_id=without_vat_id)
    return party.model_copy(update={"tax_number": None, "legal_info": None, "identifiers": ()})


def postal_address(owner: Frozen) -> PostalAddress:
    """The address; c/o stands first, directly below the name (F055)."""
    address = part_of_snapshot(owner, "address")
    given = [text_of_snapshot(address, key) for key in ("careOf", "street", "extra")]
    line1, line2, line3 = ([line for line in given if line] + [None] * 3)[:3]
    return PostalAddress(
        line1=line1,
        line2=line2,
        line3=line3,
        city=text_of_snapshot(address, "city") or "",
        postcode=text_of_snapshot(address, "zipCode") or "",
        country=str(address["country"]),
    )


def _with_tax_number(seller: Party, tax_number: str | None) -> Party:
    """The seller with BT-32; BR-CO-26: without VAT id and register number it is BT-29 as well.

    It stands behind our own number of a partner, which is printed as that.
    """
    if tax_number is None:
        return seller
    named: dict[str, object] = {"tax_number": tax_number}
    if not (seller.vat_id or seller.registration):
        named["identifiers"] = (*seller.identifiers, Identifier(value=tax_number))
    return seller.model_copy(update=named)


def _contact(owner: Frozen) -> Contact | None:
    given = part_of_snapshot(owner, "contact")
    name, phone, email = (text_of_snapshot(given, key) for key in ("name", "phone", "email"))
    if not (name or phone or email):
        return None
    return Contact(name=name, phone=phone, email=email)


def _identifier(value: str | None, scheme: str | None = None) -> Identifier | None:
    return Identifier(value=value, scheme=scheme) if value else None
