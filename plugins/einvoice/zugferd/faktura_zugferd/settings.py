"""A tenant's settings of its pages; each wrong value is refused with what to give instead.

They are kept by `faktura plugins set zugferd FIELD VALUE`, long ones by `--file`.
"""

import re
from collections.abc import Mapping
from typing import Annotated, Final, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field

from faktura.plugin import AdapterSettings
from faktura_zugferd.logo import logo_from_base64
from faktura_zugferd.look import Look
from faktura_zugferd.words import KEYS

_CONTRAST: Final = 4.5  # WCAG 2.1, 1.4.3: headings in this colour are text on white
_MOST_COLUMNS, _MOST_COLUMN, _MOST_COLUMN_LINES = 4, 400, 8
_MOST_LINE, _MOST_WORDS, _MOST_LINK, _MOST_TEMPLATE = 120, 1_000, 300, 100_000
_COLOUR: Final = re.compile(r"#[0-9a-fA-F]{6}")
_PACKAGE: Final = re.compile(r"""["']@[a-z][\w-]*/""")


def _logo(text: str) -> str:
    if text:
        logo_from_base64(text)
    return text


def _accent(colour: str) -> str:
    if not _COLOUR.fullmatch(colour):
        raise ValueError("the colour is not #RRGGBB; give for example #1f4e79")
    if _contrast_to_white(colour) < _CONTRAST:
        raise ValueError("the colour is too light to be read on white; give a darker one")
    return colour.lower()


def _contrast_to_white(colour: str) -> float:
    """WCAG's contrast ratio to white, 1 to 21."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    ]
    luminance = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    return 1.05 / (luminance + 0.05)


def _columns(columns: tuple[str, ...]) -> tuple[str, ...]:
    if len(columns) > _MOST_COLUMNS:
        raise ValueError(f"the footer has room for {_MOST_COLUMNS} columns; join some of them")
    for column in columns:
        _one_text(column, _MOST_COLUMN, lines=_MOST_COLUMN_LINES)
    return columns


def _return_line(text: str) -> str:
    _one_text(text, _MOST_LINE, lines=1)
    return text


def _texts(texts: Mapping[str, str]) -> Mapping[str, str]:
    for key, text in texts.items():
        if key not in KEYS:
            raise ValueError(f"there is no text “{key[:60]}”; the names are in TEMPLATE.md")
        _one_text(text, _MOST_WORDS, lines=_MOST_WORDS)
    return texts


def _one_text(text: str, signs: int, *, lines: int) -> None:
    if len(text) > signs or text.count("\n") >= lines:
        raise ValueError(f"a text may have {signs} signs in {lines} lines; shorten it")
    if not text.replace("\n", "").isprintable():
        raise ValueError("a text has control characters; take them out")


def _link(template: str) -> str:
    if not template:
        return template
    # isprintable: a blank or a line end would end the link early.
    if len(template) > _MOST_LINK or not template.isprintable() or " " in template:
        raise ValueError(f"the link has blanks or more than {_MOST_LINK} signs; give a plain URL")
    bare = template.replace("{number}", "", 1)
    if bare == template or "{" in bare or "}" in bare:
        raise ValueError("the link needs {number} once and no other braces")
    try:
        parts = urlsplit(bare)
    except ValueError:
        parts = urlsplit("")
    if parts.scheme != "https" or not parts.hostname or "{number}" in template.split("/")[2]:
        raise ValueError("the link is no https address; give https://pay.example/{number}")
    return template


def _template(source: str) -> str:
    if len(source) > _MOST_TEMPLATE:
        raise ValueError(f"the template has more than {_MOST_TEMPLATE:,} signs; shorten it")
    if package := _PACKAGE.search(source):
        line = source.count("\n", 0, package.start()) + 1
        raise ValueError(
            f"line {line} of the template imports a package from the network; copy what it needs"
        )
    return source


class ZugferdSettings(AdapterSettings):
    """How pages look: of `pdf` and of `zugferd`, of invoices and of letters.

    logo is a PNG or JPEG in base64; accent is dark enough to be read; footer_columns are up to four
    texts, none prints the seller's data; return_line stands above the address; texts words the page
    otherwise (`de.own.thanks`); price_decimals is 2 to 4 (F054); show_contact prints the customer's
    contact person (F056); payment_link is an https address with {number}; template is typst source.
    Empty texts mean: none, the house's own.
    """

    logo: Annotated[str, AfterValidator(_logo)] = ""
    logo_side: Literal["left", "right"] = "right"
    accent: Annotated[str, AfterValidator(_accent)] = "#1f4e79"
    footer_columns: Annotated[tuple[str, ...], AfterValidator(_columns)] = ()
    return_line: Annotated[str, AfterValidator(_return_line)] = ""
    texts: Annotated[Mapping[str, str], AfterValidator(_texts)] = Field(default_factory=dict)
    price_decimals: Annotated[int, Field(ge=2, le=4)] = 4
    show_contact: bool = True
    payment_link: Annotated[str, AfterValidator(_link)] = ""
    template: Annotated[str, AfterValidator(_template)] = ""

    def look(self) -> Look:
        """The look these settings ask for."""
        logo = logo_from_base64(self.logo) if self.logo else None
        return Look(
            logo=logo.content if logo else None,
            logo_type=logo.type if logo else "png",
            logo_side=self.logo_side,
            accent=self.accent,
            footer_columns=self.footer_columns,
            return_line=self.return_line or None,
            price_decimals=self.price_decimals,
            show_contact=self.show_contact,
            payment_link=self.payment_link or None,
            texts=self.texts,
            template=self.template or None,
        )
