"""What identifies accounts, banks and creditors in SEPA, and how a typing error in it shows."""

import re
from string import ascii_uppercase
from typing import Final

# Length of the IBAN in each country of SEPA (EPC409-09).
_LENGTHS: Final = {
    "AD": 24, "AL": 28, "AT": 20, "BE": 16, "BG": 22, "CH": 21, "CY": 28, "CZ": 24, "DE": 22,
    "DK": 18, "EE": 20, "ES": 24, "FI": 18, "FR": 27, "GB": 22, "GI": 23, "GR": 27, "HR": 21,
    "HU": 28, "IE": 22, "IS": 26, "IT": 27, "LI": 21, "LT": 20, "LU": 20, "LV": 21, "MC": 27,
    "MD": 24, "ME": 22, "MK": 19, "MT": 31, "NL": 18, "NO": 15, "PL": 28, "PT": 25, "RO": 24,
    "RS": 22, "SE": 24, "SI": 19, "SK": 24, "SM": 27, "VA": 22,
}  # fmt: skip
_OUTSIDE_EEA: Final = frozenset(
    {"AD", "AL", "CH", "GB", "GI", "MC", "MD", "ME", "MK", "RS", "SM", "VA"}
)
_IBAN: Final = re.compile(r"[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}", re.ASCII)
_BIC: Final = re.compile(r"[A-Z0-9]{4}[A-Z]{2}[A-Z0-9]{2}([A-Z0-9]{3})?", re.ASCII)
_CREDITOR_ID: Final = re.compile(r"[A-Z]{2}[0-9]{2}[A-Z0-9]{3}[A-Z0-9+?/\-:().,']{1,28}", re.ASCII)
_GERMAN_CREDITOR_ID: Final = 18

# A is 10, Z is 35.
_LETTERS: Final = str.maketrans({sign: str(int(sign, 36)) for sign in ascii_uppercase})


def iban_problem(iban: str) -> str | None:
    """What is wrong with an IBAN in upper case without blanks; None when nothing is."""
    if not _IBAN.fullmatch(iban):
        return "is not an IBAN in capital letters without blanks"
    length = _LENGTHS.get(iban[:2])
    if length is None:
        return f"is of {iban[:2]}, where banks do not take part in SEPA"
    if len(iban) != length:
        return f"has {len(iban)} characters instead of {length}"
    return None if _digits_fit(iban[4:] + iban[:4]) else "has wrong check digits"


def bic_problem(bic: str) -> str | None:
    """What is wrong with a bank's BIC; None when nothing is."""
    return None if _BIC.fullmatch(bic) else "is not a BIC of 8 or 11 capital letters and digits"


def creditor_id_problem(creditor_id: str) -> str | None:
    """What is wrong with a creditor identifier; None when nothing is (EPC262-08)."""
    if not _CREDITOR_ID.fullmatch(creditor_id):
        return "is not a creditor identifier such as DE98ZZZ09999999999"
    if creditor_id.startswith("DE") and len(creditor_id) != _GERMAN_CREDITOR_ID:
        return f"has {len(creditor_id)} characters instead of {_GERMAN_CREDITOR_ID}"
    # The business code, positions 5 to 7, is the creditor's own and not checked.
    national = re.sub("[^A-Z0-9]", "", creditor_id[7:])
    return None if _digits_fit(national + creditor_id[:4]) else "has wrong check digits"


def outside_eea(iban: str) -> bool:
    """Whether the account's bank is in SEPA and not in the European Economic Area."""
    return iban[:2] in _OUTSIDE_EEA


def _digits_fit(rearranged: str) -> bool:
    # ISO 7064 MOD 97-10: country and check digits stand last, letters count from 10.
    return int(rearranged.translate(_LETTERS)) % 97 == 1
