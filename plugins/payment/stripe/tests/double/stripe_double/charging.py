"""What happens to money: charges, declines, debits that settle late, disputes, cancelled payments."""

from stripe_double.behaviours import BEHAVIOURS, Behaviour
from stripe_double.problems import Json, Refusal
from stripe_double.world import World, shown

_MESSAGES = {"authentication_required": "This transaction requires authentication."}
_DISPUTE_FEE = 2000


def make_payment(world: World, **fields: object) -> Json:
    """A payment that nothing happened to yet."""
    right: Json = {
        "amount_received": 0,
        "created": world.now,
        "status": "requires_payment_method",
        "latest_charge": None,
        "last_payment_error": None,
        "next_action": None,
        "payment_method": None,
        "setup_future_usage": None,
        "canceled_at": None,
        "customer": None,
        "description": None,
    }
    return world.store.make("payment_intent", "pi", **(right | fields))


def charge(world: World, payment: Json, means: Json) -> Refusal | None:
    """Charge a payment's means: success, waiting, or the decline as Stripe words it."""
    behaviour = BEHAVIOURS[means["behaviour"]]
    if behaviour.decline or behaviour.code != "card_declined":
        return decline(world, payment, means, behaviour)
    later = behaviour.type == "sepa_debit"
    made = _make_charge(world, payment, means, "pending" if later else "succeeded")
    world.store.change(
        payment,
        status="processing" if later else "succeeded",
        payment_method=means["id"],
        latest_charge=made["id"],
        last_payment_error=None,
        next_action=None,
    )
    if later:
        world.publish("charge.pending", made)
        world.publish("payment_intent.processing", payment)
    else:
        _take(world, payment, made)
    return None


def _make_charge(world: World, payment: Json, means: Json, status: str) -> Json:
    details: Json = {"type": means["type"]}
    if means["type"] == "sepa_debit":
        details["sepa_debit"] = {"mandate": means["mandate"], "last4": "3000"}
    return world.store.make(
        "charge",
        "ch",
        amount=payment["amount"],
        amount_refunded=0,
        currency=payment["currency"],
        created=world.now,
        status=status,
        payment_intent=payment["id"],
        payment_method=means["id"],
        payment_method_details=details,
        metadata=dict(payment["metadata"]),
        balance_transaction=None,
        disputed=False,
        refunded=False,
        failure_code=None,
    )


def _take(world: World, payment: Json, made: Json) -> None:
    fee = payment["amount"] * 15 // 1000 + 25
    moved = move(world, payment["amount"], payment["currency"], fee, "charge")
    world.store.change(made, status="succeeded", balance_transaction=moved["id"])
    world.store.change(payment, status="succeeded", amount_received=payment["amount"])
    world.publish("charge.succeeded", made)
    world.publish("payment_intent.succeeded", payment)


def move(world: World, amount: int, currency: str, fee: int, kind: str) -> Json:
    """A movement on the balance."""
    return world.store.make(
        "balance_transaction",
        "txn",
        amount=amount,
        currency=currency,
        fee=fee,
        net=amount - fee,
        created=world.now,
        type=kind,
    )


def decline(world: World, payment: Json, means: Json, behaviour: Behaviour) -> Refusal:
    """Have a payment declined."""
    made = _make_charge(world, payment, means, "failed")
    message = _MESSAGES.get(behaviour.code, "Your card was declined.")
    refusal = Refusal(
        402,
        message,
        code=behaviour.code,
        kind="card_error",
        saved=True,
        decline_code=behaviour.decline,
        advice_code=behaviour.advice,
        charge=made["id"],
    )
    error = dict(refusal.error) | {"payment_method": shown(means)}
    world.store.change(made, failure_code=behaviour.decline or behaviour.code)
    world.store.change(
        payment,
        status="requires_payment_method",
        payment_method=None,
        latest_charge=made["id"],
        last_payment_error=error,
    )
    refusal.error["payment_intent"] = shown(payment)
    world.publish("charge.failed", made)
    world.publish("payment_intent.payment_failed", payment)
    return refusal


def settle(world: World, reference: str) -> None:
    """Have a debit in processing succeed (the bank's sixth day)."""
    payment, made = _processing(world, reference)
    _take(world, payment, made)
    world.store.flush()


