"""Whether a piece of a text spells a document's number, worked out anew for proofs (O6, P39).

It shares nothing with the rules that found the number: a mistake of theirs must not prove itself.
"""

import re
import unicodedata

_SWAPS = (("Ä", "AE"), ("Ö", "OE"), ("Ü", "UE"), ("ẞ", "SS"))
_NOT_PLAIN = re.compile(r"[^A-Z0-9]+")
# The lines that banks cut texts into: what ends such a line goes on in the next.
_BANK_LINES = (27, 35, 140)
_FEWEST_DIGITS = 9
_FEWEST_OF_ID = 6
_FEWEST_SIGNS = 4
_REFERENCE = re.compile(r"RF[0-9]{2}[A-Z0-9]{1,21}")
_LIKE_DIGITS = {"O": "0", "I": "1", "L": "1", "S": "5", "B": "8"}
_SAYS_NUMBER = re.compile(
    r"RECHNUNG|RECHN|RNR|RGN|RG|RE(?![A-Z])|INV|FAKTURA|BELEG|(?<![A-Z])NR|NUMMER|GUTSCHRIFT|GS"
)
_ACCOUNT = re.compile(r"DE[0-9]{2}(?: ?[0-9]){18}(?![0-9])")


def folded(text: str) -> str:
    """Only A-Z and 0-9 of it, in upper case, umlauts written out."""
    plain = unicodedata.normalize("NFKC", text).upper()
    for sign, pair in _SWAPS:
        plain = plain.replace(sign, pair)
    return _NOT_PLAIN.sub("", plain)


def spells(reading: str, number: str, text: str, start: int, end: int) -> bool:
    """Whether text[start:end] is this number under this reading; an unknown reading spells nothing."""
    said, wanted = folded(text[start:end]), folded(number)
    right = False
    match reading:
        case "written":
            right = said == wanted
        case "digits":
            right = said == _digits(wanted) and len(said) >= _FEWEST_DIGITS
        case "keyword":
            right = said in (wanted, _digits(wanted)) and _has_keyword(text, start)
        case "reference":
            right = _is_referred_to(wanted, text, start, end)
        case "shortened":
            right = is_shortened(said, number)
        case "confused":
            right = said != wanted and _looks(said) == _looks(wanted)
        case "truncated":
            beginnings = wanted, _digits(wanted)
            right = len(said) >= _FEWEST_SIGNS and any(one.startswith(said) for one in beginnings)
    return right


def is_whole_id(reading: str, number: str, text: str) -> bool:
    """Whether a reference or id is nothing but the number: that says as much as a word before it."""
    said = folded(text)
    return reading == "keyword" and len(said) >= _FEWEST_OF_ID and said == _digits(folded(number))


def touches_digit(text: str, start: int, end: int) -> bool:
    """Whether a digit goes on with another one beside it: then it is part of a longer number."""
    before, after = _sign_before(text, start), _sign_after(text, end)
    begins, ends = text[start : start + 1], text[end - 1 : end]
    return (begins.isdigit() and before.isdigit()) or (ends.isdigit() and after.isdigit())


def touches_letter(text: str, start: int) -> bool:
    """Whether a letter stands right before one: then a word, or a prefix, is cut in two."""
    return text[start : start + 1].isalpha() and _sign_before(text, start).isalpha()


def is_in_account(text: str, start: int, end: int) -> bool:
    """Whether it lies in a German account number with right check digits (ISO 13616)."""
    upper = text.upper().replace("\n", " ")
    if len(upper) != len(text):  # some signs are longer in upper case; then places would differ
        return False
    for found in _ACCOUNT.finditer(upper):
        digits = "".join(sign for sign in found.group() if sign.isdigit())
        right = int(f"{digits[2:]}1314{digits[:2]}") % 97 == 1
        if right and start < found.end() and found.start() < end:
            return True
    return False


def is_shortened(said: str, number: str) -> bool:
    """Whether zeros, the year or the prefix were left out: the signs in order, and the same end."""
    wanted = folded(number)
    signs = iter(wanted)
    in_order = all(sign in signs for sign in said)
    running = re.split(r"[^0-9]", number)[-1].lstrip("0")
    fewest = min(3, len(running))
    return bool(said) and in_order and said != wanted and said[-fewest:] == wanted[-fewest:]


def _digits(text: str) -> str:
    return "".join(sign for sign in text if sign.isdigit())


def _looks(text: str) -> str:
    return "".join(_LIKE_DIGITS.get(sign, sign) for sign in text)


def _has_keyword(text: str, start: int) -> bool:
    """Whether such a word stands anywhere before it; banks cut words, too."""
    whole = ""
    for line in text[:start].split("\n"):
        whole += line if len(line) in _BANK_LINES else f"{line}\n"
    return _SAYS_NUMBER.search(unicodedata.normalize("NFKC", whole).upper()) is not None


def _is_referred_to(wanted: str, text: str, start: int, end: int) -> bool:
    """The reference around it has right check digits, and what follows RFkk is the number."""
    left, said, right = folded(text[:start]), folded(text[start:end]), folded(text[end:])
    joined = left + said + right
    body = re.sub(r"^RF[0-9]{2}", "", said)
    if body != wanted and not is_shortened(body, wanted):
        return False
    stop = len(left) + len(said)
    for found in _REFERENCE.finditer(joined):
        whole = joined[found.start() : stop]
        starts_before = found.start() <= len(left) < stop
        if starts_before and whole[4:] == body and _has_right_check_digits(whole):
            return True
    return False


def _has_right_check_digits(reference: str) -> bool:
    turned = reference[4:] + reference[:4]
    rest = 0
    for sign in turned:
        value = int(sign, 36)
        rest = (rest * (10 if value < 10 else 100) + value) % 97
    return rest == 1


def _sign_before(text: str, start: int) -> str:
    if start < 1:
        return ""
    if text[start - 1] != "\n":
        return text[start - 1]
    line = text[: start - 1].rsplit("\n", 1)[-1]
    return line[-1] if len(line) in _BANK_LINES else ""


def _sign_after(text: str, end: int) -> str:
    following = text[end : end + 1]
    if following != "\n":
        return following
    line = text[:end].rsplit("\n", 1)[-1]
    return text[end + 1 : end + 2] if len(line) in _BANK_LINES else ""
