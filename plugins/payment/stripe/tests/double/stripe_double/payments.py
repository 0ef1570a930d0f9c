"""Payments, as requests make them: the rules of off-session charges."""

from stripe_double.charging import charge, make_payment
from stripe_double.form import Params
from stripe_double.listing import page_of
from stripe_double.problems import Json, Refusal, missing
from stripe_double.world import World

_MINIMUM = {
    "eur": 50,
    "usd": 50,
    "chf": 50,
    "gbp": 30,
    "jpy": 50,
    "huf": 17500,
    "bhd": 500,
    "kwd": 500,
}
_TENS = frozenset({"bhd", "kwd"})
_MOST = 99_999_999
_EXCLUSIVE = (
    "automatic_payment_methods",
    "excluded_payment_method_types",
    "payment_method_configuration",
)
_CANCELLABLE = (
    "requires_payment_method",
    "requires_confirmation",
    "requires_action",
    "requires_capture",
)


def check_amount(amount: int, currency: str, param: str) -> None:
    """Raise for amounts that Stripe does not charge."""
    if currency not in _MINIMUM:
        raise Refusal(400, f"Invalid currency: {currency}", param="currency")
    if amount < _MINIMUM[currency]:
        raise Refusal(400, "Amount must be at least 50 cents", code="amount_too_small", param=param)
    if amount > _MOST:
        raise Refusal(400, "Amount is too large", code="amount_too_large", param=param)
    if currency in _TENS and amount % 10:
        raise Refusal(400, "The last digit must be 0", param=param)


def create(world: World, params: Params) -> Json:
    """POST /v1/payment_intents."""
    _check_shape(params)
    check_amount(params["amount"], params["currency"], "amount")
    means = _means_for(world, params) if "payment_method" in params else None
    payment = make_payment(
        world,
        amount=params["amount"],
        currency=params["currency"],
        customer=params.get("customer"),
        description=params.get("description"),
        metadata=params.get("metadata") or {},
        payment_method=params.get("payment_method"),
    )
    if means is None or not params.get("confirm"):
        world.store.change(
            payment, status="requires_confirmation" if means else "requires_payment_method"
        )
        return payment
    refusal = charge(world, payment, means)
    if refusal is not None:
        raise refusal
    return payment


def _check_shape(params: Params) -> None:
    if params.get("off_session") and not params.get("confirm"):
        raise Refusal(400, "off_session needs confirm=true", param="off_session")
    if params.get("off_session") and params.get("setup_future_usage"):
        raise Refusal(400, "off_session with setup_future_usage", param="setup_future_usage")
    if params.get("confirm") and "payment_method" not in params:
        raise Refusal(400, "You cannot confirm without a payment method", param="payment_method")
    check_types(params)


def check_types(params: Params) -> None:
    """Raise for two ways at once of saying how may be paid."""
    for other in _EXCLUSIVE:
        if "allowed_payment_method_types" in params and other in params:
            raise Refusal(400, f"allowed_payment_method_types with {other}", param=other)


def _means_for(world: World, params: Params) -> Json:
    if "customer" in params and world.store.find("customer", params["customer"]) is None:
        raise missing("customer", params["customer"], "customer")
    means = world.store.find("payment_method", params["payment_method"])
    if means is None:
        raise missing("PaymentMethod", params["payment_method"], "payment_method")
    if means["detached"]:
        raise Refusal(
            400,
            "The provided PaymentMethod was detached from a Customer and may not be used again.",
            code="payment_method_unexpected_state",
            param="payment_method",
        )
    if means["customer"] != params.get("customer"):
        raise Refusal(400, "The payment method belongs to another customer", param="customer")
    check_kind(world, means["type"], params)
    _check_mandate(world, means)
    return means


def check_kind(world: World, kind: str, params: Params) -> None:
    """Raise for a kind of payment that is not allowed here, or not switched on."""
    allowed = params.get("allowed_payment_method_types")
    if kind not in world.activated or (allowed is not None and kind not in allowed):
        raise Refusal(400, f"The payment method type {kind} is not allowed", param="payment_method")
    if kind == "sepa_debit" and params["currency"] != "eur":
        raise Refusal(400, "sepa_debit takes only eur", param="currency")


def _check_mandate(world: World, means: Json) -> None:
    mandate = world.store.find("mandate", means["mandate"])
    if means["type"] != "card" and (mandate is None or mandate["status"] != "active"):
        raise Refusal(400, "The mandate is inactive", code="payment_intent_mandate_invalid")


def retrieve(world: World, _params: Params, reference: str) -> Json:
    """GET /v1/payment_intents/ID."""
    found = world.store.find("payment_intent", reference)
    if found is None:
        raise missing("payment_intent", reference, "intent")
    return found


def cancel(world: World, params: Params, reference: str) -> Json:
    """POST /v1/payment_intents/ID/cancel."""
    payment = retrieve(world, params, reference)
    if payment["status"] not in _CANCELLABLE:
        raise Refusal(
            400,
            f"You cannot cancel this PaymentIntent because it has a status of {payment['status']}",
            code="payment_intent_unexpected_state",
            saved=True,
        )
    world.store.change(payment, status="canceled", canceled_at=world.now)
    world.publish("payment_intent.canceled", payment)
    return payment


def listed(world: World, params: Params) -> Json:
    """GET /v1/payment_intents: newest first, by customer and time."""
    customer = params.get("customer")
    if customer is not None and world.store.find("customer", customer) is None:
        raise missing("customer", customer, "customer")
    found = (
        one for one in world.store.newest("payment_intent") if customer in (None, one["customer"])
    )
    return page_of(found, params, "/v1/payment_intents")
