"""Changes of an object as JSON merge patches (RFC 7396): what is named is replaced, null removes."""

from collections.abc import Mapping


def merged(target: Mapping[str, object], patch: Mapping[str, object]) -> dict[str, object]:
    """The object after the patch: objects are merged field by field, lists replaced whole."""
    result = dict(target)
    for name, value in patch.items():
        if value is None:
            result.pop(name, None)
        elif isinstance(value, Mapping):
            inner = result.get(name)
            result[name] = merged(inner if isinstance(inner, Mapping) else {}, value)
        else:
            result[name] = value
    return result
