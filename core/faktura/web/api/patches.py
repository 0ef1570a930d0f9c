"""Bodies of changes: every field of an object, none of them required (JSON merge patch, RFC 7396)."""

from collections.abc import Set
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel, create_model
from pydantic.fields import FieldInfo

from faktura.services.imports.checks import Fields


class Patch(Fields):
    """A change: what is named is set, null takes away, what is not named stays."""

    def values(self) -> dict[str, object]:
        """What was named, as JSON values under the names of the fields."""
        return self.model_dump(mode="json", by_alias=True, exclude_unset=True)


def patch_of(name: str, model: type[BaseModel], *, fixed: Set[str] = frozenset()) -> type[Patch]:
    """The patch of an object; `fixed` are the names, as JSON has them, that never change.

    A field inside an object is named inside an object; a list is replaced as a whole.
    """
    fields: dict[str, Any] = {
        field: _optional(info)
        for field, info in model.model_fields.items()
        if (info.alias or field) not in fixed
    }
    return create_model(name, __base__=Patch, __doc__=Patch.__doc__, **fields)


def _optional(info: FieldInfo) -> tuple[Any, FieldInfo]:
    nested = _object_in(info.annotation)
    kind: Any = patch_of(f"{nested.__name__}Patch", nested) if nested else info.annotation
    if not nested and info.metadata:
        kind = Annotated[(kind, *info.metadata)]
    # What an object cannot be without is not taken away.
    wanted = kind if info.is_required() else kind | None
    return wanted, FieldInfo(default=None, alias=info.alias, description=info.description)


def _object_in(annotation: object) -> type[BaseModel] | None:
    """The model in `M` or `M | None`; none in a list, which has no names to merge by."""
    kinds = get_args(annotation) if get_origin(annotation) in (Union, UnionType) else (annotation,)
    for kind in kinds:
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            return kind
    return None
