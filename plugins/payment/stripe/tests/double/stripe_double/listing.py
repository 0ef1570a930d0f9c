"""Lists at Stripe: newest first, pages by cursor, times as filters."""

from collections.abc import Iterable

from stripe_double.form import Params
from stripe_double.problems import Json, Refusal, missing

_USUAL, _MOST = 10, 100


def page_of(things: Iterable[Json], params: Params, url: str) -> Json:
    """One page of things that come newest first.

    `starting_after` goes on to older ones; `ending_before` gives the next newer ones.
    """
    limit = params.get("limit", _USUAL)
    if not 1 <= limit <= _MOST:
        raise Refusal(400, "limit must be between 1 and 100", param="limit")
    if "starting_after" in params and "ending_before" in params:
        raise Refusal(400, "starting_after with ending_before", param="ending_before")
    found = [one for one in things if _in_time(one, params.get("created"))]
    names = [one["id"] for one in found]
    after, before = params.get("starting_after"), params.get("ending_before")
    for cursor, param in ((after, "starting_after"), (before, "ending_before")):
        if cursor is not None and cursor not in names:
            raise missing("object", cursor, param)
    if before is not None:
        newer = found[: names.index(before)]
        page, more = newer[-limit:], len(newer) > limit
    else:
        older = found if after is None else found[names.index(after) + 1 :]
        page, more = older[:limit], len(older) > limit
    return {"object": "list", "url": url, "data": page, "has_more": more}


def _in_time(thing: Json, created: object) -> bool:
    if not isinstance(created, dict):
        return created is None or thing["created"] == created
    at = thing["created"]
    return bool(
        created.get("gte", at) <= at <= created.get("lte", at)
        and created.get("gt", at - 1) < at < created.get("lt", at + 1)
    )
