"""Where each business term stands in a CII document: one table, for readers and for tests.

The writer does not use it: a test writes a full document and reads every term back by its path,
so that a value in the wrong place is seen.
"""

from typing import Final, cast

from lxml import etree

from faktura_en16931.cii_elements import NAMESPACES

_CONTEXT = "rsm:ExchangedDocumentContext"
_HEADER = "rsm:ExchangedDocument"
_LINE = "rsm:SupplyChainTradeTransaction/ram:IncludedSupplyChainTradeLineItem"
_AGREEMENT = "rsm:SupplyChainTradeTransaction/ram:ApplicableHeaderTradeAgreement"
_DELIVERY = "rsm:SupplyChainTradeTransaction/ram:ApplicableHeaderTradeDelivery"
_SETTLEMENT = "rsm:SupplyChainTradeTransaction/ram:ApplicableHeaderTradeSettlement"
_SELLER = f"{_AGREEMENT}/ram:SellerTradeParty"
_BUYER = f"{_AGREEMENT}/ram:BuyerTradeParty"
_SHIP_TO = f"{_DELIVERY}/ram:ShipToTradeParty"
_MEANS = f"{_SETTLEMENT}/ram:SpecifiedTradeSettlementPaymentMeans"
_TERMS = f"{_SETTLEMENT}/ram:SpecifiedTradePaymentTerms"
_TOTALS = f"{_SETTLEMENT}/ram:SpecifiedTradeSettlementHeaderMonetarySummation"
_VAT = f"{_SETTLEMENT}/ram:ApplicableTradeTax"
_ATTACHMENT = f"{_AGREEMENT}/ram:AdditionalReferencedDocument[ram:TypeCode='916']"
_ENTRY = "ram:SpecifiedTradeAllowanceCharge[ram:ChargeIndicator/udt:Indicator='{}']"
_ALLOWANCE = f"{_SETTLEMENT}/{_ENTRY.format('false')}"
_CHARGE = f"{_SETTLEMENT}/{_ENTRY.format('true')}"
_LINE_SETTLEMENT = f"{_LINE}/ram:SpecifiedLineTradeSettlement"
_LINE_ALLOWANCE = f"{_LINE_SETTLEMENT}/{_ENTRY.format('false')}"
_PRICE = f"{_LINE}/ram:SpecifiedLineTradeAgreement/ram:NetPriceProductTradePrice"
_PRODUCT = f"{_LINE}/ram:SpecifiedTradeProduct"
_QUANTITY = f"{_LINE}/ram:SpecifiedLineTradeDelivery/ram:BilledQuantity"

