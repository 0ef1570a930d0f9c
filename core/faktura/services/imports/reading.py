"""A whole file as typed entries, with everything that is wrong with it; no database is needed."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Generic, TypeVar

from pydantic import BaseModel

from faktura.kernel.errors import FakturaError
from faktura.services.imports.csv_entries import csv_entries
from faktura.services.imports.entries import Entry, ImportFile
from faktura.services.imports.findings import Findings, ImportRefused, Spot
from faktura.services.imports.json_entries import json_entries
from faktura.services.imports.known_fields import known_fields
from faktura.services.imports.validation import typed

Model = TypeVar("Model", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class Placed(Generic[Model]):
    """An entry's fields and where it stands."""

    place: str
    fields: Model


@dataclass(frozen=True, slots=True)
class Sheet(Generic[Model]):
    """What a file says, as far as it fits, and what is wrong with it so far."""

    entries: tuple[Placed[Model], ...]
    findings: Findings

    def spot(self, entry: Placed[Model]) -> Spot:
        """Where to note what is wrong with an entry."""
        return Spot(self.findings, entry.place)


def alone(fields: Model) -> Sheet[Model]:
    """A single object that came without a file: its errors are FieldsRefused."""
    return Sheet((Placed("", fields),), Findings())


def read_sheet(file: ImportFile, model: type[Model]) -> Sheet[Model]:
    """Read a list of entries; raises ImportRefused where no entry can be told from the next."""
    findings = Findings(file.name)
    entries: list[Placed[Model]] = []
    try:
        for entry in _entries(file, model, findings):
            fields = typed(model, entry, findings)
            if fields is not None:
                entries.append(Placed(entry.place, fields))
            if findings.more:
                break
    except ImportRefused:
        raise
    except FakturaError as error:
        findings.add(error)
        findings.refuse_if_any()
    return Sheet(tuple(entries), findings)


def _entries(file: ImportFile, model: type[BaseModel], findings: Findings) -> Iterator[Entry]:
    if file.suffix == ".csv":
        return csv_entries(file.text, known_fields(model), findings)
    return json_entries(file.text)
