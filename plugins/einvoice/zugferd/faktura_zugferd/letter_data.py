"""Account statements and reminders as the data of their pages; they share the invoice's parts."""

from collections.abc import Iterator, Sequence

from faktura.plugin import (
    AccountStatement,
    LetterHead,
    Reminder,
    ReminderItem,
    StatementEntry,
)
from faktura_zugferd.amounts_shown import Shown
from faktura_zugferd.code_drawing import code_svg
from faktura_zugferd.look import Look
from faktura_zugferd.page_data_head import Correspondents, contact_pairs, head, info_rows, meta
from faktura_zugferd.page_data_lines import column_width
from faktura_zugferd.page_data_payment import transfer_rows
from faktura_zugferd.texts_shown import shown
from faktura_zugferd.words import Words

_TEXT_WIDTH = 60
_CELL_WIDTH = 30
_HIGHEST_LEVEL = 3

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
    level = min(max(reminder.level, 0), _HIGHEST_LEVEL)
    day, total = amounts.day(reminder.pay_by), amounts.money(reminder.total)
    text = reminder.text or words.say(f"reminder.text.{level}", total=total, day=day)
    columns = ("document", "issued", "due", "overdue", "gross", "open")
    numbers = ", ".join(item.number for item in reminder.items)
    return _letter(reminder.head, words.say(f"title.reminder.{level}"), words, look) | {
        "number": "",
        "before": [_greeting(reminder.head, words), shown(text, _TEXT_WIDTH)],
        "items": {
            "head": [words.say(f"columns.{key}", currency=amounts.currency) for key in columns],
            "rows": [_item(one, reminder, amounts) for one in reminder.items],
        },
        "totals": [*_sums(reminder, amounts, words)],
        "due": {"label": words.say("reminder.total", day=day), "amount": total},
        "payment": {
            "title": words.say("pay.title"),
            "text": words.say("pay.transfer", amount=total, day=day),
            "rows": transfer_rows(reminder.transfers, numbers, words),
            "qr": code_svg(giro_code),
            "qr_word": words.say("pay.qr"),
            "link": None,
        }
        if reminder.transfers
        else None,
        "after": [shown(words.say("reminder.questions"), _TEXT_WIDTH), words.say("closing")],
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


def _item(item: ReminderItem, reminder: Reminder, amounts: Shown) -> list[str]:
    overdue = max(0, (reminder.head.written_on - item.due_on).days)
    return [
        shown(item.number, 20),
        amounts.day(item.issued_on),
        amounts.day(item.due_on),
        str(overdue),
        amounts.amount(item.gross),
        amounts.amount(item.open),
    ]


def _sums(reminder: Reminder, amounts: Shown, words: Words) -> Iterator[Row]:
    """The open amounts, fee and interest; nothing where the total is the one open amount."""
    still_open = reminder.total - reminder.fee - reminder.interest
    yield _sum_row(words.say("reminder.sum"), amounts.money(still_open))
    if reminder.fee:
        yield _sum_row(words.say("reminder.fee"), amounts.money(reminder.fee))
    if reminder.interest:
        yield _sum_row(words.say("reminder.interest"), amounts.money(reminder.interest))


def _sum_row(label: str, amount: str) -> Row:
    return {"label": label, "amount": amount, "strong": False}
