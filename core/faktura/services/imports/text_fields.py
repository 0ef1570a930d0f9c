"""Fields of text: one line or several, never a character that could not be written again."""

import re
from collections.abc import Callable
from typing import Annotated
from unicodedata import category

from pydantic import AfterValidator, WithJsonSchema

from faktura.domain.countries import COUNTRIES
from faktura.domain.iban import checked_iban
from faktura.domain.mail_addresses import checked_address
from faktura.domain.numbering import checked_number
from faktura.domain.references import (
    checked_leitweg_id,
    checked_mandate_reference,
    checked_new_mandate_reference,
)
from faktura.domain.vat_ids import checked_vat_id
from faktura.kernel.errors import FieldInvalid, FieldMissing, OutOfRange, shortened
from faktura.kernel.money import MINOR_DIGITS, minor_digits
from faktura.services.imports.checks import checked

_LONGEST_LINE, _LONGEST_PROSE, _LONGEST_MAIL = 200, 10_000, 254
_MAIL = re.compile(r"[^@\s,;:<>()\"\\]+@[^@\s,;:<>()\"\\]+\.[^@\s,;:<>()\"\\.]{2,}")
_SLUG = re.compile(r"[a-z0-9][a-z0-9-]{0,39}", re.ASCII)
_LANGUAGE = re.compile(r"[a-z]{2}", re.ASCII)
_DEBTOR = re.compile(r"[1-6][0-9]{4,8}", re.ASCII)
_LEDGER = re.compile(r"[0-9]{3,9}", re.ASCII)
# They turn the direction of what follows, so that a text reads other than it is.
_TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
# XML knows no such characters, PostgreSQL no U+0000, UTF-8 no lone half of a pair.
_UNWRITABLE = frozenset({"Cc", "Cs"})
_NO_CHARACTERS = frozenset("\ufffe\uffff")


def _clean(text: str, *, most: int, breaks: str) -> str:
    text = text.strip()
    if len(text) > most:
        raise OutOfRange(f"“{shortened(text)}” has {len(text)} characters", mend=f"At most {most}")
    for sign in text:
        if sign in breaks:
            continue
        if category(sign) in _UNWRITABLE or sign in _TURNING or sign in _NO_CHARACTERS:
            raise FieldInvalid(
                f"the control character U+{ord(sign):04X} stands in “{shortened(text)}”",
                mend="Remove it",
            )
    return text


def checked_line(text: str) -> str:
    """One line of at most 200 characters without blanks around it; raises as `checked_prose`."""
    return _clean(text, most=_LONGEST_LINE, breaks="")


def checked_prose(text: str) -> str:
    """Text of several lines; raises OutOfRange, and FieldInvalid for a control character."""
    return _clean(text, most=_LONGEST_PROSE, breaks="\r\n\t")


def _filled(text: str) -> str:
    line = checked_line(text)
    if not line:
        raise FieldMissing("the field is empty", mend="Fill it")
    return line


def _mail(text: str) -> str:
    address = checked_line(text)
    # What no server takes is refused here, where somebody can mend it, and not when a mail is due.
    try:
        checked_address(address, field="")
    except FieldInvalid as error:
        raise FieldInvalid(f"{error.place}: {error.problem}", mend=error.mend) from None
    return address


def _country(text: str) -> str:
    if text not in COUNTRIES:
        raise FieldInvalid(
            f"“{shortened(text)}” is not a country",
            mend="Use two letters of ISO 3166 such as DE; Greece is GR",
        )
    return text


def _matching(shape: re.Pattern[str], problem: str, mend: str) -> Callable[[str], str]:
    def check(text: str) -> str:
        if not shape.fullmatch(text):
            raise FieldInvalid(f"“{shortened(text)}” {problem}", mend=mend)
        return text

    return check


def _currency(text: str) -> str:
    minor_digits(text)
    return text


def _text(check: Callable[[str], str]) -> AfterValidator:
    return AfterValidator(checked(check))


def _shown(**schema: object) -> WithJsonSchema:
    """What a JSON schema can say of the text; some rules, such as check digits, it cannot."""
    return WithJsonSchema({"type": "string", **schema})


def _whole(shape: re.Pattern[str]) -> str:
    return f"^{shape.pattern}$"


Line = Annotated[str, _text(checked_line), _shown(maxLength=_LONGEST_LINE)]
Prose = Annotated[str, _text(checked_prose), _shown(maxLength=_LONGEST_PROSE)]
Filled = Annotated[str, _text(_filled), _shown(maxLength=_LONGEST_LINE, pattern=r"\S")]
Mail = Annotated[
    str, _text(_mail), _shown(format="email", maxLength=_LONGEST_MAIL, pattern=_whole(_MAIL))
]
Country = Annotated[str, _text(_country), _shown(pattern="^[A-Z]{2}$", examples=["DE"])]
Currency = Annotated[str, _text(_currency), _shown(enum=list(MINOR_DIGITS))]
Number = Annotated[
    str,
    _text(lambda text: checked_number(text, field="")),
    _shown(pattern="^[A-Za-z0-9._-]{1,36}$"),
]
Iban = Annotated[
    str,
    _text(lambda text: checked_iban(text, field="")),
    _shown(pattern="^[A-Za-z]{2}[0-9]{2}[A-Za-z0-9 ]{11,40}$", examples=["DE02120300000000202051"]),
]
VatId = Annotated[
    str,
    _text(lambda text: checked_vat_id(text, field="")),
    _shown(pattern="^[A-Za-z]{2}[A-Za-z0-9+* ]{2,20}$", examples=["DE123456789"]),
]
LeitwegId = Annotated[
    str,
    _text(lambda text: checked_leitweg_id(text, field="")),
    _shown(pattern="^[0-9]{2,12}(-[A-Za-z0-9]{1,30})?-[0-9]{2}$", examples=["991-01234-38"]),
]
MandateReference = Annotated[
    str,
    _text(lambda text: checked_mandate_reference(text, field="")),
    _shown(pattern="^[A-Za-z0-9/?:().,'+ -]{1,35}$"),
]
NewMandateReference = Annotated[
    str,
    _text(lambda text: checked_new_mandate_reference(text, field="")),
    _shown(pattern="^[A-Za-z0-9/?:().,'+-]{1,35}$", examples=["M-000123"]),
]
Language = Annotated[
    str,
    _text(_matching(_LANGUAGE, "is not a language", "Write de or en")),
    _shown(pattern=_whole(_LANGUAGE), examples=["de", "en"]),
]
FormatName = Annotated[
    str,
    _text(_matching(_SLUG, "is not a document format", "Write one like xrechnung-cii")),
    _shown(pattern=_whole(_SLUG), examples=["xrechnung-cii"]),
]
LedgerAccount = Annotated[
    str,
    _text(_matching(_LEDGER, "is not a ledger account", 'Write 3 to 9 digits, e.g. "8400"')),
    _shown(pattern=_whole(_LEDGER), examples=["8400"]),
]
DebtorAccount = Annotated[
    str,
    _text(
        _matching(
            _DEBTOR, "is not a debtor account", "Use 5 to 9 digits; 7, 8 and 9 begin creditors"
        )
    ),
    _shown(pattern=_whole(_DEBTOR), examples=["10001"]),
]