def fail(world: World, reference: str, code: str = "insufficient_funds") -> None:
    """Have a debit in processing fail late, as most returned debits do."""
    payment, made = _processing(world, reference)
    means = world.store.any(payment["payment_method"]) or {}
    error = {
        "type": "card_error",
        "code": "payment_intent_payment_attempt_failed",
        "decline_code": code,
        "message": "The customer's bank returned the debit.",
        "payment_method": shown(means),
    }
    world.store.change(made, status="failed", failure_code=code)
    world.store.change(
        payment,
        status="requires_payment_method",
        payment_method=None,
        last_payment_error=error,
    )
    world.publish("charge.failed", made)
    world.publish("payment_intent.payment_failed", payment)
    world.store.flush()


def _processing(world: World, reference: str) -> tuple[Json, Json]:
    payment = world.store.find("payment_intent", reference)
    if payment is None or payment["status"] != "processing":
        raise AssertionError(f"{reference} is not in processing")
    made = world.store.find("charge", payment["latest_charge"])
    if made is None:
        raise AssertionError(f"{reference} has no charge")
    return payment, made


def dispute(
    world: World,
    reference: str,
    *,
    amount: int | None = None,
    status: str = "needs_response",
    reason: str = "fraudulent",
    fee: int = _DISPUTE_FEE,
) -> str:
    """Open a dispute of a payment; a `warning_` moves no money. Gives its id."""
    payment = world.store.find("payment_intent", reference) or {}
    made = world.store.make(
        "dispute",
        "dp",
        amount=amount or payment["amount"],
        currency=payment["currency"],
        charge=payment["latest_charge"],
        payment_intent=reference,
        created=world.now,
        status=status,
        reason=reason,
        metadata={},
        balance_transactions=[],
        payment_method_details=None,
    )
    charged = world.store.find("charge", payment["latest_charge"])
    if charged is not None:
        world.store.change(charged, disputed=True)
    world.publish("charge.dispute.created", made)
    if not status.startswith("warning_"):
        withdraw(world, made["id"], fee=fee)
    if status == "lost":
        world.publish("charge.dispute.closed", made)
    world.store.flush()
    return str(made["id"])


def withdraw(world: World, reference: str, *, fee: int = _DISPUTE_FEE) -> None:
    """Have the bank take the money of a dispute."""
    _move_disputed(world, reference, -1, fee, "charge.dispute.funds_withdrawn")


def reinstate(world: World, reference: str, *, fee: int = 0) -> None:
    """Have the money of a dispute come back: it is won. `fee` is negative where it comes back, too."""
    thing = world.store.find("dispute", reference) or {}
    world.store.change(thing, status="won")
    _move_disputed(world, reference, 1, fee, "charge.dispute.funds_reinstated")
    world.publish("charge.dispute.closed", thing)
    world.store.flush()


def lose(world: World, reference: str) -> None:
    """Have a dispute be lost."""
    thing = world.store.find("dispute", reference) or {}
    world.store.change(thing, status="lost")
    world.publish("charge.dispute.closed", thing)
    world.store.flush()


def _move_disputed(world: World, reference: str, sign: int, fee: int, kind: str) -> None:
    thing = world.store.find("dispute", reference) or {}
    moved = move(world, sign * thing["amount"], thing["currency"], fee, "adjustment")
    world.store.change(thing, balance_transactions=[*thing["balance_transactions"], shown(moved)])
    world.publish(kind, thing)
    world.store.flush()


def withdraw_mandate(world: World, means: str) -> None:
    """Have the customer withdraw the mandate of a means at their bank or at PayPal."""
    mandate = world.store.find("mandate", (world.store.any(means) or {})["mandate"]) or {}
    world.store.change(mandate, status="inactive")
    world.publish("mandate.updated", mandate)
    world.store.flush()


def detach(world: World, means: str) -> None:
    """Have somebody delete a saved means at Stripe."""
    thing = world.store.find("payment_method", means) or {}
    world.store.change(thing, customer=None, detached=True)
    world.publish("payment_method.detached", thing)
    world.store.flush()


def renew_card(world: World, means: str, year: int) -> None:
    """Have the bank send the customer a new card, which Stripe hears of by itself."""
    thing = world.store.find("payment_method", means) or {}
    world.store.change(thing, card=thing["card"] | {"exp_year": year})
    world.publish("payment_method.automatically_updated", thing)
    world.store.flush()
