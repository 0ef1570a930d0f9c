"""What the words before digits say: “Rechnung 12345” is a document, “Kundennr. 12345” is none (P39)."""

import re
from enum import Enum, auto, unique

from faktura.domain.text_views import TextView

_NUMBER_WORD = r"NUMMERN?|NRN?|NO|NUM|NUMBERS?"
_INVOICE = re.compile(
    rf"(?:RECHNUNGE?N?S?|RECHN?|RGN?|RGS|RE|INV|INVOICES?|FAKTURA|FAKT|FACTURE|BILL)"
    rf"(?:{_NUMBER_WORD})?|R(?:NRN?|NUMMERN?)"
)
# A word that a bank has cut at the end of its line.
_CUT_INVOICE = re.compile(r"RECHN[A-Z]*|INVO[A-Z]*")
_NUMBER = re.compile(_NUMBER_WORD)
_OTHER = re.compile(
    r"(?:TEL|FAX|MOBIL|HANDY|PHONE|KUNDE|KD|CUSTOMER|UST|VAT|STEUER|STNR|BESTELL|BEST|AUFTR|ORDER"
    r"|VERTR|CONTRACT|KONTO|KTO|ACCOUNT|ACCT|MANDAT|MREF|REF|LIEFER|VERSICH|POLICE|MITGL|AKTENZ"
    r"|GLAEUB|KREDIT|DEBIT|PERSONAL|ANGEBOT|DATUM|DATE|BETRAG|BLZ|PLZ|POSTF|OBJEKT|PROJEKT|TICKET|ZAEHL|VORGANG|ZIMMER|WOHNUNG)[A-Z]*"
    r"|(?:GESCHAEFTSZ|KASSENZ|BUCHUNGSZ|ZEICHEN|AKTE|BESCHEID|SCHADEN|RESERV|ANTRAG|FON|RUF)[A-Z]*"
    r"|[A-Z]*(?:DATUM|BETRAG|KONTO|KONTONR|VERTRAG|AUFTRAG|BESTELLUNG|ZEICHEN)"
    r"|GZ|FALL|VOM|V|ID|PO|AZ|VS|ST|LS|VNR|MNR|BIC|IBAN|EREF|KREF|VSNR|HRB|HRA"
)
_DATED = frozenset({"VOM", "V"})
_AND = frozenset({"UND", "U", "AND", "SOWIE"})
# What has numbers of its own: V-2026-0001 behind “Vertrag” is the contract.
_OWN_SERIES = re.compile(
    r"(?:KUNDE|KD|CUSTOMER|BESTELL|AUFTR|ORDER|VERTR|CONTRACT|LIEFER|VERSICH|POLICE|MITGL|AKTENZ"
    r"|ANGEBOT|OBJEKT|PROJEKT|TICKET|ZAEHL|VORGANG|ZIMMER|WOHNUNG)[A-Z]*|[A-Z]*(?:VERTRAG|AUFTRAG|ZEICHEN)|AZ|GZ"
)
_DOCUMENT = re.compile(r"(?:BELEG|DOKUMENT|DOC|DOK)[A-Z]*")
_ITS_NUMBER = re.compile(r"[A-Z]+(?:NR|NUMMER)")
_MANDATE = re.compile(r"MANDAT[A-Z]*|MREF")
# What may stand between a word and the number it is about.
_BETWEEN = frozenset(
    {
        *("ZU", "ZUR", "ZUM", "VON", "VOM", "DER", "DIE", "DAS", "DEN", "FUER", "FUR"),
        *("FOR", "OF", "AUF", "UEBER", "PER", "LT", "LAUT", "UND", "U", "AND", "SOWIE"),
    }
)
_ABOUT = frozenset({"BELEG", "BELEGNR", "ZEICHEN", "REF", "REFERENZ", "DOPPELTE", "DOPPELTEN"})
_DENIAL = re.compile(
    r"NICHT|KEINE?|OHNE|AUSSER|STATT|ANSTATT|NOT|WITHOUT|EXCEPT|INSTEAD|STORN[A-Z]*|CANCEL[A-Z]*"
    r"|GUTSCHR(?:IFT(?:EN)?)?|(?:RUECK|RUCK)?ERSTATT[A-Z]*|RUE?CK(?:ZAHL|UEBERW)[A-Z]*|REFUND[A-Z]*"
    r"|ABZGL|ABZUEGLICH|MINUS|LESS|WENIGER|UNSERE?|OUR|EIGENE"
)
_LONGEST_PREFIX = 3
_PLAINLY_LISTED = re.compile(r"[,;+&|]")
_LISTED = re.compile(r"[,;+&|\n]|\s{2}|\s[-/]\s")
# How many words and numbers back the meaning is looked for.
_FARTHEST = 24


@unique
class Context(Enum):
    """What digits are by the words before them."""

    INVOICE = auto()
    OTHER = auto()
    NEUTRAL = auto()


def is_invoice_word(word: str) -> bool:
    """Whether a word, tight, says that a document's number follows."""
    return _INVOICE.fullmatch(word) is not None or _NUMBER.fullmatch(word) is not None


def may_be_glued(word: str) -> bool:
    """Whether a bank that drops blanks may have put this word before a number's letters."""
    return is_invoice_word(word) or _CUT_INVOICE.fullmatch(word) is not None


def word_start(view: TextView, end: int) -> int:
    """Where the letters that end before `end` begin: what touches is one word."""
    chars, start = view.tight.chars, end
    while start and chars[start - 1].isalpha() and (start == end or view.tight.touch(start - 1)):
        start -= 1
    return start


