"""The code tables against the official lists: what our checks let pass is in force there too."""

from collections.abc import Callable

import pytest

from faktura.plugin import (
    Allowance,
    CreditTransfer,
    DirectDebit,
    Identifier,
    InvoiceDocument,
    ItemClassification,
    PaymentInstructions,
)
from faktura.testing.invoices import BUYER, changed, sample_invoice, sample_line
from faktura_en16931 import codes
from faktura_xrechnung.formats import XRechnungCii, XRechnungUbl

Broken = Callable[[bytes], dict[str, str]]

# CEN 1.3.16 knows South Sudan in its lists for UBL only.
_NOT_IN_CII = {"SS"}
_CARD = PaymentInstructions(means_code="48", card_last_digits="1234")
_TRANSFER = CreditTransfer(iban="DE02120300000000202051")
_DEBIT = DirectDebit(mandate="M-1", creditor_id="DE98ZZZ09999999999", iban="DE02120300000000202051")


def allowance(code: str) -> Allowance:
    return Allowance.model_validate({"amount": "1.00", "reason_code": code})


def lines() -> InvoiceDocument:
    """One line for each code that a line can have."""
    made = (
        *(sample_line(unit_code=code) for code in codes.UNITS),
        *(sample_line(origin_country=code) for code in sorted(codes.COUNTRIES - _NOT_IN_CII)),
        *(
            sample_line(classifications=(ItemClassification(code="1", scheme=code),))
            for code in codes.ITEM_CLASSES
        ),
        *(
            sample_line(object_identifier=Identifier(value="1", scheme=code))
            for code in codes.OBJECT_SCHEMES
        ),
        *(
            sample_line(standard_identifier=Identifier(value="1", scheme=code))
            for code in sorted(codes.IDENTIFIER_SCHEMES)
        ),
        *(sample_line(allowances=(allowance(code),)) for code in codes.ALLOWANCE_REASONS),
        *(sample_line(charges=(allowance(code),)) for code in codes.CHARGE_REASONS),
    )
    return sample_invoice(
        lines=tuple(
            line.model_copy(update={"id": str(number)}) for number, line in enumerate(made, 1)
        )
    )


def paid_by(code: str) -> PaymentInstructions:
    """Instructions with what the code asks for."""
    if code in codes.CARD_MEANS:
        return _CARD.model_copy(update={"means_code": code})
    if code in codes.MANDATE_MEANS:
        return PaymentInstructions(means_code=code, direct_debit=_DEBIT)
    transfers = (_TRANSFER,) if code in codes.TRANSFER_MEANS else ()
    return PaymentInstructions(means_code=code, transfers=transfers)


DOCUMENTS = {
    "lines": lines(),
    **{
        code: sample_invoice(currency=code, lines=(sample_line(currency=code),))
        for code in sorted(codes.CURRENCIES)
    },
    **{
        f"address-{code}": sample_invoice(
            buyer=BUYER.model_copy(update={"endpoint": Identifier(value="1", scheme=code)})
        )
        for code in sorted(codes.ADDRESS_SCHEMES)
    },
    **{
        f"means-{code}": sample_invoice(payment=paid_by(code))
        for code in sorted(codes.PAYMENT_MEANS)
    },
}


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_code_of_our_tables_is_an_official_one(
    name: str, xrechnung: XRechnungCii, xrechnung_ubl: XRechnungUbl, broken_rules: Broken
) -> None:
    """BR-CL-*: lists lose codes, as they lost the lev (BGN) and the unit KTM."""
    for syntax in (xrechnung, xrechnung_ubl):
        assert syntax.check(DOCUMENTS[name]) == ()
        assert broken_rules(syntax.render(DOCUMENTS[name])) == {}


@pytest.mark.parametrize(
    ("document", "rule", "term"),
    [
        (sample_invoice(currency="BGN"), "BR-CL-04", "BT-5"),
        (sample_invoice(tax_currency="BGN", vat_accounting="37.16"), "BR-CL-05", "BT-6"),
        (changed(sample_invoice(), "lines.0.unit_code", "KTM"), "BR-CL-23", "BT-130"),
        (
            sample_invoice(payment=PaymentInstructions(means_code="49")),
            "PEPPOL-EN16931-R061",
            "BT-89",
        ),
    ],
)
def test_what_the_official_lists_lost_is_refused(
    document: InvoiceDocument, rule: str, term: str, xrechnung: XRechnungCii
) -> None:
    """Before a number is spent, and not by the receiver."""
    assert [(entry.rule, entry.term) for entry in xrechnung.check(document)] == [(rule, term)]
