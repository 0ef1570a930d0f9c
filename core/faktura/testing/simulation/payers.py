"""How customers pay by transfer: on time, late, in parts, twice, wrongly, without a word, or never.

They learn what they owe from the facts that our subscriber is told, as from their mails.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, cast

from faktura.kernel.money import Money
from faktura.testing.simulation.bank import Bank, Transfer
from faktura.testing.simulation.chance import Chance
from faktura.testing.simulation.habits import HABITS
from faktura.testing.simulation.newcomers import german_iban

_DAY = timedelta(days=1)
_TEXTS = (
    "{}",
    "Rechnung {}",
    "RgNr {}",
    "Rechnung {} vielen Dank",
    "Re.-Nr.: {} Kd {customer}",
    "Zahlung zu {} vom letzten Monat",
)
_STRANGER = 9_000_000_000


@dataclass(frozen=True, slots=True)
class Payer:
    """A customer as their bank knows them; `method` is how they should pay."""

    number: str
    name: str
    iban: str
    method: str


@dataclass(slots=True)
class Payers:
    """All customers, by number, and what each remembers of their invoices."""

    chance: Chance
    bank: Bank
    payers: dict[str, Payer] = field(default_factory=dict)
    _owed: dict[str, tuple[str, Money]] = field(default_factory=dict)

    def hear(self, kind: str, data: Mapping[str, object], today: date) -> None:
        """React to a fact."""
        told = cast("Mapping[str, Any]", data)
        match kind:
            case "INVOICE_CREATED" if "kind" not in told:
                self._invoiced(told, today)
            case "RECURRING_PAYMENT_FAILED":
                self._failed(told, today)
            case "DUNNING_CREATED":
                self._dunned(told, today)
            case _:
                pass

    def begin_day(self, today: date) -> None:
        """Somebody whom nobody knows pays, now and then."""
        if self.chance.happens(HABITS.stranger_pays, "stranger", today):
            no = _STRANGER + self.chance.below(1_000_000, "stranger-iban", today)
            minor = 100 + self.chance.below(90_000, "stranger-amount", today)
            purpose = self.chance.choose(("Miete", "Spende", "DANKE"), "stranger-text", today)
            transfer = Transfer(Money(minor, "EUR"), purpose, "Unbekannt", german_iban(no))
            self.bank.order(today, transfer)

    def _invoiced(self, told: Mapping[str, Any], today: date) -> None:
        number, gross = told["number"], Money.parse(told["gross"], told["currency"])
        if gross.minor <= 0:
            return
        customer = told["customerNumber"]
        payer = self.payers.get(customer)
        if payer is None:
            no = self.chance.below(1_000_000_000, "iban", customer)
            payer = Payer(customer, f"Kunde {customer}", german_iban(no), "TRANSFER")
            self.payers[customer] = payer
        self._owed[number] = (customer, gross)
        if payer.method == "TRANSFER":
            self._plan(number, date.fromisoformat(told["dueDate"]), today)

    def _plan(self, number: str, due: date, today: date) -> None:
        happens = self.chance.happens
        if happens(HABITS.never, "never", number):
            return
        early = self.chance.between(-6, 1, "pay-day", number)
        if happens(HABITS.late, "late", number):
            early = self.chance.between(5, 45, "late-days", number)
        day = max(due + early * _DAY, today + _DAY)
        gross = self._owed[number][1]
        if happens(HABITS.in_parts, "parts", number) and gross.minor > 1:
            half = Money(gross.minor // 2, gross.currency)
            self._transfer(number, half, day)
            self._transfer(number, gross - half, day + 9 * _DAY)
            return
        amount = gross
        if happens(HABITS.wrong, "wrong", number):
            off = self.chance.between(-300, 300, "off", number)
            amount = Money(max(gross.minor + off, 1), gross.currency)
        self._transfer(number, amount, day, named=not happens(HABITS.unnamed, "unnamed", number))
        if happens(HABITS.twice, "twice", number):
            self._transfer(number, amount, day + 2 * _DAY)

    def _failed(self, told: Mapping[str, Any], today: date) -> None:
        number = told["invoice"]
        is_last = told["nextRetryAt"] is None
        if is_last and self.chance.happens(HABITS.tries_transfer, "tries", number):
            self._pay_rest(number, Money.parse(told["amount"], told["currency"]), today, 20)

    def _dunned(self, told: Mapping[str, Any], today: date) -> None:
        for item in told["invoices"]:
            number, level = item["number"], item["level"]
            if self.chance.happens(HABITS.tries_transfer, "dunned", number, level):
                still_open = Money.parse(item["open"], told["currency"])
                self._pay_rest(number, still_open, today, 8)

    def _pay_rest(self, number: str, amount: Money, today: date, days: int) -> None:
        if number not in self._owed:
            # Charges of dunning, or an invoice from before: nobody remembers a customer.
            return
        wait = self.chance.between(1, days, "rest-day", number)
        self._transfer(number, amount, today + wait * _DAY)

    def _transfer(self, number: str, amount: Money, day: date, *, named: bool = True) -> None:
        payer = self.payers[self._owed[number][0]]
        text = self.chance.choose(_TEXTS, "text", number)
        purpose = text.format(number, customer=payer.number) if named else "Überweisung"
        self.bank.order(day, Transfer(amount, purpose, payer.name, payer.iban, number))
