"""Fields of an object that exists: most of them are fixed, and a change of them is refused by name."""

from collections.abc import Mapping

from pydantic import BaseModel

from faktura.kernel.errors import FieldInvalid
from faktura.services.imports.findings import FieldsRefused


def refuse_fixed(
    patch: Mapping[str, object], whole: type[BaseModel], changeable: type[BaseModel]
) -> None:
    """Raise FieldsRefused for each field of `whole` in a patch that is not in `changeable`.

    Fields that neither knows are left to whoever reads the patch.
    """
    free = _names(changeable)
    fixed = [name for name in patch if name in _names(whole) - free]
    if fixed:
        mend = f"Leave it out; what may change is {', '.join(sorted(free))}"
        errors = [
            FieldInvalid("the field is fixed once the object exists", place=name, mend=mend)
            for name in fixed
        ]
        raise FieldsRefused(errors, more=False)


def _names(model: type[BaseModel]) -> set[str]:
    return {info.alias or name for name, info in model.model_fields.items()}
