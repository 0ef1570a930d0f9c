"""What is wrong with a file: every error with its place, all of them at once."""

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from faktura.kernel.errors import BadInput, FakturaError

MOST = 50
_LINE = re.compile(r", line ([0-9]+)(?:, entry ([0-9]+))?")


class ImportRefused(BadInput):
    """A file was refused whole; `parts` names up to 50 reasons, nothing of it was imported."""

    code = "import_refused"

    def __init__(self, file: str, errors: Sequence[FakturaError], *, more: bool) -> None:
        count = f"more than {len(errors)}" if more else str(len(errors))
        noun = "error" if len(errors) == 1 and not more else "errors"
        super().__init__(
            f"{count} {noun}, nothing was imported", place=file, mend="Mend the file, import again"
        )
        self.parts = tuple(errors)


@dataclass(slots=True)
class Findings:
    """Gathers the errors of one file."""

    file: str
    errors: list[FakturaError] = field(default_factory=list)
    more: bool = False

    @property
    def full(self) -> bool:
        """Whether further errors would only be counted as “more”."""
        return len(self.errors) >= MOST

    def add(self, error: FakturaError) -> None:
        """Note an error whose place names the line and field."""
        if self.full:
            self.more = True
        else:
            self.errors.append(error.at(self.file) if self.file else error)

    @contextmanager
    def at(self, place: str) -> Iterator[None]:
        """Note an error that the block raises, with the place before its own."""
        try:
            yield
        except FakturaError as error:
            self.add(error.at(place))

    def refuse_if_any(self) -> None:
        """Raise ImportRefused with everything that was found."""
        if self.errors:
            raise ImportRefused(self.file, sorted(self.errors, key=self._line), more=self.more)

    def _line(self, error: FakturaError) -> tuple[int, int]:
        """Where the error stands: a person goes through the file once, from top to bottom."""
        found = _LINE.match(error.place.removeprefix(self.file))
        return (int(found[1]), int(found[2] or 0)) if found else (0, 0)
