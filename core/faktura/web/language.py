"""Which language a page speaks: `?lang=`, else what the browser prefers, else German."""

from collections.abc import Iterator
from enum import StrEnum, unique

from aiohttp import web


@unique
class Language(StrEnum):
    """The languages of the pages; the value is the one of HTML's `lang`."""

    DE = "de"
    EN = "en"


def asked_language(request: web.BaseRequest) -> Language | None:
    """The language the address names; None when it names none we speak."""
    named = request.query.get("lang", "")
    return Language(named) if named in tuple(Language) else None


def language_of(request: web.BaseRequest) -> Language:
    """The language to answer in."""
    return asked_language(request) or _preferred(request.headers.get("Accept-Language", ""))


def _preferred(header: str) -> Language:
    # RFC 9110 section 12.5.4: weights fall from 1 to 0; of equal weights the first is meant.
    wishes = sorted(_wishes(header), key=lambda wish: -wish[0])
    return next((language for weight, language in wishes if weight > 0), Language.DE)


def _wishes(header: str) -> Iterator[tuple[int, Language]]:
    """(weight in thousandths, language) of each range we speak."""
    for wish in header.split(","):
        name, _, weight = wish.strip().partition(";")
        language = name.strip().lower().partition("-")[0]
        if language in tuple(Language):
            yield _thousandths(weight.strip()), Language(language)


def _thousandths(weight: str) -> int:
    if not weight:
        return 1000
    whole, _, rest = weight.removeprefix("q=").partition(".")
    digits = f"{whole or '0'}{rest:0<3.3}"
    is_weight = len(whole) <= 1 and digits.isascii() and digits.isdigit()
    return int(digits) if is_weight else 0
