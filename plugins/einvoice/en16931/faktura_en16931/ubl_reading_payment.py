"""How an invoice is paid, read back from UBL: payment means (BG-16 to BG-19), due day (BT-9)."""

from datetime import date

from faktura.plugin import CreditTransfer, DirectDebit, PaymentInstructions
from faktura_en16931.ubl_codes import NO_NETWORK
from faktura_en16931.ubl_reading_parties import read_creditor_id
from faktura_en16931.xml_reading import Part


def read_due_day(part: Part) -> date | None:
    """BT-9 where the root has no place for it: in a CreditNote."""
    days = (means.day("cbc:PaymentDueDate", "BT-9") for means in part.parts("cac:PaymentMeans"))
    return next((day for day in days if day), None)


def read_payment(part: Part) -> PaymentInstructions:
    """BG-16 with all accounts; without any payment means the means code is empty.

    Means of another code than the first have no place in the document: they stay unread.
    """
    means = part.parts("cac:PaymentMeans")
    if not means:
        return PaymentInstructions(means_code="")
    code = means[0].needed_code("cbc:PaymentMeansCode", "BT-81")
    remittance = means[0].code("cbc:PaymentID", "BT-83")
    equal = [means[0], *(one for one in means[1:] if _repeats(one, code, remittance))]
    text = means[0].need("cbc:PaymentMeansCode", "BT-81").attribute("name", "BT-82")
    card = means[0].part("cac:CardAccount")
    if card:
        card.known("cbc:NetworkID", NO_NETWORK)
    mandate = means[0].part("cac:PaymentMandate")
    return PaymentInstructions(
        means_code=code,
        means_text=text,
        remittance=remittance,
        transfers=tuple(
            _transfer(account)
            for one in equal
            for account in one.parts("cac:PayeeFinancialAccount")
        ),
        direct_debit=_direct_debit(part, mandate) if mandate else None,
        card_last_digits=card.code("cbc:PrimaryAccountNumberID", "BT-87") if card else None,
        card_holder=card.text("cbc:HolderName", "BT-88") if card else None,
    )


def _repeats(means: Part, code: str, remittance: str | None) -> bool:
    """Whether it is of the same code; what it says once more is taken."""
    if means.peek("cbc:PaymentMeansCode") != code:
        return False
    means.known("cbc:PaymentMeansCode", code)
    if remittance:
        means.known("cbc:PaymentID", remittance)
    return True


def _transfer(account: Part) -> CreditTransfer:
    return CreditTransfer(
        iban=account.needed_code("cbc:ID", "BT-84"),
        holder=account.text("cbc:Name", "BT-85"),
        bic=account.code("cac:FinancialInstitutionBranch/cbc:ID", "BT-86"),
    )


def _direct_debit(part: Part, mandate: Part) -> DirectDebit:
    return DirectDebit(
        mandate=mandate.code("cbc:ID", "BT-89") or "",
        creditor_id=read_creditor_id(part) or "",
        iban=mandate.code("cac:PayerFinancialAccount/cbc:ID", "BT-91") or "",
    )
