"""References that others prescribe: Leitweg-ID, SEPA mandate reference and creditor id."""

import re

from faktura.kernel.errors import FieldInvalid, shortened

# Coarse address, optional fine address, two check digits (KoSIT, format of the Leitweg-ID).
_LEITWEG = re.compile(r"[0-9]{2,12}(-[A-Za-z0-9]{1,30})?-[0-9]{2}", re.ASCII)
# F103: the SEPA character set; a slash neither first, last nor double (EPC217-08).
_MANDATE = re.compile(r"(?!/)(?!.*//)[A-Za-z0-9/?:().,'+ -]{1,35}(?<!/)", re.ASCII)
# Country, check digits, business code, national id (EPC262-08).
_CREDITOR = re.compile(r"[A-Z]{2}[0-9]{2}[A-Z0-9]{3}[A-Z0-9]{1,28}", re.ASCII)


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


def checked_new_mandate_reference(text: str, *, field: str) -> str:
    """The reference of a mandate that we give out: as above and without blanks; raises FieldInvalid.

    Some banks drop blanks, and then find no such mandate.
    """
    if " " in text:
        raise FieldInvalid(
            f"“{shortened(text)}” cannot be a mandate reference",
            place=field,
            mend="Write it without blanks, e.g. M-000123",
        )
    return checked_mandate_reference(text, field=field)


def checked_creditor_id(text: str, *, field: str) -> str:
    """The SEPA creditor id in upper case without blanks; raises FieldInvalid (EPC262-08).

    Its check digits are of the country and the national id; the business code does not count.
    """
    creditor_id = text.replace(" ", "").upper()
    if not _CREDITOR.fullmatch(creditor_id):
        raise FieldInvalid(
            f"“{shortened(text)}” is not a creditor id",
            place=field,
            mend="Write it as the central bank gave it, e.g. DE98ZZZ09999999999",
        )
    checked = f"{creditor_id[7:]}{creditor_id[:4]}"
    # ISO 7064 MOD 97-10: country and check digits go to the end, letters count from 10.
    if int("".join(str(int(sign, 36)) for sign in checked)) % 97 != 1:
        raise FieldInvalid(
            f"the check digits of “{shortened(text)}” are wrong",
            place=field,
            mend="Compare it with the central bank's letter",
        )
    return creditor_id
