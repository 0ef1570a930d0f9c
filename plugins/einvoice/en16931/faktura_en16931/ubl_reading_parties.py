"""Who is named in UBL, read back: seller, buyer, payee, tax representative, delivery."""

from typing import Final, NamedTuple

from faktura.plugin import (
    Contact,
    Delivery,
    Identifier,
    Party,
    Payee,
    PostalAddress,
    TaxRepresentative,
)
from faktura_en16931.ubl_codes import CREDITOR_SCHEME, TAX_NUMBER_SCHEME, VAT_SCHEME
from faktura_en16931.xml_reading import Part


class _AddressTerms(NamedTuple):
    line1: str
    line2: str
    line3: str
    city: str
    postcode: str
    subdivision: str
    country: str


class _Terms(NamedTuple):
    """Terms of seller or buyer; those that only a seller has are None for the buyer."""

    name: str
    trading_name: str
    identifier: str
    registration: str
    vat_id: str
    tax_number: str | None
    legal_info: str | None
    endpoint: str
    group: str
    address: _AddressTerms
    contact: tuple[str, str, str]


_SELLER: Final = _Terms(
    *("BT-27", "BT-28", "BT-29", "BT-30", "BT-31", "BT-32", "BT-33", "BT-34", "BG-5"),
    address=_AddressTerms("BT-35", "BT-36", "BT-162", "BT-37", "BT-38", "BT-39", "BT-40"),
    contact=("BT-41", "BT-42", "BT-43"),
)
_BUYER: Final = _Terms(
    *("BT-44", "BT-45", "BT-46", "BT-47", "BT-48", None, None, "BT-49", "BG-8"),
    address=_AddressTerms("BT-50", "BT-51", "BT-163", "BT-52", "BT-53", "BT-54", "BT-55"),
    contact=("BT-56", "BT-57", "BT-58"),
)
_REPRESENTATIVE: Final = _AddressTerms(
    "BT-64", "BT-65", "BT-164", "BT-66", "BT-67", "BT-68", "BT-69"
)
_DELIVERY: Final = _AddressTerms("BT-75", "BT-76", "BT-165", "BT-77", "BT-78", "BT-79", "BT-80")


def read_parties(part: Part) -> dict[str, object]:
    """The fields of the document that name somebody, and the delivery."""
    seller = part.need("cac:AccountingSupplierParty/cac:Party", "BG-4")
    buyer = part.need("cac:AccountingCustomerParty/cac:Party", "BG-7")
    payee = part.part("cac:PayeeParty")
    representative = part.part("cac:TaxRepresentativeParty")
    delivery = part.part("cac:Delivery")
    return {
        "seller": _party(seller, _SELLER),
        "buyer": _party(buyer, _BUYER),
        "payee": _payee(payee) if payee else None,
        "tax_representative": _tax_representative(representative) if representative else None,
        "delivery": _delivery(delivery) if delivery else None,
    }


def read_creditor_id(part: Part) -> str | None:
    """BT-90: what the payee, else the seller is called by its bank."""
    for path in ("cac:PayeeParty", "cac:AccountingSupplierParty/cac:Party"):
        for identification in part.parts(f"{path}/cac:PartyIdentification"):
            if _is_creditor(identification) and (found := identification.part("cbc:ID")):
                found.attribute("schemeID", "BT-90")
                return identification.code("cbc:ID", "BT-90")
    return None


def _party(part: Part, terms: _Terms) -> Party:
    legal_info = terms.legal_info
    return Party(
        name=part.needed_text("cac:PartyLegalEntity/cbc:RegistrationName", terms.name),
        trading_name=part.text("cac:PartyName/cbc:Name", terms.trading_name),
        identifiers=_identifiers(part, terms.identifier),
        registration=part.identifier("cac:PartyLegalEntity/cbc:CompanyID", terms.registration),
        vat_id=_tax_number(part, terms.vat_id, is_vat=True),
        tax_number=_tax_number(part, terms.tax_number, is_vat=False) if terms.tax_number else None,
        legal_info=part.text("cac:PartyLegalEntity/cbc:CompanyLegalForm", legal_info)
        if legal_info
        else None,
        endpoint=part.identifier("cbc:EndpointID", terms.endpoint),
        address=_address(part.need("cac:PostalAddress", terms.group), terms.address),
        contact=_contact(part, terms.contact),
    )


