"""Scenarios about payment: transfers, direct debit, cards, providers, Skonto, factoring."""

from decimal import Decimal

from faktura.plugin import (
    CreditTransfer,
    DirectDebit,
    Identifier,
    InvoiceDocument,
    Payee,
    PaymentInstructions,
)
from faktura.testing.invoices import sample_invoice
from faktura.testing.scenario import Scenario, Stated, stating

_IBAN, _OTHER_IBAN = "DE02120300000000202051", "DE02500105170137075030"
_HUNDRED = stating("100.00", "19.00", "119.00", "S 19 100.00 19.00")


def _paid(means_code: str, **more: object) -> InvoiceDocument:
    fields = {"means_code": means_code, "remittance": "R-2026-00042", **more}
    return sample_invoice(payment=PaymentInstructions.model_validate(fields))


PAYMENTS = (
    Scenario(
        "transfer with BIC",
        _paid(
            "58",
            means_text="Überweisung",
            transfers=(CreditTransfer(iban=_IBAN, holder="Wattwerk", bic="BYLADEM1001"),),
        ),
        _HUNDRED,
    ),
    Scenario(
        "transfer to one of two accounts",
        _paid(
            "58",
            transfers=(
                CreditTransfer(iban=_IBAN, holder="Wattwerk Beispiel GmbH"),
                CreditTransfer(iban=_OTHER_IBAN, bic="INGDDEFFXXX"),
            ),
        ),
        _HUNDRED,
    ),
    Scenario(
        "transfer that is no SEPA transfer",
        _paid("30", transfers=(CreditTransfer(iban="CH9300762011623852957"),)),
        _HUNDRED,
    ),
    Scenario(
        "direct debit",
        _paid(
            "59",
            direct_debit=DirectDebit(
                mandate="M-2026-0042", creditor_id="DE98ZZZ09999999999", iban=_OTHER_IBAN
            ),
        ),
        _HUNDRED,
    ),
    Scenario(
        "card",
        _paid("54", means_text="Kreditkarte", card_last_digits="4242", card_holder="Ada Brandt"),
        _HUNDRED,
    ),
    Scenario("payment provider", _paid("68", means_text="PayPal"), _HUNDRED),
    Scenario("clearing", _paid("97"), _HUNDRED),
    Scenario(
        "Skonto",
        sample_invoice(
            payment_terms="Zahlbar in 14 Tagen.\n#SKONTO#TAGE=7#PROZENT=2.00#\n",
        ),
        _HUNDRED,
    ),
    Scenario(
        "paid to a factor",
        sample_invoice(
            payee=Payee(
                name="Forderung & Co. KG",
                identifier=Identifier(value="F-77"),
                registration=Identifier(value="HRA 1234"),
            )
        ),
        _HUNDRED,
    ),
    Scenario(
        "paid in full",
        sample_invoice(prepaid=Decimal("119.00"), payment=PaymentInstructions(means_code="68")),
        Stated(
            lines="100.00",
            net="100.00",
            vat="19.00",
            gross="119.00",
            prepaid="119.00",
            due="0.00",
            rows=("S 19 100.00 19.00",),
        ),
    ),
)
"""How an invoice can be paid."""
