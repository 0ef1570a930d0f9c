"""Where the paths of the mapping table begin, in both syntaxes: a lower-case word for each place.

CII stands below rsm:CrossIndustryInvoice, UBL below its Invoice or CreditNote. Elements are named
without prefix: in CII it is ram, in UBL cbc for the last step and cac for those above it.
"""

from typing import Final

CII_ROOTS: Final = {
    "context": "rsm:ExchangedDocumentContext",
    "header": "rsm:ExchangedDocument",
    "agreement": "rsm:SupplyChainTradeTransaction/ApplicableHeaderTradeAgreement",
    "delivery": "rsm:SupplyChainTradeTransaction/ApplicableHeaderTradeDelivery",
    "settlement": "rsm:SupplyChainTradeTransaction/ApplicableHeaderTradeSettlement",
    "seller": "agreement/SellerTradeParty",
    "buyer": "agreement/BuyerTradeParty",
    "agent": "agreement/SellerTaxRepresentativeTradeParty",
    "payee": "settlement/PayeeTradeParty",
    "place": "delivery/ShipToTradeParty",
    "means": "settlement/SpecifiedTradeSettlementPaymentMeans",
    "account": "means/PayeePartyCreditorFinancialAccount",
    "card": "means/ApplicableTradeSettlementFinancialCard",
    "terms": "settlement/SpecifiedTradePaymentTerms",
    "allowance": "settlement/SpecifiedTradeAllowanceCharge[ChargeIndicator/udt:Indicator='false']",
    "charge": "settlement/SpecifiedTradeAllowanceCharge[ChargeIndicator/udt:Indicator='true']",
    "sums": "settlement/SpecifiedTradeSettlementHeaderMonetarySummation",
    "tax": "settlement/ApplicableTradeTax",
    "preceding": "settlement/InvoiceReferencedDocument",
    "tender": "agreement/AdditionalReferencedDocument[TypeCode='50']",
    "object": "agreement/AdditionalReferencedDocument[TypeCode='130']",
    "document": "agreement/AdditionalReferencedDocument[TypeCode='916']",
    "line": "rsm:SupplyChainTradeTransaction/IncludedSupplyChainTradeLineItem",
    "identity": "line/AssociatedDocumentLineDocument",
    "product": "line/SpecifiedTradeProduct",
    "deal": "line/SpecifiedLineTradeAgreement",
    "price": "deal/NetPriceProductTradePrice",
    "gross": "deal/GrossPriceProductTradePrice",
    "entry": "line/SpecifiedLineTradeSettlement",
    "reduction": "entry/SpecifiedTradeAllowanceCharge[ChargeIndicator/udt:Indicator='false']",
    "extra": "entry/SpecifiedTradeAllowanceCharge[ChargeIndicator/udt:Indicator='true']",
}

UBL_ROOTS: Final = {
    "seller": "AccountingSupplierParty/Party",
    "buyer": "AccountingCustomerParty/Party",
    "agent": "TaxRepresentativeParty",
    "payee": "PayeeParty",
    "place": "Delivery/DeliveryLocation",
    "means": "PaymentMeans",
    "account": "means/PayeeFinancialAccount",
    "card": "means/CardAccount",
    "mandate": "means/PaymentMandate",
    "allowance": "AllowanceCharge[ChargeIndicator='false']",
    "charge": "AllowanceCharge[ChargeIndicator='true']",
    "sums": "LegalMonetaryTotal",
    "tax": "TaxTotal/TaxSubtotal",
    "preceding": "BillingReference/InvoiceDocumentReference",
    "object": "AdditionalDocumentReference[DocumentTypeCode='130']",
    "document": "AdditionalDocumentReference[not(DocumentTypeCode)]",
    "line": "*[self::cac:InvoiceLine or self::cac:CreditNoteLine]",
    "item": "line/Item",
    "price": "line/Price",
    "reduction": "line/AllowanceCharge[ChargeIndicator='false']",
    "extra": "line/AllowanceCharge[ChargeIndicator='true']",
}
