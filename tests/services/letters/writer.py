"""A format that writes letters as JSON, after it has looked whether they can be right."""

from decimal import Decimal

from typing_extensions import override

from faktura.kernel.errors import RenderRefused
from faktura.plugin import (
    AccountStatement,
    DocumentFormat,
    Finding,
    InvoiceDocument,
    LetterHead,
    LetterWriting,
    Reminder,
)


class JsonLetters(DocumentFormat, LetterWriting):
    """Takes the place of `pdf`; refuses what does not add up or is not in order."""

    format_id = "pdf"
    media_type = "application/pdf"
    file_suffix = ".pdf"
    rule_set = "test-1"

    @override
    def check(self, document: InvoiceDocument) -> tuple[Finding, ...]:
        return ()

    @override
    def render(self, document: InvoiceDocument) -> bytes:
        raise RenderRefused("this format writes letters only", place=document.number)

    @override
    def write_statement(self, statement: AccountStatement) -> bytes:
        """The statement as JSON."""
        balance = statement.opening
        for entry in statement.entries:
            balance += entry.amount
            _refuse_unless(entry.balance == balance, statement.head, "a balance is wrong")
            inside = statement.period.start <= entry.on <= statement.period.end
            _refuse_unless(inside, statement.head, f"{entry.on} is outside the period")
        days = [entry.on for entry in statement.entries]
        _refuse_unless(days == sorted(days), statement.head, "the entries are not in order")
        _refuse_unless(statement.closing == balance, statement.head, "the end is wrong")
        return statement.model_dump_json().encode()

    @override
    def write_reminder(self, reminder: Reminder) -> bytes:
        """The reminder as JSON."""
        open_sum = sum((item.open for item in reminder.items), Decimal(0))
        charged = reminder.fee + reminder.flat + reminder.interest
        asked = open_sum + charged - reminder.credit
        on_items = sum((item.interest for item in reminder.items), Decimal(0))
        _refuse_unless(reminder.interest == on_items, reminder.head, "the interest is wrong")
        named = (reminder.charges is not None) == bool(charged)
        _refuse_unless(named, reminder.head, "the charges have no number, or no amount")
        _refuse_unless(reminder.total == asked, reminder.head, "the sum is wrong")
        late = all(item.due_on < reminder.head.written_on for item in reminder.items)
        _refuse_unless(bool(reminder.items) and late, reminder.head, "nothing is overdue")
        return reminder.model_dump_json().encode()


def _refuse_unless(right: bool, head: LetterHead, problem: str) -> None:
    if not right:
        raise RenderRefused(problem, place=f"letter to {head.customer_number}")
