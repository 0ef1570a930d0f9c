"""What the text of a returned debit says where no field does: references and the reason (banking 2.4).

SEPA tags (EREF+, MREF+) and the banks' own words; a text that can be read in two ways says nothing.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping

from faktura.domain.return_reasons import RETURN_REASONS
from faktura.domain.tight_text import joined_remittance

_UMLAUTS = str.maketrans({"Ä": "AE", "Ö": "OE", "Ü": "UE", "ß": "SS", "ẞ": "SS"})
# Some banks write “Rücklastschrift” without umlaut and without its e.
_WORDS = re.compile(r"RUE?CKLASTSCHRIFT|LASTSCHRIFTRUE?CKGABE|RETOURE|RUE?CKBELASTUNG")

_TAGS = "EREF|KREF|MREF|CRED|DEBT|COAM|OAMT|SVWZ|ABWA|ABWE|IBAN|BREF|RREF|PURP"
# A value ends at a blank, at the next tag that is glued to it, or with the text.
_VALUE = rf"\s*(\S+?)(?=(?:{_TAGS})\+|\s|$)"
_END_TO_END = re.compile(rf"(?:EREF[+:]|END-TO-END-REF\.?:?){_VALUE}", re.IGNORECASE)
_MANDATE = re.compile(rf"(?:MREF[+:]|MANDATSREF(?:ERENZ)?\.?:?){_VALUE}", re.IGNORECASE)
_NOTHING = frozenset({"NOTPROVIDED", "NONREF"})

_MARK = re.compile(r"(?:RUE?CKGABEGRUND|RETOURENGRUND|RETURN REASON|GRUND|REASON|RSN)[\s:.+/]+")
_WITH_DIGITS = "|".join(code for code in RETURN_REASONS if not code.isalpha())
_CODE = re.compile(rf"(?<![A-Z0-9-])(?:{_WITH_DIGITS})(?![A-Z0-9-])")
# A code of letters only may be a word of the text, so it counts behind the mark alone.
_WORD_CODE = re.compile(r"([A-Z]{4})(?![A-Z0-9-])")

# How banks say it in German, folded.
_PHRASES = {
    "IBAN FALSCH": "AC01",
    "IBAN FEHLERHAFT": "AC01",
    "IBAN UNGUELTIG": "AC01",
    "KONTONUMMER FALSCH": "AC01",
    "KONTONUMMER FEHLERHAFT": "AC01",
    "KONTO ERLOSCHEN": "AC04",
    "KONTO AUFGELOEST": "AC04",
    "KONTO GESCHLOSSEN": "AC04",
    "KONTO GESPERRT": "AC06",
    "VERBRAUCHERKONTO": "AC13",
    "LASTSCHRIFT NICHT ZULAESSIG": "AG01",
    "DECKUNG NICHT AUSREICHEND": "AM04",
    "DECKUNG UNZUREICHEND": "AM04",
    "MANGELS DECKUNG": "AM04",
    "MANGELNDER DECKUNG": "AM04",
    "MANGELNDE DECKUNG": "AM04",
    "MANGELNDE KONTODECKUNG": "AM04",
    "KEINE DECKUNG": "AM04",
    "KONTO NICHT GEDECKT": "AM04",
    "UNZUREICHENDE DECKUNG": "AM04",
    "DOPPELT EINGEREICHT": "AM05",
    "DOPPELTE EINREICHUNG": "AM05",
    "KEIN GUELTIGES MANDAT": "MD01",
    "MANDAT UNGUELTIG": "MD01",
    "NICHT AUTORISIERT": "MD01",
    "MANDATSDATEN FEHLEN": "MD02",
    "WIDERSPRUCH": "MD06",
    "VERSTORBEN": "MD07",
}


def said(lines: Iterable[str], *more: str | None) -> str:
    """The payer's lines as one text, a wrapped one joined, then what else the bank says."""
    return "\n".join(part for part in (joined_remittance(lines), *more) if part)


def is_about_return(text: str) -> bool:
    """Whether a text speaks of a returned debit."""
    return _WORDS.search(folded(text)) is not None


def end_to_end_in(text: str) -> str | None:
    """The end-to-end id that stands in the text; None where none does, or more than one."""
    return _only(_END_TO_END, text)


def mandate_in(text: str) -> str | None:
    """The mandate's reference that stands in the text; None where none does, or more than one."""
    return _only(_MANDATE, text)


def reason_in(text: str) -> str | None:
    """The reason code that the text gives, as a code or in words; None where it gives no certain one."""
    plain = folded(text)
    codes = set(_CODE.findall(plain)) | _behind_the_mark(plain)
    if not codes:
        codes = {code for phrase, code in _PHRASES.items() if phrase in plain}
    return codes.pop() if len(codes) == 1 else None


def folded(text: str) -> str:
    """The text in upper case, umlauts written out, every blank and line end one blank."""
    plain = unicodedata.normalize("NFKC", text).upper().translate(_UMLAUTS)
    return " ".join(plain.split())


def _labels() -> Mapping[str, str]:
    return {folded(reason.german): code for code, reason in RETURN_REASONS.items()}


_LABELS = _labels()


def _behind_the_mark(plain: str) -> set[str]:
    found: set[str] = set()
    for mark in _MARK.finditer(plain):
        word = _WORD_CODE.match(plain, mark.end())
        if word is not None and word[1] in RETURN_REASONS:
            found.add(word[1])
        found |= {code for label, code in _LABELS.items() if plain.startswith(label, mark.end())}
    return found


def _only(pattern: re.Pattern[str], text: str) -> str | None:
    found = dict.fromkeys(value for value in pattern.findall(text) if value not in _NOTHING)
    return next(iter(found)) if len(found) == 1 else None
