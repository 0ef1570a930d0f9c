"""What is wrong with a file or an object: every error with its place, all of them at once."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TypeVar

from faktura.kernel.errors import BadInput, FakturaError

T = TypeVar("T")

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


class FieldsRefused(BadInput):
    """An object was refused; `parts` names up to 50 reasons, nothing of it was written.

    The place of each part is the path in the object, such as `subscriptions.1.items.2.quantity`:
    lists counted from 1, empty for the object itself.
    """

    code = "fields_refused"

    def __init__(self, errors: Sequence[FakturaError], *, more: bool) -> None:
        count = f"more than {len(errors)}" if more else str(len(errors))
        noun = "error" if len(errors) == 1 and not more else "errors"
        super().__init__(f"{count} {noun}, nothing was written", mend="Mend it, then try again")
        self.parts = tuple(errors)


@dataclass(slots=True)
class Findings:
    """Gathers the errors of one file, or of one object where `file` is empty."""

    file: str = ""
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

    def refuse_if_any(self) -> None:
        """Raise ImportRefused, or FieldsRefused for an object, with everything that was found."""
        if not self.errors:
            return
        if not self.file:
            raise FieldsRefused(self.errors, more=self.more)
        raise ImportRefused(self.file, sorted(self.errors, key=self._line), more=self.more)

    def _line(self, error: FakturaError) -> tuple[int, int]:
        """Where the error stands: a person goes through the file once, from top to bottom."""
        found = _LINE.match(error.place.removeprefix(self.file))
        return (int(found[1]), int(found[2] or 0)) if found else (0, 0)


@dataclass(frozen=True, slots=True)
class Spot:
    """A place in an entry: what is wrong there is noted under the entry and the path in it.

    `entry` is empty where an object stands alone, `path` for the entry itself.
    """

    findings: Findings
    entry: str = ""
    path: str = ""

    @property
    def name(self) -> str:
        """The place as another error may name it."""
        return ", ".join(part for part in (self.entry, self.path) if part)

    def part(self, path: str) -> "Spot":
        """The place of a part, such as `items.1`."""
        return Spot(self.findings, self.entry, joined(self.path, path))

    def add(self, error: FakturaError) -> None:
        """Note an error whose place is a path from here."""
        error.place = joined(self.path, error.place)
        self.findings.add(error.at(self.entry) if self.entry else error)

    def add_all(self, errors: Iterable[FakturaError]) -> None:
        """Note each of the errors."""
        for error in errors:
            self.add(error)

    def tried(self, make: Callable[[], T]) -> T | None:
        """What `make` gives; None where it raised an error, which is noted."""
        try:
            return make()
        except FakturaError as error:
            self.add(error)
            return None

    @contextmanager
    def noting(self) -> Iterator[None]:
        """Note an error that the block raises."""
        try:
            yield
        except FakturaError as error:
            self.add(error)


def joined(*paths: str) -> str:
    """Paths one inside the other, as CSV headers write them."""
    return ".".join(path for path in paths if path)
