"""The double refuses what Stripe would: each of its rules, broken once (2.2)."""

from collections.abc import AsyncIterator

import pytest
from aiohttp import ClientSession

from stripe_double import charging, sessions
from stripe_double.scene import Scene
from stripe_double.visitor import Said, Visitor

INTENTS, SESSIONS, REFUNDS = "/v1/payment_intents", "/v1/checkout/sessions", "/v1/refunds"


@pytest.fixture
async def visitor(scene: Scene) -> AsyncIterator[Visitor]:
    """Somebody with plain requests."""
    async with ClientSession() as session:
        yield Visitor(scene.double, session)


def refused(said: Said, code: str = "", param: str = "", status: int = 400) -> bool:
    """Whether it was refused so, in Stripe's shape."""
    assert said.error.get("type") == "invalid_request_error", said
    told = (said.status, said.error.get("code", ""), said.error.get("param", ""))
    assert told == (status, code, param)
    return True


async def test_right_requests_are_answered(visitor: Visitor):
    paid = await visitor.post(INTENTS, visitor.payment(metadata__faktura_invoice="RE-1"))
    page = await visitor.post(SESSIONS, visitor.page())

    assert (paid.status, paid.json["status"]) == (200, "succeeded")
    assert (page.status, page.json["status"]) == (200, "open")
    assert "behaviour" not in str(paid.json)


@pytest.mark.parametrize(
    ("changed", "code", "param"),
    [
        ({"payment_method_types__0": "card"}, "payment_method_types_no_longer_supported", "payment_method_types"),
        ({"amont": "1"}, "parameter_unknown", "amont"),
        ({"idempotency_key": "k"}, "parameter_unknown", "idempotency_key"),
        ({"stripe_version": "x"}, "parameter_unknown", "stripe_version"),
        ({"automatic_payment_methods__enable": "true"}, "parameter_unknown", "automatic_payment_methods[enable]"),
        ({"automatic_payment_methods__allow_redirects": "never"}, "parameter_missing", "automatic_payment_methods[enabled]"),
        ({"amount": None}, "parameter_missing", "amount"),
        ({"currency": None}, "parameter_missing", "currency"),
        ({"amount": "119.00"}, "parameter_invalid_integer", "amount"),
        ({"amount": "eleven"}, "parameter_invalid_integer", "amount"),
        ({"amount__0": "1", "amount": None}, "parameter_invalid_integer", "amount"),
        ({"confirm": "yes"}, "", "confirm"),
        ({"customer": None, "customer__id": "x"}, "", "customer"),
        ({"allowed_payment_method_types": "card"}, "", "allowed_payment_method_types"),
        ({"allowed_payment_method_types__0": "cash"}, "", "allowed_payment_method_types[0]"),
        ({"setup_future_usage": "always"}, "", "setup_future_usage"),
        ({"mandate_data__customer_acceptance": "x"}, "", "mandate_data[customer_acceptance]"),
        ({"metadata": "x"}, "", "metadata"),
        ({"metadata__a__b": "x"}, "", "metadata"),
        ({f"metadata__{'k' * 41}": "x"}, "", "metadata"),
        ({"metadata__k": "v" * 501}, "", "metadata"),
        ({f"metadata__k{number}": "v" for number in range(51)}, "", "metadata"),
        ({"amount": "49"}, "amount_too_small", "amount"),
        ({"amount": "100000000"}, "amount_too_large", "amount"),
        ({"currency": "xxx"}, "", "currency"),
        ({"currency": "tnd"}, "", "currency"),
        ({"currency": "bhd", "amount": "1001"}, "", "amount"),
        ({"confirm": None}, "", "off_session"),
        ({"setup_future_usage": "off_session"}, "", "setup_future_usage"),
        ({"payment_method": None, "off_session": None}, "", "payment_method"),
        ({"allowed_payment_method_types__0": "card", "automatic_payment_methods__enabled": "true"}, "", "automatic_payment_methods"),
        ({"allowed_payment_method_types__0": "card", "excluded_payment_method_types__0": "klarna"}, "", "excluded_payment_method_types"),
        ({"allowed_payment_method_types__0": "card", "payment_method_configuration": "pmc_1"}, "", "payment_method_configuration"),
        ({"allowed_payment_method_types__0": "sepa_debit"}, "", "payment_method"),
        ({"customer": None}, "", "customer"),
        ({"expand__0": "metadata"}, "", "expand"),
        ({"return_url": "back"}, "", "return_url"),
        ({"statement_descriptor_suffix": "12345"}, "", "statement_descriptor_suffix"),
        ({"statement_descriptor_suffix": "A<B"}, "", "statement_descriptor_suffix"),
        ({"statement_descriptor_suffix": "A" * 23}, "", "statement_descriptor_suffix"),
        ({"expand__0": "a.b.c.d.e"}, "", "expand"),
    ],
)  # fmt: skip
async def test_wrong_payments_are_refused(visitor: Visitor, changed, code, param):
    said = await visitor.post(INTENTS, visitor.payment(**changed))

    assert refused(said, code, param)
    assert visitor.double.world.audit().charges == {} or param == "expand"


