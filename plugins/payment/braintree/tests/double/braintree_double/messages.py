"""Braintree's XML: written here by hand, so that the SDK's reader meets something it did not write."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from xml.sax.saxutils import escape

from aiohttp import web

from braintree_double.records import Charge, Dispute, Means


@dataclass(frozen=True)
class Many:
    """A collection: its head, and the same element again and again."""

    name: str
    items: tuple[Mapping[str, object], ...]
    head: Mapping[str, object]


@dataclass(frozen=True)
class Problem:
    """A validation error of a request."""

    code: str
    message: str
    attribute: str = "base"


def written(name: str, value: object) -> str:
    """An element with its type as Braintree marks it."""
    tag = name.replace("_", "-")
    kind, text = _content(value)
    return f"<{tag}{kind}>{text}</{tag}>"


def _content(value: object) -> tuple[str, str]:
    match value:
        case None:
            return ' nil="true"', ""
        case Mapping():
            return "", _elements(value.items())
        case Many(name, items, head):
            return ' type="collection"', _elements([*head.items(), *((name, one) for one in items)])
        case list() | tuple():
            return ' type="array"', _elements(("item", one) for one in value)
        case _:
            return _simple(value)


def _elements(pairs: Iterable[tuple[str, object]]) -> str:
    return "".join(written(name, value) for name, value in pairs)


def _simple(value: object) -> tuple[str, str]:
    match value:
        case bool():
            return ' type="boolean"', "true" if value else "false"
        case int():
            return ' type="integer"', str(value)
        case datetime():
            return ' type="datetime"', f"{value:%Y-%m-%dT%H:%M:%SZ}"
        case date():
            return ' type="date"', value.isoformat()
        case _:
            return "", escape(str(value))


def answer(name: str, value: object, status: int = 200) -> web.Response:
    """An answer with this document."""
    return web.Response(
        text=f'<?xml version="1.0" encoding="UTF-8"?>\n{written(name, value)}',
        status=status,
        content_type="application/xml",
    )


def refusal(
    place: str,
    problems: Iterable[Problem] = (),
    charge: Mapping[str, object] | None = None,
    verification: Mapping[str, object] | None = None,
) -> web.Response:
    """422: what is wrong with the request, or the transaction that was tried and did not go through."""
    found = list(problems)
    errors = [
        {"code": one.code, "attribute": one.attribute, "message": one.message} for one in found
    ]
    body: dict[str, object] = {
        "errors": {"errors": [], place: {"errors": errors}},
        "params": {"controller": "double"},
        "message": " ".join(one.message for one in found) or "Processor Declined",
    }
    if charge is not None:
        body["message"] = charge["processor_response_text"] or charge["gateway_rejection_reason"]
        body["transaction"] = charge
    if verification is not None:
        body["verification"] = verification
    return answer("api_error_response", body, 422)


def charge_document(charge: Charge) -> dict[str, object]:
    """A transaction as Braintree shows it; what does not apply is nil."""
    is_paypal = charge.instrument == "paypal_account"
    card = {
        "token": None if is_paypal else charge.token or None,
        "bin": None if is_paypal else charge.number[:6],
        "last_4": None if is_paypal else charge.number[-4:],
        "card_type": None if is_paypal else charge.brand,
        "expiration_month": None if is_paypal else "12",
        "expiration_year": None if is_paypal else "2030",
        "expired": False,
    }
    found: dict[str, object] = {
        "id": charge.id,
        "type": charge.type,
        "status": charge.status,
        "amount": charge.amount,
        "currency_iso_code": charge.currency,
        "merchant_account_id": charge.merchant_account,
        "order_id": charge.order_id or None,
        "payment_instrument_type": charge.instrument,
        "processor_response_type": charge.response_type or None,
        "processor_response_code": charge.response_code or None,
        "processor_response_text": charge.response_text or None,
        "processor_settlement_response_code": charge.settlement_code or None,
        "processor_settlement_response_text": charge.settlement_text or None,
        "gateway_rejection_reason": charge.rejection or None,
        "refunded_transaction_id": charge.refunded or None,
        "custom_fields": dict(charge.custom_fields) if charge.custom_fields else "",
        "customer": {"id": charge.customer or None},
        "credit_card": card,
        "created_at": charge.created_at,
        "updated_at": charge.updated_at,
    }
    if is_paypal:
        found["paypal"] = {"token": charge.token or None, "payer_email": "ada@example.com"}
    return found


def means_document(means: Means) -> tuple[str, dict[str, object]]:
    """A means of payment of the vault, and the element it stands in."""
    if means.kind == "paypal":
        return "paypal_account", {
            "token": means.token,
            "customer_id": means.customer,
            "email": means.email,
            "payer_id": f"payer-{means.email}",
            "billing_agreement_id": f"B-{means.token}",
            "revoked_at": means.revoked_at,
        }
    return "credit_card", {
        "token": means.token,
        "customer_id": means.customer,
        "bin": means.number[:6],
        "last_4": means.number[-4:],
        "card_type": means.brand,
        "expiration_month": f"{means.month:02}",
        "expiration_year": str(means.year),
        "expired": False,
        "unique_number_identifier": f"uni-{means.number[-4:]}",
    }


def dispute_document(dispute: Dispute, charge: Charge) -> dict[str, object]:
    """A dispute as Braintree shows it."""
    return {
        "id": dispute.id,
        "kind": dispute.kind,
        "status": dispute.status,
        "amount": dispute.amount,
        "amount_disputed": dispute.amount,
        "currency_iso_code": charge.currency,
        "reason": dispute.reason,
        "reason_code": dispute.reason_code,
        "received_date": dispute.received_at.date(),
        "updated_at": dispute.updated_at,
        "created_at": dispute.received_at,
        "transaction": {
            "id": charge.id,
            "order_id": charge.order_id or None,
            "amount": charge.amount,
            "created_at": charge.created_at,
        },
    }
