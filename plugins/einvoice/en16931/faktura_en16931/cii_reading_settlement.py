"""Reading ApplicableHeaderTradeSettlement: payment, VAT, totals (BG-3, BG-10, BG-14 to BG-23)."""

from datetime import date
from decimal import Decimal
from typing import Final

from faktura.kernel.errors import shortened
from faktura.plugin import (
    CreditTransfer,
    DirectDebit,
    PaymentInstructions,
    PrecedingInvoice,
    Totals,
    VatBreakdown,
)
from faktura_en16931.allowance_terms import ALLOWANCE, CHARGE
from faktura_en16931.cii_codes import VAT_POINT_CODES
from faktura_en16931.cii_reading_lines import read_allowances, read_period, read_rate
from faktura_en16931.cii_reading_parties import read_payee
from faktura_en16931.xml_reading import Part

_ZERO: Final = Decimal(0)
_MEANS: Final = "ram:SpecifiedTradeSettlementPaymentMeans"
_ACCOUNT: Final = "ram:PayeePartyCreditorFinancialAccount"
_CARD: Final = "ram:ApplicableTradeSettlementFinancialCard"
_DEBTOR: Final = "ram:PayerPartyDebtorFinancialAccount/ram:IBANID"
_TERMS: Final = "ram:SpecifiedTradePaymentTerms"
_MANDATE: Final = f"{_TERMS}/ram:DirectDebitMandateID"
_CREDITOR: Final = "ram:CreditorReferenceID"
_TAX: Final = "ram:ApplicableTradeTax"
_SUMS: Final = "ram:SpecifiedTradeSettlementHeaderMonetarySummation"
_VAT_TOTAL: Final = "ram:TaxTotalAmount"
_OUR_CODES: Final = {code: ours for ours, code in VAT_POINT_CODES.items()}


def read_settlement(settlement: Part, currency: str) -> dict[str, object]:
    """Fields of the invoice document by their name."""
    tax_currency = settlement.code("ram:TaxCurrencyCode", "BT-6")
    account = "ram:ReceivableSpecifiedTradeAccountingAccount/ram:ID"
    return {
        "tax_currency": tax_currency,
        "vat_point_on": _vat_point_day(settlement),
        "vat_point_code": _vat_point_code(settlement),
        "due_on": settlement.day(f"{_TERMS}/ram:DueDateDateTime/udt:DateTimeString", "BT-9"),
        "accounting_reference": settlement.code(account, "BT-19"),
        "payment_terms": settlement.text(f"{_TERMS}/ram:Description", "BT-20"),
        "payee": read_payee(settlement.part("ram:PayeeTradeParty")),
        "period": read_period(settlement, "BT-73", "BT-74"),
        "payment": _payment(settlement),
        "allowances": read_allowances(settlement, "false", ALLOWANCE, currency),
        "charges": read_allowances(settlement, "true", CHARGE, currency),
        "vat": tuple(_breakdown(tax, currency) for tax in settlement.parts(_TAX)),
        "totals": _totals(settlement.need(_SUMS, "BG-22"), currency, tax_currency),
        "preceding": tuple(
            _preceding(part)
            for part in settlement.parts("ram:InvoiceReferencedDocument")
            if not part.is_empty()
        ),
    }


def _payment(settlement: Part) -> PaymentInstructions:
    """BG-16; without it, which EN 16931 allows, the means code is empty."""
    groups = settlement.parts(_MEANS)
    code = settlement.code(f"{_MEANS}/ram:TypeCode", "BT-81") or ""
    text = settlement.text(f"{_MEANS}/ram:Information", "BT-82")
    for other in groups[1:]:  # BG-17 repeats by repeating the whole group
        other.known("ram:TypeCode", code)
        other.known("ram:Information", text or "")
    transfers = (_transfer(group) for group in groups)
    return PaymentInstructions(
        means_code=code,
        means_text=text,
        remittance=settlement.text("ram:PaymentReference", "BT-83"),
        transfers=tuple(transfer for transfer in transfers if transfer is not None),
        direct_debit=_direct_debit(settlement),
        card_last_digits=settlement.code(f"{_MEANS}/{_CARD}/ram:ID", "BT-87"),
        card_holder=settlement.text(f"{_MEANS}/{_CARD}/ram:CardholderName", "BT-88"),
    )


