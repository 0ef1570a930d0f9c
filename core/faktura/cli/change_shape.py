"""What changes of a contract wrote, or would write, for people and for scripts."""

from datetime import timedelta
from typing import TYPE_CHECKING

from faktura.cli.output import print_json, print_records, say
from faktura.kernel.money import Money

if TYPE_CHECKING:
    from faktura.domain.documents import DocumentRecord
    from faktura.services.change_steps import StepsTaken

_DAY = timedelta(days=1)


def show_steps(taken: "StepsTaken", *, dry_run: bool, as_json: bool) -> None:
    """Print documents line by line, postings and the difference in money."""
    documents = [_document(one, numbered=not dry_run) for one in taken.written.documents]
    postings = _postings(taken)
    difference = {
        "difference": str(taken.difference.decimal),
        "currency": taken.difference.currency,
    }
    if as_json:
        number = taken.contract.number
        print_json(
            {
                "contractNumber": number,
                "state": taken.contract.state,
                "end": taken.contract.end,
                "dryRun": dry_run,
                **difference,
                "documents": documents,
                "postings": postings,
            }
        )
        return
    columns = ("document", "article", "from", "to", "quantity", "unit", "price", "per", "net")
    rows = [line for document in documents for line in _lines(document)]
    title = "It would make these documents" if dry_run else "Documents"
    if rows:
        print_records(rows, columns=columns, as_json=False, title=title)
    if postings:
        print_records(
            postings, columns=("kind", "account", "side", "amount"), as_json=False, title="Postings"
        )
    if not rows:
        say("No document.", as_json=False)
    say(f"Difference: {taken.difference}.", as_json=False)
    say(_standing(taken), as_json=False)
    if dry_run:
        say("Nothing was written.", as_json=False)


def _standing(taken: "StepsTaken") -> str:
    """Where the contract stands after it, and its last day where one is set."""
    contract = taken.contract
    end = "" if contract.end is None else f", its last day is {contract.end - _DAY}"
    return f"Contract {contract.number} is {contract.state}{end}."


def _document(record: "DocumentRecord", *, numbered: bool) -> dict[str, object]:
    shown: dict[str, object] = {
        "kind": record.kind.value,
        "number": record.number if numbered else None,
        "issuedOn": str(record.issued_on),
        "dueOn": str(record.due_on),
        "net": str(record.net.decimal),
        "vat": str(record.tax.decimal),
        "gross": str(record.gross.decimal),
        "lines": [
            {
                "article": line.article_number,
                "from": str(line.service.start),
                "to": str(line.service.last_day),
                "quantity": f"{line.quantity:f}",
                "unit": line.unit.value,
                "price": f"{line.price:f}",
                "per": f"{line.base:f}",
                "net": str(line.net.decimal),
            }
            for line in record.lines
        ],
    }
    return shown


def _lines(document: dict[str, object]) -> list[dict[str, object]]:
    kind = document["number"] or document["kind"]
    lines = document["lines"]
    rows = [{"document": kind, **line} for line in lines] if isinstance(lines, list) else []
    return [*rows, {"document": f"{kind} gross", "net": document["gross"]}]


def _postings(taken: "StepsTaken") -> list[dict[str, object]]:
    posted: list[dict[str, object]] = [
        {
            "kind": entry.kind.value,
            "valueDate": str(entry.value_date),
            "account": leg.account,
            "side": leg.side.value,
            "amount": str(leg.amount),
        }
        for entry in taken.written.entries
        for leg in entry.legs
    ]
    waiting: list[dict[str, object]] = [
        {
            "kind": entry.kind.value,
            "valueDate": str(entry.value_date),
            "account": leg.account,
            "side": leg.side.value,
            "amount": str(Money(leg.minor, entry.currency).decimal),
        }
        for entry in taken.written.drafts
        for leg in entry.legs
    ]
    return [*posted, *waiting]
