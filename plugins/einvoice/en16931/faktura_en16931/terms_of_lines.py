"""The mapping table, part four: the lines."""

from typing import Final

LINES: Final = """
BT-126  line id  identity/LineID  line/ID
BT-127  line note  identity/IncludedNote/Content  line/Note
BT-128  line object  entry/AdditionalReferencedDocument/IssuerAssignedID  line/DocumentReference/ID
BT-128-1  scheme of the line object  entry/AdditionalReferencedDocument/ReferenceTypeCode  \
line/DocumentReference/ID/@schemeID
BT-129  quantity  line/SpecifiedLineTradeDelivery/BilledQuantity  \
line/InvoicedQuantity | line/CreditedQuantity
BT-130  unit  line/SpecifiedLineTradeDelivery/BilledQuantity/@unitCode  \
line/InvoicedQuantity/@unitCode | line/CreditedQuantity/@unitCode
BT-131  line net amount  entry/SpecifiedTradeSettlementLineMonetarySummation/LineTotalAmount  \
line/LineExtensionAmount
BT-132  order line  deal/BuyerOrderReferencedDocument/LineID  line/OrderLineReference/LineID
BT-133  line accounting reference  entry/ReceivableSpecifiedTradeAccountingAccount/ID  \
line/AccountingCost
BT-134  line period start  entry/BillingSpecifiedPeriod/StartDateTime/udt:DateTimeString  \
line/InvoicePeriod/StartDate
BT-135  line period end  entry/BillingSpecifiedPeriod/EndDateTime/udt:DateTimeString  \
line/InvoicePeriod/EndDate
BT-136  line allowance amount  reduction/ActualAmount  reduction/Amount
BT-137  line allowance base  reduction/BasisAmount  reduction/BaseAmount
BT-138  line allowance percentage  reduction/CalculationPercent  reduction/MultiplierFactorNumeric
BT-139  line allowance reason  reduction/Reason  reduction/AllowanceChargeReason
BT-140  line allowance reason code  reduction/ReasonCode  reduction/AllowanceChargeReasonCode
BT-141  line charge amount  extra/ActualAmount  extra/Amount
BT-142  line charge base  extra/BasisAmount  extra/BaseAmount
BT-143  line charge percentage  extra/CalculationPercent  extra/MultiplierFactorNumeric
BT-144  line charge reason  extra/Reason  extra/AllowanceChargeReason
BT-145  line charge reason code  extra/ReasonCode  extra/AllowanceChargeReasonCode
"""

PRICES: Final = """
BT-146  net price  price/ChargeAmount  price/PriceAmount
BT-147  price discount  gross/AppliedTradeAllowanceCharge/ActualAmount  price/AllowanceCharge/Amount
BT-148  gross price  gross/ChargeAmount  price/AllowanceCharge/BaseAmount
BT-149  price base quantity  price/BasisQuantity  price/BaseQuantity
BT-150  price base unit  price/BasisQuantity/@unitCode  price/BaseQuantity/@unitCode
BT-151  line VAT category  entry/ApplicableTradeTax/CategoryCode  item/ClassifiedTaxCategory/ID
BT-152  line VAT rate  entry/ApplicableTradeTax/RateApplicablePercent  \
item/ClassifiedTaxCategory/Percent
"""

ITEMS: Final = """
BT-153  item name  product/Name  item/Name
BT-154  item description  product/Description  item/Description
BT-155  seller's item id  product/SellerAssignedID  item/SellersItemIdentification/ID
BT-156  buyer's item id  product/BuyerAssignedID  item/BuyersItemIdentification/ID
BT-157  standard item id  product/GlobalID  item/StandardItemIdentification/ID
BT-157-1  scheme of the standard item id  product/GlobalID/@schemeID  \
item/StandardItemIdentification/ID/@schemeID
BT-158  item classification  product/DesignatedProductClassification/ClassCode  \
item/CommodityClassification/ItemClassificationCode
BT-158-1  list of the item classification  \
product/DesignatedProductClassification/ClassCode/@listID  \
item/CommodityClassification/ItemClassificationCode/@listID
BT-158-2  version of the item classification  \
product/DesignatedProductClassification/ClassCode/@listVersionID  \
item/CommodityClassification/ItemClassificationCode/@listVersionID
BT-159  country of origin  product/OriginTradeCountry/ID  item/OriginCountry/IdentificationCode
BT-160  attribute name  product/ApplicableProductCharacteristic/Description  \
item/AdditionalItemProperty/Name
BT-161  attribute value  product/ApplicableProductCharacteristic/Value  \
item/AdditionalItemProperty/Value
"""
