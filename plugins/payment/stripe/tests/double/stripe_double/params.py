"""Checks requests against the SDK's own types, which are made from Stripe's description of this version.

What the SDK's types do not know, Stripe refuses: unknown, missing and wrongly typed parameters.
"""

import re
import sys
import types
import typing
from collections.abc import Callable
from functools import cache, partial
from typing import Any, Literal, NotRequired, Required, Union, cast

import stripe._request_options
import stripe.params
import stripe.params.checkout
from typing_extensions import is_typeddict

from stripe_double.form import Params
from stripe_double.problems import Refusal

_OPTIONS = frozenset(stripe._request_options.RequestOptions.__annotations__)
_BOOLEANS = {"true": True, "false": False}
_REMOVED = "payment_method_types"
_MOST_KEYS, _LONGEST_KEY, _LONGEST_VALUE = 50, 40, 500

# What Stripe's pages say of texts, which its types do not: the last part of the name, the whole text.
_ADDRESS, _MAIL = r"https?://[^\s]+", r"[^@\s]+@[^@\s]+\.[^@\s.]+"
_FORMS = {
    "email": _MAIL,
    "customer_email": _MAIL,
    "success_url": _ADDRESS,
    "cancel_url": _ADDRESS,
    "return_url": _ADDRESS,
    "client_reference_id": r".{1,200}",
    "statement_descriptor_suffix": r"(?=.*[A-Za-z])[^<>\\'\"*]{1,22}",
    "name": r".{1,256}",
}

Check = Callable[[object, str], Any]
"""Turns a written value into what it means, or raises Refusal naming the parameter."""


def checked(params: Params, name: str) -> Params:
    """The parameters by the SDK's class of that name, e.g. `PaymentIntentCreateParams`."""
    return cast("Params", _check_of_class(name)(params, ""))


@cache
def _check_of_class(name: str) -> Check:
    module = stripe.params.checkout if name.startswith("Session") else stripe.params
    return _object_check(getattr(module, name))


@cache
def _object_check(shape: type) -> Check:
    names = vars(stripe._request_options) | vars(sys.modules[shape.__module__])
    names |= {"StripeContext": str}
    hints = typing.get_type_hints(shape, names, include_extras=True)
    fields = {
        name: _check_of(hint)
        for name, hint in hints.items()
        if name not in _OPTIONS  # options are no parameters: Stripe refuses them in a body
    }
    required = sorted(getattr(shape, "__required_keys__", frozenset()) & fields.keys())

    def check(value: object, path: str) -> Params:
        if not isinstance(value, dict):
            raise Refusal(400, f"Invalid object: {path}", param=path)
        read: Params = {}
        for name, one in value.items():
            where = f"{path}[{name}]" if path else name
            if name not in fields:
                raise _unknown(name, where)
            read[name] = fields[name](one, where)
        for name in required:
            if name not in value:
                where = f"{path}[{name}]" if path else name
                raise Refusal(
                    400,
                    f"Missing required param: {where}.",
                    code="parameter_missing",
                    param=where,
                )
        return read

    return check


def _unknown(name: str, where: str) -> Refusal:
    if name == _REMOVED:
        return Refusal(
            400,
            "payment_method_types is no longer supported",
            code="payment_method_types_no_longer_supported",
            param=where,
        )
    return Refusal(
        400, f"Received unknown parameter: {where}", code="parameter_unknown", param=where
    )


def _check_of(hint: Any) -> Check:
    origin, inner = typing.get_origin(hint), typing.get_args(hint)
    if origin in (NotRequired, Required):
        return _check_of(inner[0])
    if origin in (Union, types.UnionType):
        return _union_check(inner)
    if is_typeddict(hint):
        # Not looked into before it is needed: there are hundreds of them.
        return partial(_check_object, hint)
    by_origin: dict[object, Callable[[], Check]] = {
        Literal: lambda: _literal_check(inner),
        list: lambda: _list_check(_check_of(inner[0])),
        dict: lambda: _texts,
    }
    return by_origin[origin]() if origin in by_origin else _PLAIN.get(hint, _text)


def _check_object(shape: type, value: object, path: str) -> Any:
    return _object_check(shape)(value, path)


def _union_check(options: tuple[Any, ...]) -> Check:
    # `Literal[...] | str` is an enumeration that may grow; to us only what is known today is right.
    closed = any(typing.get_origin(one) is Literal and one != Literal[""] for one in options)
    checks = [
        _check_of(one)
        for one in options
        if not (one is str and closed) and "StripeObject" not in str(one)
    ]

    def check(value: object, path: str) -> Any:
        refusals = []
        for one in checks:
            try:
                return one(value, path)
            except Refusal as refusal:
                refusals.append(refusal)
        # The last shape is the richest: what it says of an inner field helps most.
        raise refusals[-1]

    return check


def _literal_check(allowed: tuple[object, ...]) -> Check:
    def check(value: object, path: str) -> object:
        if value not in allowed:
            raise Refusal(400, f"Invalid {path}: must be one of {allowed}", param=path)
        return value

    return check


def _list_check(inner: Check) -> Check:
    def check(value: object, path: str) -> list[Any]:
        if not isinstance(value, list):
            raise Refusal(400, f"Invalid array: {path}", param=path)
        return [inner(one, f"{path}[{number}]") for number, one in enumerate(value)]

    return check


def _texts(value: object, path: str) -> dict[str, str]:
    if not isinstance(value, dict) or not all(isinstance(one, str) for one in value.values()):
        raise Refusal(400, f"Invalid hash: {path}", param=path)
    if path.endswith(("metadata", "metadata]")):
        _check_metadata(value, path)
    # An empty value takes a key away.
    return {name: one for name, one in value.items() if one}


def _check_metadata(value: dict[str, str], path: str) -> None:
    if len(value) > _MOST_KEYS:
        raise Refusal(400, "Metadata can have up to 50 keys", param=path)
    for name, one in value.items():
        if len(name) > _LONGEST_KEY or len(one) > _LONGEST_VALUE:
            raise Refusal(400, f"Metadata is too long: {name}", param=path)


def _text(value: object, path: str) -> str:
    if not isinstance(value, str):
        raise Refusal(400, f"Invalid string: {path}", param=path)
    form = _FORMS.get(path.rpartition("[")[2].removesuffix("]"))
    if form is not None and not re.fullmatch(form, value):
        raise Refusal(400, f"Invalid {path}", param=path)
    return value


def _whole(value: object, path: str) -> int:
    if not isinstance(value, str) or not value.removeprefix("-").isdigit():
        raise Refusal(
            400, f"Invalid integer: {value}", code="parameter_invalid_integer", param=path
        )
    return int(value)


def _truth(value: object, path: str) -> bool:
    if not isinstance(value, str) or value not in _BOOLEANS:
        raise Refusal(400, f"Invalid boolean: {path}", param=path)
    return _BOOLEANS[value]


_PLAIN: dict[object, Check] = {int: _whole, bool: _truth, str: _text}
