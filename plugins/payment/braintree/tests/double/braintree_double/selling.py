"""Sales: every rule that a wrong one meets."""

import json
import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from typing import cast

from aiohttp import web

from braintree_double.messages import Problem, answer, charge_document, refusal
from braintree_double.records import Charge, Key, Means, Nonce
from braintree_double.world import Verdict, World

KEY_LIFE = timedelta(days=30)
NONCE_LIFE = timedelta(hours=3)
_SOURCES = {"", "recurring", "recurring_first", "unscheduled", "moto", "installment"}
NO_DECIMALS = {"JPY", "KRW", "ISK"}
_LONGEST_KEY = 255
Params = Mapping[str, object]


def part(params: Params, name: str) -> Params:
    """A group of parameters, empty where it is missing."""
    found = params.get(name)
    return cast("Params", found) if isinstance(found, Mapping) else {}


def text(params: Params, name: str) -> str:
    """A parameter as text, empty where it is missing."""
    value = params.get(name)
    return "" if value is None else str(value)


class Till:
    """Takes sales for a world."""

    def __init__(self, world: World) -> None:
        self.world = world

    def key_problem(self, deed: str, params: Params) -> web.Response | None:
        """What a request key says before anything is done; None lets the request go on."""
        key = text(params, "api_request_key")
        if not key:
            return None
        if not self.world.has_request_keys:
            return _key("915231", "API request key is not allowed for this account")
        if len(key) > _LONGEST_KEY:
            return _key("915230", "API request key is too long")
        if self.world.hold_keys:
            return _key("915233", "API request key is in flight")
        known = self.world.keys.get(key)
        request = json.dumps([deed, params], sort_keys=True, default=str)
        if known is None or known.made_at + KEY_LIFE <= self.world.now():
            self.world.keep(Key(key=key, request=request, made_at=self.world.now()))
            return None
        return self._replay(known, request)

    def _replay(self, known: Key, request: str) -> web.Response:
        if known.request != request:
            return _key("915232", "API request key can be reused only with the same request")
        if known.state == "running":
            return _key("915233", "API request key is in flight")
        if known.state == "failed":
            return _key("915234", "API request key belongs to a failed request")
        if known.state == "server_error":
            return _key("915235", "API request key ran into a server error")
        return self.shown(self.world.charges[known.charge])

    def conclude(self, params: Params, charge: Charge | None) -> None:
        """Remember under the key what became of its request."""
        known = self.world.keys.get(text(params, "api_request_key"))
        if known is not None:
            state = "failed" if charge is None else "done"
            self.world.keep(
                known.model_copy(
                    update={"state": state, "charge": "" if charge is None else charge.id}
                )
            )

    def shown(self, charge: Charge) -> web.Response:
        """The answer to a request that made this charge."""
        document = charge_document(charge)
        if charge.status in ("processor_declined", "gateway_rejected", "failed"):
            return refusal("transaction", charge=document)
        return answer("transaction", document, 201)

    def sale(self, params: Params) -> web.Response:
        """Check and carry out a sale; its key was dealt with before."""
        problems = self._problems(params)
        if problems:
            self.conclude(params, None)
            return refusal("transaction", problems)
        nonce = self.world.nonces.get(text(params, "payment_method_nonce"))
        means = self.world.means.get(text(params, "payment_method_token"))
        charge = self._charged(params, means or cast("Nonce", nonce))
        if nonce is not None:
            self.world.keep(nonce.model_copy(update={"used": True}))
            if charge.has_money and text(part(params, "options"), "store_in_vault_on_success"):
                charge = self._stored(charge, nonce)
        self.world.keep(charge)
        self.world.sale_made.set()
        self.conclude(params, charge)
        return self.shown(charge)

    def _problems(self, params: Params) -> list[Problem]:
        found = [*self._amount(params), *self._means(params)]
        account = text(params, "merchant_account_id")
        if account not in self.world.accounts:
            found.append(Problem("91513", "Merchant account ID is invalid.", "merchant_account_id"))
        elif account in self.world.suspended:
            found.append(Problem("91514", "Merchant account is suspended.", "merchant_account_id"))
        if len(text(params, "order_id")) > 255:
            found.append(Problem("91501", "Order ID is too long.", "order_id"))
        if text(params, "transaction_source") not in _SOURCES:
            found.append(Problem("915133", "Transaction source is invalid.", "transaction_source"))
        if not set(part(params, "custom_fields")) <= self.world.custom_fields:
            found.append(Problem("91526", "Custom field is invalid.", "custom_fields"))
        customer = text(params, "customer_id")
        if customer and customer not in self.world.customers:
            found.append(Problem("91510", "Customer ID is invalid.", "customer_id"))
        return found

    def _amount(self, params: Params) -> list[Problem]:
        amount = text(params, "amount")
        if not amount:
            return [Problem("81502", "Amount is required.", "amount")]
        currency = self.world.accounts.get(text(params, "merchant_account_id"), "EUR")
        form = r"-?\d+" if currency in NO_DECIMALS else r"-?\d+\.\d{2}"
        if not re.fullmatch(form, amount):
            return [Problem("81503", "Amount is an invalid format.", "amount")]
        if Decimal(amount) <= 0:
            return [Problem("81531", "Amount must be greater than zero.", "amount")]
        if Decimal(amount) > self.world.largest:
            return [Problem("81528", "Amount is too large.", "amount")]
        return []

    def _means(self, params: Params) -> list[Problem]:
        token, nonce = text(params, "payment_method_token"), text(params, "payment_method_nonce")
        if bool(token) is bool(nonce):
            code = "91515" if token else "91508"
            return [Problem(code, "Give one payment method.")]
        if token:
            if token in self.world.means:
                return []
            return [Problem("91518", "Payment method token is invalid.", "payment_method_token")]
        stores = bool(text(part(params, "options"), "store_in_vault_on_success"))
        return nonce_problems(self.world, nonce, ("91565", "91564"), stores=stores)

    def _charged(self, params: Params, means: Means | Nonce) -> Charge:
        now, account = self.world.now(), text(params, "merchant_account_id")
        is_paypal = means.kind == "paypal"
        charge = Charge(
            id=self.world.new_id("t"),
            status="authorized",
            amount=Decimal(text(params, "amount")),
            currency=self.world.accounts[account],
            order_id=text(params, "order_id"),
            merchant_account=account,
            instrument="paypal_account" if is_paypal else "credit_card",
            number=means.number,
            brand=means.brand,
            token=means.token if isinstance(means, Means) else "",
            customer=means.customer if isinstance(means, Means) else text(params, "customer_id"),
            custom_fields={name: str(one) for name, one in part(params, "custom_fields").items()},
            source=text(params, "transaction_source"),
            with_key=bool(text(params, "api_request_key")),
            created_at=now,
            updated_at=now,
        )
        verdict = self._verdict(charge, means)
        if verdict is not None:
            return _refused(charge, verdict)
        if text(part(params, "options"), "submit_for_settlement") != "True":
            return charge
        return moved(charge, "settling" if is_paypal else "submitted_for_settlement", now)

    def _verdict(self, charge: Charge, means: Means | Nonce) -> Verdict | None:
        if not charge.with_key and self._repeats(charge):
            return Verdict("", "", status="gateway_rejected", rejection="duplicate")
        if means.kind == "paypal":
            if any(one.order_id == charge.order_id != "" for one in self._paypal_sales()):
                return Verdict("2069", "PayPal Duplicate Transaction")
            if isinstance(means, Means) and means.revoked_at is not None:
                return Verdict("2070", "PayPal Buyer Revoked Authorization", hard=True)
        return self.world.verdicts.pop(0) if self.world.verdicts else None

    def _repeats(self, charge: Charge) -> bool:
        since = charge.created_at - self.world.duplicate_window
        return any(
            one.created_at > since
            and one.has_money
            and (one.amount, one.order_id, one.number)
            == (charge.amount, charge.order_id, charge.number)
            for one in self.world.sold()
        )

    def _paypal_sales(self) -> list[Charge]:
        return [
            one
            for one in self.world.sold()
            if one.instrument == "paypal_account" and one.status != "processor_declined"
        ]

    def _stored(self, charge: Charge, nonce: Nonce) -> Charge:
        token = self.world.new_id("m")
        self.world.keep(
            Means(
                token=token,
                customer=charge.customer,
                kind=nonce.kind,
                number=nonce.number,
                brand=nonce.brand,
                email=nonce.email,
            )
        )
        return charge.model_copy(update={"token": token})


