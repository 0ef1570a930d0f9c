"""The CII reader: what we wrote comes back equal, what others wrote is read or listed, never lost."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from faktura.kernel.errors import (
    AmountUnreadable,
    BadInput,
    DateUnreadable,
    FieldInvalid,
    FieldMissing,
    FileUnreadable,
    UnknownTerm,
)
from faktura.kernel.terms import TaxCategory
from faktura.plugin import (
    Allowance,
    Contact,
    CreditTransfer,
    DirectDebit,
    Identifier,
    InvoiceDocument,
    Note,
    PaymentInstructions,
    PrecedingInvoice,
    ReadDocument,
)
from faktura.testing.invoices import sample_invoice, sample_line
from faktura_en16931.cii import write_cii
from faktura_en16931.cii_reading import read_cii
from faktura_en16931.profile import Profile
from faktura_en16931.reading import read_invoice
from faktura_en16931.safe_xml import parsed
from faktura_en16931.syntax import Syntax
from faktura_en16931.terms import TERMS, elements_of

PROFILE = Profile(process="urn:process", specification="urn:specification")

# Made by hand as others do it: own prefixes, other elements for the same terms, things unknown.
FOREIGN = """<?xml version="1.0" encoding="UTF-8"?>
<a:CrossIndustryInvoice
    xmlns:a="urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100"
    xmlns="urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100"
    xmlns:u="urn:un:unece:uncefact:data:standard:UnqualifiedDataType:100">
  <a:ExchangedDocumentContext>
    <GuidelineSpecifiedDocumentContextParameter>
      <ID> urn:cen.eu:en16931:2017 </ID>
    </GuidelineSpecifiedDocumentContextParameter>
  </a:ExchangedDocumentContext>
  <a:ExchangedDocument>
    <ID>
      F-7
    </ID>
    <Name>RECHNUNG</Name>
    <TypeCode>380</TypeCode>
    <IssueDateTime><u:DateTimeString format="102">20261130</u:DateTimeString></IssueDateTime>
  </a:ExchangedDocument>
  <a:SupplyChainTradeTransaction>
    <IncludedSupplyChainTradeLineItem>
      <AssociatedDocumentLineDocument><LineID>1</LineID></AssociatedDocumentLineDocument>
      <SpecifiedTradeProduct><Name>Strom</Name></SpecifiedTradeProduct>
      <SpecifiedLineTradeAgreement>
        <GrossPriceProductTradePrice>
          <ChargeAmount>12.00</ChargeAmount><BasisQuantity unitCode="KWH">10</BasisQuantity>
        </GrossPriceProductTradePrice>
        <NetPriceProductTradePrice>
          <ChargeAmount>12.00</ChargeAmount><BasisQuantity unitCode="KWH">10.0</BasisQuantity>
        </NetPriceProductTradePrice>
      </SpecifiedLineTradeAgreement>
      <SpecifiedLineTradeDelivery>
        <BilledQuantity unitCode="KWH">100</BilledQuantity>
      </SpecifiedLineTradeDelivery>
      <SpecifiedLineTradeSettlement>
        <ApplicableTradeTax>
          <TypeCode>VAT</TypeCode><CategoryCode>O</CategoryCode>
          <RateApplicablePercent>0</RateApplicablePercent>
        </ApplicableTradeTax>
        <SpecifiedTradeSettlementLineMonetarySummation>
          <LineTotalAmount currencyID="EUR">120.00</LineTotalAmount>
        </SpecifiedTradeSettlementLineMonetarySummation>
      </SpecifiedLineTradeSettlement>
    </IncludedSupplyChainTradeLineItem>
    <ApplicableHeaderTradeAgreement>
      <SellerTradeParty>
        <GlobalID schemeID="0088">4000001000005</GlobalID>
        <Name>Energie &amp; Söhne</Name>
        <DefinedTradeContact>
          <DepartmentName>Buchhaltung</DepartmentName>
          <FaxUniversalCommunication><CompleteNumber>1</CompleteNumber></FaxUniversalCommunication>
        </DefinedTradeContact>
        <PostalTradeAddress><CountryID>DE</CountryID></PostalTradeAddress>
      </SellerTradeParty>
      <BuyerTradeParty>
        <Name>Käufer</Name>
        <PostalTradeAddress><CountryID>DE</CountryID></PostalTradeAddress>
      </BuyerTradeParty>
    </ApplicableHeaderTradeAgreement>
    <ApplicableHeaderTradeDelivery/>
    <ApplicableHeaderTradeSettlement>
      <InvoiceCurrencyCode>EUR</InvoiceCurrencyCode>
      <SpecifiedTradeSettlementPaymentMeans>
        <TypeCode>30</TypeCode>
        <PayeePartyCreditorFinancialAccount>
          <ProprietaryID>0815-99</ProprietaryID>
        </PayeePartyCreditorFinancialAccount>
      </SpecifiedTradeSettlementPaymentMeans>
      <ApplicableTradeTax>
        <CalculatedAmount>0</CalculatedAmount><TypeCode>VAT</TypeCode>
        <BasisAmount>120</BasisAmount><CategoryCode>O</CategoryCode>
      </ApplicableTradeTax>
      <SpecifiedTradeSettlementHeaderMonetarySummation>
        <LineTotalAmount>120</LineTotalAmount><TaxBasisTotalAmount>120</TaxBasisTotalAmount>
        <GrandTotalAmount>120</GrandTotalAmount><DuePayableAmount>120</DuePayableAmount>
      </SpecifiedTradeSettlementHeaderMonetarySummation>
    </ApplicableHeaderTradeSettlement>
  </a:SupplyChainTradeTransaction>
