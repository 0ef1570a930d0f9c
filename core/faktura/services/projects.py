"""Which project is meant where somebody names one, or leaves it out."""

from collections.abc import Mapping

from faktura.kernel.errors import FieldMissing, NotFound, shortened
from faktura.store.catalogue import Project


def choose_project(projects: Mapping[str, Project], key: str | None) -> Project:
    """The project; where none is named, the only one (F020). Raises FieldMissing, NotFound."""
    known = shortened(", ".join(sorted(projects)))
    if key is None:
        if len(projects) == 1:
            return next(iter(projects.values()))
        raise FieldMissing(
            f"there are {len(projects)} projects",
            place="project",
            mend=f"Name one of {known}" if known else "Import a catalogue first",
        )
    if key not in projects:
        raise NotFound(
            f"there is no project “{shortened(key)}”", place="project", mend=f"Known: {known}"
        )
    return projects[key]
