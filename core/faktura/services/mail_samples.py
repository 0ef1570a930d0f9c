"""Sample values, with which a text is tried when it is saved, and previewed (P49)."""

from collections.abc import Mapping
from datetime import date

from faktura.domain.document_language import is_german
from faktura.kernel.outbox_terms import MailUse

_LINK = "https://billing.example/pay/sample"
_SELLER: Mapping[str, object] = {
    "name": "Nordwind Energie GmbH",
    "address": "Hafenstraße 12\n24103 Kiel",
    "contact": "Erika Beispiel",
    "email": "service@nordwind.example",
    "phone": "+49 431 5550100",
    "vatId": "DE123456788",
    "taxNumber": "20/123/45678",
    "registerNumber": "HRB 4711",
    "legalInfo": "Amtsgericht Kiel · HRB 4711 · Geschäftsführung: Jan Beispiel",
    "iban": "DE02120300000000202051",
    "bic": "BYLADEM1001",
    "accountHolder": "Nordwind Energie GmbH",
}
_CUSTOMER: Mapping[str, object] = {
    "number": "K-000042",
    "name": "Müller & Söhne <Bau> KG",
    "contact": "Max Müller",
}


def samples(use: MailUse, language: str) -> dict[str, object]:
    """A value of each variable that a mail's text may use, in the words of the language."""
    german = is_german(language)
    of_use: dict[MailUse, dict[str, object]] = {
        MailUse.INVOICE: {"document": _document("RE-000123")},
        MailUse.CORRECTION: {"document": _document("RK-000007", corrects="RE-000123")},
        MailUse.CREDIT_NOTE: {"document": _document("GS-000009")},
        MailUse.PAYMENT_FAILED: {"payment": _payment(german=german)},
        MailUse.CHARGEBACK: {"chargeback": _chargeback(german=german)},
        MailUse.DUNNING: {"notice": _notice(german=german)},
        MailUse.PORTAL_ACCESS: {"access": {"link": _LINK, "until": date(2026, 11, 30)}},
        MailUse.CARD_EXPIRING: {
            "card": {"name": "Visa 4242", "expiresOn": date(2026, 11, 30), "link": _LINK}
        },
        MailUse.VAT_CHECK_FAILED: {"check": _check(german=german)},
        MailUse.WEBHOOK_DISABLED: {"endpoint": _endpoint()},
    }
    return {"seller": dict(_SELLER), "customer": dict(_CUSTOMER), **of_use[use]}


def _document(number: str, corrects: str = "") -> dict[str, object]:
    return {
        "number": number,
        "issuedOn": date(2026, 11, 1),
        "dueOn": date(2026, 11, 15),
        "currency": "EUR",
        "net": "900.00",
        "vat": "171.00",
        "gross": "1071.00",
        "open": "1071.00",
        "collected": False,
        "corrects": corrects,
        "contracts": ["V-000815", "V-000816"],
        "payLink": _LINK,
    }


def _payment(*, german: bool) -> dict[str, object]:
    return {
        "invoices": ["RE-000123"],
        "currency": "EUR",
        "amount": "1071.00",
        "reason": "Die Karte ist abgelaufen." if german else "The card has expired.",
        "method": "Kreditkarte" if german else "credit card",
        "retryOn": date(2026, 11, 5),
        "needsAction": True,
        "payLink": _LINK,
    }


def _chargeback(*, german: bool) -> dict[str, object]:
    return {
        "invoices": ["RE-000123"],
        "currency": "EUR",
        "amount": "1071.00",
        "reason": "Das Konto war nicht gedeckt."
        if german
        else "The account had insufficient funds.",
        "method": "SEPA-Lastschrift" if german else "SEPA direct debit",
        "payLink": _LINK,
    }


def _notice(*, german: bool) -> dict[str, object]:
    text = (
        "Bitte gleichen Sie den offenen Betrag umgehend aus."
        if german
        else "Please settle the open amount without delay."
    )
    return {
        "level": 2,
        "levels": 3,
        "dunnedOn": date(2026, 12, 1),
        "payBy": date(2026, 12, 8),
        "currency": "EUR",
        "open": "1190.00",
        "credit": "0.00",
        "fee": "5.00",
        "flat": "40.00",
        "interest": "3.21",
        "total": "1238.21",
        "charges": "MG-000004",
        "text": text,
        "payLink": _LINK,
        "invoices": [_overdue("RE-000101", "1071.00"), _overdue("RE-000123", "119.00")],
    }


def _overdue(number: str, amount: str) -> dict[str, object]:
    return {
        "number": number,
        "issuedOn": date(2026, 10, 1),
        "dueOn": date(2026, 10, 15),
        "gross": amount,
        "open": amount,
        "level": 2,
        "interest": "1.60",
        "flat": "20.00",
    }


def _check(*, german: bool) -> dict[str, object]:
    return {
        "vatId": "ATU12345675",
        "checkedOn": date(2026, 11, 2),
        "result": "ungültig" if german else "invalid",
        "findings": ["Der Name weicht ab." if german else "The name differs."],
    }


def _endpoint() -> dict[str, object]:
    return {
        "url": "https://shop.example/webhooks",
        "since": date(2026, 10, 28),
        "failures": 1200,
        "problem": "503 Service Unavailable",
    }
