"""The fields of an instance with the values in force and where they come from; no secret is shown."""

import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from pydantic.fields import FieldInfo

from faktura.hub.registry import Registry
from faktura.hub.settings import Sources, secret_fields, variable
from faktura.kernel.errors import shortened
from faktura.plugin import AdapterSettings


@dataclass(frozen=True, slots=True)
class ValueInForce:
    """A field as people read it: at most 60 characters; a secret is only “set”, “not set” or “cannot be read”.

    `source` is tenant, environment, file or default; None for a mandatory field that nobody set.
    """

    field: str
    value: str | None
    source: str | None


def values_in_force(
    registry: Registry,
    plugin: str,
    instance: str,
    sources: Sources,
    unread: Collection[str] = (),
) -> list[ValueInForce]:
    """The fields of all adapters of the instance's plugin, in order of their names.

    `unread` are secrets of the tenant that are kept and cannot be read.
    """
    models = [offer.adapter.Settings for offer in registry.offers_of(plugin)]
    return values_of(models, instance, sources, unread)


def values_of(
    models: Iterable[type[AdapterSettings]],
    instance: str,
    sources: Sources,
    unread: Collection[str] = (),
) -> list[ValueInForce]:
    """The fields of all these settings of an instance, in order of their names; `unread` as above."""
    fields: dict[str, FieldInfo] = {}
    hidden: set[str] = set()
    for model in models:
        fields = {**model.model_fields, **fields}
        hidden |= secret_fields(model)
    return [
        ValueInForce(name, "cannot be read", "tenant")
        if name in unread
        else _in_force(name, fields[name], _given(name, instance, sources), secret=name in hidden)
        for name in sorted(fields)
    ]


def _given(name: str, instance: str, sources: Sources) -> Iterable[tuple[str, object]]:
    """What the sources say about a field, the nearest first."""
    own: tuple[tuple[str, str, Mapping[str, object]], ...] = (
        ("tenant", name, sources.tenant),
        ("tenant", name, sources.secrets),
        ("environment", variable(instance, name), sources.environment),
        ("file", name, sources.file),
    )
    return [(source, values[key]) for source, key, values in own if key in values]


def _in_force(
    name: str, field: FieldInfo, given: Iterable[tuple[str, object]], *, secret: bool
) -> ValueInForce:
    source, value = next(iter(given), (None, None))
    if source is None and not field.is_required():
        source, value = "default", field.get_default(call_default_factory=True, validated_data={})
    if secret:
        return ValueInForce(name, "set" if value else "not set", source)
    return ValueInForce(name, None if value is None else _text(value), source)


def _text(value: object) -> str:
    if isinstance(value, (set, frozenset)):
        value = sorted(map(str, value))
    if isinstance(value, (list, tuple, dict)):
        return shortened(json.dumps(value, ensure_ascii=False, default=str))
    return shortened(value)
