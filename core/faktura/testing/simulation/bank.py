"""The simulated bank: our account there, what customers transfer, what debits bring and what comes back."""

import heapq
import json
from dataclasses import dataclass, field
from datetime import date, timedelta

from faktura.kernel.money import Money
from faktura.testing.simulation.chance import Chance
from faktura.testing.simulation.habits import HABITS
from faktura.testing.simulation.outside import BankBooking, BankBooks

RETURN_FEE_MINOR = 300
_RETURN_DAYS = (1, 5)
_REASONS = ("AM04", "AM04", "AM04", "MD06", "AC04", "MS03")


@dataclass(frozen=True, slots=True)
class Entry:
    """A booking with what a statement tells of it besides."""

    booking: BankBooking
    name: str
    iban: str = ""
    end_to_end: str = ""
    mandate: str = ""
    return_reason: str = ""
    original: Money | None = None


@dataclass(frozen=True, slots=True)
class Transfer:
    """What a customer orders their bank to do."""

    amount: Money
    purpose: str
    name: str
    iban: str
    invoice: str = ""


@dataclass(slots=True)
class Bank:
    """Books transfers and debits on their day and tells of them in statements, which are fetched later."""

    chance: Chance
    books: BankBooks
    entries: list[Entry] = field(default_factory=list)
    _plans: list[tuple[date, int, Transfer]] = field(default_factory=list)
    _debits: list[tuple[date, int, "_Debit"]] = field(default_factory=list)
    _files: set[str] = field(default_factory=set)
    _planned: int = 0

    def order(self, day: date, transfer: Transfer) -> None:
        """Have a transfer booked on that day."""
        self._planned += 1
        heapq.heappush(self._plans, (day, self._planned, transfer))

    def take_file(self, content: bytes) -> None:
        """Take a file of debits; the same once more changes nothing."""
        file = json.loads(content)
        if file["messageId"] in self._files:
            return
        self._files.add(file["messageId"])
        for item in file["items"]:
            self._planned += 1
            debit = _Debit(
                Money(item["minor"], item["currency"]),
                item["endToEnd"],
                item["mandate"],
                item["name"],
                item["iban"],
                item["remittance"],
            )
            heapq.heappush(self._debits, (date.fromisoformat(item["dueOn"]), self._planned, debit))

    def book_day(self, today: date) -> None:
        """Book what is for this day or was for an earlier one."""
        while self._plans and self._plans[0][0] <= today:
            transfer = heapq.heappop(self._plans)[2]
            self._book(
                today,
                transfer.amount,
                Booked(transfer.purpose, transfer.name, transfer.iban, invoice=transfer.invoice),
            )
        while self._debits and self._debits[0][0] <= today:
            self._collect(today, heapq.heappop(self._debits)[2])

    def _collect(self, today: date, debit: "_Debit") -> None:
        told = Booked(debit.remittance, debit.name, debit.iban, debit.end_to_end, debit.mandate)
        if debit.returns is not None:
            back = Booked(
                f"RETOURE {debit.reason}",
                debit.name,
                debit.iban,
                debit.end_to_end,
                debit.mandate,
                reason=debit.reason,
                original=debit.amount,
                returns=debit.returns,
            )
            fee = Money(RETURN_FEE_MINOR, debit.amount.currency)
            self._book(today, Money(-debit.amount.minor - fee.minor, fee.currency), back)
            return
        entry = self._book(today, debit.amount, told)
        if self.chance.happens(HABITS.returned, "returned", debit.remittance):
            days = self.chance.between(*_RETURN_DAYS, "returned-days", debit.remittance)
            debit.returns = entry.booking.no
            debit.reason = self.chance.choose(_REASONS, "reason", debit.remittance)
            self._planned += 1
            later = today + timedelta(days=days)
            heapq.heappush(self._debits, (later, self._planned, debit))

    def _book(self, today: date, amount: Money, told: "Booked") -> Entry:
        booking = BankBooking(
            len(self.entries) + 1, today, amount, told.purpose, told.invoice, told.returns
        )
        entry = Entry(
            booking,
            told.name,
            told.iban,
            told.end_to_end,
            told.mandate,
            told.reason,
            told.original,
        )
        self.entries.append(entry)
        self.books.bookings.append(booking)
        self.books.balance += amount
        return entry


@dataclass(frozen=True, slots=True)
class Booked:
    """The words of a booking."""

    purpose: str
    name: str
    iban: str
    end_to_end: str = ""
    mandate: str = ""
    invoice: str = ""
    reason: str = ""
    original: Money | None = None
    returns: int | None = None


@dataclass(slots=True)
class _Debit:
    amount: Money
    end_to_end: str
    mandate: str
    name: str
    iban: str
    remittance: str
    returns: int | None = None
    reason: str = ""