def word_before(view: TextView, start: int) -> tuple[str, str]:
    """The letters before these characters, and what lies between; no letters where there are digits."""
    if not start:
        return "", ""
    return view.tight.chars[word_start(view, start) : start], view.tight.between(start - 1)


def has_foreign_prefix(view: TextView, start: int) -> bool:
    """Whether a few letters are joined to the number's own: X-RE-2026-000123 is somebody else's."""
    word, between = word_before(view, start)
    joined = between in ("-", "/", "_") and 0 < len(word) <= _LONGEST_PREFIX
    return joined and not is_invoice_word(word) and word not in _BETWEEN


def has_letters_of_others(view: TextView, start: int) -> bool:
    """Whether a few letters stand before digits that are no word: AB 2026-000123 is an order."""
    word, between = word_before(view, start)
    parted = between == " " and 0 < len(word) <= _LONGEST_PREFIX
    return parted and not is_invoice_word(word) and word not in _BETWEEN


def is_number_of_something(view: TextView, start: int) -> bool:
    """Whether the words before are a number's, but no document's: “Vers.-Nr.”, “Inventarnummer”."""
    word, between = word_before(view, start)
    if between.strip(" .-:#"):
        return False
    is_its = _ITS_NUMBER.fullmatch(word) is not None and not is_invoice_word(word)
    if _NUMBER.fullmatch(word):
        word, between = word_before(view, start - len(word))
        is_its = bool(word) and not (between.strip(" .-") or _INVOICE.fullmatch(word))
    return is_its and not (_DOCUMENT.fullmatch(word) or word in _BETWEEN)


def is_of_own_series(view: TextView, start: int, letters: str) -> bool:
    """Whether the word before says that a number with letters is a contract, a customer, a mandate."""
    word, between = word_before(view, start)
    while word and _NUMBER.fullmatch(word):
        start -= len(word)
        word, between = word_before(view, start)
    if _LISTED.search(between):
        return False
    pattern = _MANDATE if is_invoice_word(letters) else _OWN_SERIES
    return bool(pattern.fullmatch(word) or _MANDATE.fullmatch(word))


def is_of_a_word(view: TextView, start: int) -> bool:
    """Whether a word that means no document stands right before: “Haus A-1”."""
    word, between = word_before(view, start)
    apart = not word or bool(between.strip())
    return not (apart or is_invoice_word(word) or word in _BETWEEN)


def is_denied(view: TextView, start: int) -> bool:
    """Whether the words before say that it is not paid here: “ohne”, “Storno”, “unsere Rechnung”."""
    word, between = word_before(view, start)
    while word and not re.search("[,;|]", between):
        if _DENIAL.fullmatch(word):
            return True
        if not (is_invoice_word(word) or word in _BETWEEN or word in _ABOUT):
            return False
        start -= len(word)
        word, between = word_before(view, start)
    return False


def context_of(view: TextView, start: int, lettered: bytearray, taken: bytearray) -> Context:
    """What digits that begin at `start` are; a list of numbers has the word before its first.

    `lettered` marks characters of numbers with letters: behind those a list starts anew. `taken` marks
    all numbers: behind digits that are none a word says nothing, but in a list: “Rechnung 99 12345”.
    """
    chars, position = view.tight.chars, start
    over_date, listed, plainly, over_digits = False, False, False, False
    for _ in range(_FARTHEST):
        if not position or lettered[position - 1]:
            return Context.NEUTRAL
        end = position
        if chars[end - 1].isdigit():
            between = view.tight.between(end - 1)
            listed = listed or _LISTED.search(between) is not None
            plainly = plainly or _PLAINLY_LISTED.search(between) is not None
            digits = len(chars[:position].rstrip("0123456789"))
            position = max(digits, lettered.rfind(1, 0, position) + 1)
            is_noise = view.is_noise(position, end)
            over_date = over_date or is_noise
            over_digits = over_digits or not (plainly or is_noise or all(taken[position:end]))
            continue
        position = word_start(view, end)
        word = chars[position:end]
        if word in _AND:
            listed = plainly = True
        elif not (word in _DATED and over_date and listed):
            meaning = _meaning(view, word, position)
            # “KdNr 10311; 2026/4628”: what the first is says nothing about the next.
            over = listed if meaning is Context.OTHER else over_digits
            return Context.NEUTRAL if over else meaning
    return Context.NEUTRAL


def _meaning(view: TextView, word: str, start: int) -> Context:
    if _OTHER.fullmatch(word):
        return Context.OTHER
    if _NUMBER.fullmatch(word):
        return _kind_of_number(view, start)
    is_one = _INVOICE.fullmatch(word) and not _is_one_of_two(view, start)
    return Context.INVOICE if is_one else Context.NEUTRAL


def _is_one_of_two(view: TextView, start: int) -> bool:
    """“Kundennr./Rechnungsnr.”: nobody knows which of them follows."""
    word, between = word_before(view, start)
    return "/" in between and bool(_OTHER.fullmatch(word) or _NUMBER.fullmatch(word))


def _kind_of_number(view: TextView, start: int) -> Context:
    """“Nr.” is what the word before it is: Rechnung Nr., Kunden-Nr.; alone it is a document's."""
    chars = view.tight.chars
    if not start or chars[start - 1].isdigit():
        return Context.INVOICE
    first = word_start(view, start)
    before = chars[first:start]
    if _OTHER.fullmatch(before):
        return Context.OTHER
    if _is_one_of_two(view, first):
        return Context.NEUTRAL
    apart = view.tight.between(start - 1).strip(" .-")
    return Context.INVOICE if apart or _INVOICE.fullmatch(before) else Context.NEUTRAL
