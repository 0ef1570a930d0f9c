"""Whether a VAT id can be one at all: form and check digit, before a register is asked."""

from stdnum.eu import vat
from stdnum.exceptions import ValidationError

from faktura.domain.vat_ids import checked_vat_id
from faktura.kernel.errors import FieldInvalid

# Northern Ireland trades goods as a member state; its numbers are British and have no other check.
_NO_CHECK_DIGIT = frozenset({"XI"})


def misformed(vat_id: str) -> str:
    """What is wrong with its form or check digit, empty for nothing: the register is not asked then."""
    try:
        checked_vat_id(vat_id, field="euTaxId")
    except FieldInvalid as error:
        return error.problem
    if vat_id[:2] in _NO_CHECK_DIGIT:
        return ""
    try:
        vat.validate(vat_id)
    except ValidationError:
        return f"“{vat_id}” has a wrong check digit"
    return ""
