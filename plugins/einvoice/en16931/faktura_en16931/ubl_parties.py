"""Who is named in UBL: seller, buyer, payee, tax representative (BG-4 to BG-12), delivery (BG-13)."""

from lxml import etree

from faktura.plugin import (
    Contact,
    Delivery,
    Identifier,
    InvoiceDocument,
    Party,
    Payee,
    PostalAddress,
    TaxRepresentative,
)
from faktura_en16931.text import is_blank
from faktura_en16931.ubl_codes import CREDITOR_SCHEME, TAX_NUMBER_SCHEME, VAT_SCHEME
from faktura_en16931.ubl_elements import (
    discard_if_empty,
    group,
    put_day,
    put_id,
    put_nested,
    put_nested_id,
    put_tax_scheme,
    put_text,
)


def put_parties(root: etree._Element, document: InvoiceDocument) -> None:
    """All parties and the delivery, in the order of the schema."""
    debit = document.payment.direct_debit
    creditor = Identifier(value=debit.creditor_id, scheme=CREDITOR_SCHEME) if debit else None
    payee = document.payee
    _party(root, "AccountingSupplierParty", document.seller, None if payee else creditor)
    _party(root, "AccountingCustomerParty", document.buyer, None)
    if payee:
        _payee(root, payee, creditor)
    if document.tax_representative:
        _tax_representative(root, document.tax_representative)
    if document.delivery:
        _delivery(root, document.delivery)


def _party(root: etree._Element, name: str, party: Party, creditor: Identifier | None) -> None:
    element = group(group(root, name), "Party")
    put_id(element, "EndpointID", party.endpoint)
    for identifier in party.identifiers:
        put_nested_id(element, "PartyIdentification", identifier)
    put_nested_id(element, "PartyIdentification", creditor)
    put_nested(element, "PartyName", "Name", party.trading_name)
    _address(element, "PostalAddress", party.address)
    _tax_number(element, party.vat_id, VAT_SCHEME)
    _tax_number(element, party.tax_number, TAX_NUMBER_SCHEME)
    legal = group(element, "PartyLegalEntity")
    put_text(legal, "RegistrationName", party.name)
    put_id(legal, "CompanyID", party.registration)
    put_text(legal, "CompanyLegalForm", party.legal_info)
    discard_if_empty(element, legal)
    if party.contact:
        _contact(element, party.contact)


def _payee(root: etree._Element, payee: Payee, creditor: Identifier | None) -> None:
    element = group(root, "PayeeParty")
    put_nested_id(element, "PartyIdentification", payee.identifier)
    put_nested_id(element, "PartyIdentification", creditor)
    put_nested(element, "PartyName", "Name", payee.name)
    put_nested_id(element, "PartyLegalEntity", payee.registration, "CompanyID")
    discard_if_empty(root, element)


def _tax_representative(root: etree._Element, representative: TaxRepresentative) -> None:
    element = group(root, "TaxRepresentativeParty")
    put_nested(element, "PartyName", "Name", representative.name)
    _address(element, "PostalAddress", representative.address)
    _tax_number(element, representative.vat_id, VAT_SCHEME)
    discard_if_empty(root, element)


def _delivery(root: etree._Element, delivery: Delivery) -> None:
    element = group(root, "Delivery")
    put_day(element, "ActualDeliveryDate", delivery.on)
    location = group(element, "DeliveryLocation")
    put_id(location, "ID", delivery.location)
    if delivery.address:
        _address(location, "Address", delivery.address)
    discard_if_empty(element, location)
    if not is_blank(delivery.name):
        put_nested(group(element, "DeliveryParty"), "PartyName", "Name", delivery.name)
    discard_if_empty(root, element)


def _address(parent: etree._Element, name: str, address: PostalAddress) -> None:
    element = group(parent, name)
    put_text(element, "StreetName", address.line1)
    put_text(element, "AdditionalStreetName", address.line2)
    put_text(element, "CityName", address.city)
    put_text(element, "PostalZone", address.postcode)
    put_text(element, "CountrySubentity", address.subdivision)
    put_nested(element, "AddressLine", "Line", address.line3)
    put_nested(element, "Country", "IdentificationCode", address.country)
    discard_if_empty(parent, element)


def _tax_number(element: etree._Element, number: str | None, scheme: str) -> None:
    if not is_blank(number):
        registration = group(element, "PartyTaxScheme")
        put_text(registration, "CompanyID", number)
        put_tax_scheme(registration, scheme)


def _contact(element: etree._Element, contact: Contact) -> None:
    person = group(element, "Contact")
    put_text(person, "Name", contact.name)
    put_text(person, "Telephone", contact.phone)
    put_text(person, "ElectronicMail", contact.email)
    discard_if_empty(element, person)
