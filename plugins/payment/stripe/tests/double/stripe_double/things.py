"""The smaller things at Stripe: customers, saved means, mandates, setups, disputes, endpoints, events."""

from stripe_double.charging import detach as detached
from stripe_double.form import Params
from stripe_double.listing import page_of
from stripe_double.problems import Json, Refusal, missing
from stripe_double.world import World

_MOST_TYPES = 20


def create_customer(world: World, params: Params) -> Json:
    """POST /v1/customers."""
    return world.store.make(
        "customer",
        "cus",
        created=world.now,
        name=params.get("name"),
        email=params.get("email"),
        metadata=params.get("metadata") or {},
    )


def _one(world: World, kind: str, reference: str, param: str) -> Json:
    found = world.store.find(kind, reference)
    if found is None:
        raise missing(kind, reference, param)
    return found


def means(world: World, _params: Params, reference: str) -> Json:
    """GET /v1/payment_methods/ID."""
    return _one(world, "payment_method", reference, "payment_method")


def detach_means(world: World, params: Params, reference: str) -> Json:
    """POST /v1/payment_methods/ID/detach."""
    found = means(world, params, reference)
    if found["customer"] is None:
        raise Refusal(
            400,
            "The payment method you provided is not attached to a customer so detachment is"
            " impossible.",
            param="payment_method",
        )
    detached(world, reference)
    return found


def mandate(world: World, _params: Params, reference: str) -> Json:
    """GET /v1/mandates/ID."""
    return _one(world, "mandate", reference, "mandate")


def setup(world: World, _params: Params, reference: str) -> Json:
    """GET /v1/setup_intents/ID."""
    return _one(world, "setup_intent", reference, "intent")


def dispute(world: World, _params: Params, reference: str) -> Json:
    """GET /v1/disputes/ID."""
    return _one(world, "dispute", reference, "dispute")


def endpoints(world: World, params: Params) -> Json:
    """GET /v1/webhook_endpoints."""
    return page_of(world.store.newest("webhook_endpoint"), params, "/v1/webhook_endpoints")


def configurations(world: World, params: Params) -> Json:
    """GET /v1/payment_method_configurations."""
    found = world.store.newest("payment_method_configuration")
    return page_of(found, params, "/v1/payment_method_configurations")


_KEPT = 30 * 24 * 3600


def events(world: World, params: Params) -> Json:
    """GET /v1/events: thirty days back, by up to twenty types."""
    types = params.get("types")
    if types is not None and len(types) > _MOST_TYPES:
        raise Refusal(400, "types can have up to 20 elements", param="types")
    found = (
        one
        for one in world.store.newest("event")
        if (types is None or one["type"] in types) and one["created"] > world.now - _KEPT
    )
    return page_of(found, params, "/v1/events")
