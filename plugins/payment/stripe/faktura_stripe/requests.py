"""What we ask Stripe to do: parameters of payments, pages and refunds; pure functions of a request.

The same request gives the same parameters to the letter: Stripe refuses a key that comes back with
others. Never `payment_method_types`: it was removed in 2026-09-30.endive (payments 1.2).
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import TYPE_CHECKING, cast

from faktura.kernel.terms import PaymentMethod
from faktura.plugin import CollectRequest, PageRequest, RefundRequest
from faktura_stripe import marks
from faktura_stripe.amounts import minor_of
from faktura_stripe.means import TYPES
from faktura_stripe.settings import StripeSettings

if TYPE_CHECKING:
    from stripe.params import CustomerCreateParams, PaymentIntentCreateParams, RefundCreateParams
    from stripe.params.checkout import SessionCreateParams

    _Types = list[str]

_LONGEST = 500
_SHORTEST_PAGE = timedelta(minutes=31)
"""Stripe wants half an hour from when it gets the request; a minute for the way."""

_LONGEST_PAGE = timedelta(hours=24)
_LANGUAGES = frozenset({"de", "en"})


def payment_params(
    request: CollectRequest, settings: StripeSettings
) -> "PaymentIntentCreateParams":
    """A payment with a saved means, without the customer; raises TooPrecise, FieldInvalid."""
    params: PaymentIntentCreateParams = {
        "amount": minor_of(request.amount, request.currency),
        "currency": request.currency.lower(),
        "payment_method": request.means.reference,
        "allowed_payment_method_types": _allowed(request.method),
        "confirm": True,
        "off_session": True,
        "description": request.description[:_LONGEST],
        "metadata": _marked(request.key, request.tenant, request.invoice_number),
    }
    if request.means.customer:
        params["customer"] = request.means.customer
    if suffix := _suffix(request.method, settings):
        params["statement_descriptor_suffix"] = suffix
    if settings.return_url:
        params["return_url"] = settings.return_url
    return params


def page_params(
    request: PageRequest, customer: str, settings: StripeSettings
) -> "SessionCreateParams":
    """A page for exactly the open amount, or for saving a means; raises TooPrecise, FieldInvalid."""
    marked = _marked(request.key, request.tenant, request.invoice_number)
    closes = min(
        max(request.expires_at, request.created_at + _SHORTEST_PAGE),
        request.created_at + _LONGEST_PAGE,
    )
    params: SessionCreateParams = {
        "client_reference_id": request.invoice_number or request.key,
        "metadata": marked,
        "success_url": request.return_url,
        "cancel_url": request.return_url,
        "expires_at": int(closes.timestamp()),
        "locale": request.language if request.language in _LANGUAGES else "auto",
        "allowed_payment_method_types": _allowed(request.method),
    }
    if customer:
        params["customer"] = customer
    elif request.customer_email:
        params["customer_email"] = request.customer_email
    if request.amount is None:
        params["mode"] = "setup"
        params["currency"] = request.currency.lower()
        params["setup_intent_data"] = {
            "metadata": marked,
            "description": request.description[:_LONGEST],
        }
        return params
    _add_payment(params, request, settings, minor_of(request.amount, request.currency))
    return params


def _add_payment(
    params: "SessionCreateParams", request: PageRequest, settings: StripeSettings, minor: int
) -> None:
    params["mode"] = "payment"
    # Else Stripe may offer to pay in the customer's own currency, which is not what is open.
    params["adaptive_pricing"] = {"enabled": False}
    params["line_items"] = [
        {
            "quantity": 1,
            "price_data": {
                "currency": request.currency.lower(),
                "unit_amount": minor,
                "product_data": {"name": request.description[:250] or request.invoice_number},
            },
        }
    ]
    # What is written on the page is not copied to the payment that it makes.
    params["payment_intent_data"] = {
        "metadata": {**cast("dict[str, str]", params["metadata"]), marks.PAGE: "1"},
        "description": request.description[:_LONGEST],
    }
    if request.save:
        # The tick-box of Stripe's own page asks for use on session only (1.8).
        params["payment_intent_data"]["setup_future_usage"] = "off_session"
    if suffix := _suffix(request.method, settings):
        params["payment_intent_data"]["statement_descriptor_suffix"] = suffix


def customer_params(request: PageRequest) -> "CustomerCreateParams":
    """The customer of a page that keeps a means; the number is ours, the mark says whose."""
    params: CustomerCreateParams = {
        "name": request.customer_name[:256],
        "metadata": {marks.TENANT: request.tenant, "faktura_customer": request.customer_number},
    }
    if request.customer_email:
        params["email"] = request.customer_email
    return params


def refund_params(request: RefundRequest) -> "RefundCreateParams":
    """A refund; raises TooPrecise, FieldInvalid."""
    return {
        "payment_intent": request.payment_reference,
        "amount": minor_of(request.amount, request.currency),
        "metadata": {
            marks.REFUND: request.key,
            marks.ATTEMPT: request.attempt.hex,
            marks.TENANT: request.tenant,
        },
    }


def _allowed(method: PaymentMethod) -> "_Types":
    """The one place that says how a payment may be made (never tried with a real account, 1.2)."""
    return [TYPES[method]]


def _suffix(method: PaymentMethod, settings: StripeSettings) -> str:
    """Only cards have one; for a debit Stripe refuses it."""
    return settings.descriptor_suffix if method is PaymentMethod.CARD else ""


def _marked(attempt: str, tenant: str, invoice: str) -> dict[str, str]:
    written = {marks.ATTEMPT: attempt, marks.INVOICE: invoice, marks.TENANT: tenant}
    # To Stripe an empty value means that there is none.
    return {name: value for name, value in written.items() if value}


def is_marked(metadata: Mapping[str, object], attempt: str, tenant: str) -> bool:
    """Whether an object at Stripe is of this attempt of ours."""
    return metadata.get(marks.ATTEMPT) == attempt and metadata.get(marks.TENANT) == tenant
