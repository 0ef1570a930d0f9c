"""A made-up company with customers and documents, and a bank that books what people typed."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from random import Random
from typing import Any

from faktura.testing.recon_names import company_name, iban, person_name

Row = dict[str, Any]
_COMMON = (4900, 5950, 9900, 11900, 23800)
_CENT = Decimal("0.01")


def euros(cents: int) -> str:
    """`119.00` of 11900."""
    return str(Decimal(cents).scaleb(-2))


def discount_of(cents: int, percent: int) -> int:
    """The cash discount in cents, half a cent rounded up."""
    exact = Decimal(cents) * percent / 10_000
    return int(exact.quantize(_CENT, ROUND_HALF_UP).scaleb(2))


@dataclass(frozen=True, slots=True)
class Payer:
    """Who stands on the bank statement."""

    name: str
    iban: str


@dataclass(frozen=True, slots=True)
class Bill:
    """A document as the generator knows it; `until` is the last day of its 2 % discount."""

    number: str
    customer: str
    cents: int
    until: date | None = None


@dataclass(slots=True)
class World:
    """All that a set consists of; `entries` are (place in the list, transaction, label)."""

    rng: Random
    year: int
    customers: list[Row] = field(default_factory=list)
    open: list[Row] = field(default_factory=list)
    paid: list[Row] = field(default_factory=list)
    collected: list[Row] = field(default_factory=list)
    entries: list[tuple[float, Row, Row]] = field(default_factory=list)
    _names: set[str] = field(default_factory=set)
    _tails: set[int] = field(default_factory=set)
    _amounts: set[int] = field(default_factory=set)
    _sequence: int = 0

    @property
    def today(self) -> date:
        """The day around which the bank books."""
        return date(self.year, 11, 9)

    def add_customer(self, name: str | None = None, *, known: bool | None = None) -> Row:
        """A customer of a name nobody has yet, unless one is given; `known` is with an IBAN."""
        no = len(self.customers)
        has_iban = self.rng.random() < 0.75 if known is None else known
        row: Row = {
            "id": f"K{no:03d}",
            "customer_no": str(70_000 + no * 7 + self.rng.randrange(4)),
            "name": name or self.fresh_name(),
            "ibans": [iban(self.rng)] if has_iban else [],
            "mandate": f"MANDAT-{self.year - 1}-{no:05d}",
        }
        self.customers.append(row)
        return row

    def fresh_name(self) -> str:
        """A name that nobody has, however it is written."""
        while True:
            make = company_name if self.rng.random() < 0.6 else person_name
            name = make(self.rng)
            if name.casefold() not in self._names:
                self._names.add(name.casefold())
                return name

    def any_customer(self, *, known: bool | None = None) -> Row:
        """One of the customers; `known` is with an IBAN that he pays from."""
        while True:
            row = self.rng.choice(self.customers)
            if known is None or bool(row["ibans"]) is known:
                return row

    def customer_of(self, bill: Bill) -> Row:
        """Whose document it is."""
        return next(row for row in self.customers if row["id"] == bill.customer)

    def stranger(self) -> Payer:
        """Somebody who is no customer."""
        return Payer(self.fresh_name(), iban(self.rng))

    def payer_of(self, customer: Row) -> Payer:
        """The customer himself, from his account where it is known."""
        known = customer["ibans"]
        return Payer(customer["name"], known[0] if known else iban(self.rng))

    def fresh_cents(self) -> int:
        """An amount that no document of the set has."""
        while True:
            cents = self.rng.randrange(2_000, 350_000)
            if cents not in self._amounts and cents not in _COMMON:
                self._amounts.add(cents)
                return cents

    def number(self, series: str) -> str:
        """The next number of a series: RE, SLASH, Y8, AR, PLAIN or GS."""
        match series:
            case "RE":
                self._sequence += self.rng.randrange(1, 8)
                return f"RE-{self.year}-{self._sequence:06d}"
            case "SLASH":
                return f"{self.year - self.rng.randrange(2)}/{self.tail()}"
            case "Y8":
                return f"{self.year}{self.tail()}"
            case "AR":
                return f"AR{self.year % 100}-{self.rng.randrange(1, 9)}{self.tail()}"
            case "GS":
                return f"GS-{self.year}-{self.tail()}"
            case _:
                return f"{self.rng.choice(('', '3', '47'))}{self.tail()}"

    def tail(self) -> str:
        """Four digits that no other number ends with, and that are no day of a year nor a year."""
        while True:
            tail = self.rng.randrange(3_233, 10_000)
            if tail not in self._tails:
                self._tails.add(tail)
                return str(tail)

    def bill(
        self,
        series: str | None = None,
        customer: Row | None = None,
        *,
        cents: int | None = None,
        until: date | None = None,
        currency: str = "EUR",
    ) -> Bill:
        """An open document; by default of any series and customer, of an amount of its own."""
        chosen = series or self.rng.choice(("RE", "RE", "RE", "SLASH", "AR"))
        return self.bill_numbered(self.number(chosen), customer, cents, until, currency)

    def bill_numbered(
        self,
        number: str,
        customer: Row | None = None,
        cents: int | None = None,
        until: date | None = None,
        currency: str = "EUR",
    ) -> Bill:
        """An open document of that number; 2 % off until that day."""
        owner = customer or self.any_customer()
        value = self.fresh_cents() if cents is None else cents
        issued = until - timedelta(days=10) if until else self._some_day_before()
        row: Row = {
            "number": number,
            "customer": owner["id"],
            "open": euros(value),
            "currency": currency,
            "issued": str(issued),
            "due": str(issued + timedelta(days=14)),
            "skonto": {"percent": "2", "until": str(until)} if until else None,
        }
        if value < 0:
            row["credit_note"] = True
        self.open.append(row)
        return Bill(number, owner["id"], value, until)

    def settled(self, customer: Row | None = None) -> Bill:
        """A document that was paid before."""
        owner = customer or self.any_customer()
        bill = Bill(self.number("RE"), owner["id"], self.fresh_cents())
        self.paid.append(
            {
                "number": bill.number,
                "customer": bill.customer,
                "gross": euros(bill.cents),
                "paid_on": str(self.today - timedelta(days=20)),
            }
        )
        return bill

    def debit(self, customer: Row | None = None) -> Row:
        """A document that was collected by direct debit and may be given back."""
        owner = customer or self.any_customer()
        number = self.number("RE")
        row: Row = {
            "number": number,
            "customer": owner["id"],
            "gross": euros(self.fresh_cents()),
            "collected_on": str(self.today - timedelta(days=7)),
            "end_to_end_id": f"E2E-{number}",
            "mandate_id": owner["mandate"],
        }
        self.collected.append(row)
        return row

    def _some_day_before(self) -> date:
        return self.today - timedelta(days=self.rng.randrange(2, 70))

    def common_cents(self) -> int:
        """An amount that many documents have."""
        return self.rng.choice(_COMMON)

    def wire(self, cents: int, lines: Sequence[str], payer: Payer, **more: object) -> Row:
        """A booked transfer; negative cents went out."""
        day = self.today + timedelta(days=self.rng.randrange(-2, 3))
        row: Row = {
            "id": "",
            "booking_date": str(day),
            "amount": euros(cents),
            "currency": "EUR",
            "counterparty_name": payer.name,
            "counterparty_iban": payer.iban,
            "remittance_lines": list(lines),
            "end_to_end_id": "NOTPROVIDED",
            "mandate_id": None,
            "gvc": "166",
            "btc": "PMNT/RCDT/ESCT",
            "return_reason": None,
            "instructed_amount": None,
            "charges": None,
        }
        return {**row, **more}

    def book(
        self,
        category: str,
        verdict: str,
        transaction: Row,
        parts: Sequence[tuple[str, int]] = (),
        *,
        after: float = 0.0,
        **more: object,
    ) -> float:
        """Add a case; `verdict` is class/action/tier, `after` a place that it must come behind."""
        cls, action, tier = verdict.split("/")
        label: Row = {
            "id": "",
            "cls": cls,
            "action": action,
            "tier": int(tier),
            "allocation": allocation(parts),
            "category": category,
        }
        place = self.rng.uniform(after, 1.0)
        self.entries.append((place, transaction, {**label, **more}))
        return place


def allocation(parts: Sequence[tuple[str, int]]) -> list[Row]:
    """Parts as labels write them."""
    return [{"invoice": number, "amount": euros(cents)} for number, cents in parts]


def whole(*bills: Bill) -> list[tuple[str, int]]:
    """All of these documents."""
    return [(bill.number, bill.cents) for bill in bills]


def wrapped(text: str, width: int) -> list[str]:
    """The text cut into lines as banks do."""
    return [text[start : start + width] for start in range(0, len(text), width)]
