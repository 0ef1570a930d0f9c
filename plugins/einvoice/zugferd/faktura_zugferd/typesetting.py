"""Typst as the typesetter: one compiler per look, equal data gives equal bytes."""

import json
import shutil
import tempfile
import weakref
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import distribution
from importlib.resources import files
from pathlib import Path

from faktura.kernel.errors import Misconfigured, RenderRefused
from faktura_zugferd.look import Look

LAYOUT_VERSION = "1"
"""Goes up with every change of the page; stored beside the bytes as part of the rule set."""

_FONTS = "fontpkg-source-sans-3"
_MAIN = "page.typ"
# Tags serve screen readers, but take 0.7 kB and most of the time per row: long tables go without.
_TAGGED_ROWS = 100


@dataclass(frozen=True, slots=True)
class TextFile:
    """A text file that is embedded in the PDF, such as the XML of a hybrid."""

    name: str
    text: str
    media_type: str = "text/xml"
    relationship: str = "alternative"
    description: str = ""


class Typesetter:
    """Sets pages of one look; build it once and keep it: a first page costs ten times a second.

    It sees no file system but a folder of its own with the layout and the logo. Not thread-safe.
    """

    def __init__(self, look: Look) -> None:
        import typst

        folder = Path(tempfile.mkdtemp(prefix="faktura-layout-"))
        weakref.finalize(self, shutil.rmtree, folder, ignore_errors=True)
        _lay_out(folder, look)
        self._compiler = typst.Compiler(
            folder / _MAIN,
            root=folder,
            font_paths=[_font_folder()],
            ignore_system_fonts=True,
            package_path=folder,
            package_cache_path=folder,
        )

    def pdf(
        self, kind: str, data: Mapping[str, object], attachments: Sequence[TextFile] = ()
    ) -> bytes:
        """The PDF/A-3b of an `invoice`, a `statement` or a `reminder`.

        `data` comes from page_data or letter_data; raises RenderRefused with typst's words.
        """
        import typst

        inputs = {
            "kind": kind,
            "data": json.dumps(data, ensure_ascii=False),
            "files": json.dumps([_described(one) for one in attachments], ensure_ascii=False),
        }
        year, month, day = _day_of(data)
        try:
            pdf = self._compiler.compile(
                format="pdf",
                sys_inputs=inputs,
                pdf_standards=["a-3b"],
                timestamp=datetime(year, month, day, tzinfo=UTC),
                pdf_tags=_rows(data) <= _TAGGED_ROWS,
            )
        except typst.TypstError as problem:
            raise RenderRefused(
                f"the page cannot be set: {problem.message}",
                place=str(_part(data, "meta").get("title", "")),
                mend=" ".join(problem.hints) or "Look at the layout or the characters of its texts",
            ) from problem
        if not isinstance(pdf, bytes):
            raise RenderRefused("the typesetter gave no PDF")
        return pdf


def _lay_out(folder: Path, look: Look) -> None:
    """Write the layout's files, the tenant's own page if there is one, and the logo."""
    for file in files("faktura_zugferd").joinpath("layout").iterdir():
        (folder / file.name).write_bytes(file.read_bytes())
    if look.template is not None:
        (folder / _MAIN).write_text(look.template, encoding="utf-8")
    if look.logo is not None:
        (folder / f"logo.{look.logo_type}").write_bytes(look.logo)


def _font_folder() -> Path:
    """Where the typeface's package keeps its files; raises Misconfigured if it has none."""
    package = distribution(_FONTS)
    for file in package.files or []:
        if file.suffix == ".ttf":
            return Path(str(package.locate_file(file))).parent
    raise Misconfigured(f"{_FONTS} has no typeface in it", mend="Install the package again")


def _described(file: TextFile) -> dict[str, str]:
    return {
        "name": file.name,
        "text": file.text,
        "media_type": file.media_type,
        "relationship": file.relationship,
        "description": file.description,
    }


def _part(data: Mapping[str, object], key: str) -> Mapping[str, object]:
    part = data.get(key)
    return part if isinstance(part, Mapping) else {}


def _day_of(data: Mapping[str, object]) -> tuple[int, int, int]:
    day = _part(data, "meta").get("day")
    if isinstance(day, list) and len(day) == 3:
        return day[0], day[1], day[2]
    raise RenderRefused("the page's data name no day", place="meta.day")


def _rows(data: Mapping[str, object]) -> int:
    """How many rows the long table has."""
    rows = _part(data, "lines").get("rows") or _part(data, "entries").get("rows")
    return len(rows) if isinstance(rows, list) else 0
