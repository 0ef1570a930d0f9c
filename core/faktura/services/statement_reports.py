"""What came of an uploaded file, for the person who uploaded it: in all, and of each file of a ZIP."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class FileReport:
    """What came of one file of an archive; the fields are those of the whole report."""

    file: str
    statements: int = 0
    entries: int = 0
    new: int = 0
    duplicates: int = 0
    previews: int = 0
    held: int = 0
    expanded: int = 0
    other_accounts: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What came of an upload; `other_accounts` were in the file and not imported.

    `new` movements may be booked; `previews` were announced, or notified before their statement.
    `held` may be duplicates, a person says so; of `expanded` batches the details count instead.
    `files` says the same of each file of an archive, and is empty where the upload is none.
    """

    filename: str
    format: str
    already_imported: bool = False
    statements: int = 0
    entries: int = 0
    new: int = 0
    duplicates: int = 0
    previews: int = 0
    held: int = 0
    expanded: int = 0
    other_accounts: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    files: tuple[FileReport, ...] = ()


@dataclass(slots=True)
class Tally:
    """Counts while a file is imported."""

    statements: int = 0
    entries: int = 0
    new: int = 0
    duplicates: int = 0
    previews: int = 0
    held: int = 0
    expanded: int = 0
    others: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)

    def of_file(self, file: str) -> FileReport:
        """What was counted, as the report of this file."""
        return FileReport(
            file,
            self.statements,
            self.entries,
            self.new,
            self.duplicates,
            self.previews,
            self.held,
            self.expanded,
            tuple(self.others),
            tuple(self.warnings),
        )


def whole_report(filename: str, format_name: str, files: dict[str, Tally]) -> ImportReport:
    """The report of an upload from those of its files by name; the upload itself has none."""
    tallies = [one for _, one in sorted(files.items())]
    others = dict.fromkeys(other for one in tallies for other in one.others)
    return ImportReport(
        filename,
        format_name,
        statements=sum(one.statements for one in tallies),
        entries=sum(one.entries for one in tallies),
        new=sum(one.new for one in tallies),
        duplicates=sum(one.duplicates for one in tallies),
        previews=sum(one.previews for one in tallies),
        held=sum(one.held for one in tallies),
        expanded=sum(one.expanded for one in tallies),
        other_accounts=tuple(others),
        warnings=tuple(warning for one in tallies for warning in one.warnings),
        files=tuple(one.of_file(file) for file, one in sorted(files.items()) if file),
    )
