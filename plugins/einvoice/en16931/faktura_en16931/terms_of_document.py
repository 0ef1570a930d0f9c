"""The mapping table, part one: the document's head, references, period, delivery and files."""

from typing import Final

HEAD: Final = """
BT-1  invoice number  header/ID  ID
BT-2  issue date  header/IssueDateTime/udt:DateTimeString  IssueDate
BT-3  type code  header/TypeCode  InvoiceTypeCode | CreditNoteTypeCode
BT-5  currency  settlement/InvoiceCurrencyCode  DocumentCurrencyCode
BT-6  VAT accounting currency  settlement/TaxCurrencyCode  TaxCurrencyCode
BT-7  VAT point date  tax/TaxPointDate/udt:DateString  TaxPointDate
BT-8  VAT point date code  tax/DueDateTypeCode  InvoicePeriod/DescriptionCode
BT-9  due date  terms/DueDateDateTime/udt:DateTimeString  DueDate | means/PaymentDueDate
BT-10  buyer reference  agreement/BuyerReference  BuyerReference
BT-19  buyer accounting reference  settlement/ReceivableSpecifiedTradeAccountingAccount/ID  \
AccountingCost
BT-20  payment terms  terms/Description  PaymentTerms/Note
BT-21  note subject code  header/IncludedNote/SubjectCode  -
BT-22  note  header/IncludedNote/Content  Note
BT-23  business process  context/BusinessProcessSpecifiedDocumentContextParameter/ID  ProfileID
BT-24  specification  context/GuidelineSpecifiedDocumentContextParameter/ID  CustomizationID
BT-73  invoice period start  \
settlement/BillingSpecifiedPeriod/StartDateTime/udt:DateTimeString  InvoicePeriod/StartDate
BT-74  invoice period end  \
settlement/BillingSpecifiedPeriod/EndDateTime/udt:DateTimeString  InvoicePeriod/EndDate
"""
"""BT-21 has no element in UBL: it is the `#AAI#` at the beginning of BT-22."""

REFERENCES: Final = """
BT-11  project reference  agreement/SpecifiedProcuringProject/ID  \
ProjectReference/ID | AdditionalDocumentReference[DocumentTypeCode='50']/ID
BT-12  contract reference  agreement/ContractReferencedDocument/IssuerAssignedID  \
ContractDocumentReference/ID
BT-13  purchase order reference  agreement/BuyerOrderReferencedDocument/IssuerAssignedID  \
OrderReference/ID
BT-14  sales order reference  agreement/SellerOrderReferencedDocument/IssuerAssignedID  \
OrderReference/SalesOrderID
BT-15  receiving advice  delivery/ReceivingAdviceReferencedDocument/IssuerAssignedID  \
ReceiptDocumentReference/ID
BT-16  despatch advice  delivery/DespatchAdviceReferencedDocument/IssuerAssignedID  \
DespatchDocumentReference/ID
BT-17  tender or lot  tender/IssuerAssignedID  OriginatorDocumentReference/ID
BT-18  invoiced object  object/IssuerAssignedID  object/ID
BT-18-1  scheme of the invoiced object  object/ReferenceTypeCode  object/ID/@schemeID
BT-25  preceding invoice  preceding/IssuerAssignedID  preceding/ID
BT-26  preceding invoice date  preceding/FormattedIssueDateTime/qdt:DateTimeString  \
preceding/IssueDate
"""

DELIVERY: Final = """
BT-70  deliver-to name  place/Name  Delivery/DeliveryParty/PartyName/Name
BT-71  deliver-to location  place/ID | place/GlobalID  place/ID
BT-71-1  scheme of the deliver-to location  place/GlobalID/@schemeID  place/ID/@schemeID
BT-72  delivery date  \
delivery/ActualDeliverySupplyChainEvent/OccurrenceDateTime/udt:DateTimeString  \
Delivery/ActualDeliveryDate
BT-75  deliver-to address line 1  place/PostalTradeAddress/LineOne  place/Address/StreetName
BT-76  deliver-to address line 2  place/PostalTradeAddress/LineTwo  \
place/Address/AdditionalStreetName
BT-165  deliver-to address line 3  place/PostalTradeAddress/LineThree  \
place/Address/AddressLine/Line
BT-77  deliver-to city  place/PostalTradeAddress/CityName  place/Address/CityName
BT-78  deliver-to post code  place/PostalTradeAddress/PostcodeCode  place/Address/PostalZone
BT-79  deliver-to subdivision  place/PostalTradeAddress/CountrySubDivisionName  \
place/Address/CountrySubentity
BT-80  deliver-to country  place/PostalTradeAddress/CountryID  \
place/Address/Country/IdentificationCode
"""

FILES: Final = """
BT-122  supporting document  document/IssuerAssignedID  document/ID
BT-123  supporting document description  document/Name  document/DocumentDescription
BT-124  external document location  document/URIID  document/Attachment/ExternalReference/URI
BT-125  attached document  document/AttachmentBinaryObject  \
document/Attachment/EmbeddedDocumentBinaryObject
BT-125-1  attached document type  document/AttachmentBinaryObject/@mimeCode  \
document/Attachment/EmbeddedDocumentBinaryObject/@mimeCode
BT-125-2  attached document file name  document/AttachmentBinaryObject/@filename  \
document/Attachment/EmbeddedDocumentBinaryObject/@filename
"""
