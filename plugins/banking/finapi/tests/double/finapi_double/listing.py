"""GET /api/v2/transactions: views, filters, order and pages."""

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal

from aiohttp import web

from finapi_double.guard import USER
from finapi_double.problems import WORLD, problem
from finapi_double.records import Json
from finapi_double.writing import answer

_ORDERS = ("id", "bankBookingDate", "finapiBookingDate", "amount", "importDate")
_BOOLEANS = ("isNew", "isPotentialDuplicate", "isAdjustingEntry")
_TEXTS = {
    "search": ("purpose", "counterpartName", "counterpartIban"),
    "counterpart": ("counterpartName", "counterpartIban"),
    "purpose": ("purpose",),
}
_DATES = ("BankBookingDate", "FinapiBookingDate", "ImportDate")
_KNOWN = {
    *("view", "ids", "accountIds", "minAmount", "maxAmount", "direction", "labelIds"),
    *("categoryIds", "includeChildCategories", "page", "perPage", "order"),
    *_BOOLEANS,
    *_TEXTS,
    *(f"{end}{name}" for end in ("min", "max") for name in _DATES),
}
Keep = Callable[[Json], bool]


async def transactions(request: web.Request) -> web.Response:
    """A page of the bookings that pass all filters, in the order that was asked for."""
    query = dict(request.query)
    refused = _refused(request, query)
    if refused is not None:
        return refused
    world = request.app[WORLD]
    own = {account.id for account in world.accounts_of(request[USER])}
    found = [one for one in world.transactions.values() if one["accountId"] in own]
    for keep in _filters(query):
        found = [one for one in found if keep(one)]
    field, _, direction = query.get("order", "id,asc").partition(",")
    found.sort(key=lambda one: _key(one, field), reverse=direction == "desc")
    page, size = int(query.get("page", "1")), int(query.get("perPage", "20"))
    paging = {
        "page": page,
        "perPage": size,
        "pageCount": -(-len(found) // size),
        "totalCount": len(found),
    }
    shown = found[(page - 1) * size : page * size]
    response = answer({"transactions": shown, "paging": paging, **_sums(found)})
    hold, world.hold_page = world.hold_page, None
    if hold is not None:
        hold()
    return response


def _refused(request: web.Request, query: Mapping[str, str]) -> web.Response | None:
    unknown = sorted(query.keys() - _KNOWN)
    if unknown:
        return problem(request, 400, "BAD_REQUEST", f"{unknown[0]} is unknown")
    if "view" not in query:
        return problem(request, 400, "MISSING_FIELD", "view")
    if query["view"] not in ("bankView", "userView"):
        return problem(request, 400, "ILLEGAL_FIELD_VALUE", "view")
    if not (
        _whole(query.get("page", "1"), 1, 10**9) and _whole(query.get("perPage", "20"), 1, 500)
    ):
        return problem(request, 400, "ILLEGAL_PAGE_SIZE", "page from 1, perPage from 1 to 500")
    field, _, direction = query.get("order", "id,asc").partition(",")
    if field not in _ORDERS or direction not in ("", "asc", "desc"):
        return problem(request, 400, "ILLEGAL_FIELD_VALUE", "order")
    return _wrong_filters(request, query)


def _wrong_filters(request: web.Request, query: Mapping[str, str]) -> web.Response | None:
    if len(query.get("ids", "").split(",")) > 1000:
        return problem(request, 400, "TOO_MANY_IDS")
    for name in _DATES:
        ends = [query.get(f"min{name}"), query.get(f"max{name}")]
        try:
            days = [date.fromisoformat(one) for one in ends if one is not None]
        except ValueError:
            return problem(request, 400, "ILLEGAL_FIELD_VALUE", name)
        if days != sorted(days):
            return problem(request, 400, "INVALID_FILTER_OPTIONS", name)
    return None


def _filters(query: Mapping[str, str]) -> list[Keep]:
    kept: list[Keep] = [_in_view(query["view"])]
    for name, field in (("ids", "id"), ("accountIds", "accountId")):
        if name in query:
            kept.append(_among(field, frozenset(query[name].split(","))))
    kept += [_is(name, query[name] == "true") for name in _BOOLEANS if name in query]
    kept += [_says(fields, query[name].lower()) for name, fields in _TEXTS.items() if name in query]
    for name in _DATES:
        field = name[0].lower() + name[1:]
        if f"min{name}" in query or f"max{name}" in query:
            kept.append(_within(field, query.get(f"min{name}", ""), query.get(f"max{name}", "9")))
    sign = {"income": 1, "spending": -1}.get(query.get("direction", "all"), 0)
    low, high = (Decimal(query.get(name, "NaN")) for name in ("minAmount", "maxAmount"))
    kept.append(_amounts(sign, low, high))
    if "labelIds" in query or "categoryIds" in query:
        kept.append(lambda _one: False)  # nobody labels anything here
    return kept


def _in_view(view: str) -> Keep:
    if view == "bankView":
        return lambda one: one.get("parentId") is None
    return lambda one: not one.get("children")


def _among(field: str, wanted: frozenset[str]) -> Keep:
    return lambda one: str(one[field]) in wanted


def _is(field: str, wanted: bool) -> Keep:
    return lambda one: bool(one[field]) is wanted


def _says(fields: tuple[str, ...], text: str) -> Keep:
    return lambda one: any(text in str(one.get(field) or "").lower() for field in fields)


def _within(field: str, first: str, last: str) -> Keep:
    return lambda one: first <= str(one[field])[:10] <= last


def _amounts(sign: int, low: Decimal, high: Decimal) -> Keep:
    def keep(one: Json) -> bool:
        amount = _amount(one)
        if sign and (amount > 0) is not (sign > 0):
            return False
        return not (low.is_finite() and amount < low) and not (high.is_finite() and amount > high)

    return keep


def _sums(found: list[Json]) -> Json:
    amounts = [_amount(one) for one in found]
    income = sum((one for one in amounts if one > 0), Decimal(0))
    spending = sum((one for one in amounts if one < 0), Decimal(0))
    sums = {"income": income, "spending": spending, "balance": income + spending}
    return {name: str(value) for name, value in sums.items()}


def _amount(one: Json) -> Decimal:
    try:
        amount = Decimal(str(one["amount"]))
    except ArithmeticError:
        return Decimal(0)
    return amount if amount.is_finite() else Decimal(0)


def _key(one: Json, field: str) -> tuple[Decimal, str]:
    if field == "amount":
        return _amount(one), ""
    value = one[field]
    return (Decimal(value), "") if isinstance(value, int) else (Decimal(0), str(value))


def _whole(text: str, least: int, most: int) -> bool:
    return text.isascii() and text.isdigit() and least <= int(text) <= most
