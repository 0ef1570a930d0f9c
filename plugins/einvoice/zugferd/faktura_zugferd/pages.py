"""Sets a tenant's pages: in this process with the house's layout, in another with its own one."""

from collections.abc import Mapping, Sequence
from threading import Lock
from typing import TYPE_CHECKING, Protocol, cast

from faktura_zugferd.glyphs import printable
from faktura_zugferd.look import Look

if TYPE_CHECKING:
    from faktura_zugferd.typesetting import TextFile


class Setter(Protocol):
    """What sets a page: the Typesetter, or the Sandbox it runs in."""

    def pdf(
        self, kind: str, data: Mapping[str, object], attachments: Sequence["TextFile"] = ()
    ) -> bytes:
        """The PDF/A-3b of the data; raises RenderRefused."""
        ...


class Pages:
    """The typesetters of one look, made when pages come; safe for threads.

    As many as pages are set at the same time, each for one thread at a time: four threads set half
    as many pages again with four of them as with one behind a lock, and each adds a few megabytes.
    """

    def __init__(self, look: Look) -> None:
        self._look = look
        self._lock = Lock()
        self._idle: list[Setter] = []

    def pdf(
        self, kind: str, data: Mapping[str, object], attachments: Sequence["TextFile"] = ()
    ) -> bytes:
        """The page of `data` with only signs that can be shown; raises RenderRefused."""
        shown = cast("Mapping[str, object]", printable(data))
        with self._lock:
            setter = self._idle.pop() if self._idle else None
        if setter is None:
            setter = _setter(self._look)
        try:
            return setter.pdf(kind, shown, attachments)
        finally:
            with self._lock:
                self._idle.append(setter)


def _setter(look: Look) -> Setter:
    # Not at the top: naming a format must not load typst.
    if look.template is None:
        from faktura_zugferd.typesetting import Typesetter

        return Typesetter(look)
    from faktura_zugferd.own_template import Sandbox

    return Sandbox(look)
