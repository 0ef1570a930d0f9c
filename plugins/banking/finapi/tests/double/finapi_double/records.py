"""What the double keeps: logins at banks, and what finAPI made of them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from finapi_double.words import Kind, Scenario, Trouble

Json = dict[str, object]


@dataclass
class BankAccount:
    """An account at the bank; `bookings` are finAPI's fields without ids, in the bank's order."""

    iban: str | None
    number: str = "532013000"
    holder: str = "Werk GmbH"
    name: str = "Geschäftskonto"
    currency: str | None = "EUR"
    balance: str = "1000.00"
    kind: str = "Checking"
    trouble: Trouble = Trouble.NONE
    bookings: list[Json] = field(default_factory=list)


@dataclass
class BankLogin:
    """A person's login at the test bank, with the PIN that the bank takes today."""

    name: str
    pin: str
    accounts: list[BankAccount]
    scenario: Scenario = Scenario.OK
    slow_polls: int = 3
    bank_id: int = 277672


@dataclass
class User:
    """A user of the data client."""

    id: str
    password: str
    failures: int = 0
    locked: bool = False


@dataclass
class Token:
    """A token; `until` is None for one that never ends."""

    kind: Kind
    user: str | None
    until: datetime | None
    refreshes: bool = False


@dataclass
class Connection:
    """A connection of a user; `pin` is the stored one, `busy` how many reads still see it busy."""

    id: int
    user: str
    login: BankLogin
    pin: str
    accounts: list[int] = field(default_factory=list)
    busy: int = 0
    consent: str = "PRESENT"
    consent_until: datetime | None = None
    needs_person: bool = False
    manual: Json | None = None
    auto: Json | None = None


@dataclass
class Account:
    """An account as finAPI knows it; `taken` bookings of the bank's were read."""

    id: int
    connection: int
    at_bank: BankAccount
    status: str = "UPDATED"
    taken: int = 0
    succeeded_at: datetime | None = None
    tried_at: datetime | None = None


@dataclass
class Form:
    """A web form; `details` is what it was asked for with, `hidden` how many reads miss it."""

    id: str
    user: str
    kind: str
    created: datetime
    expires: datetime
    details: Json
    status: str = "NOT_YET_OPENED"
    payload: Json = field(default_factory=dict)
    task: str | None = None
    hidden: int = 0


@dataclass
class Task:
    """An update; `polls` is how many reads still see it running, `confirmed` that a person agreed."""

    id: str
    user: str
    connection: int
    created: datetime
    details: Json
    status: str = "NOT_YET_STARTED"
    payload: Json = field(default_factory=dict)
    form: str | None = None
    polls: int = 0
    confirmed: bool = False
    hidden: int = 0

    @property
    def runs(self) -> bool:
        """Whether the bank is still being asked."""
        return self.status in ("NOT_YET_STARTED", "IN_PROGRESS")


@dataclass(frozen=True)
class Asked:
    """A request as it came, and what it was answered with; names of headers in any case."""

    listener: str
    method: str
    path: str
    query: dict[str, str]
    headers: Mapping[str, str]
    body: str
    status: int
