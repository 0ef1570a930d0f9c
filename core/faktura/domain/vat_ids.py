"""VAT identification numbers of the European Union: their form in each country.

The form tells a typing error; whether a number is valid only its country knows (F120).
"""

import re

from faktura.kernel.errors import FieldInvalid, shortened

# Art. 215 of Directive 2006/112/EC: Greece writes EL; Northern Ireland (goods) writes XI.
_FORMS = {
    "AT": r"U\d{8}",
    "BE": r"[01]\d{9}",
    "BG": r"\d{9,10}",
    "CY": r"\d{8}[A-Z]",
    "CZ": r"\d{8,10}",
    "DE": r"[1-9]\d{8}",
    "DK": r"\d{8}",
    "EE": r"\d{9}",
    "EL": r"\d{9}",
    "ES": r"[A-Z0-9]\d{7}[A-Z0-9]",
    "FI": r"\d{8}",
    "FR": r"[A-HJ-NP-Z0-9]{2}\d{9}",
    "HR": r"\d{11}",
    "HU": r"\d{8}",
    "IE": r"\d[A-Z0-9+*]\d{5}[A-Z]{1,2}",
    "IT": r"\d{11}",
    "LT": r"\d{9}|\d{12}",
    "LU": r"\d{8}",
    "LV": r"\d{11}",
    "MT": r"\d{8}",
    "NL": r"[A-Z0-9+*]{10}\d{2}",
    "PL": r"\d{10}",
    "PT": r"\d{9}",
    "RO": r"\d{2,10}",
    "SE": r"\d{10}01",
    "SI": r"\d{8}",
    "SK": r"\d{10}",
    "XI": r"\d{9}|\d{12}|(GD|HA)\d{3}",
}


def checked_vat_id(text: str, *, field: str) -> str:
    """The VAT id in upper case without blanks; raises FieldInvalid where its form is wrong."""
    vat_id = text.replace(" ", "").upper()
    country = vat_id[:2]
    form = _FORMS.get(country)
    if form is None:
        raise FieldInvalid(
            f"“{shortened(text)}” does not begin with a country of the Union",
            place=field,
            mend="Greece writes EL" if country == "GR" else "Write it as DE123456789",
        )
    if not re.fullmatch(form, vat_id[2:], re.ASCII):
        raise FieldInvalid(
            f"“{shortened(text)}” has not the form of a VAT id of {country}",
            place=field,
            mend="Compare it with its holder's letterhead",
        )
    return vat_id