def _identifiers(part: Part, term: str) -> tuple[Identifier, ...]:
    return tuple(
        identifier
        for one in part.parts("cac:PartyIdentification")
        if not _is_creditor(one) and (identifier := one.identifier("cbc:ID", term))
    )


def _is_creditor(identification: Part) -> bool:
    found = identification.part("cbc:ID")
    return found is not None and found.element.get("schemeID") == CREDITOR_SCHEME


def _tax_number(part: Part, term: str, *, is_vat: bool) -> str | None:
    """The first number of the VAT scheme, or of any other."""
    for one in part.parts("cac:PartyTaxScheme"):
        # BT-31 is of the VAT scheme, BT-32 of any other; one of no scheme stays unread.
        named = one.peek("cac:TaxScheme/cbc:ID").upper()
        if named and (named == VAT_SCHEME) is is_vat:
            one.known("cac:TaxScheme/cbc:ID", VAT_SCHEME, TAX_NUMBER_SCHEME)
            return one.code("cbc:CompanyID", term)
    return None


def _address(part: Part, terms: _AddressTerms) -> PostalAddress:
    return PostalAddress(
        line1=part.text("cbc:StreetName", terms.line1),
        line2=part.text("cbc:AdditionalStreetName", terms.line2),
        line3=part.text("cac:AddressLine/cbc:Line", terms.line3),
        city=part.text("cbc:CityName", terms.city) or "",
        postcode=part.text("cbc:PostalZone", terms.postcode) or "",
        subdivision=part.text("cbc:CountrySubentity", terms.subdivision),
        country=part.needed_code("cac:Country/cbc:IdentificationCode", terms.country),
    )


def _contact(part: Part, terms: tuple[str, str, str]) -> Contact | None:
    names = ("Name", "Telephone", "ElectronicMail")
    name, phone, email = (
        part.text(f"cac:Contact/cbc:{entry}", term)
        for entry, term in zip(names, terms, strict=True)
    )
    if name is None and phone is None and email is None:
        return None
    return Contact(name=name, phone=phone, email=email)


def _payee(part: Part) -> Payee:
    return Payee(
        name=part.needed_text("cac:PartyName/cbc:Name", "BT-59"),
        identifier=next(
            (
                one.identifier("cbc:ID", "BT-60")
                for one in part.parts("cac:PartyIdentification")
                if not _is_creditor(one)
            ),
            None,
        ),
        registration=part.identifier("cac:PartyLegalEntity/cbc:CompanyID", "BT-61"),
    )


def _tax_representative(part: Part) -> TaxRepresentative:
    vat_id = _tax_number(part, "BT-63", is_vat=True)
    if vat_id is None:
        raise part.missing("cac:PartyTaxScheme/cbc:CompanyID", "BT-63")
    return TaxRepresentative(
        name=part.needed_text("cac:PartyName/cbc:Name", "BT-62"),
        vat_id=vat_id,
        address=_address(part.need("cac:PostalAddress", "BG-12"), _REPRESENTATIVE),
    )


def _delivery(part: Part) -> Delivery | None:
    address = part.part("cac:DeliveryLocation/cac:Address")
    delivery = Delivery(
        on=part.day("cbc:ActualDeliveryDate", "BT-72"),
        name=part.text("cac:DeliveryParty/cac:PartyName/cbc:Name", "BT-70"),
        location=part.identifier("cac:DeliveryLocation/cbc:ID", "BT-71"),
        address=_address(address, _DELIVERY) if address else None,
    )
    return None if delivery == Delivery() else delivery
