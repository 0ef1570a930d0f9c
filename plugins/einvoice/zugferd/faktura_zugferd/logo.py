"""A tenant's logo: PNG or JPEG, judged by its own bytes before a page is set with it."""

import binascii
import struct
import zlib
from base64 import b64decode
from typing import Final, NamedTuple

MOST_BYTES: Final = 512 * 1024
MOST_PIXELS: Final = 4_000_000
_MOST_SIDE: Final = 8_000
_MOST_PROFILE: Final = 4 * 1024 * 1024

_PNG: Final = b"\x89PNG\r\n\x1a\n"
_JPEG: Final = b"\xff\xd8\xff"
_IHDR_END: Final = 24
# Start of frame: all JPEG kinds but the tables (C4), arithmetic conditioning (CC) and JPG (C8).
_FRAMES: Final = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_ALONE: Final = frozenset({0x01, *range(0xD0, 0xD9)})
_RGB: Final = 3


class Logo(NamedTuple):
    """An image with typst's name of its type: png or jpg."""

    content: bytes
    type: str


def logo_from_base64(text: str) -> Logo:
    """The image of a setting; raises ValueError that says what is wrong with it and what to give."""
    try:
        content = b64decode("".join(text.split()), validate=True)
    except (binascii.Error, ValueError):
        raise ValueError("the logo is no base64; give the PNG or JPEG file in base64") from None
    if len(content) > MOST_BYTES:
        raise ValueError(f"the logo is larger than {MOST_BYTES // 1024} KiB; make it smaller")
    if content.startswith(_PNG):
        _check_size(*_png_size(content))
        return Logo(content, "png")
    if content.startswith(_JPEG):
        _check_size(*_jpeg_size(content))
        return Logo(content, "jpg")
    if b"<svg" in content[:1000].lower():
        raise ValueError("SVG logos are not taken, they can hold scripts; give a PNG or JPEG")
    raise ValueError("the logo is neither PNG nor JPEG; give one of them")


def _png_size(content: bytes) -> tuple[int, int]:
    if len(content) < _IHDR_END or content[12:16] != b"IHDR":
        raise ValueError("the PNG logo is cut off or broken; export it again")
    _check_profile(content)
    width, height = struct.unpack(">II", content[16:_IHDR_END])
    return width, height


def _check_profile(content: bytes) -> None:
    """A colour profile is inflated whole when a page is set: half a megabyte can hold 500 of them."""
    at = len(_PNG)
    while at + 8 <= len(content):
        length, kind = struct.unpack_from(">I4s", content, at)
        if kind == b"IDAT":
            return
        if kind == b"iCCP":
            _, _, packed = content[at + 8 : at + 8 + length].partition(b"\0")
            try:
                # The first byte says how it is packed; there is one way only.
                profile = zlib.decompressobj().decompress(packed[1:], _MOST_PROFILE + 1)
            except zlib.error:
                profile = b""  # typst says so when the samples are set
            if len(profile) > _MOST_PROFILE:
                raise ValueError("the logo's colour profile is too large; export it without one")
        at += 12 + length


def _jpeg_size(content: bytes) -> tuple[int, int]:
    """Width and height of the first frame; walks over the segments before it."""
    at = 2
    while at + 9 < len(content) and content[at] == 0xFF:
        marker = content[at + 1]
        if marker in _ALONE or marker == 0xFF:
            at += 1 if marker == 0xFF else 2
            continue
        (length,) = struct.unpack_from(">H", content, at + 2)
        if marker in _FRAMES:
            height, width, colours = struct.unpack_from(">HHB", content, at + 5)
            if colours > _RGB:
                # The page's output intent is sRGB (PDF/A-3, 6.2.4.3).
                raise ValueError("the JPEG logo is in CMYK; export it in RGB")
            return width, height
        at += 2 + length
    raise ValueError("the JPEG logo is cut off or broken; export it again")


def _check_size(width: int, height: int) -> None:
    if not (0 < width <= _MOST_SIDE and 0 < height <= _MOST_SIDE and width * height <= MOST_PIXELS):
        raise ValueError(
            f"the logo has {width} x {height} pixels; make it smaller than {MOST_PIXELS:,} in all"
        )