def _transfer(means: Part) -> CreditTransfer | None:
    account = means.part(_ACCOUNT)
    if account is None:
        return None
    # IBANID is an IBAN, ProprietaryID the number of an account that has none: both are BT-84.
    number = account.code("ram:IBANID", "BT-84") or account.code("ram:ProprietaryID", "BT-84")
    if number is None:
        return None
    bank = "ram:PayeeSpecifiedCreditorFinancialInstitution/ram:BICID"
    return CreditTransfer(
        iban=number,
        holder=account.text("ram:AccountName", "BT-85"),
        bic=means.code(bank, "BT-86"),
    )


def _direct_debit(settlement: Part) -> DirectDebit | None:
    """BG-19, whose three terms stand in three groups; what is absent of it is an empty text."""
    mandate = settlement.code(_MANDATE, "BT-89")
    creditor = settlement.code(_CREDITOR, "BT-90")
    debtor = settlement.code(f"{_MEANS}/{_DEBTOR}", "BT-91")
    if not (mandate or creditor or debtor):
        return None
    return DirectDebit(mandate=mandate or "", creditor_id=creditor or "", iban=debtor or "")


def _breakdown(tax: Part, currency: str) -> VatBreakdown:
    tax.known("ram:TypeCode", "VAT")
    category = tax.needed_category("ram:CategoryCode", "BT-118")
    return VatBreakdown(
        category=category,
        rate=read_rate(tax, category, "BT-119"),
        taxable=tax.needed_amount("ram:BasisAmount", "BT-116", currency),
        tax=tax.needed_amount("ram:CalculatedAmount", "BT-117", currency),
        exemption_reason=tax.text("ram:ExemptionReason", "BT-120"),
        exemption_code=tax.code("ram:ExemptionReasonCode", "BT-121"),
    )


def _vat_point_day(settlement: Part) -> date | None:
    """BT-7: it is of the whole document, CII writes it at every breakdown alike."""
    path = "ram:TaxPointDate/udt:DateString"
    days = [(tax, day) for tax in settlement.parts(_TAX) if (day := tax.day(path, "BT-7"))]
    for tax, day in days:
        if day != days[0][1]:
            raise tax.need(path, "BT-7").invalid("BT-7", "the VAT point differs between rates")
    return days[0][1] if days else None


def _vat_point_code(settlement: Part) -> str | None:
    """BT-8, like BT-7; as the code of EN 16931 (UNTDID 2005)."""
    path = "ram:DueDateTypeCode"
    codes = [(tax, code) for tax in settlement.parts(_TAX) if (code := tax.code(path, "BT-8"))]
    for tax, code in codes:
        if code != codes[0][1]:
            raise tax.need(path, "BT-8").invalid("BT-8", "the VAT point differs between rates")
    return _OUR_CODES.get(codes[0][1], codes[0][1]) if codes else None


def _totals(sums: Part, currency: str, tax_currency: str | None) -> Totals:
    vat, vat_accounting = _vat_totals(sums, currency, tax_currency)
    return Totals(
        lines=sums.needed_amount("ram:LineTotalAmount", "BT-106", currency),
        allowances=sums.amount("ram:AllowanceTotalAmount", "BT-107", currency) or _ZERO,
        charges=sums.amount("ram:ChargeTotalAmount", "BT-108", currency) or _ZERO,
        net=sums.needed_amount("ram:TaxBasisTotalAmount", "BT-109", currency),
        vat=vat,
        vat_accounting=vat_accounting,
        gross=sums.needed_amount("ram:GrandTotalAmount", "BT-112", currency),
        prepaid=sums.amount("ram:TotalPrepaidAmount", "BT-113", currency) or _ZERO,
        rounding=sums.amount("ram:RoundingAmount", "BT-114", currency) or _ZERO,
        due=sums.needed_amount("ram:DuePayableAmount", "BT-115", currency),
    )


def _vat_totals(
    sums: Part, currency: str, tax_currency: str | None
) -> tuple[Decimal, Decimal | None]:
    """BT-110, zero when omitted, and BT-111: the currency they name tells them apart."""
    vat: Decimal | None = None
    accounting: Decimal | None = None
    for total in sums.parts(_VAT_TOTAL):
        named = total.element.get("currencyID") or currency
        if named == currency and vat is None:
            vat = total.amount(".", "BT-110", currency)
        elif named == tax_currency and accounting is None:
            accounting = total.amount(".", "BT-111", tax_currency)
        elif named not in (currency, tax_currency):
            raise total.invalid("BT-110", f"nothing says why VAT is in {shortened(named)}")
    return vat or _ZERO, accounting


def _preceding(part: Part) -> PrecedingInvoice:
    day = "ram:FormattedIssueDateTime/qdt:DateTimeString"
    return PrecedingInvoice(
        number=part.needed_code("ram:IssuerAssignedID", "BT-25"), issued_on=part.day(day, "BT-26")
    )
