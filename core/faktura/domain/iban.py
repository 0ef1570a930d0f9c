"""International bank account numbers: ISO 13616, check digits and the length of each country."""

import re

from faktura.kernel.errors import FieldInvalid, shortened

# Lengths of the SEPA countries; for others the standard's bounds must do.
_LENGTHS = {
    "AD": 24, "AL": 28, "AT": 20, "BE": 16, "BG": 22, "CH": 21, "CY": 28, "CZ": 24, "DE": 22,
    "DK": 18, "EE": 20, "ES": 24, "FI": 18, "FR": 27, "GB": 22, "GI": 23, "GR": 27, "HR": 21,
    "HU": 28, "IE": 22, "IS": 26, "IT": 27, "LI": 21, "LT": 20, "LU": 20, "LV": 21, "MC": 27,
    "MD": 24, "ME": 22, "MK": 19, "MT": 31, "NL": 18, "NO": 15, "PL": 28, "PT": 25, "RO": 24,
    "RS": 22, "SE": 24, "SI": 19, "SK": 24, "SM": 27, "VA": 22,
}  # fmt: skip
_SHAPE = re.compile(r"[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}", re.ASCII)


def checked_iban(text: str, *, field: str) -> str:
    """The IBAN in upper case without blanks; raises FieldInvalid where length or digits are wrong.

    The check digits tell a typing error, not whether the account exists.
    """
    iban = text.replace(" ", "").upper()
    if not _SHAPE.fullmatch(iban):
        raise FieldInvalid(
            f"“{shortened(text)}” is not an IBAN",
            place=field,
            mend="Write country, two check digits and the account, e.g. DE02120300000000202051",
        )
    length = _LENGTHS.get(iban[:2], len(iban))
    if len(iban) != length:
        raise FieldInvalid(
            f"“{shortened(text)}” has {len(iban)} characters",
            place=field,
            mend=f"An IBAN of {iban[:2]} has {length}",
        )
    # ISO 7064 MOD 97-10: country and check digits go to the end, letters count from 10.
    if int("".join(str(int(sign, 36)) for sign in iban[4:] + iban[:4])) % 97 != 1:
        raise FieldInvalid(
            f"the check digits of “{shortened(text)}” are wrong",
            place=field,
            mend="Compare it with the bank's own writing",
        )
    return iban