async def test_what_does_not_exist_is_missing(visitor: Visitor):
    assert refused(
        await visitor.post(INTENTS, visitor.payment(customer="cus_x")),
        "resource_missing",
        "customer",
        404,
    )
    assert refused(
        await visitor.post(INTENTS, visitor.payment(payment_method="pm_x")),
        "resource_missing",
        "payment_method",
        404,
    )
    for path, param in (
        (f"{INTENTS}/pi_x", "intent"),
        (f"{SESSIONS}/cs_x", "session"),
        (f"{REFUNDS}/re_x", "refund"),
        ("/v1/disputes/dp_x", "dispute"),
        ("/v1/mandates/mandate_x", "mandate"),
        ("/v1/payment_methods/pm_x", "payment_method"),
        ("/v1/setup_intents/seti_x", "intent"),
    ):
        assert refused(await visitor.get(path), "resource_missing", param, 404)
    assert refused(await visitor.get("/v1/charges"), status=404)


async def test_a_kind_that_is_switched_off_is_refused(visitor: Visitor):
    visitor.double.world.activated.remove("card")

    assert refused(await visitor.post(INTENTS, visitor.payment()), param="payment_method")


async def test_a_debit_takes_only_euros_and_a_mandate_in_force(visitor: Visitor):
    world = visitor.double.world
    means = world.add_means("pm_success_de")
    customer = (world.store.any(means) or {})["customer"]
    debit = {"payment_method": means, "customer": customer}
    assert refused(
        await visitor.post(INTENTS, visitor.payment(**debit, currency="usd")), param="currency"
    )
    charging.withdraw_mandate(world, means)

    said = await visitor.post(INTENTS, visitor.payment(**debit))

    assert refused(said, "payment_intent_mandate_invalid")


async def test_a_detached_means_is_refused(visitor: Visitor):
    right = visitor.payment()
    charging.detach(visitor.double.world, str(right["payment_method"]))

    said = await visitor.post(INTENTS, right)

    assert refused(said, "payment_method_unexpected_state", "payment_method")


async def test_a_payment_that_is_not_confirmed_charges_nothing(visitor: Visitor):
    said = await visitor.post(INTENTS, visitor.payment(confirm=None, off_session=None))
    empty = await visitor.post(
        INTENTS, visitor.payment(confirm=None, off_session=None, payment_method=None)
    )

    assert said.json["status"] == "requires_confirmation"
    assert empty.json["status"] == "requires_payment_method"
    assert visitor.double.world.audit().charges == {}


async def test_only_what_is_undecided_can_be_called_off(visitor: Visitor):
    paid = await visitor.post(INTENTS, visitor.payment())

    said = await visitor.post(f"{INTENTS}/{paid.json['id']}/cancel", {})

    assert refused(said, "payment_intent_unexpected_state")


