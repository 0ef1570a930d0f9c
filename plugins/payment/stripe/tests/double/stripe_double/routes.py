"""Which addresses there are, the SDK's class of their parameters, and what does the work."""

import re
from collections.abc import Callable

from stripe_double import payments, refunds, sessions, things
from stripe_double.problems import Json, Refusal

Work = Callable[..., Json]

_ROUTES: tuple[tuple[str, str, str, Work], ...] = (
    ("POST", "/v1/payment_intents", "PaymentIntentCreateParams", payments.create),
    ("GET", "/v1/payment_intents", "PaymentIntentListParams", payments.listed),
    ("GET", "/v1/payment_intents/ID", "PaymentIntentRetrieveParams", payments.retrieve),
    ("POST", "/v1/payment_intents/ID/cancel", "PaymentIntentCancelParams", payments.cancel),
    ("POST", "/v1/refunds", "RefundCreateParams", refunds.create),
    ("GET", "/v1/refunds", "RefundListParams", refunds.listed),
    ("GET", "/v1/refunds/ID", "RefundRetrieveParams", refunds.retrieve),
    ("POST", "/v1/customers", "CustomerCreateParams", things.create_customer),
    ("POST", "/v1/checkout/sessions", "SessionCreateParams", sessions.create),
    ("GET", "/v1/checkout/sessions", "SessionListParams", sessions.listed),
    ("GET", "/v1/checkout/sessions/ID", "SessionRetrieveParams", sessions.retrieve),
    ("POST", "/v1/checkout/sessions/ID/expire", "SessionExpireParams", sessions.expire),
    ("GET", "/v1/payment_methods/ID", "PaymentMethodRetrieveParams", things.means),
    ("POST", "/v1/payment_methods/ID/detach", "PaymentMethodDetachParams", things.detach_means),
    ("GET", "/v1/mandates/ID", "MandateRetrieveParams", things.mandate),
    ("GET", "/v1/setup_intents/ID", "SetupIntentRetrieveParams", things.setup),
    ("GET", "/v1/disputes/ID", "DisputeRetrieveParams", things.dispute),
    ("GET", "/v1/events", "EventListParams", things.events),
    ("GET", "/v1/webhook_endpoints", "WebhookEndpointListParams", things.endpoints),
    (
        "GET",
        "/v1/payment_method_configurations",
        "PaymentMethodConfigurationListParams",
        things.configurations,
    ),
)
_PATTERNS = [
    (method, re.compile(path.replace("ID", "([A-Za-z0-9_]+)")), shape, work)
    for method, path, shape, work in _ROUTES
]


def route(method: str, path: str) -> tuple[str, Work, tuple[str, ...]]:
    """The class of the parameters, the work, and the ids in the address."""
    for verb, pattern, shape, work in _PATTERNS:
        match = pattern.fullmatch(path)
        if verb == method and match is not None:
            return shape, work, match.groups()
    raise Refusal(404, f"Unrecognized request URL ({method}: {path}).")
