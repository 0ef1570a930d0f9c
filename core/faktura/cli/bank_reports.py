"""What came of a statement file, as faktura bank import prints it."""

from dataclasses import asdict
from typing import TYPE_CHECKING

from faktura.cli.output import print_record, print_records, say

if TYPE_CHECKING:
    from faktura.flows.statements import BankReport

_COUNTS = ("file", "statements", "entries", "new", "duplicates", "previews", "held", "expanded")


def show_report(report: "BankReport", *, as_json: bool) -> None:
    """Print what an upload brought in, of an archive file by file, and what was matched after it."""
    imported, matched = report.imported, report.matched
    files = [asdict(one) for one in imported.files]
    print_record(
        {
            "file": imported.filename,
            "format": imported.format,
            "already_imported": imported.already_imported,
            "statements": imported.statements,
            "entries": imported.entries,
            "new": imported.new,
            "duplicates": imported.duplicates,
            "previews": imported.previews,
            "held": imported.held,
            "expanded": imported.expanded,
            "booked": matched.booked,
            "returned": matched.returned,
            "open": matched.open,
            "other_accounts": list(imported.other_accounts),
            "warnings": list(imported.warnings) if as_json else "\n".join(imported.warnings),
            **({"files": files} if as_json else {}),
        },
        as_json=as_json,
    )
    if files and not as_json:
        counts = [{name: one[name] for name in _COUNTS} for one in files]
        print_records(counts, columns=_COUNTS, as_json=False)
    if imported.held:
        say("What may be there twice: faktura bank list --state HELD", as_json=as_json)
    if matched.open:
        say("What waits for a person, and why: faktura bank open", as_json=as_json)