async def test_a_declined_payment_names_code_advice_and_itself(visitor: Visitor):
    right = visitor.payment()
    visitor.double.world.behave(
        str(right["payment_method"]), "pm_card_visa_chargeDeclinedInsufficientFunds"
    )

    said = await visitor.post(INTENTS, right)

    assert said.status == 402
    assert (said.error["type"], said.error["code"]) == ("card_error", "card_declined")
    assert said.error["decline_code"] == "insufficient_funds"
    assert said.error["advice_code"] == "try_again_later"
    assert said.error["payment_intent"]["status"] == "requires_payment_method"
    assert said.error["payment_intent"]["payment_method"] is None


@pytest.mark.parametrize(
    ("header", "value", "status"),
    [
        ("Authorization", "Bearer sk_of_nobody", 401),
        ("Authorization", "", 401),
        ("Stripe-Version", "2020-08-27", 400),
        ("Stripe-Version", "", 400),
    ],
)
async def test_a_wrong_key_and_a_wrong_version_are_not_let_in(
    visitor: Visitor, header, value, status
):
    visitor.headers = {header: value}

    assert refused(await visitor.get(INTENTS), status=status)


async def test_a_restricted_key_may_not_do_everything(visitor: Visitor):
    visitor.double.world.forbidden = {"/v1/refunds"}

    assert refused(await visitor.get(REFUNDS), status=403)
    assert (await visitor.get(INTENTS)).status == 200


@pytest.mark.parametrize("body", ["a[b=1", "[a]=1", "amount=1&amount=2"])
async def test_a_form_that_cannot_be_read_is_refused(visitor: Visitor, body):
    async with visitor.session.post(
        f"{visitor.double.base}{INTENTS}",
        data=body,
        headers={"Authorization": f"Bearer {visitor.double.world.api_key}"}
        | {"Stripe-Version": "2026-10-28.endive"},
    ) as answer:
        assert answer.status == 400


@pytest.mark.parametrize(
    ("params", "code", "param", "status"),
    [
        ({"limit": "0"}, "", "limit", 400),
        ({"limit": "101"}, "", "limit", 400),
        ({"starting_after": "pi_1", "ending_before": "pi_1"}, "", "ending_before", 400),
        ({"starting_after": "pi_x"}, "resource_missing", "starting_after", 404),
        ({"ending_before": "pi_x"}, "resource_missing", "ending_before", 404),
        ({"customer": "cus_x"}, "resource_missing", "customer", 404),
        ({"created[since]": "1"}, "parameter_invalid_integer", "created", 400),
    ],
)
async def test_wrong_lists_are_refused(visitor: Visitor, params, code, param, status):
    assert refused(await visitor.get(INTENTS, **params), code, param, status)


async def test_events_are_listed_by_at_most_twenty_types(visitor: Visitor):
    types = {f"types[{number}]": f"type.{number}" for number in range(21)}

    assert refused(await visitor.get("/v1/events", **types), param="types")


async def test_lists_know_times_and_cursors(visitor: Visitor):
    world = visitor.double.world
    ids = [
        charging.make_payment(world, amount=1, currency="eur", metadata={})["id"] for _ in range(5)
    ]

    async def listed(**params: str) -> list[str]:
        return [one["id"] for one in (await visitor.get(INTENTS, **params)).json["data"]]

    newest_first = ids[::-1]
    assert await listed() == newest_first
    assert await listed(limit="2", starting_after=ids[4]) == newest_first[1:3]
    assert await listed(limit="2", ending_before=ids[0]) == newest_first[2:4]
    assert await listed(**{"created[gt]": str(world.now)}) == []
    assert await listed(**{"created[lte]": str(world.now)}) == newest_first
    assert await listed(created=str(world.now)) == newest_first


