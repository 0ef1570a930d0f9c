"""Files of debits as the command line shows them, and what they leave out."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from faktura.cli.moments import local_minute
from faktura.cli.output import print_json, print_record, print_records, say

if TYPE_CHECKING:
    from faktura.domain.debit_files import KeptFile
    from faktura.domain.tenants import Tenant
    from faktura.flows.debit_files import DebitPlan, Made
    from faktura.services.debit_files import FileView
    from faktura.services.debit_items import LeftOut, Sorted

COLUMNS = (
    "account", "file", "state", "debits", "total", "scheme", "firstDueOn", "lastDueOn",
    "submitUntil", "late",
)  # fmt: skip
_LEFT = ("invoice", "amount", "fate", "reason")
_FATES = {
    "later": "waits for its time",
    "spoilt": "waits to be mended",
    "over": "given up: the next run collects it anew",
}


def file_record(file: "KeptFile", time_zone: str, *, late: bool) -> dict[str, object]:
    """A file, a field each; moments in that time zone."""
    handed_in, cancelled = file.handed_in_at, file.cancelled_at
    return {
        "account": file.instance,
        "file": file.no,
        "state": file.state,
        "debits": file.items,
        "total": str(file.total),
        "scheme": file.scheme,
        "firstDueOn": file.first_due_on,
        "lastDueOn": file.last_due_on,
        "submitUntil": local_minute(file.submit_until, time_zone),
        "late": late,
        "messageId": file.message_id,
        "filename": file.filename,
        "sha256": file.digest.hex(),
        "createdAt": local_minute(file.created_at, time_zone),
        "handedInAt": None if handed_in is None else local_minute(handed_in, time_zone),
        "cancelledAt": None if cancelled is None else local_minute(cancelled, time_zone),
        "reason": file.reason,
    }


def show_view(view: "FileView", seller: "Tenant", *, as_json: bool) -> None:
    """A file with its debits and what became of each."""
    record = file_record(view.file, seller.time_zone, late=view.is_late)
    rows = [
        {"invoice": number, "amount": str(one.amount), "state": one.state, "attempt": str(one.id)}
        for one, number in view.debits
    ]
    if as_json:
        print_json({**record, "changed": list(view.changed), "items": rows})
        return
    print_record(record, as_json=False)
    print_records(rows, columns=("invoice", "amount", "state", "attempt"), as_json=False)
    warn(view, as_json=False)


def warn(view: "FileView", *, as_json: bool) -> None:
    """What a person should know before the bank has the file."""
    if view.changed:
        say(
            f"Of {', '.join(view.changed)} another amount is open by now: where the bank does not"
            " have the file yet, cancel it and make another one.",
            as_json=as_json,
        )
    if view.is_late:
        say("Its cut-off has passed: cancel it and make another one.", as_json=as_json)


def planned_files(plan: "DebitPlan") -> list[dict[str, object]]:
    """The files that would be made, in their order."""
    from faktura.flows.debit_files import sum_of

    return [
        {
            "debits": len(ready),
            "total": str(sum_of(ready)),
            "scheme": ready[0].item.mandate.scheme,
            "firstDueOn": ready[0].item.due_on,
            "lastDueOn": ready[-1].item.due_on,
            "invoices": [one.waiting.number for one in ready],
        }
        for ready in plan.files
    ]


def plan_record(plan: "DebitPlan") -> dict[str, object]:
    """What would be made of an account's debits."""
    found = plan.sorted
    return {
        "account": plan.instance,
        "files": planned_files(plan),
        "later": left_records("later", found.later),
        "spoilt": left_records("spoilt", found.spoilt),
        "over": left_records("over", found.over),
    }


def made_record(made: "Made", files: Sequence[dict[str, object]]) -> dict[str, object]:
    """What was made of an account's debits; `files` are those of all accounts."""
    return {
        "account": made.instance,
        "files": [one for one in files if one["account"] == made.instance],
        "late": made.late,
        "later": left_records("later", made.later),
        "spoilt": left_records("spoilt", made.spoilt),
        "over": left_records("over", made.over),
    }


def left_records(fate: str, left: Sequence["LeftOut"]) -> list[dict[str, object]]:
    """Debits that are in no file, with the reasons."""
    return [
        {
            "invoice": one.waiting.number,
            "amount": str(one.waiting.attempt.amount),
            "fate": _FATES[fate],
            "reason": one.reason,
        }
        for one in left
    ]


def show_left(found: "Sorted | Made") -> None:
    """The debits that are in no file, with the reasons."""
    left = [
        *left_records("later", found.later),
        *left_records("spoilt", found.spoilt),
        *left_records("over", found.over),
    ]
    if left:
        print_records(left, columns=_LEFT, as_json=False, title="Left out")
