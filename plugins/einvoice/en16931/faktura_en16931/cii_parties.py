"""Who is named in CII: seller, buyer, payee, tax representative (BG-4 to BG-12), deliver-to (BG-13)."""

from lxml import etree

from faktura.plugin import (
    Contact,
    Delivery,
    Identifier,
    Party,
    Payee,
    PostalAddress,
    TaxRepresentative,
)
from faktura_en16931.cii_elements import (
    discard_if_empty,
    group,
    put_global_id,
    put_id,
    put_nested,
    put_text,
)


def put_party(parent: etree._Element, name: str, party: Party) -> None:
    """SellerTradeParty or BuyerTradeParty, in the order of TradePartyType."""
    element = group(parent, name)
    _identifiers(element, party)
    put_text(element, "Name", party.name)
    put_text(element, "Description", party.legal_info)
    _legal_organization(element, party.registration, party.trading_name)
    if party.contact:
        _contact(element, party.contact)
    _address(element, party.address)
    if party.endpoint:
        address = group(element, "URIUniversalCommunication")
        put_id(address, "URIID", party.endpoint.value, party.endpoint.scheme)
        discard_if_empty(element, address)
    if party.tax_number:
        _tax_registration(element, party.tax_number, "FC")
    if party.vat_id:
        _tax_registration(element, party.vat_id, "VA")


def put_delivery_party(parent: etree._Element, delivery: Delivery) -> None:
    """ShipToTradeParty: BT-70, BT-71 and BG-15, when there is anything to say."""
    element = group(parent, "ShipToTradeParty")
    if delivery.location:
        put_global_id(element, delivery.location)
    put_text(element, "Name", delivery.name)
    if delivery.address:
        _address(element, delivery.address)
    discard_if_empty(parent, element)


def put_payee(parent: etree._Element, payee: Payee) -> None:
    """PayeeTradeParty, BG-10."""
    element = group(parent, "PayeeTradeParty")
    if payee.identifier:
        put_global_id(element, payee.identifier)
    put_text(element, "Name", payee.name)
    _legal_organization(element, payee.registration, None)
    discard_if_empty(parent, element)


def put_tax_representative(parent: etree._Element, representative: TaxRepresentative) -> None:
    """SellerTaxRepresentativeTradeParty, BG-11 and BG-12."""
    element = group(parent, "SellerTaxRepresentativeTradeParty")
    put_text(element, "Name", representative.name)
    _address(element, representative.address)
    _tax_registration(element, representative.vat_id, "VA")
    discard_if_empty(parent, element)


def _identifiers(element: etree._Element, party: Party) -> None:
    # The schema wants all ID before all GlobalID; the latter are those with a scheme.
    for identifier in party.identifiers:
        if not identifier.scheme:
            put_global_id(element, identifier)
    for identifier in party.identifiers:
        if identifier.scheme:
            put_global_id(element, identifier)


def _legal_organization(
    element: etree._Element, registration: Identifier | None, trading_name: str | None
) -> None:
    if registration is None and trading_name is None:
        return
    organization = group(element, "SpecifiedLegalOrganization")
    if registration:
        put_id(organization, "ID", registration.value, registration.scheme)
    put_text(organization, "TradingBusinessName", trading_name)
    discard_if_empty(element, organization)


def _contact(element: etree._Element, contact: Contact) -> None:
    person = group(element, "DefinedTradeContact")
    put_text(person, "PersonName", contact.name)
    put_nested(person, "TelephoneUniversalCommunication", "CompleteNumber", contact.phone)
    put_nested(person, "EmailURIUniversalCommunication", "URIID", contact.email)
    discard_if_empty(element, person)


def _address(element: etree._Element, address: PostalAddress) -> None:
    lines = group(element, "PostalTradeAddress")
    put_text(lines, "PostcodeCode", address.postcode)
    put_text(lines, "LineOne", address.line1)
    put_text(lines, "LineTwo", address.line2)
    put_text(lines, "LineThree", address.line3)
    put_text(lines, "CityName", address.city)
    put_text(lines, "CountryID", address.country)
    put_text(lines, "CountrySubDivisionName", address.subdivision)
    discard_if_empty(element, lines)


def _tax_registration(element: etree._Element, number: str, scheme: str) -> None:
    registration = group(element, "SpecifiedTaxRegistration")
    put_id(registration, "ID", number, scheme)
    discard_if_empty(element, registration)
