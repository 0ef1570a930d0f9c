"""The world of the bank feed in memory: a bank, people at its forms, and what the feed knows of it.

Bookings stand at the bank until an update brings them to the feed; an update ends after as many looks
as the world says, and the connection stays busy for some more.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import Enum, auto

from faktura.kernel.bank_terms import (
    Consent,
    FeedAccountState,
    FeedResult,
    FeedTaskState,
)
from faktura.kernel.clock import Clock
from faktura.plugin import (
    BankTransaction,
    BookingStatus,
    FeedAccount,
    FeedConnection,
    FeedForm,
    FeedMovement,
    FeedTask,
    FormRequest,
)


class Killed(BaseException):
    """Our process dies here; nothing of it catches this."""


class Bank(Enum):
    """How the bank takes the next login."""

    LETS_IN = auto()
    WRONG_PIN = auto()
    WANTS_TAN = auto()
    IS_DOWN = auto()


class Do(Enum):
    """What becomes of one call: not reached, refused, done and its answer lost, or our end."""

    UNAVAILABLE = auto()
    BROKEN = auto()
    PERSON = auto()
    LOST = auto()
    DIE_BEFORE = auto()
    DIE_AFTER = auto()


@dataclass
class DoubleConnection:
    """A connection at the feed; `bookings` are at the bank, `imported` with the day they were fetched."""

    state: FeedConnection
    user: str
    bank: Bank = Bank.LETS_IN
    busy_looks: int = 0
    bookings: list[FeedMovement] = field(default_factory=list)
    imported: list[tuple[date, FeedMovement]] = field(default_factory=list)
    updates: list[tuple[datetime, bool]] = field(default_factory=list)


@dataclass
class FeedWorld:
    """All that a feed knows; `looks` is how often a task is looked at before it ends.

    `visitor` is called with a task whose form waits while somebody looks at it: a person comes.
    """

    clock: Clock
    looks: int = 0
    busy_looks: int = 0
    users: dict[str, str] = field(default_factory=dict)
    connections: dict[str, DoubleConnection] = field(default_factory=dict)
    tasks: dict[str, FeedTask] = field(default_factory=dict)
    looked: dict[str, int] = field(default_factory=dict)
    requests: dict[str, FormRequest] = field(default_factory=dict)
    calls: list[str] = field(default_factory=list)
    script: dict[str, list[Do]] = field(default_factory=dict)
    wrong_pins: int = 0
    adjustments: tuple[str, ...] = ()
    visitor: Callable[[str], object] | None = None

    def next(self, method: str, *does: Do) -> None:
        """The next calls of that method end so."""
        self.script.setdefault(method, []).extend(does)

    def count(self, method: str) -> int:
        """How often it was asked for that."""
        return self.calls.count(method)

    def complete(
        self, task: str, *ibans: str | None, reference: str = "", bank: str = "Musterbank"
    ) -> DoubleConnection:
        """A person comes to the form, chooses the bank and logs in."""
        number = reference or str(100 + len(self.connections))
        accounts = tuple(
            FeedAccount(
                reference=f"{number}-{place}",
                iban=iban,
                currency="EUR",
                balance=Decimal("10.00"),
                state=FeedAccountState.UPDATED,
                updated_at=self.clock.now(),
            )
            for place, iban in enumerate(ibans, start=1)
        )
        made = DoubleConnection(
            FeedConnection(
                reference=number,
                bank_name=bank,
                bic="TESTDE88XXX",
                consent=Consent.PRESENT,
                consent_until=self.clock.now() + timedelta(days=180),
                result=FeedResult.OK,
                result_at=self.clock.now(),
                accounts=accounts,
            ),
            next(iter(self.users)),
            busy_looks=self.busy_looks,
        )
        self.connections[number] = made
        self.tasks[task] = self.tasks[task].model_copy(
            update={"state": FeedTaskState.DONE, "connection": number}
        )
        return made

    def come(self, task: str, *, pin: bool = True) -> None:
        """A person comes to the form of an update and approves it, or gives a PIN."""
        done = self.tasks[task]
        connection = self.connections[done.connection]
        connection.bank = Bank.LETS_IN if pin else Bank.WRONG_PIN
        self.ask_bank(connection, task)

    def abandon(self, task: str) -> None:
        """Nobody comes to the form, or closes it."""
        self.tasks[task] = self.tasks[task].model_copy(
            update={"state": FeedTaskState.ABANDONED, "form": None}
        )

    def book(
        self,
        connection: DoubleConnection,
        reference: str,
        amount: str,
        text: str,
        *,
        account: int = 0,
    ) -> FeedMovement:
        """A booking at the bank: the feed has it after the next update."""
        day = self.clock.now().date()
        transaction = BankTransaction(
            entry_index=len(connection.bookings),
            place=f"booking {reference}",
            status=BookingStatus.BOOKED,
            booked_on=day,
            value_on=day,
            amount=Decimal(amount),
            currency="EUR",
            source_ref=reference,
            remittance_lines=(text,),
        )
        of = connection.state.accounts[account].reference
        booking = FeedMovement(account=of, transaction=transaction)
        connection.bookings.append(booking)
        return booking

    def change(self, connection: DoubleConnection, **facts: object) -> None:
        """The feed says something else of the connection from now on."""
        connection.state = connection.state.model_copy(update=facts)

    def ask_bank(self, connection: DoubleConnection, task: str) -> None:
        """The feed logs in at the bank for a task, and the task ends as the bank takes it."""
        now = self.clock.now()
        ended: dict[str, object] = {"form": None}
        facts: dict[str, object] = {"result_at": now, "needs_person": False}
        match connection.bank:
            case Bank.LETS_IN:
                ended["state"], facts["result"] = FeedTaskState.DONE, FeedResult.OK
                facts["message"] = ""
                connection.busy_looks = self.busy_looks
                connection.imported += [(now.date(), one) for one in connection.bookings]
                connection.bookings.clear()
                facts["accounts"] = tuple(
                    one.model_copy(update={"updated_at": now}) for one in connection.state.accounts
                )
            case Bank.WRONG_PIN:
                self.wrong_pins += 1
                ended |= {"state": FeedTaskState.FAILED, "rejected": True, "message": "PIN falsch"}
                facts |= {"result": FeedResult.REJECTED, "message": "PIN falsch"}
            case Bank.IS_DOWN:
                ended |= {"state": FeedTaskState.FAILED, "message": "Wartungsarbeiten"}
                facts |= {"result": FeedResult.TECHNICAL, "message": "Wartungsarbeiten"}
            case Bank.WANTS_TAN:
                form = FeedForm(
                    url=f"https://form.example/{task}", expires_at=now + timedelta(minutes=20)
                )
                ended |= {"state": FeedTaskState.FORM_NEEDED, "form": form}
                facts = {"needs_person": True}
        self.tasks[task] = self.tasks[task].model_copy(update=ended)
        self.change(connection, **facts)
