"""Customers, means of payment and the browser's client token."""

import re
from base64 import b64encode

from aiohttp import web

from braintree_double.messages import Problem, answer, means_document, refusal
from braintree_double.records import Customer, Means
from braintree_double.selling import Params, nonce_problems, part, text
from braintree_double.world import World

_ID = re.compile(r"[A-Za-z0-9_-]{1,36}")


def make_customer(world: World, params: Params) -> web.Response:
    """A customer under an id of the caller's."""
    wanted = text(params, "id") or world.new_id("c")
    if not _ID.fullmatch(wanted):
        return refusal("customer", [Problem("91610", "Customer ID is invalid.", "id")])
    if world.race_customers:
        world.keep(Customer(id=wanted))
    if wanted in world.customers:
        return refusal("customer", [Problem("91609", "Customer ID has already been taken.", "id")])
    made = Customer(id=wanted, company=text(params, "company"), email=text(params, "email"))
    world.keep(made)
    return answer("customer", made.model_dump(), 201)


def make_means(world: World, params: Params) -> web.Response:
    """Vault what a nonce stands for; cards are verified when asked for."""
    problems = _problems(world, params)
    if problems:
        return refusal("payment_method", problems)
    nonce = world.nonces[text(params, "payment_method_nonce")]
    verifies = text(part(params, "options"), "verify_card") == "True" and nonce.kind == "card"
    world.keep(nonce.model_copy(update={"used": True}))
    if verifies and world.verdicts:
        verdict = world.verdicts.pop(0)
        return refusal(
            "payment_method",
            verification={
                "status": "processor_declined",
                "processor_response_code": verdict.code,
                "processor_response_text": verdict.text,
                "processor_response_type": "hard_declined" if verdict.hard else "soft_declined",
            },
        )
    means = Means(
        token=text(params, "token") or world.new_id("m"),
        customer=text(params, "customer_id"),
        kind=nonce.kind,
        number=nonce.number,
        brand=nonce.brand,
        email=nonce.email,
    )
    world.keep(means)
    return shown(means, 201)


def _problems(world: World, params: Params) -> list[Problem]:
    if text(params, "customer_id") not in world.customers:
        return [Problem("93105", "Customer ID is invalid.", "customer_id")]
    token = text(params, "token")
    if token and not _ID.fullmatch(token):
        return [Problem("91718", "Token is invalid.", "token")]
    if token in world.means:
        return [Problem("91719", "Duplicate token.", "token")]
    account = text(part(params, "options"), "verification_merchant_account_id")
    if account and account not in world.accounts:
        return [Problem("91728", "Verification merchant account ID is invalid.")]
    nonce = text(params, "payment_method_nonce")
    return nonce_problems(world, nonce, ("93108", "93107"), stores=True)


def shown(means: Means, status: int = 200) -> web.Response:
    """A means of payment."""
    name, document = means_document(means)
    return answer(name, document, status)


def client_token(world: World, params: Params) -> web.Response:
    """What the browser's scripts log in with."""
    account = text(params, "merchant_account_id")
    if account not in world.accounts:
        return answer("api_error_response", {"message": "Merchant account ID is invalid."}, 422)
    value = b64encode(f'{{"merchant_account": "{account}"}}'.encode()).decode()
    return answer("client_token", {"value": value}, 201)
