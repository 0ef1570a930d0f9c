"""The mapping table, part three: payment, allowances and charges, totals, VAT."""

from typing import Final

PAYMENT: Final = """
BT-81  payment means code  means/TypeCode  means/PaymentMeansCode
BT-82  payment means text  means/Information  means/PaymentMeansCode/@name
BT-83  remittance information  settlement/PaymentReference  means/PaymentID
BT-84  payee account  account/IBANID | account/ProprietaryID  account/ID
BT-85  payee account name  account/AccountName  account/Name
BT-86  payee bank  means/PayeeSpecifiedCreditorFinancialInstitution/BICID  \
account/FinancialInstitutionBranch/ID
BT-87  card number  card/ID  card/PrimaryAccountNumberID
BT-88  card holder  card/CardholderName  card/HolderName
BT-89  mandate reference  terms/DirectDebitMandateID  mandate/ID
BT-90  creditor id  settlement/CreditorReferenceID  \
seller/PartyIdentification/ID[@schemeID='SEPA'] | payee/PartyIdentification/ID[@schemeID='SEPA']
BT-91  debited account  means/PayerPartyDebtorFinancialAccount/IBANID  \
mandate/PayerFinancialAccount/ID
"""

ALLOWANCES: Final = """
BT-92  allowance amount  allowance/ActualAmount  allowance/Amount
BT-93  allowance base  allowance/BasisAmount  allowance/BaseAmount
BT-94  allowance percentage  allowance/CalculationPercent  allowance/MultiplierFactorNumeric
BT-95  allowance VAT category  allowance/CategoryTradeTax/CategoryCode  allowance/TaxCategory/ID
BT-96  allowance VAT rate  allowance/CategoryTradeTax/RateApplicablePercent  \
allowance/TaxCategory/Percent
BT-97  allowance reason  allowance/Reason  allowance/AllowanceChargeReason
BT-98  allowance reason code  allowance/ReasonCode  allowance/AllowanceChargeReasonCode
BT-99  charge amount  charge/ActualAmount  charge/Amount
BT-100  charge base  charge/BasisAmount  charge/BaseAmount
BT-101  charge percentage  charge/CalculationPercent  charge/MultiplierFactorNumeric
BT-102  charge VAT category  charge/CategoryTradeTax/CategoryCode  charge/TaxCategory/ID
BT-103  charge VAT rate  charge/CategoryTradeTax/RateApplicablePercent  charge/TaxCategory/Percent
BT-104  charge reason  charge/Reason  charge/AllowanceChargeReason
BT-105  charge reason code  charge/ReasonCode  charge/AllowanceChargeReasonCode
"""

TOTALS: Final = """
BT-106  sum of line nets  sums/LineTotalAmount  sums/LineExtensionAmount
BT-107  sum of allowances  sums/AllowanceTotalAmount  sums/AllowanceTotalAmount
BT-108  sum of charges  sums/ChargeTotalAmount  sums/ChargeTotalAmount
BT-109  total without VAT  sums/TaxBasisTotalAmount  sums/TaxExclusiveAmount
BT-110  total VAT  sums/TaxTotalAmount[@currencyID=$currency]  \
TaxTotal/TaxAmount[@currencyID=$currency]
BT-111  total VAT in the accounting currency  sums/TaxTotalAmount[@currencyID!=$currency]  \
TaxTotal/TaxAmount[@currencyID!=$currency]
BT-112  total with VAT  sums/GrandTotalAmount  sums/TaxInclusiveAmount
BT-113  paid amount  sums/TotalPrepaidAmount  sums/PrepaidAmount
BT-114  rounding amount  sums/RoundingAmount  sums/PayableRoundingAmount
BT-115  amount due  sums/DuePayableAmount  sums/PayableAmount
"""
"""`$currency` is the text of BT-5."""

VAT: Final = """
BT-116  taxable amount  tax/BasisAmount  tax/TaxableAmount
BT-117  tax amount  tax/CalculatedAmount  tax/TaxAmount
BT-118  VAT category  tax/CategoryCode  tax/TaxCategory/ID
BT-119  VAT rate  tax/RateApplicablePercent  tax/TaxCategory/Percent
BT-120  exemption reason  tax/ExemptionReason  tax/TaxCategory/TaxExemptionReason
BT-121  exemption reason code  tax/ExemptionReasonCode  tax/TaxCategory/TaxExemptionReasonCode
"""
