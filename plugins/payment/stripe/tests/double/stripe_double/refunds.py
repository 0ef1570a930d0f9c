"""Refunds, as requests and people at Stripe make them."""

from stripe_double.charging import move
from stripe_double.form import Params
from stripe_double.listing import page_of
from stripe_double.problems import Json, Refusal, missing
from stripe_double.world import World


def create(world: World, params: Params) -> Json:
    """POST /v1/refunds."""
    if "payment_intent" not in params:
        raise Refusal(400, "One of charge or payment_intent is required", param="payment_intent")
    payment = world.store.find("payment_intent", params["payment_intent"])
    if payment is None:
        raise missing("payment_intent", params["payment_intent"], "payment_intent")
    charged = world.store.find("charge", payment["latest_charge"])
    if charged is None or payment["status"] != "succeeded":
        raise Refusal(400, "This PaymentIntent does not have a successful charge to refund.")
    if charged["disputed"]:
        raise Refusal(400, "The charge is disputed", code="charge_disputed", saved=True)
    rest = charged["amount"] - charged["amount_refunded"]
    if not rest:
        raise Refusal(400, "It was refunded", code="charge_already_refunded", saved=True)
    amount = params.get("amount", rest)
    if not 0 < amount <= rest:
        raise Refusal(400, f"Refund amount is greater than {rest}", param="amount", saved=True)
    return _make(world, payment, charged, amount, params.get("metadata") or {})


def _make(world: World, payment: Json, charged: Json, amount: int, metadata: Json) -> Json:
    later = charged["payment_method_details"]["type"] == "sepa_debit"
    moved = move(world, -amount, payment["currency"], 0, "refund")
    made = world.store.make(
        "refund",
        "re",
        amount=amount,
        currency=payment["currency"],
        charge=charged["id"],
        payment_intent=payment["id"],
        created=world.now,
        status="pending" if later else "succeeded",
        failure_reason=None,
        metadata=metadata,
        balance_transaction=moved["id"],
    )
    refunded = charged["amount_refunded"] + amount
    world.store.change(charged, amount_refunded=refunded, refunded=refunded == charged["amount"])
    world.publish("charge.refunded", charged)
    world.publish("refund.created", made)
    return made


def in_dashboard(world: World, payment: str, amount: int) -> str:
    """Have a person refund at Stripe, without any mark of ours; gives the refund's id."""
    made = create(world, {"payment_intent": payment, "amount": amount})
    world.store.flush()
    return str(made["id"])


def finish(world: World, reference: str, status: str, reason: str | None = None) -> None:
    """Have a refund succeed or fail, also weeks later; failed money goes back to the balance."""
    refund = world.store.find("refund", reference) or {}
    world.store.change(refund, status=status, failure_reason=reason)
    charged = world.store.find("charge", refund["charge"])
    if status == "failed" and charged is not None:
        world.store.change(charged, amount_refunded=charged["amount_refunded"] - refund["amount"])
    world.publish("refund.failed" if status == "failed" else "refund.updated", refund)
    world.store.flush()


def retrieve(world: World, _params: Params, reference: str) -> Json:
    """GET /v1/refunds/ID."""
    found = world.store.find("refund", reference)
    if found is None:
        raise missing("refund", reference, "refund")
    return found


def listed(world: World, params: Params) -> Json:
    """GET /v1/refunds."""
    payment = params.get("payment_intent")
    found = (
        one for one in world.store.newest("refund") if payment in (None, one["payment_intent"])
    )
    return page_of(found, params, "/v1/refunds")