CII_PATHS: Final = {
    "BT-1": f"{_HEADER}/ram:ID",
    "BT-2": f"{_HEADER}/ram:IssueDateTime/udt:DateTimeString",
    "BT-3": f"{_HEADER}/ram:TypeCode",
    "BT-5": f"{_SETTLEMENT}/ram:InvoiceCurrencyCode",
    "BT-9": f"{_TERMS}/ram:DueDateDateTime/udt:DateTimeString",
    "BT-10": f"{_AGREEMENT}/ram:BuyerReference",
    "BT-11": f"{_AGREEMENT}/ram:SpecifiedProcuringProject/ram:ID",
    "BT-12": f"{_AGREEMENT}/ram:ContractReferencedDocument/ram:IssuerAssignedID",
    "BT-13": f"{_AGREEMENT}/ram:BuyerOrderReferencedDocument/ram:IssuerAssignedID",
    "BT-14": f"{_AGREEMENT}/ram:SellerOrderReferencedDocument/ram:IssuerAssignedID",
    "BT-19": f"{_SETTLEMENT}/ram:ReceivableSpecifiedTradeAccountingAccount/ram:ID",
    "BT-20": f"{_TERMS}/ram:Description",
    "BT-21": f"{_HEADER}/ram:IncludedNote/ram:SubjectCode",
    "BT-22": f"{_HEADER}/ram:IncludedNote/ram:Content",
    "BT-23": f"{_CONTEXT}/ram:BusinessProcessSpecifiedDocumentContextParameter/ram:ID",
    "BT-24": f"{_CONTEXT}/ram:GuidelineSpecifiedDocumentContextParameter/ram:ID",
    "BT-25": f"{_SETTLEMENT}/ram:InvoiceReferencedDocument/ram:IssuerAssignedID",
    "BT-26": f"{_SETTLEMENT}/ram:InvoiceReferencedDocument/ram:FormattedIssueDateTime/*",
    "BT-27": f"{_SELLER}/ram:Name",
    "BT-28": f"{_SELLER}/ram:SpecifiedLegalOrganization/ram:TradingBusinessName",
    "BT-29": f"{_SELLER}/ram:ID | {_SELLER}/ram:GlobalID",
    "BT-30": f"{_SELLER}/ram:SpecifiedLegalOrganization/ram:ID",
    "BT-31": f"{_SELLER}/ram:SpecifiedTaxRegistration/ram:ID[@schemeID='VA']",
    "BT-32": f"{_SELLER}/ram:SpecifiedTaxRegistration/ram:ID[@schemeID='FC']",
    "BT-33": f"{_SELLER}/ram:Description",
    "BT-34": f"{_SELLER}/ram:URIUniversalCommunication/ram:URIID",
    "BT-35": f"{_SELLER}/ram:PostalTradeAddress/ram:LineOne",
    "BT-36": f"{_SELLER}/ram:PostalTradeAddress/ram:LineTwo",
    "BT-162": f"{_SELLER}/ram:PostalTradeAddress/ram:LineThree",
    "BT-37": f"{_SELLER}/ram:PostalTradeAddress/ram:CityName",
    "BT-38": f"{_SELLER}/ram:PostalTradeAddress/ram:PostcodeCode",
    "BT-39": f"{_SELLER}/ram:PostalTradeAddress/ram:CountrySubDivisionName",
    "BT-40": f"{_SELLER}/ram:PostalTradeAddress/ram:CountryID",
    "BT-41": f"{_SELLER}/ram:DefinedTradeContact/ram:PersonName",
    "BT-42": f"{_SELLER}//ram:TelephoneUniversalCommunication/ram:CompleteNumber",
    "BT-43": f"{_SELLER}//ram:EmailURIUniversalCommunication/ram:URIID",
    "BT-44": f"{_BUYER}/ram:Name",
    "BT-45": f"{_BUYER}/ram:SpecifiedLegalOrganization/ram:TradingBusinessName",
    "BT-46": f"{_BUYER}/ram:ID | {_BUYER}/ram:GlobalID",
    "BT-47": f"{_BUYER}/ram:SpecifiedLegalOrganization/ram:ID",
    "BT-48": f"{_BUYER}/ram:SpecifiedTaxRegistration/ram:ID[@schemeID='VA']",
    "BT-49": f"{_BUYER}/ram:URIUniversalCommunication/ram:URIID",
    "BT-50": f"{_BUYER}/ram:PostalTradeAddress/ram:LineOne",
    "BT-51": f"{_BUYER}/ram:PostalTradeAddress/ram:LineTwo",
    "BT-163": f"{_BUYER}/ram:PostalTradeAddress/ram:LineThree",
    "BT-52": f"{_BUYER}/ram:PostalTradeAddress/ram:CityName",
    "BT-53": f"{_BUYER}/ram:PostalTradeAddress/ram:PostcodeCode",
    "BT-54": f"{_BUYER}/ram:PostalTradeAddress/ram:CountrySubDivisionName",
    "BT-55": f"{_BUYER}/ram:PostalTradeAddress/ram:CountryID",
    "BT-56": f"{_BUYER}/ram:DefinedTradeContact/ram:PersonName",
    "BT-57": f"{_BUYER}//ram:TelephoneUniversalCommunication/ram:CompleteNumber",
    "BT-58": f"{_BUYER}//ram:EmailURIUniversalCommunication/ram:URIID",
    "BT-70": f"{_SHIP_TO}/ram:Name",
    "BT-72": f"{_DELIVERY}/ram:ActualDeliverySupplyChainEvent/ram:OccurrenceDateTime/*",
    "BT-73": f"{_SETTLEMENT}/ram:BillingSpecifiedPeriod/ram:StartDateTime/udt:DateTimeString",
    "BT-74": f"{_SETTLEMENT}/ram:BillingSpecifiedPeriod/ram:EndDateTime/udt:DateTimeString",
    "BT-75": f"{_SHIP_TO}/ram:PostalTradeAddress/ram:LineOne",
    "BT-76": f"{_SHIP_TO}/ram:PostalTradeAddress/ram:LineTwo",
    "BT-165": f"{_SHIP_TO}/ram:PostalTradeAddress/ram:LineThree",
    "BT-77": f"{_SHIP_TO}/ram:PostalTradeAddress/ram:CityName",
    "BT-78": f"{_SHIP_TO}/ram:PostalTradeAddress/ram:PostcodeCode",
    "BT-79": f"{_SHIP_TO}/ram:PostalTradeAddress/ram:CountrySubDivisionName",
    "BT-80": f"{_SHIP_TO}/ram:PostalTradeAddress/ram:CountryID",
    "BT-81": f"{_MEANS}/ram:TypeCode",
    "BT-82": f"{_MEANS}/ram:Information",
    "BT-83": f"{_SETTLEMENT}/ram:PaymentReference",
    "BT-84": f"{_MEANS}/ram:PayeePartyCreditorFinancialAccount/ram:IBANID",
    "BT-85": f"{_MEANS}/ram:PayeePartyCreditorFinancialAccount/ram:AccountName",
    "BT-86": f"{_MEANS}/ram:PayeeSpecifiedCreditorFinancialInstitution/ram:BICID",
    "BT-87": f"{_MEANS}/ram:ApplicableTradeSettlementFinancialCard/ram:ID",
    "BT-89": f"{_TERMS}/ram:DirectDebitMandateID",
    "BT-90": f"{_SETTLEMENT}/ram:CreditorReferenceID",
    "BT-91": f"{_MEANS}/ram:PayerPartyDebtorFinancialAccount/ram:IBANID",
    "BT-92": f"{_ALLOWANCE}/ram:ActualAmount",
    "BT-93": f"{_ALLOWANCE}/ram:BasisAmount",
    "BT-94": f"{_ALLOWANCE}/ram:CalculationPercent",
    "BT-95": f"{_ALLOWANCE}/ram:CategoryTradeTax/ram:CategoryCode",
    "BT-96": f"{_ALLOWANCE}/ram:CategoryTradeTax/ram:RateApplicablePercent",
    "BT-97": f"{_ALLOWANCE}/ram:Reason",
    "BT-98": f"{_ALLOWANCE}/ram:ReasonCode",
    "BT-99": f"{_CHARGE}/ram:ActualAmount",
    "BT-100": f"{_CHARGE}/ram:BasisAmount",
    "BT-101": f"{_CHARGE}/ram:CalculationPercent",
    "BT-102": f"{_CHARGE}/ram:CategoryTradeTax/ram:CategoryCode",
    "BT-103": f"{_CHARGE}/ram:CategoryTradeTax/ram:RateApplicablePercent",
    "BT-104": f"{_CHARGE}/ram:Reason",
    "BT-105": f"{_CHARGE}/ram:ReasonCode",
    "BT-106": f"{_TOTALS}/ram:LineTotalAmount",
    "BT-107": f"{_TOTALS}/ram:AllowanceTotalAmount",
    "BT-108": f"{_TOTALS}/ram:ChargeTotalAmount",
    "BT-109": f"{_TOTALS}/ram:TaxBasisTotalAmount",
    "BT-110": f"{_TOTALS}/ram:TaxTotalAmount",
    "BT-112": f"{_TOTALS}/ram:GrandTotalAmount",
    "BT-113": f"{_TOTALS}/ram:TotalPrepaidAmount",
    "BT-114": f"{_TOTALS}/ram:RoundingAmount",
    "BT-115": f"{_TOTALS}/ram:DuePayableAmount",
    "BT-116": f"{_VAT}/ram:BasisAmount",
    "BT-117": f"{_VAT}/ram:CalculatedAmount",
    "BT-118": f"{_VAT}/ram:CategoryCode",
    "BT-119": f"{_VAT}/ram:RateApplicablePercent",
    "BT-120": f"{_VAT}/ram:ExemptionReason",
    "BT-121": f"{_VAT}/ram:ExemptionReasonCode",
    "BT-122": f"{_ATTACHMENT}/ram:IssuerAssignedID",
    "BT-123": f"{_ATTACHMENT}/ram:Name",
    "BT-125": f"{_ATTACHMENT}/ram:AttachmentBinaryObject",
    "BT-126": f"{_LINE}/ram:AssociatedDocumentLineDocument/ram:LineID",
    "BT-127": f"{_LINE}/ram:AssociatedDocumentLineDocument/ram:IncludedNote/ram:Content",
    "BT-129": _QUANTITY,
    "BT-130": f"{_QUANTITY}/@unitCode",
    "BT-131": f"{_LINE_SETTLEMENT}/*/ram:LineTotalAmount",
    "BT-132": f"{_LINE}/*/ram:BuyerOrderReferencedDocument/ram:LineID",
    "BT-133": f"{_LINE_SETTLEMENT}/ram:ReceivableSpecifiedTradeAccountingAccount/ram:ID",
    "BT-134": f"{_LINE_SETTLEMENT}/ram:BillingSpecifiedPeriod/ram:StartDateTime/*",
    "BT-135": f"{_LINE_SETTLEMENT}/ram:BillingSpecifiedPeriod/ram:EndDateTime/*",
    "BT-136": f"{_LINE_ALLOWANCE}/ram:ActualAmount",
    "BT-137": f"{_LINE_ALLOWANCE}/ram:BasisAmount",
    "BT-138": f"{_LINE_ALLOWANCE}/ram:CalculationPercent",
    "BT-139": f"{_LINE_ALLOWANCE}/ram:Reason",
    "BT-140": f"{_LINE_ALLOWANCE}/ram:ReasonCode",
    "BT-146": f"{_PRICE}/ram:ChargeAmount",
    "BT-149": f"{_PRICE}/ram:BasisQuantity",
    "BT-150": f"{_PRICE}/ram:BasisQuantity/@unitCode",
    "BT-151": f"{_LINE_SETTLEMENT}/ram:ApplicableTradeTax/ram:CategoryCode",
    "BT-152": f"{_LINE_SETTLEMENT}/ram:ApplicableTradeTax/ram:RateApplicablePercent",
    "BT-153": f"{_PRODUCT}/ram:Name",
    "BT-154": f"{_PRODUCT}/ram:Description",
    "BT-155": f"{_PRODUCT}/ram:SellerAssignedID",
    "BT-156": f"{_PRODUCT}/ram:BuyerAssignedID",
    "BT-160": f"{_PRODUCT}/ram:ApplicableProductCharacteristic/ram:Description",
    "BT-161": f"{_PRODUCT}/ram:ApplicableProductCharacteristic/ram:Value",
}
"""Business term -> XPath from the document's root; one result per occurrence, document order."""

_PARSER: Final = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)


def terms_of(xml: bytes) -> dict[str, list[str]]:
    """Every term of `CII_PATHS` the document carries, with its texts; for our own documents."""
    root = etree.fromstring(xml, _PARSER)
    found: dict[str, list[str]] = {}
    for term, path in CII_PATHS.items():
        results = cast("list[object]", root.xpath(path, namespaces=NAMESPACES))
        # An element has a text; what the path of an attribute gives is the text itself.
        texts = [str(getattr(entry, "text", entry) or "") for entry in results]
        if texts:
            found[term] = texts
    return found
