"""Tries new settings out: samples are rendered, and each page is judged before they are kept."""

from collections.abc import Callable, Iterator
from functools import partial
from typing import TYPE_CHECKING, Final, NamedTuple

from faktura.kernel.errors import FieldInvalid, RenderRefused
from faktura_zugferd.hybrid_file import metadata_of, opened
from faktura_zugferd.page_text import squeezed, text_of
from faktura_zugferd.pdfa import can_judge, check_pdfa
from faktura_zugferd.samples import sample_reminder, sample_statement, samples
from faktura_zugferd.settings import ZugferdSettings
from faktura_zugferd.xmp_reading import xmp_of

if TYPE_CHECKING:
    from faktura_zugferd.formats import Pdf

_MEND: Final = "Show what the house's page shows; its fields are in TEMPLATE.md"


class _Trial(NamedTuple):
    """A page to be written, and the texts it must show."""

    name: str
    write: Callable[[], bytes]
    shows: tuple[str, ...]


def try_out(pages: "Pdf", settings: ZugferdSettings) -> None:
    """Write every sample and both letters; raises FieldInvalid that names sample and place."""
    setting = "template" if settings.template else "logo" if settings.logo else "texts"
    for trial in _trials(pages):
        place = f"setting {setting}, sample “{trial.name}”"
        try:
            pdf = trial.write()
        except RenderRefused as refused:
            where = f" ({refused.place})" if refused.place else ""
            problem = f"{refused.problem}{where}"
            raise FieldInvalid(problem, place=place, mend=refused.mend) from refused
        problem = _problem(pdf, trial.shows)
        if problem:
            raise FieldInvalid(problem, place=place, mend=_MEND)


def _trials(pages: "Pdf") -> Iterator[_Trial]:
    for sample in samples():
        yield _Trial(sample.name, partial(pages.render, sample.document), sample.shows)
    yield _Trial("statement", partial(pages.write_statement, sample_statement()), ("119,00",))
    yield _Trial("reminder", partial(pages.write_reminder, sample_reminder()), ("124,00",))


def _problem(pdf: bytes, shows: tuple[str, ...]) -> str:
    """What is wrong with the page, empty when nothing is."""
    shown = text_of(pdf)
    missing = [text for text in shows if squeezed(text) not in shown]
    if missing:
        return f"the page does not show “{missing[0]}” (§ 14 (4) UStG)"
    if not can_judge():
        return ""
    with opened(pdf) as page:
        broken = next(check_pdfa(page, xmp_of(metadata_of(page))), None)
    return f"the page is no PDF/A-3b: {broken.message}" if broken else ""
