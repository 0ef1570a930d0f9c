"""Letters that are no invoices: the statement of a customer's account, the reminder to pay."""

from abc import ABC, abstractmethod
from datetime import date
from decimal import Decimal

from faktura.plugin.document_parties import DocumentPeriod, Party
from faktura.plugin.document_payment import CreditTransfer
from faktura.plugin.dto import Dto


class LetterHead(Dto):
    """What every letter begins with; amounts of the letter are in `currency`."""

    language: str = "de"
    seller: Party
    customer: Party
    customer_number: str
    written_on: date
    currency: str


class StatementEntry(Dto):
    """A transaction of the account: value date, text, amount (debit positive), balance after it."""

    on: date
    text: str
    amount: Decimal
    balance: Decimal


class AccountStatement(Dto):
    """The customer's account from the first to the last day of `period`, both inclusive.

    `opening` and `closing` are balances by value date: what the customer owes is positive.
    """

    head: LetterHead
    period: DocumentPeriod
    opening: Decimal
    entries: tuple[StatementEntry, ...]
    closing: Decimal


class ReminderItem(Dto):
    """An overdue document: its gross amount and what of it is still open.

    On a dunning notice `level` is how far it is dunned, from 1, and `interest` is charged on it.
    """

    number: str
    issued_on: date
    due_on: date
    gross: Decimal
    open: Decimal
    level: int | None = None
    interest: Decimal = Decimal(0)


class OpenCharges(Dto):
    """What is open of the charges of an earlier notice, under the number that they are owed by."""

    number: str
    open: Decimal


class Reminder(Dto):
    """A dunning letter: `level` 0 is a payment reminder, 1 and above are dunning levels.

    `is_last` says whether another level follows; None leaves that to the level, of which 3 is the last.
    `total` is the sum of what is open plus `fee`, `flat` (§ 288 Abs. 5 BGB) and `interest`, less
    `credit`; it is to be paid until `pay_by`, inclusive. `charges` is the number that fee, flat and
    interest are owed by. `earlier` charges are named beside it. `text` replaces the level's own
    wording, `more` follows it.
    """

    head: LetterHead
    level: int = 0
    is_last: bool | None = None
    items: tuple[ReminderItem, ...]
    earlier: tuple[OpenCharges, ...] = ()
    fee: Decimal = Decimal(0)
    flat: Decimal = Decimal(0)
    interest: Decimal = Decimal(0)
    credit: Decimal = Decimal(0)
    charges: str | None = None
    total: Decimal
    pay_by: date
    transfers: tuple[CreditTransfer, ...] = ()
    text: str | None = None
    more: str | None = None

    @property
    def numbers(self) -> tuple[str, ...]:
        """What a payment of the total is for, in the letter's order."""
        charged = () if self.charges is None else (self.charges,)
        return (*(item.number for item in self.items), *charged)


class LetterWriting(ABC):
    """Ability of a document format that can write letters too; asked for by isinstance."""

    @abstractmethod
    def write_statement(self, statement: AccountStatement) -> bytes:
        """The statement's bytes in the format's media type; raises RenderRefused."""

    @abstractmethod
    def write_reminder(self, reminder: Reminder) -> bytes:
        """The letter's bytes in the format's media type; raises RenderRefused."""
