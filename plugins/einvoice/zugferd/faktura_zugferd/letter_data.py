"""Account statements and reminders as the data of their pages; they share the invoice's parts."""

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal

from faktura.plugin import (
    AccountStatement,
    LetterHead,
    Reminder,
    ReminderItem,
    StatementEntry,
)
from faktura_zugferd.amounts_shown import Shown
from faktura_zugferd.code_drawing import code_svg
from faktura_zugferd.giro_code import reference_of_reminder
from faktura_zugferd.look import Look
from faktura_zugferd.page_data_head import Correspondents, contact_pairs, head, info_rows, meta
from faktura_zugferd.page_data_lines import column_width
from faktura_zugferd.page_data_payment import transfer_rows
from faktura_zugferd.texts_shown import shown
from faktura_zugferd.words import Words

_TEXT_WIDTH = 60
_CELL_WIDTH = 30
_LAST_LEVEL = 3

Row = dict[str, object]


def statement_page(statement: AccountStatement, look: Look) -> dict[str, object]:
    """The data of the kind `statement`: opening, entries with running balance, closing."""
    words = Words(statement.head.language, look.texts)
    amounts = Shown(words.language, statement.head.currency)
    period = amounts.period(statement.period)
    columns = ("day", "text", "debit", "credit", "balance")
    return _letter(statement.head, words.say("title.statement"), words, look, period) | {
        "number": period,
        "before": [
            _greeting(statement.head, words),
            shown(words.say("statement.intro", period=period)),
        ],
        "entries": {
            "head": [words.say(f"columns.{key}", currency=amounts.currency) for key in columns],
            "widths": _widths(statement, amounts),
            "carried": words.say("carried"),
            "subtotal": words.say("subtotal"),
            "opening": {
                "label": words.say("statement.opening", day=amounts.day(statement.period.start)),
                "amount": amounts.amount(statement.opening),
            },
            "rows": [_entry(one, amounts) for one in statement.entries],
            "none": "" if statement.entries else words.say("statement.none"),
            "closing": {
                "label": words.say("statement.closing", day=amounts.day(statement.period.end)),
                "amount": amounts.amount(statement.closing),
            },
        },
        "result": _result(statement, amounts, words),
    }


def reminder_page(
    reminder: Reminder, look: Look, giro_code: Sequence[str] = ()
) -> dict[str, object]:
    """The data of the kind `reminder`; `giro_code` are the rows of the code, without quiet zone."""
    words = Words(reminder.head.language, look.texts)
    amounts = Shown(words.language, reminder.head.currency)
    day, total = amounts.day(reminder.pay_by), amounts.money(reminder.total)
    return _letter(reminder.head, _title(reminder, words), words, look) | {
        "number": "",
        "before": [_greeting(reminder.head, words), *_texts(reminder, amounts, words)],
        "items": _items(reminder, amounts, words),
        "totals": [*_sums(reminder, amounts, words)],
        "due": {"label": words.say("reminder.total", day=day), "amount": total},
        "payment": {
            "title": words.say("pay.title"),
            "text": words.say("pay.transfer", amount=total, day=day),
            "rows": transfer_rows(reminder.transfers, reference_of_reminder(reminder), words),
            "qr": code_svg(giro_code),
            "qr_word": words.say("pay.qr"),
            "link": None,
        }
        if reminder.transfers
        else None,
        "after": [*_after(reminder, amounts, words), words.say("closing")],
        "signed": shown(reminder.head.seller.name, _TEXT_WIDTH),
    }


def _letter(
    letter: LetterHead, title: str, words: Words, look: Look, period: str = ""
) -> dict[str, object]:
    """What both letters begin with."""
    who = Correspondents(letter.seller, letter.customer)
    amounts = Shown(words.language, letter.currency)
    info = [
        ("day", amounts.day(letter.written_on)),
        ("customer", letter.customer_number),
        ("statement_period", period),
        *contact_pairs(letter.seller),
    ]
    return {
        "meta": meta(
            words, f"{title} {letter.customer_number}", letter.seller.name, letter.written_on
        ),
        "head": head(who, words, look),
        "info": info_rows(info, words),
        "title": title,
        "subtitle": "",
    }


def _greeting(letter: LetterHead, words: Words) -> str:
    contact = letter.customer.contact
    if contact and contact.name and contact.name.strip():
        return shown(words.say("greeting.name", name=contact.name), _TEXT_WIDTH)
    return words.say("greeting")


