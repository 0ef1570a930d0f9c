"""References that others prescribe: the Leitweg-ID of public buyers, the SEPA mandate reference."""

import re

from faktura.kernel.errors import FieldInvalid, shortened

# Coarse address, optional fine address, two check digits (KoSIT, format of the Leitweg-ID).
_LEITWEG = re.compile(r"[0-9]{2,12}(-[A-Za-z0-9]{1,30})?-[0-9]{2}", re.ASCII)
# F103: the SEPA character set; a slash neither first, last nor double (EPC217-08).
_MANDATE = re.compile(r"(?!/)(?!.*//)[A-Za-z0-9/?:().,'+ -]{1,35}(?<!/)", re.ASCII)


def checked_leitweg_id(text: str, *, field: str) -> str:
    """The Leitweg-ID (BT-10) if it has the prescribed form; raises FieldInvalid."""
    if not _LEITWEG.fullmatch(text):
        raise FieldInvalid(
            f"“{shortened(text)}” is not a Leitweg-ID",
            place=field,
            mend="Write it as the buyer gives it, e.g. 991-01234-38",
        )
    return text


def checked_mandate_reference(text: str, *, field: str) -> str:
    """The mandate reference if SEPA allows its characters (F103); raises FieldInvalid."""
    if text != text.strip() or not _MANDATE.fullmatch(text):
        raise FieldInvalid(
            f"“{shortened(text)}” cannot be a mandate reference",
            place=field,
            mend="Use 1 to 35 of A-Z a-z 0-9 / - ? : ( ) . , ' + and blanks, no // and no / at an end",
        )
    return text
