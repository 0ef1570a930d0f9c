"""Reading the parties of CII (BG-4 to BG-12) and the delivery (BG-13)."""

from faktura.plugin import (
    Contact,
    Delivery,
    Identifier,
    Party,
    Payee,
    PostalAddress,
    TaxRepresentative,
)
from faktura_en16931.party_terms import (
    DELIVER_TO,
    TAX_REPRESENTATIVE,
    AddressTerms,
    PartyTerms,
)
from faktura_en16931.xml_reading import Part

_ORGANIZATION = "ram:SpecifiedLegalOrganization"
_TAX = "ram:SpecifiedTaxRegistration"
_ADDRESS = "ram:PostalTradeAddress"


def read_party(part: Part, terms: PartyTerms) -> Party:
    """Seller or buyer; raises FieldMissing for its name, its address or that one's country."""
    address = part.need(_ADDRESS, terms.address.country)
    return Party(
        name=part.needed_text("ram:Name", terms.name),
        trading_name=part.text(f"{_ORGANIZATION}/ram:TradingBusinessName", terms.trading_name),
        identifiers=_identifiers(part, terms.identifier),
        registration=part.identifier(f"{_ORGANIZATION}/ram:ID", terms.registration),
        vat_id=_tax_number(part, "VA", terms.vat_id),
        tax_number=_tax_number(part, "FC", terms.tax_number) if terms.tax_number else None,
        legal_info=part.text("ram:Description", terms.legal_info) if terms.legal_info else None,
        endpoint=part.identifier("ram:URIUniversalCommunication/ram:URIID", terms.endpoint),
        address=_address(address, terms.address),
        contact=_contact(part.part("ram:DefinedTradeContact"), terms),
    )


def read_payee(part: Part | None) -> Payee | None:
    """BG-10; raises FieldMissing for its name."""
    if part is None or part.is_empty():
        return None
    return Payee(
        name=part.needed_text("ram:Name", "BT-59"),
        identifier=_identifier(part, "BT-60"),
        registration=part.identifier(f"{_ORGANIZATION}/ram:ID", "BT-61"),
    )


def read_tax_representative(part: Part | None) -> TaxRepresentative | None:
    """BG-11; raises FieldMissing for name, VAT id and country."""
    if part is None or part.is_empty():
        return None
    vat_id = _tax_number(part, "VA", "BT-63")
    if vat_id is None:
        raise part.missing(f"{_TAX}/ram:ID", "BT-63")
    return TaxRepresentative(
        name=part.needed_text("ram:Name", "BT-62"),
        vat_id=vat_id,
        address=_address(part.need(_ADDRESS, TAX_REPRESENTATIVE.country), TAX_REPRESENTATIVE),
    )


def read_delivery(part: Part) -> dict[str, object]:
    """Fields of the invoice document by their name: BG-13, BT-15, BT-16."""
    number = "ram:IssuerAssignedID"
    return {
        "delivery": _delivery(part),
        "despatch_reference": part.code(f"ram:DespatchAdviceReferencedDocument/{number}", "BT-16"),
        "receiving_reference": part.code(
            f"ram:ReceivingAdviceReferencedDocument/{number}", "BT-15"
        ),
    }


def _delivery(part: Part) -> Delivery | None:
    event = "ram:ActualDeliverySupplyChainEvent/ram:OccurrenceDateTime/udt:DateTimeString"
    place = part.part("ram:ShipToTradeParty")
    address = place.part(_ADDRESS) if place else None
    delivery = Delivery(
        on=part.day(event, "BT-72"),
        name=place.text("ram:Name", "BT-70") if place else None,
        location=_identifier(place, "BT-71") if place else None,
        address=_address(address, DELIVER_TO) if address and not address.is_empty() else None,
    )
    return None if delivery == Delivery() else delivery


def _identifiers(part: Part, term: str) -> tuple[Identifier, ...]:
    found = (
        child.identifier(".", term)
        for path in ("ram:ID", "ram:GlobalID")
        for child in part.parts(path)
    )
    return tuple(identifier for identifier in found if identifier is not None)


def _identifier(part: Part, term: str) -> Identifier | None:
    return part.identifier("ram:ID", term) or part.identifier("ram:GlobalID", term)


def _tax_number(part: Part, scheme: str, term: str) -> str | None:
    for number in part.parts(f"{_TAX}/ram:ID"):
        if number.element.get("schemeID") == scheme and (text := number.own_text(term)):
            number.known_attribute("schemeID", scheme)
            return text.strip()
    return None


def _contact(part: Part | None, terms: PartyTerms) -> Contact | None:
    if part is None:
        return None
    contact = Contact(
        name=part.text("ram:PersonName", terms.contact_name)
        or part.text("ram:DepartmentName", terms.contact_name),
        phone=part.text(
            "ram:TelephoneUniversalCommunication/ram:CompleteNumber", terms.contact_phone
        ),
        email=part.code("ram:EmailURIUniversalCommunication/ram:URIID", terms.contact_email),
    )
    return None if contact == Contact() else contact


def _address(part: Part, terms: AddressTerms) -> PostalAddress:
    # EN 16931 itself lets city and post code be absent; an empty text is written as nothing.
    return PostalAddress(
        line1=part.text("ram:LineOne", terms.line1),
        line2=part.text("ram:LineTwo", terms.line2),
        line3=part.text("ram:LineThree", terms.line3),
        city=part.text("ram:CityName", terms.city) or "",
        postcode=part.code("ram:PostcodeCode", terms.postcode) or "",
        subdivision=part.text("ram:CountrySubDivisionName", terms.subdivision),
        country=part.needed_code("ram:CountryID", terms.country),
    )
