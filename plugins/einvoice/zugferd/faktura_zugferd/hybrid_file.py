"""Opens the PDF of somebody else and takes the invoice out of it; files are hostile.

Sizes are bounded before anything is decompressed, nothing is followed outside of the file.
"""

import re
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from io import BytesIO
from typing import TYPE_CHECKING, Final

from faktura.kernel.errors import FileUnreadable, HostileFile, shortened

if TYPE_CHECKING:
    import pikepdf

INVOICE_NAMES: Final = ("factur-x.xml", "zugferd-invoice.xml", "xrechnung.xml")
"""What the embedded invoice may be called, in lower case: Factur-X, ZUGFeRD 1 and 2.0, XRECHNUNG."""

MOST_BYTES: Final = 50 * 1024 * 1024
MOST_XML_BYTES: Final = 50 * 1024 * 1024
_MOST_STREAM: Final = 64 * 1024 * 1024
_MOST_METADATA: Final = 4 * 1024 * 1024
_MOST_FILES: Final = 200
_OBJECT: Final = re.compile(r"<[^<>]* object at 0x[0-9a-fA-F]+>[:\s]*")
_MEND: Final = "Ask the sender for a correct file"


@dataclass(frozen=True, slots=True)
class EmbeddedFile:
    """A file inside the PDF: its names and marks, and its stream, which is not read yet.

    `relationship` and `media_type` are empty where they are absent.
    """

    name: str
    relationship: str
    media_type: str
    has_date: bool
    is_associated: bool
    stream: "pikepdf.Stream | None"

    @property
    def is_invoice(self) -> bool:
        """Whether its name is one of an invoice's."""
        return self.name.lower() in INVOICE_NAMES


@contextmanager
def opened(content: bytes) -> Iterator["pikepdf.Pdf"]:
    """The PDF; raises FileUnreadable when it is broken or encrypted, HostileFile when too large."""
    import pikepdf

    if len(content) > MOST_BYTES:
        raise HostileFile(f"the PDF has more than {MOST_BYTES // 1024 // 1024} MB", mend=_MEND)
    _limit_qpdf()
    try:
        with pikepdf.open(BytesIO(content), suppress_warnings=True) as pdf:
            if pdf.is_encrypted:
                raise _encrypted()
            yield pdf
    except pikepdf.PasswordError:
        raise _encrypted() from None
    except (pikepdf.PdfError, pikepdf.DataDecodingError, RuntimeError) as error:
        problem = f"the PDF is broken: {shortened(_said(error))}"
        raise FileUnreadable(problem, mend=_MEND) from None


def embedded_files(pdf: "pikepdf.Pdf") -> tuple[EmbeddedFile, ...]:
    """The files of the name tree, in its order, then those that only /AF names.

    Raises FileUnreadable when they cannot be listed.
    """
    import pikepdf

    associated = _list(pdf.Root.get("/AF"))
    specs: list[pikepdf.Object] = []
    try:
        names = pdf.Root.get("/Names")
        if isinstance(names, pikepdf.Dictionary) and "/EmbeddedFiles" in names:
            for spec in pikepdf.NameTree(names["/EmbeddedFiles"]).values():
                specs.append(spec)
                if len(specs) > _MOST_FILES:
                    raise HostileFile(f"the PDF holds more than {_MOST_FILES} files", mend=_MEND)
        specs += [one for one in associated[:_MOST_FILES] if not _same_as_any(one, specs)]
        dictionaries = [spec for spec in specs if isinstance(spec, pikepdf.Dictionary)]
        return tuple(_embedded(spec, associated) for spec in dictionaries)
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        problem = f"the PDF's list of files is broken: {shortened(_said(error))}"
        raise FileUnreadable(problem, mend=_MEND) from None


def invoice_xml(files: tuple[EmbeddedFile, ...]) -> bytes:
    """The XML of the one invoice among them; raises FileUnreadable, HostileFile."""
    invoices = [file for file in files if file.is_invoice]
    if not invoices:
        held = ", ".join(shortened(file.name) for file in files[:5])
        others = f"but {held}" if held else "nor any other file"
        raise FileUnreadable(
            f"the PDF has no invoice in it: there is no factur-x.xml, {others}",
            mend="Type in a plain PDF by hand, or ask the sender for an e-invoice",
        )
    if len(invoices) > 1:
        names = ", ".join(file.name for file in invoices)
        raise FileUnreadable(f"the PDF has {len(invoices)} invoices in it: {names}", mend=_MEND)
    return _content(invoices[0])


