"""Voids, refunds and what settlement brings: the states of a charge."""

import re
from datetime import timedelta
from decimal import Decimal

from aiohttp import web

from braintree_double.hooks import charge_notice, dispute_notice, means_notice
from braintree_double.messages import Problem, answer, charge_document, refusal
from braintree_double.records import Charge, Dispute
from braintree_double.selling import NO_DECIMALS, Params, Till, moved, text
from braintree_double.world import World

_VOIDABLE = {"authorized", "submitted_for_settlement", "settlement_pending"}
_PAYPAL_REFUNDS = timedelta(days=180)


def void(till: Till, charge: Charge, params: Params) -> web.Response:
    """Void what has not begun to settle."""
    if till.world.before_void is not None:
        till.world.before_void()
        charge = till.world.charges[charge.id]
    if charge.status not in _VOIDABLE:
        till.conclude(params, None)
        return refusal("transaction", [Problem("91504", "Transaction can only be voided if…")])
    done = moved(charge, "voided", till.world.now())
    till.world.keep(done)
    till.conclude(params, done)
    return answer("transaction", charge_document(done))


def refund(till: Till, charge: Charge, params: Params) -> web.Response:
    """Give a settled charge back, or a part of it."""
    world = till.world
    if world.before_refund is not None:
        world.before_refund()
        charge = world.charges[charge.id]
    problem = _wrong(charge, params) or _refund_problem(world, charge, text(params, "amount"))
    if problem is not None:
        till.conclude(params, None)
        return refusal("transaction", [problem])
    now = world.now()
    status = "settling" if charge.instrument == "paypal_account" else "submitted_for_settlement"
    verdict = world.verdicts.pop(0) if world.verdicts else None
    credit = charge.model_copy(
        update={
            "id": world.new_id("r"),
            "type": "credit",
            "amount": Decimal(text(params, "amount") or charge.amount),
            # Without one of its own a credit carries the order id of its sale.
            "order_id": text(params, "order_id") or charge.order_id,
            "refunded": charge.id,
            "created_at": now,
            "moments": {},
        }
    )
    credit = moved(credit, status if verdict is None else verdict.status, now)
    if verdict is not None:
        update = {"response_code": verdict.code, "response_text": verdict.text}
        credit = credit.model_copy(update=update)
    world.keep(credit)
    till.conclude(params, credit)
    return till.shown(credit)


def _wrong(charge: Charge, params: Params) -> Problem | None:
    amount = text(params, "amount")
    form = r"\d+" if charge.currency in NO_DECIMALS else r"\d+\.\d{2}"
    if amount and not re.fullmatch(form, amount):
        return Problem("81503", "Amount is an invalid format.", "amount")
    if len(text(params, "order_id")) > 255:
        return Problem("91501", "Order ID is too long.", "order_id")
    return None


def _refund_problem(world: World, charge: Charge, amount: str) -> Problem | None:
    if charge.type == "credit":
        return Problem("91505", "Cannot refund credit.")
    if charge.status == "settling":
        return Problem("91574", "Cannot refund a settling transaction.")
    if charge.status != "settled":
        return Problem("91506", "Cannot refund a transaction unless it is settled.")
    return _limit_problem(world, charge, Decimal(amount or charge.amount))


def _limit_problem(world: World, charge: Charge, amount: Decimal) -> Problem | None:
    credits_of = [one for one in world.charges.values() if one.refunded == charge.id]
    given = sum((one.amount for one in credits_of if one.has_money), Decimal())
    if given >= charge.amount:
        return Problem("91512", "Transaction has already been completely refunded.")
    if amount > charge.amount - given:
        return Problem("91521", "Refund amount is too large.")
    too_late = charge.created_at + _PAYPAL_REFUNDS <= world.now()
    if charge.instrument == "paypal_account" and too_late:
        return Problem("2065", "PayPal refund time limit exceeded.")
    return None


def void_by_hand(world: World, charge_id: str) -> None:
    """A person voids a charge in the control panel."""
    world.keep(moved(world.charges[charge_id], "voided", world.now()))


def unsettle(world: World, charge_id: str) -> None:
    """A charge that was shown as settled is not yet."""
    world.keep(moved(world.charges[charge_id], "settling", world.now()))


def refund_by_hand(world: World, charge_id: str, amount: Decimal) -> Charge:
    """A person gives a part back in the control panel: the credit has its sale's order id."""
    charge, now = world.charges[charge_id], world.now()
    update = {"id": world.new_id("r"), "type": "credit", "amount": amount, "refunded": charge_id}
    credit = moved(charge.model_copy(update=update), "settled", now)
    world.keep(credit)
    return credit


def settle(world: World, *, begun_only: bool = False) -> None:
    """A day at the processor: what was handed in settles, or only begins to."""
    for charge in list(world.charges.values()):
        if charge.status == "submitted_for_settlement" and begun_only:
            world.keep(moved(charge, "settling", world.now()))
        elif charge.status in ("submitted_for_settlement", "settling") and not begun_only:
            done = moved(charge, "settled", world.now())
            world.keep(done)
            if done.instrument == "paypal_account":
                charge_notice(world, "transaction_settled", done)


def decline_settlement(world: World, charge_id: str, code: str = "4001") -> None:
    """The late failure: promised, and not paid."""
    done = moved(world.charges[charge_id], "settlement_declined", world.now())
    update = {"settlement_code": code, "settlement_text": "Settlement Declined"}
    done = done.model_copy(update=update)
    world.keep(done)
    kind = "transaction_settlement_declined" if done.type == "sale" else "refund_failed"
    charge_notice(world, kind, done)


def dispute(
    world: World, charge_id: str, kind: str = "chargeback", amount: Decimal | None = None
) -> Dispute:
    """The customer's bank takes a sale back, or asks about it (`retrieval`)."""
    charge, now = world.charges[charge_id], world.now()
    made = Dispute(
        id=world.new_id("d"),
        charge=charge_id,
        kind=kind,
        amount=charge.amount if amount is None else amount,
        received_at=now,
        updated_at=now,
    )
    world.keep(made)
    dispute_notice(world, "dispute_opened", made)
    return made


def decide(world: World, dispute_id: str, status: str) -> None:
    """A dispute goes on: won, lost, accepted, expired, disputed, under_review."""
    done = world.disputes[dispute_id].model_copy(
        update={"status": status, "updated_at": world.now()}
    )
    world.keep(done)
    dispute_notice(world, f"dispute_{status}", done)


def revoke(world: World, token: str) -> None:
    """The customer ends the agreement at PayPal."""
    means = world.means[token].model_copy(update={"revoked_at": world.now()})
    world.keep(means)
    means_notice(world, means)
