"""A tenant's settings: what is taken, and what is refused in words that mend it."""

import struct
import zlib
from base64 import b64encode
from collections.abc import Callable

import pytest
from pydantic import ValidationError

from faktura.testing.invoices import sample_invoice
from faktura_zugferd.formats import Pdf, Zugferd
from faktura_zugferd.page_text import text_of
from faktura_zugferd.settings import ZugferdSettings


def _png(
    width: int = 40, height: int = 20, *, size: tuple[int, int] | None = None, profile: int = 0
) -> bytes:
    """A red PNG; `size` is what its head claims instead, `profile` the bytes of its colour profile."""
    rows = (b"\0" + b"\xc0\x10\x10" * width) * height
    head = struct.pack(">IIBBBBB", *(size or (width, height)), 8, 2, 0, 0, 0)
    colours = ((b"iCCP", b"x\0\0" + zlib.compress(b"\0" * profile)),) if profile else ()
    parts = ((b"IHDR", head), *colours, (b"IDAT", zlib.compress(rows)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
        for name, body in parts
    )


def _jpeg_head(colours: int) -> bytes:
    """The segments of a JPEG up to its frame."""
    frame = struct.pack(">HBHHB", 8 + 3 * colours, 8, 20, 40, colours) + b"\x01\x11\x00" * colours
    return b"\xff\xd8\xff\xe0\x00\x04JF\xff\xc0" + frame + b"\xff\xda\x00\x00"


def _base64(content: bytes) -> str:
    return b64encode(content).decode()


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("logo", "§§", "the logo is no base64; give the PNG or JPEG file in base64"),
        ("logo", _base64(b"GIF89a"), "the logo is neither PNG nor JPEG; give one of them"),
        ("logo", _base64(b"<?xml?><svg></svg>"), "SVG logos are not taken, they can hold scripts"),
        ("logo", _base64(_png()[:20]), "the PNG logo is cut off or broken; export it again"),
        ("logo", _base64(_png(size=(9_000, 10))), "the logo has 9000 x 10 pixels"),
        ("logo", _base64(_png(size=(4_000, 4_000))), "the logo has 4000 x 4000 pixels"),
        ("logo", _base64(b"\x89PNG" + b"x" * 600_000), "the logo is larger than 512 KiB"),
        ("logo", _base64(_png(profile=4_194_305)), "the logo's colour profile is too large"),
        ("logo", _base64(_jpeg_head(4)), "the JPEG logo is in CMYK; export it in RGB"),
        ("logo", _base64(b"\xff\xd8\xff\xd9"), "the JPEG logo is cut off or broken"),
        ("accent", "red", "the colour is not #RRGGBB; give for example #1f4e79"),
        ("accent", "#ffee00", "the colour is too light to be read on white"),
        ("footer_columns", ("a",) * 5, "the footer has room for 4 columns; join some of them"),
        ("footer_columns", ("a" * 401,), "a text may have 400 signs in 8 lines; shorten it"),
        ("footer_columns", ("\n" * 8,), "a text may have 400 signs in 8 lines; shorten it"),
        ("footer_columns", ("a\x07",), "a text has control characters; take them out"),
        ("return_line", "a\nb", "a text may have 120 signs in 1 lines; shorten it"),
        ("texts", {"de.nothing": "x"}, "there is no text “de.nothing”"),
        ("price_decimals", 5, "less than or equal to 4"),
        ("price_decimals", 1, "greater than or equal to 2"),
        ("payment_link", "http://pay.example/{number}", "the link is no https address"),
        ("payment_link", "https://pay.example/", "the link needs {number} once"),
        ("payment_link", "https://{number}.example/", "the link is no https address"),
        ("payment_link", "https://[/{number}", "the link is no https address"),
        ("payment_link", "https://pay.example/{number}?{x}", "the link needs {number} once"),
        ("payment_link", "https://pay.example/ {number}", "the link has blanks"),
        ("template", "x" * 100_001, "the template has more than 100,000 signs; shorten it"),
        ("template", '\n#import "@preview/x:1.0.0"', "line 2 of the template imports a package"),
        ("font", "Arial", "Extra inputs are not permitted"),
    ],
)
def test_a_wrong_value_is_refused_by_name(field: str, value: object, said: str) -> None:
    """Found at the start of every command, with what to give instead."""
    with pytest.raises(ValidationError) as refusal:
        ZugferdSettings.model_validate({field: value})

    (error,) = refusal.value.errors()
    assert error["loc"] == (field,)
    assert said in error["msg"]


def test_the_look_is_made_of_the_settings() -> None:
    """Empty texts mean: the house's own."""
    settings = ZugferdSettings(
        logo=_base64(_png()), accent="#AA0000", payment_link="https://pay.example/?n={number}"
    )

    look = settings.look()

    assert (look.logo, look.logo_type, look.accent) == (_png(), "png", "#aa0000")
    assert (look.return_line, look.template) == (None, None)
    assert look.link_for("R 1/2&x") == "https://pay.example/?n=R%201%2F2%26x"
    assert ZugferdSettings(logo=_base64(_png(profile=3_000))).look().logo == _png(profile=3_000)
    assert ZugferdSettings(logo=_base64(_jpeg_head(3))).look().logo_type == "jpg"
    assert ZugferdSettings().look().link_for("R-1") is None


def test_other_settings_are_other_rules(build: Callable[..., Pdf]) -> None:
    """DocumentFormat.rule_set is stored beside the bytes: other bytes need another one."""
    plain, again, red = build(Zugferd), build(Zugferd), build(Zugferd, accent="#aa0000")

    assert plain.rule_set == again.rule_set != red.rule_set
    assert plain.rule_set.startswith("zugferd-2.5.2/en16931-1.3.16/page-")
    assert build(Pdf).rule_set.startswith("pdfa-3b/page-")
    assert len(red.rule_set) <= 64


def test_the_page_says_what_the_settings_say(build: Callable[..., Pdf]) -> None:
    """Footer, return line, own words, price decimals and the link to pay."""
    page = build(
        Pdf,
        logo=_base64(_png()),
        footer_columns=("Eigene Fußzeile",),
        return_line="Postfach 1, 07743 Jena",
        texts={"de.own.thanks": "Danke, bis bald!"},
        price_decimals=2,
        payment_link="https://pay.example/{number}",
    )

    shown = text_of(page.render(sample_invoice()))

    for text in ("EigeneFußzeile", "Postfach1,07743Jena", "Danke,bisbald!", "pay.example"):
        assert text in shown


@pytest.mark.parametrize("adapter", [Pdf, Zugferd])
def test_new_settings_are_tried_out(adapter: type[Pdf], build: Callable[..., Pdf]) -> None:
    """SelfChecking: seven sample documents and both letters are rendered and judged."""
    build(adapter, logo=_base64(_png()), accent="#333333").check_settings()
