"""Searches: ids first, then pages; what just happened is not in them yet."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime

from aiohttp import web

from braintree_double.messages import Many, answer, charge_document, dispute_document
from braintree_double.records import Charge, Dispute
from braintree_double.selling import Params, part, text
from braintree_double.world import World

_MOMENTS = {
    "submitted_for_settlement_at": "submitted_for_settlement",
    "settled_at": "settled",
    "voided_at": "voided",
}
_KNOWN = {"order_id", "status", "created_at", "ids", *_MOMENTS}


def found_ids(world: World, params: Params) -> web.Response:
    """The ids of the transactions that a search finds."""
    ids = [one.id for one in _found(world, params)]
    return answer("search_results", {"page_size": world.page_size, "ids": ids})


def found_page(world: World, params: Params) -> web.Response:
    """The transactions of some ids; at most a page of them."""
    wanted = params.get("ids")
    ids = {str(one) for one in wanted} if isinstance(wanted, list) else set()
    if len(ids) > world.page_size:
        return web.Response(status=422, text="")
    shown = tuple(charge_document(one) for one in _found(world, params) if one.id in ids)
    head = {"current_page_number": 1, "page_size": world.page_size, "total_items": len(shown)}
    return answer("credit_card_transactions", Many("transaction", shown, head))


def _found(world: World, params: Params) -> Iterable[Charge]:
    if not set(params) <= _KNOWN or not params:
        # The real one ignores what it does not know and lists everything: that hides mistakes.
        return []
    latest = world.now() - world.search_lag
    return [
        one for one in world.charges.values() if one.created_at <= latest and _fits(one, params)
    ]


def _fits(charge: Charge, params: Params) -> bool:
    order = text(part(params, "order_id"), "is")
    if order and charge.order_id != order:
        return False
    states = params.get("status")
    if isinstance(states, list) and charge.status not in states:
        return False
    if not _between(charge.created_at, part(params, "created_at")):
        return False
    return all(
        _between(charge.moments.get(status), part(params, name))
        for name, status in _MOMENTS.items()
        if name in params
    )


def _between(moment: datetime | None, span: Mapping[str, object]) -> bool:
    if not span:
        return True
    if moment is None:
        return False
    low, high = span.get("min"), span.get("max")
    naive = moment.replace(tzinfo=None, microsecond=0)
    return (not isinstance(low, datetime) or naive >= low) and (
        not isinstance(high, datetime) or naive <= high
    )


def found_disputes(world: World, params: Params, page: int) -> web.Response:
    """A page of disputes by the days on which they came or changed."""
    moments: dict[str, Callable[[Dispute], datetime]] = {
        "received_date": lambda one: one.received_at,
        "effective_date": lambda one: one.updated_at,
    }
    found = [
        one
        for one in world.disputes.values()
        if set(params) <= set(moments)
        and all(_on(moment(one), part(params, name)) for name, moment in moments.items())
    ]
    start = (page - 1) * world.page_size
    shown = tuple(
        dispute_document(one, world.charges[one.charge])
        for one in found[start : start + world.page_size]
    )
    head = {"current_page_number": page, "page_size": world.page_size, "total_items": len(found)}
    return answer("disputes", Many("dispute", shown, head))


def _on(moment: datetime, span: Params) -> bool:
    if not span:
        return True
    day = f"{moment:%Y-%m-%d}"
    return _iso(text(span, "min")) <= day <= _iso(text(span, "max"))


def _iso(american: str) -> str:
    month, day, year = american.split("/")
    return f"{year}-{month}-{day}"