def metadata_of(pdf: "pikepdf.Pdf") -> bytes:
    """The XMP metadata, empty where there are none; raises FileUnreadable, HostileFile."""
    import pikepdf

    stream = pdf.Root.get("/Metadata")
    if not isinstance(stream, pikepdf.Stream):
        return b""
    return _inflated(stream, "XMP", _MOST_METADATA)


def _content(file: EmbeddedFile) -> bytes:
    if file.stream is None:
        raise FileUnreadable("the embedded file has no content", place=file.name, mend=_MEND)
    return _inflated(file.stream, file.name, MOST_XML_BYTES)


def _inflated(stream: "pikepdf.Stream", place: str, most: int) -> bytes:
    """The bytes of a stream, inflated here: qpdf would not stop at a bound of ours."""
    raw = stream.read_raw_bytes()
    packed = _filters(stream)
    if not packed:
        return raw
    if packed != ["/FlateDecode"] or "/DecodeParms" in stream:
        problem = f"the embedded file is packed as {shortened(' '.join(packed))}"
        raise FileUnreadable(problem, place=place, mend=_MEND)
    inflater = zlib.decompressobj()
    try:
        content = inflater.decompress(raw, most + 1)
    except zlib.error:
        raise FileUnreadable("the embedded file is broken", place=place, mend=_MEND) from None
    if len(content) > most:
        raise HostileFile("the embedded file inflates without end", place=place, mend=_MEND)
    if not inflater.eof:
        raise FileUnreadable("the embedded file is cut off", place=place, mend=_MEND)
    return content


def _filters(stream: "pikepdf.Stream") -> list[str]:
    import pikepdf

    named = stream.get("/Filter")
    return [str(named)] if isinstance(named, pikepdf.Name) else list(map(str, _list(named)))


def _embedded(spec: "pikepdf.Dictionary", associated: "list[pikepdf.Object]") -> EmbeddedFile:
    import pikepdf

    held = spec.get("/EF")
    found = held.get("/F", held.get("/UF")) if isinstance(held, pikepdf.Dictionary) else None
    stream = found if isinstance(found, pikepdf.Stream) else None
    params = stream.get("/Params") if stream is not None else None
    return EmbeddedFile(
        name=str(spec.get("/UF") or spec.get("/F") or ""),
        relationship=str(spec.get("/AFRelationship", "")).removeprefix("/"),
        media_type=str(stream.get("/Subtype", "") if stream is not None else "").removeprefix("/"),
        has_date=isinstance(params, pikepdf.Dictionary) and "/ModDate" in params,
        is_associated=_same_as_any(spec, associated),
        stream=stream,
    )


def _same_as_any(one: "pikepdf.Object", others: "list[pikepdf.Object]") -> bool:
    """Whether it is the same object, not only an equal one."""
    return any(one.objgen == other.objgen if one.is_indirect else one == other for other in others)


def _list(value: object) -> "list[pikepdf.Object]":
    import pikepdf

    return list(value) if isinstance(value, pikepdf.Array) else []


def _said(error: Exception) -> str:
    """What a library says, without the Python object it read from."""
    return _OBJECT.sub("", str(error)).strip()


def _encrypted() -> FileUnreadable:
    return FileUnreadable("the PDF is encrypted", mend="Ask for it without a password")


@lru_cache(maxsize=1)
def _limit_qpdf() -> None:
    """Bound what qpdf decompresses by itself (object streams); it holds for the process."""
    from pikepdf.settings import set_qpdf_limits

    set_qpdf_limits(
        flate_max_memory=_MOST_STREAM,
        png_max_memory=_MOST_STREAM,
        tiff_max_memory=_MOST_STREAM,
        run_length_max_memory=_MOST_STREAM,
        dct_max_memory=_MOST_STREAM,
        doc_max_warnings=1_000,
    )