def nonce_problems(
    world: World, nonce: str, codes: tuple[str, str], *, stores: bool
) -> list[Problem]:
    """What is wrong with a nonce: unknown or too old, used, or not one that can be kept."""
    known = world.nonces.get(nonce)
    if known is None or known.made_at + NONCE_LIFE <= world.now():
        return [Problem(codes[0], "Unknown payment_method_nonce.", "payment_method_nonce")]
    if known.used:
        return [Problem(codes[1], "Consumed payment_method_nonce.", "payment_method_nonce")]
    if stores and known.kind == "paypal" and not known.agreement:
        return [Problem("82902", "Cannot vault a one-time use PayPal account.")]
    return []


def moved(charge: Charge, status: str, now: datetime) -> Charge:
    """The charge in its next state."""
    moments = charge.moments | {status: now}
    return charge.model_copy(update={"status": status, "updated_at": now, "moments": moments})


def _refused(charge: Charge, verdict: Verdict) -> Charge:
    kind = "hard_declined" if verdict.hard else "soft_declined"
    return charge.model_copy(
        update={
            "status": verdict.status,
            "response_type": kind if verdict.code else "",
            "response_code": verdict.code,
            "response_text": verdict.text,
            "rejection": verdict.rejection,
        }
    )


def _key(code: str, message: str) -> web.Response:
    return refusal("transaction", [Problem(code, message, "api_request_key")])