</a:CrossIndustryInvoice>
"""

_CONTACT = (
    "SupplyChainTradeTransaction/ApplicableHeaderTradeAgreement/SellerTradeParty"
    "/DefinedTradeContact"
)
_SUM = (
    "SupplyChainTradeTransaction/IncludedSupplyChainTradeLineItem"
    "/SpecifiedLineTradeSettlement/SpecifiedTradeSettlementLineMonetarySummation"
)


def read(document: InvoiceDocument) -> ReadDocument:
    return read_invoice(write_cii(document, PROFILE))


def foreign(old: str = "", new: str = "") -> ReadDocument:
    return read_invoice(FOREIGN.replace(old, new, 1).encode())


def test_a_document_with_every_field_comes_back_equal(full_document: InvoiceDocument) -> None:
    """Nothing is left unread either; BT-23 and BT-24 are given beside it."""
    found = read(full_document)

    assert found.document == full_document
    assert found.unread == ()
    assert (found.syntax, found.process) == ("CII", "urn:process")
    assert found.specification == "urn:specification"


def test_the_reader_takes_every_term_where_the_table_has_it(full_document: InvoiceDocument) -> None:
    """A term whose element is taken away is read no more: so it was read from there."""
    for term in TERMS:
        root = parsed(write_cii(full_document, PROFILE))
        elements = elements_of(root, term.number, Syntax.CII, "EUR")
        assert elements, term
        for element in elements:
            if isinstance(element, str):
                owner = element.getparent()  # type: ignore[attr-defined] # lxml's text of an attribute
                del owner.attrib[element.attrname]  # type: ignore[attr-defined] # the same
            else:
                element.text = None
        try:
            found = read_cii(root)
        except BadInput:
            continue
        is_written_only = term.number in ("BT-23", "BT-150")
        assert is_written_only or found.document != full_document, term


_TEXTS = st.text(
    st.characters(
        codec="utf-8", exclude_categories=["Cc", "Cs"], exclude_characters="\ufffe\uffff"
    ),
    min_size=1,
    max_size=30,
).filter(lambda text: text == text.strip() != "")
_AMOUNTS = st.decimals("-99999.99", "99999.99", places=2)
_NUMBERS = st.decimals("0.000001", "9999", places=6)
_CODES = st.text("ABCXYZ0189", min_size=1, max_size=4)
_IDENTIFIERS = st.builds(Identifier, value=_TEXTS, scheme=st.none() | _CODES)
_ALLOWANCES = st.builds(
    Allowance,
    amount=_AMOUNTS,
    base=st.none() | _AMOUNTS,
    percent=st.none() | _NUMBERS,
    reason=st.none() | _TEXTS,
    reason_code=st.none() | _CODES,
)
_PAYMENTS = st.one_of(
    st.builds(
        PaymentInstructions,
        means_code=st.just("58"),
        remittance=st.none() | _TEXTS,
        transfers=st.lists(
            st.builds(
                CreditTransfer, iban=_TEXTS, holder=st.none() | _TEXTS, bic=st.none() | _CODES
            )
        ).map(tuple),
    ),
    st.builds(
        PaymentInstructions,
        means_code=st.just("59"),
        direct_debit=st.builds(DirectDebit, mandate=_TEXTS, creditor_id=_TEXTS, iban=_TEXTS),
    ),
)
_LINES = st.builds(
    lambda **fields: sample_line(net="1.00", **fields),
    quantity=_NUMBERS,
    price=_NUMBERS,
    price_base=_NUMBERS,
    name=_TEXTS,
    note=st.none() | _TEXTS,
    object_identifier=st.none() | _IDENTIFIERS,
    standard_identifier=st.none() | _IDENTIFIERS,
    allowances=st.lists(_ALLOWANCES, max_size=2).map(tuple),
    charges=st.lists(_ALLOWANCES, max_size=2).map(tuple),
)


@given(
    number=_TEXTS,
    notes=st.lists(st.builds(Note, text=_TEXTS, subject=st.none() | _CODES), max_size=3).map(tuple),
    preceding=st.lists(
        st.builds(
            PrecedingInvoice,
            number=_TEXTS,
            issued_on=st.none() | st.dates(date(1900, 1, 1), date(2999, 12, 31)),
        ),
        max_size=2,
    ).map(tuple),
    payment=_PAYMENTS,
    lines=st.lists(_LINES, min_size=1, max_size=3).map(tuple),
    object_identifier=st.none() | _IDENTIFIERS,
    vat_point_code=st.sampled_from([None, "3", "35", "432"]),
    payment_terms=st.none() | _TEXTS.map(lambda text: text + "\n"),
)
def test_reading_what_was_written_gives_the_same_document(**fields: object) -> None:
    """read(write(d)) == d without what only the page shows."""
    document = sample_invoice(**fields)

    found = read(document)

    assert found.document == document.model_copy(update={"printed": None})
    assert found.unread == ()


def test_the_file_of_another_program_is_read() -> None:
    """Other prefixes and elements of the same meaning; category O has no rate, omitted is zero."""
    document = foreign().document

    assert document.number == "F-7"
    assert document.seller.name == "Energie & Söhne"
    assert document.seller.identifiers == (Identifier(value="4000001000005", scheme="0088"),)
    assert document.seller.contact == Contact(name="Buchhaltung")
    assert (document.seller.address.city, document.seller.address.postcode) == ("", "")
    assert document.payment.transfers == (CreditTransfer(iban="0815-99"),)
    assert document.vat[0].category is TaxCategory.O
    assert (document.vat[0].rate, document.lines[0].vat_rate) == (None, None)
    assert document.lines[0].price_base == Decimal(10)
    assert (document.totals.vat, document.totals.prepaid) == (Decimal(0), Decimal(0))
    assert document.delivery is None


def test_what_has_no_field_is_listed_with_its_line() -> None:
    """Nothing of a file is lost in silence."""
    assert foreign().unread == (
        "ExchangedDocument/Name (line 15)",
        f"{_CONTACT}/FaxUniversalCommunication/CompleteNumber (line 50)",
    )


@pytest.mark.parametrize(
    ("old", "new", "unread"),
    [
        ("<Name>Strom</Name>", "<Name>Strom</Name><Name>Gas</Name>", "Name[2]"),
        ("<Name>Strom</Name>", "<Name>Strom</Name>loose", "text()"),
        ("<TypeCode>30<", '<TypeCode x="1">30<', "TypeCode/@x"),
        ('unitCode="KWH">10.0<', 'unitCode="C62">10.0<', "BasisQuantity/@unitCode"),
        (
            "<TypeCode>VAT</TypeCode><CategoryCode>",
            "<TypeCode>X</TypeCode><CategoryCode>",
            "TypeCode",
        ),
    ],
)
def test_what_repeats_or_differs_is_listed(old: str, new: str, unread: str) -> None:
    """The first value is taken; a constant that is another one says something."""
    places = foreign(old, new).unread

    assert len(places) == 3
    assert any(unread in place for place in places)


@pytest.mark.parametrize(
    ("old", "new", "error", "place"),
    [
        (
            ">120.00<",
            ">120,00<",
            AmountUnreadable,
            f"BT-131, {_SUM}/LineTotalAmount, line 40",
        ),
        (">20261130<", ">20261131<", DateUnreadable, "BT-2, ExchangedDocument/IssueDateTime"),
        ('format="102"', 'format="610"', DateUnreadable, "BT-2, ExchangedDocument/IssueDateTime"),
        (">O<", ">L<", UnknownTerm, "BT-151, SupplyChainTradeTransaction"),
        ("<TypeCode>380</TypeCode>", "", FieldMissing, "BT-3, ExchangedDocument/TypeCode, line 11"),
        ("<CountryID>DE</CountryID>", "", FieldMissing, "BT-40, SupplyChainTradeTransaction"),
        ('"EUR"', '"USD"', FieldInvalid, "BT-131, SupplyChainTradeTransaction"),
        (">10.0<", ">11<", FieldInvalid, "BT-149, SupplyChainTradeTransaction"),
        (' unitCode="KWH">100<', ">100<", FieldMissing, "BT-130, SupplyChainTradeTransaction"),
    ],
)
def test_a_value_that_cannot_be_read_is_named(
    old: str, new: str, error: type[BadInput], place: str
) -> None:
    """Term, path and line; nothing is guessed."""
    with pytest.raises(error) as refused:
        foreign(old, new)

    assert refused.value.place.startswith(place)
    assert ", line " in refused.value.place


def test_another_root_is_no_e_invoice() -> None:
    """The error names it."""
    with pytest.raises(FileUnreadable, match="begins with “Order”"):
        read_invoice(b"<Order/>")
