"""Pages of Stripe Checkout: how they are opened, what customers do on them, how they end."""

from stripe_double.charging import charge, make_payment
from stripe_double.form import Params
from stripe_double.listing import page_of
from stripe_double.payments import check_amount, check_kind, check_types
from stripe_double.problems import Json, Refusal, missing
from stripe_double.world import World

_SHORTEST, _LONGEST = 30 * 60, 24 * 3600


def create(world: World, params: Params) -> Json:
    """POST /v1/checkout/sessions."""
    mode = params.get("mode", "payment")
    _check(world, params, mode)
    amount = _amount(params) if mode == "payment" else None
    session = world.store.make(
        "checkout.session",
        "cs",
        mode=mode,
        status="open",
        payment_status="unpaid" if mode == "payment" else "no_payment_required",
        amount_total=amount,
        currency=_currency(params),
        customer=params.get("customer"),
        client_reference_id=params.get("client_reference_id"),
        metadata=params.get("metadata") or {},
        created=world.now,
        expires_at=params.get("expires_at", world.now + _LONGEST),
        payment_intent=None,
        setup_intent=None,
        intent_data=params.get(
            "payment_intent_data" if mode == "payment" else "setup_intent_data", {}
        ),
        allowed=params.get("allowed_payment_method_types"),
    )
    world.store.change(session, url=f"{world.base}/c/pay/{session['id']}")
    return session


def _check(world: World, params: Params, mode: str) -> None:
    check_types(params)
    if "success_url" not in params:
        raise Refusal(400, "success_url is required", code="parameter_missing", param="success_url")
    if "customer" in params and "customer_email" in params:
        raise Refusal(400, "customer with customer_email", param="customer_email")
    if "customer" in params and world.store.find("customer", params["customer"]) is None:
        raise missing("customer", params["customer"], "customer")
    until = params.get("expires_at", world.now + _LONGEST)
    if not world.now + _SHORTEST <= until <= world.now + _LONGEST:
        raise Refusal(400, "expires_at must be in 30 minutes to 24 hours", param="expires_at")
    wrong = ("setup_intent_data",) if mode == "payment" else ("line_items", "payment_intent_data")
    for name in wrong:
        if name in params:
            raise Refusal(400, f"You can not pass {name} in {mode} mode", param=name)


def _amount(params: Params) -> int:
    lines = params.get("line_items", ())
    if not lines:
        raise Refusal(400, "line_items is required in payment mode", param="line_items")
    total = 0
    for line in lines:
        price = line.get("price_data", {})
        if "unit_amount" not in price or "product_data" not in price:
            raise Refusal(400, "price_data needs unit_amount and product_data", param="line_items")
        total += price["unit_amount"] * line.get("quantity", 1)
    check_amount(total, _currency(params), "line_items")
    return total


def _currency(params: Params) -> str:
    lines = params.get("line_items", ())
    told = lines[0].get("price_data", {}).get("currency") if lines else params.get("currency")
    return str(told or "")


def retrieve(world: World, _params: Params, reference: str) -> Json:
    """GET /v1/checkout/sessions/ID; one whose time is over has expired."""
    session = world.store.find("checkout.session", reference)
    if session is None:
        raise missing("checkout.session", reference, "session")
    if session["status"] == "open" and world.now >= session["expires_at"]:
        _expire(world, session)
    return session


def expire(world: World, params: Params, reference: str) -> Json:
    """POST /v1/checkout/sessions/ID/expire."""
    session = retrieve(world, params, reference)
    if session["status"] != "open":
        raise Refusal(400, "Only Checkout Sessions with a status in [open] can be expired")
    _expire(world, session)
    return session


def _expire(world: World, session: Json) -> None:
    world.store.change(session, status="expired", url=None)
    payment = world.store.find("payment_intent", session["payment_intent"])
    if payment is not None:
        world.store.change(payment, status="canceled", canceled_at=world.now)
        world.publish("payment_intent.canceled", payment)
    world.publish("checkout.session.expired", session)


def listed(world: World, params: Params) -> Json:
    """GET /v1/checkout/sessions."""
    payment = params.get("payment_intent")
    found = (
        one
        for one in world.store.newest("checkout.session")
        if payment in (None, one["payment_intent"])
    )
    return page_of(found, params, "/v1/checkout/sessions")


def be_the_customer(world: World, reference: str, behaviour: str = "pm_card_visa") -> str:
    """Fill a page in: pay with a means that behaves so, or save it; gives the means' id.

    A refused card leaves the page open; one that is over raises AssertionError.
    """
    session = retrieve(world, {}, reference)
    if session["status"] != "open":
        raise AssertionError(f"the page is {session['status']}")
    keep = session["mode"] == "setup" or "setup_future_usage" in session["intent_data"]
    if keep and session["customer"] is None:
        world.store.change(session, customer=world.add_customer())
    means = world.make_means(behaviour, session["customer"] if keep else None)
    params = {"currency": session["currency"]}
    if session["allowed"] is not None:
        params["allowed_payment_method_types"] = session["allowed"]
    check_kind(world, means["type"], params)
    (_set_up if session["mode"] == "setup" else _pay)(world, session, means)
    world.store.flush()
    return str(means["id"])


def _pay(world: World, session: Json, means: Json) -> None:
    data = session["intent_data"]
    payment = world.store.find("payment_intent", session["payment_intent"]) or make_payment(
        world,
        amount=session["amount_total"],
        currency=session["currency"],
        customer=session["customer"],
        description=data.get("description"),
        metadata=dict(data.get("metadata", {})),
        setup_future_usage=data.get("setup_future_usage"),
    )
    world.store.change(session, payment_intent=payment["id"])
    if charge(world, payment, means) is not None:
        return
    paid = "paid" if payment["status"] == "succeeded" else "unpaid"
    world.store.change(session, status="complete", payment_status=paid, url=None)
    world.publish("checkout.session.completed", session)


def _set_up(world: World, session: Json, means: Json) -> None:
    setup = world.store.make(
        "setup_intent",
        "seti",
        status="succeeded",
        created=world.now,
        customer=session["customer"],
        payment_method=means["id"],
        mandate=means["mandate"],
        metadata=dict(session["intent_data"].get("metadata", {})),
        usage="off_session",
    )
    world.store.change(session, status="complete", setup_intent=setup["id"], url=None)
    world.publish("setup_intent.succeeded", setup)
    world.publish("checkout.session.completed", session)