def _entry(entry: StatementEntry, amounts: Shown) -> Row:
    """A debit or a credit in its own column, and the balance after it."""
    owes = entry.amount >= 0
    return {
        "day": amounts.day(entry.on),
        "text": shown(entry.text, _CELL_WIDTH),
        "debit": amounts.amount(entry.amount) if owes else "",
        "credit": "" if owes else amounts.amount(-entry.amount),
        "balance": amounts.amount(entry.balance),
    }


def _widths(statement: AccountStatement, amounts: Shown) -> list[float]:
    """Millimetres of the columns; 0 takes the rest."""
    moved = column_width(24, (amounts.amount(one.amount) for one in statement.entries))
    balances = [statement.opening, statement.closing, *(one.balance for one in statement.entries)]
    return [23, 0, moved, moved, column_width(27, map(amounts.amount, balances))]


def _result(statement: AccountStatement, amounts: Shown, words: Words) -> str:
    closing = statement.closing
    if closing > 0:
        return words.say("statement.owed", amount=amounts.money(closing))
    if closing < 0:
        return words.say("statement.credit", amount=amounts.money(-closing))
    return words.say("statement.settled")


def _is_last(reminder: Reminder) -> bool:
    if reminder.is_last is None:
        return reminder.level >= _LAST_LEVEL
    return reminder.is_last


def _title(reminder: Reminder, words: Words) -> str:
    if _is_last(reminder):
        return words.say(f"title.reminder.{_LAST_LEVEL}")
    if reminder.level < _LAST_LEVEL:
        return words.say(f"title.reminder.{max(reminder.level, 0)}")
    return words.say("title.reminder.further", no=str(reminder.level))


def _texts(reminder: Reminder, amounts: Shown, words: Words) -> Iterator[str]:
    """The level's own wording, or what replaces it, then what follows it."""
    day, total = amounts.day(reminder.pay_by), amounts.money(reminder.total)
    tone = _LAST_LEVEL if _is_last(reminder) else min(max(reminder.level, 0), _LAST_LEVEL - 1)
    text = reminder.text or words.say(f"reminder.text.{tone}", total=total, day=day)
    yield shown(text, _TEXT_WIDTH)
    if reminder.more:
        yield shown(reminder.more, _TEXT_WIDTH)


def _items(reminder: Reminder, amounts: Shown, words: Words) -> dict[str, object]:
    """The overdue documents; of a dunning notice with their levels, and interest where there is some."""
    columns = ["document", "issued", "due", "overdue", "gross", "open"]
    if any(item.level is not None for item in reminder.items):
        columns = ["document", "issued", "due", "level", "gross", "open"]
    if any(item.interest for item in reminder.items):
        columns = [*columns[:4], "open", "interest"]
    cells = [_cells(item, reminder.head.written_on, amounts) for item in reminder.items]
    return {
        "head": [words.say(f"columns.{key}", currency=amounts.currency) for key in columns],
        "rows": [[row[key] for key in columns] for row in cells],
    }


def _cells(item: ReminderItem, written_on: date, amounts: Shown) -> dict[str, str]:
    return {
        "document": shown(item.number, 20),
        "issued": amounts.day(item.issued_on),
        "due": amounts.day(item.due_on),
        "overdue": str(max(0, (written_on - item.due_on).days)),
        "level": str(item.level) if item.level else "–",
        "gross": amounts.amount(item.gross),
        "open": amounts.amount(item.open),
        "interest": amounts.amount(item.interest),
    }


def _sums(reminder: Reminder, amounts: Shown, words: Words) -> Iterator[Row]:
    """The open amounts and what is asked for beside them; a row only where there is something."""
    still_open = sum((item.open for item in reminder.items), Decimal(0))
    yield _sum_row(words.say("reminder.sum"), amounts.money(still_open))
    for key, amount in (
        ("fee", reminder.fee),
        ("flat", reminder.flat),
        ("interest", reminder.interest),
        ("credit", -reminder.credit),
    ):
        if amount:
            yield _sum_row(words.say(f"reminder.{key}"), amounts.money(amount))


def _after(reminder: Reminder, amounts: Shown, words: Words) -> Iterator[str]:
    """Under which number the charges are owed, what of earlier ones is open, whom to ask."""
    if reminder.earlier:
        charges = ", ".join(f"{one.number} {amounts.money(one.open)}" for one in reminder.earlier)
        yield shown(words.say("reminder.earlier", charges=charges), _TEXT_WIDTH)
    if reminder.charges:
        yield shown(words.say("reminder.charges", number=reminder.charges), _TEXT_WIDTH)
    yield shown(words.say("reminder.questions"), _TEXT_WIDTH)


def _sum_row(label: str, amount: str) -> Row:
    return {"label": label, "amount": amount, "strong": False}