@pytest.mark.parametrize(
    ("changed", "code", "param"),
    [
        ({"payment_method_types__0": "card"}, "payment_method_types_no_longer_supported", "payment_method_types"),
        ({"mode": "donate"}, "", "mode"),
        ({"success_url": None}, "parameter_missing", "success_url"),
        ({"customer": "cus_x"}, "resource_missing", "customer"),
        ({"customer": "cus_00000001", "customer_email": "a@b.example"}, "", "customer_email"),
        ({"expires_at": "1796113799"}, "", "expires_at"),
        ({"expires_at": "1796198401"}, "", "expires_at"),
        ({"setup_intent_data__description": "x"}, "", "setup_intent_data"),
        ({"mode": "setup"}, "", "line_items"),
        ({"line_items__0__price_data__unit_amount": None}, "", "line_items"),
        ({"line_items__0__price_data__unit_amount": "49"}, "amount_too_small", "line_items"),
        ({"line_items__0__price_data__currency": None}, "parameter_missing", "line_items[0][price_data][currency]"),
        ({"allowed_payment_method_types__0": "card", "excluded_payment_method_types__0": "klarna"}, "", "excluded_payment_method_types"),
    ],
)  # fmt: skip
async def test_wrong_pages_are_refused(visitor: Visitor, changed, code, param):
    visitor.double.world.add_customer()

    said = await visitor.post(SESSIONS, visitor.page(**changed))

    assert refused(said, code, param, 404 if code == "resource_missing" else 400)


async def test_a_page_needs_something_to_pay(visitor: Visitor):
    page = visitor.page()
    lines = [name for name in page if name.startswith("line_items")]
    page.update(dict.fromkeys(lines))

    assert refused(await visitor.post(SESSIONS, page), param="line_items")


async def test_a_page_that_is_over_can_be_neither_closed_nor_filled_in(visitor: Visitor):
    page = await visitor.post(SESSIONS, visitor.page())
    sessions.be_the_customer(visitor.double.world, page.json["id"])

    assert refused(await visitor.post(f"{SESSIONS}/{page.json['id']}/expire", {}))
    with pytest.raises(AssertionError, match="complete"):
        sessions.be_the_customer(visitor.double.world, page.json["id"])


async def test_a_page_takes_only_the_kinds_it_allows(visitor: Visitor):
    from stripe_double.problems import Refusal

    page = await visitor.post(SESSIONS, visitor.page(allowed_payment_method_types__0="sepa_debit"))

    with pytest.raises(Refusal, match="not allowed"):
        sessions.be_the_customer(visitor.double.world, page.json["id"])


@pytest.mark.parametrize(
    ("params", "code", "param", "status"),
    [
        ({}, "", "payment_intent", 400),
        ({"payment_intent": "pi_x"}, "resource_missing", "payment_intent", 404),
        ({"payment_intent": "pi_00000001", "amount": "0"}, "", "amount", 400),
        ({"payment_intent": "pi_00000001", "amount": "11901"}, "", "amount", 400),
        ({"payment_intent": "pi_00000001", "reason": "bored"}, "", "reason", 400),
    ],
)
async def test_wrong_refunds_are_refused(visitor: Visitor, params, code, param, status):
    await visitor.post(INTENTS, visitor.payment())

    assert refused(await visitor.post(REFUNDS, params), code, param, status)


async def test_only_money_that_is_there_is_given_back(visitor: Visitor):
    world = visitor.double.world
    for _ in range(2):
        await visitor.post(INTENTS, visitor.payment())
    await visitor.post(REFUNDS, {"payment_intent": "pi_00000001"})
    charging.dispute(world, "pi_00000002")
    means = world.add_means("pm_success_de")
    debit = await visitor.post(
        INTENTS,
        visitor.payment(payment_method=means, customer=(world.store.any(means) or {})["customer"]),
    )

    for reference, code in (
        ("pi_00000001", "charge_already_refunded"),
        ("pi_00000002", "charge_disputed"),
        (debit.json["id"], ""),
    ):
        assert refused(await visitor.post(REFUNDS, {"payment_intent": reference}), code)


async def test_what_nobody_holds_cannot_be_detached(visitor: Visitor):
    means = visitor.double.world.make_means("pm_card_visa", None)["id"]

    said = await visitor.post(f"/v1/payment_methods/{means}/detach", {})

    assert refused(said, param="payment_method")


async def test_only_debits_in_processing_settle_or_fail(visitor: Visitor):
    paid = await visitor.post(INTENTS, visitor.payment())

    for happens in (charging.settle, charging.fail):
        with pytest.raises(AssertionError, match="not in processing"):
            happens(visitor.double.world, paid.json["id"])
