"""An adapter's settings, put together from where they may stand; the nearest source wins.

tenant's settings and secret store, then FAKTURA_<INSTANCE>__<FIELD>, then faktura.toml. A secret
never appears in a message: neither its value nor a text that contains it.
"""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from types import NoneType, UnionType
from typing import Annotated, Union, get_args, get_origin

from pydantic import SecretStr, ValidationError
from pydantic_core import ErrorDetails

from faktura.kernel.errors import (
    FakturaError,
    FieldInvalid,
    FieldUnknown,
    Misconfigured,
    SettingMissing,
)
from faktura.plugin import AdapterSettings

MASK = "**********"


@dataclass(frozen=True, slots=True, repr=False)
class Sources:
    """What each source says about one instance; it holds secrets and so prints nothing.

    `tenant` and `file` are typed values, `environment` is text by variable name, of any instance.
    """

    tenant: Mapping[str, object]
    secrets: Mapping[str, str]
    environment: Mapping[str, str]
    file: Mapping[str, object]


def variable(instance: str, field: str) -> str:
    """The environment variable of a field: `FAKTURA_EXAMPLE_CSV__DELIMITER`."""
    return f"FAKTURA_{_upper(instance)}__{_upper(field)}"


def secret_fields(model: type[AdapterSettings]) -> frozenset[str]:
    """The fields that are SecretStr or hold some: optional, annotated, in a list or a map."""
    return _fields_of(model, SecretStr)


def bytes_fields(model: type[AdapterSettings]) -> frozenset[str]:
    """The fields that are bytes: optional, annotated, in a list or a map."""
    return _fields_of(model, bytes)


def _fields_of(model: type[AdapterSettings], kind: type) -> frozenset[str]:
    return frozenset(
        name for name, field in model.model_fields.items() if _holds(field.annotation, kind)
    )


def _holds(annotation: object, kind: type) -> bool:
    return annotation is kind or any(_holds(part, kind) for part in get_args(annotation))


def _is_text(annotation: object) -> bool:
    """Whether every value is one text, so that its first sign means nothing."""
    if annotation in (str, SecretStr, NoneType):
        return True
    parts = get_args(annotation)
    if get_origin(annotation) is Annotated:
        return _is_text(parts[0])
    return get_origin(annotation) in (Union, UnionType) and all(map(_is_text, parts))


def settings_for(
    model: type[AdapterSettings], instance: str, sources: Sources, also_known: Iterable[str] = ()
) -> AdapterSettings:
    """Settings of an instance, checked by the adapter's own model.

    `also_known` are fields of the plugin's other adapters: they are no mistake, only not for this
    one. Raises SettingMissing, FieldUnknown or FieldInvalid with instance and field.
    """
    hidden = secret_fields(model)
    given = _given(model, instance, sources)
    _refuse_unknown(given, {*model.model_fields, *also_known}, instance)
    _refuse_open_secrets(hidden & set(sources.tenant), instance)
    error: FakturaError
    try:
        return model.model_validate(
            {name: value for name, value in given.items() if name in model.model_fields}
        )
    except ValidationError as refused:
        shown = [given[name] for name in hidden if name in given]
        error = _named(refused.errors()[0], instance, hidden, [str(value) for value in shown])
    # Raised here, not above: the validation error quotes its input and must not hang on to it.
    raise error


def _given(model: type[AdapterSettings], instance: str, sources: Sources) -> dict[str, object]:
    return {
        **sources.file,
        **_from_environment(model, instance, sources.environment),
        **sources.secrets,
        **sources.tenant,
    }


def _from_environment(
    model: type[AdapterSettings], instance: str, environment: Mapping[str, str]
) -> dict[str, object]:
    prefix = variable(instance, "")
    fields = {_upper(name): name for name in model.model_fields}
    found: dict[str, object] = {}
    for name, text in environment.items():
        if name.startswith(prefix):
            short = name.removeprefix(prefix)
            field = fields.get(short, short.lower())
            found[field] = _typed(model, field, text, name)
    return found


def _typed(model: type[AdapterSettings], field: str, text: str, name: str) -> object:
    # Lists and maps are written as JSON; everything else is text that the model converts.
    known = model.model_fields.get(field)
    if known is None or _is_text(known.annotation) or text[:1] not in ("{", "["):
        return text
    try:
        return json.loads(text, parse_float=Decimal)
    except (ValueError, RecursionError):
        raise FieldInvalid(
            "the value is not JSON", place=name, mend='Write for example {"8400": 19}'
        ) from None


def _refuse_unknown(given: Iterable[str], known: set[str], instance: str) -> None:
    for name in given:
        if name not in known:
            raise FieldUnknown(
                f"there is no setting “{name}”",
                place=f"adapter {instance}",
                mend=f"Settings: {', '.join(sorted(known)) or 'none'}",
            )


def _refuse_open_secrets(fields: Iterable[str], instance: str) -> None:
    for name in sorted(fields):
        raise Misconfigured(
            f"the secret “{name}” lies in clear among the tenant's settings",
            place=f"adapter {instance}",
            mend=f"Change it, then keep it with: faktura plugins set {instance} {name}",
        )


def _named(
    detail: ErrorDetails, instance: str, hidden: frozenset[str], secrets: Iterable[str]
) -> FakturaError:
    path = ".".join(str(part) for part in detail["loc"])
    field = path.partition(".")[0]
    if detail["type"] == "missing" and path == field:
        where = (
            f"the secret store (faktura plugins set {instance} {field})"
            if field in hidden
            else f"the tenant's settings (faktura plugins set {instance} {field} VALUE)"
        )
        return SettingMissing(
            f"{'secret' if field in hidden else 'setting'} “{field}” is not set",
            place=f"adapter {instance}",
            mend=f"Set it in {where}, as {variable(instance, field)},"
            f" or in faktura.toml under [adapters.{instance}]",
        )
    message = detail["msg"]
    if detail["type"] == "value_error":
        # What the adapter says is a sentence already; pydantic puts its own word before it.
        message = message.removeprefix("Value error, ")
    # The longest first: a secret may stand inside another one.
    for secret in sorted(secrets, key=len, reverse=True):
        message = message.replace(secret, MASK) if secret else message
    place = f"adapter {instance}, setting {path}" if path else f"adapter {instance}"
    return FieldInvalid(message, place=place)


def _upper(name: str) -> str:
    return re.sub(r"[^A-Z0-9]", "_", name.upper())
