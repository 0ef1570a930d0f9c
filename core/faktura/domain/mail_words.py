"""Words of mails that no text of a tenant writes: why a payment failed, and by what means."""

from collections.abc import Mapping

from faktura.domain.document_language import GERMAN, is_german
from faktura.kernel.payment_terms import CustomerReason
from faktura.kernel.terms import PaymentMethod

_REASONS: Mapping[str, Mapping[CustomerReason, str]] = {
    "de": {
        CustomerReason.GENERAL: "",
        CustomerReason.EXPIRED: "Das hinterlegte Zahlungsmittel ist abgelaufen.",
        CustomerReason.NO_FUNDS: "Das Konto war nicht ausreichend gedeckt.",
        CustomerReason.CONFIRM: "Die Zahlung muss von Ihnen bestätigt werden.",
        CustomerReason.ENTER_AGAIN: "Die Zahlungsdaten müssen neu erfasst werden.",
        CustomerReason.WITHDRAWN: "Die Zahlung wurde widerrufen.",
    },
    "en": {
        CustomerReason.GENERAL: "",
        CustomerReason.EXPIRED: "The stored means of payment has expired.",
        CustomerReason.NO_FUNDS: "The account did not have sufficient funds.",
        CustomerReason.CONFIRM: "The payment needs your confirmation.",
        CustomerReason.ENTER_AGAIN: "The payment details need to be entered again.",
        CustomerReason.WITHDRAWN: "The payment was withdrawn.",
    },
}
_METHODS: Mapping[str, Mapping[PaymentMethod, str]] = {
    "de": {
        PaymentMethod.TRANSFER: "Überweisung",
        PaymentMethod.SEPA_DEBIT: "SEPA-Lastschrift",
        PaymentMethod.CARD: "Kreditkarte",
        PaymentMethod.PAYPAL: "PayPal",
    },
    "en": {
        PaymentMethod.TRANSFER: "bank transfer",
        PaymentMethod.SEPA_DEBIT: "SEPA direct debit",
        PaymentMethod.CARD: "credit card",
        PaymentMethod.PAYPAL: "PayPal",
    },
}


def reason_words(reason: str, language: str) -> str:
    """A sentence on why a payment failed, in German or English; empty for what concerns nobody."""
    return _REASONS[_spoken(language)][CustomerReason(reason)]


def method_words(method: str, language: str) -> str:
    """What a way to pay is called in running text."""
    return _METHODS[_spoken(language)][PaymentMethod(method)]


def _spoken(language: str) -> str:
    return GERMAN if is_german(language) else "en"
