"""The head and foot of every letter: window, information block, footer columns (DIN 5008, form B)."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from faktura.plugin import CreditTransfer, Party, PostalAddress
from faktura_zugferd.look import Look
from faktura_zugferd.texts_shown import shown
from faktura_zugferd.words import Words
from faktura_zugferd.words_countries import country_name

_WINDOW_WIDTH = 40
_INFO_WIDTH = 24
_FOOTER_WIDTH = 30
# Millimetres: the blank under the lines, one line of the footer, and what stands above it.
_FOOT_BLANK, _FOOT_LINE, _FOOT_ABOVE = 9, 3.2, 12
_CARE_OF = ("c/o", "℅", "c. o.", "co ")


@dataclass(frozen=True, slots=True)
class Correspondents:
    """Who writes to whom, and to which account is paid.

    On a self-billed document the buyer writes to the seller (§ 14 (2) UStG).
    """

    sender: Party
    receiver: Party
    transfers: Sequence[CreditTransfer] = ()
    creditor_id: str | None = None


def head(who: Correspondents, words: Words, look: Look) -> dict[str, object]:
    """The part `head` of the page data: logo, names, window and footer."""
    columns = [
        [shown(line, _FOOTER_WIDTH) for line in column if line.strip()]
        for column in _footer(who, words, look)
    ]
    return {
        "brand": shown(who.sender.trading_name or who.sender.name, _INFO_WIDTH),
        "logo": f"logo.{look.logo_type}" if look.logo else None,
        "logo_side": look.logo_side,
        "accent": look.accent,
        "return_line": shown(look.return_line or _one_line(who.sender), _WINDOW_WIDTH),
        "window": [shown(line, _WINDOW_WIDTH) for line in _window(who, words, look)],
        "footer": columns,
        "foot": _FOOT_ABOVE + _FOOT_BLANK + _FOOT_LINE * max(map(_height, columns), default=0),
        "page": list(words.say("page").split("{page}", 1)[0:1])
        + words.say("page").split("{page}", 1)[-1].split("{pages}", 1),
    }


def meta(words: Words, title: str, author: str, day: date) -> dict[str, object]:
    """The part `meta`: what the file says about itself; the day makes equal files equal."""
    return {
        "lang": words.language,
        "title": shown(title),
        "author": shown(author),
        "day": [day.year, day.month, day.day],
    }


def info_rows(pairs: Iterable[tuple[str, str | None]], words: Words) -> list[list[str]]:
    """Label and value of each fact of the information block that is there."""
    return [
        [words.say(f"info.{key}"), shown(value, _INFO_WIDTH)]
        for key, value in pairs
        if value and value.strip()
    ]


def contact_pairs(party: Party) -> list[tuple[str, str | None]]:
    """Who is to be asked: name, phone, e-mail."""
    contact = party.contact
    if contact is None:
        return []
    return [("contact", contact.name), ("phone", contact.phone), ("email", contact.email)]


def address_lines(address: PostalAddress) -> list[str]:
    """The lines of an address without its country."""
    lines = [address.line1, address.line2, address.line3, f"{address.postcode} {address.city}"]
    return [line for line in (*lines, address.subdivision) if line and line.strip()]


def one_line_address(address: PostalAddress, words: Words) -> str:
    """The whole address with commas, for running text."""
    return ", ".join([*address_lines(address), country_name(address.country, words.language)])


def _one_line(party: Party) -> str:
    return " · ".join([party.name, *address_lines(party.address)])


def _window(who: Correspondents, words: Words, look: Look) -> list[str]:
    """The lines in the window; a c/o stands directly below the company's name (F055)."""
    receiver = who.receiver
    names = [receiver.name]
    if receiver.trading_name and receiver.trading_name != receiver.name:
        names.append(receiver.trading_name)
    address = address_lines(receiver.address)
    if address and address[0].lower().startswith(_CARE_OF):
        names = [receiver.name, address.pop(0), *names[1:]]
    contact = receiver.contact.name if receiver.contact and look.show_contact else None
    if contact and contact.strip() and contact != receiver.name:
        names.append(words.say("attention", name=contact))
    country = receiver.address.country
    if country != who.sender.address.country:
        address.append(country_name(country, words.language).upper())
    return [*names, *address]


def _footer(who: Correspondents, words: Words, look: Look) -> list[Sequence[str]]:
    if look.footer_columns:
        *own, last = (column.split("\n") for column in look.footer_columns)
        return [*own, [*last, *_unnamed(who.sender, words, look)]]
    sender = who.sender
    contact = sender.contact
    paid_to = [(one.holder or sender.name, one.iban, one.bic) for one in who.transfers[:1]]
    columns: list[Sequence[str]] = [
        [sender.name, *address_lines(sender.address)],
        _labelled(
            {
                "phone": contact.phone if contact else None,
                "": contact.email if contact else None,
                "register": sender.registration.value if sender.registration else None,
            },
            words,
        ),
        (sender.legal_info or "").split("\n"),
        [
            line
            for holder, iban, bic in paid_to
            for line in (holder, *_labelled({"iban": grouped(iban), "bic": bic}, words))
        ],
        _labelled(
            {
                "vat_id": sender.vat_id,
                "tax_number": sender.tax_number,
                "creditor_id": who.creditor_id,
            },
            words,
        ),
    ]
    return _in_four([column for column in columns if any(line.strip() for line in column)])


def _unnamed(sender: Party, words: Words, look: Look) -> Iterator[str]:
    """What § 14 (4) Nr. 1 and 2 UStG want of the sender, where a tenant's own texts leave it out."""
    told = _squeezed(" ".join((*look.footer_columns, look.return_line or _one_line(sender))))
    address = sender.address
    if _squeezed(sender.name) not in told:
        yield sender.name
    if _squeezed(f"{address.postcode}{address.city}") not in told:
        yield from address_lines(address)
    numbers = {"vat_id": sender.vat_id, "tax_number": sender.tax_number}
    if not any(number and _squeezed(number) in told for number in numbers.values()):
        yield from _labelled(numbers, words)


def _squeezed(text: str) -> str:
    return "".join(text.split()).lower()


def _in_four(columns: list[Sequence[str]]) -> list[Sequence[str]]:
    """At most four columns: the law's words go under the contact."""
    if len(columns) <= 4:
        return columns
    return [columns[0], [*columns[1], *columns[2]], *columns[3:]]


def _labelled(values: Mapping[str, str | None], words: Words) -> list[str]:
    """Values with the footer's word before them; an empty key has no word."""
    return [
        words.say(f"footer.{key}", value=value) if key else value
        for key, value in values.items()
        if value and value.strip()
    ]


def grouped(iban: str) -> str:
    """An IBAN in groups of four, as people read it."""
    plain = "".join(iban.split())
    return " ".join(plain[at : at + 4] for at in range(0, len(plain), 4))


def _height(column: Sequence[str]) -> int:
    """How many lines a column takes, long ones broken."""
    return sum(1 + len(line) // (_FOOTER_WIDTH + 4) for line in column)
