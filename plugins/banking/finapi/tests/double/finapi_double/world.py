"""The double's world: clients, users, logins at the bank, and everything that was asked."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from faktura.kernel.clock import FixedClock
from finapi_double.records import (
    Account,
    Asked,
    BankAccount,
    BankLogin,
    Connection,
    Form,
    Json,
    Task,
    Token,
    User,
)
from finapi_double.words import CallbackMode, Fault, Kind, Scenario, Trouble

__all__ = ["CallbackMode", "Fault", "Kind", "Scenario", "Trouble", "World"]

OUR_IBAN = "DE89370400440532013000"


@dataclass
class World:
    """Everything there is; `plain_callbacks` lets http to this machine pass as an address.

    A mandator that is `limited` to the first version is refused until its admin client switches.
    `hold_page` is called once after a page of transactions was answered.
    """

    clock: FixedClock
    client_id: str = "data-client"
    client_secret: str = "data-client-secret-0123456789"  # noqa: S105 - of nobody
    admin_id: str = "admin-client"
    admin_secret: str = "admin-client-secret-012345678"  # noqa: S105
    token_seconds: int = 3600
    most_failures: int = 3
    limited: bool = False
    plain_callbacks: bool = False
    callbacks: CallbackMode = CallbackMode.ONCE
    busy_reads: int = 0
    hang_seconds: float = 30.0
    page_base: str = ""
    hold_page: Callable[[], None] | None = None
    users: dict[str, User] = field(default_factory=dict)
    tokens: dict[str, Token] = field(default_factory=dict)
    logins: list[BankLogin] = field(default_factory=list)
    connections: dict[int, Connection] = field(default_factory=dict)
    accounts: dict[int, Account] = field(default_factory=dict)
    transactions: dict[int, Json] = field(default_factory=dict)
    forms: dict[str, Form] = field(default_factory=dict)
    tasks: dict[str, Task] = field(default_factory=dict)
    requests: list[Asked] = field(default_factory=list)
    called: list[tuple[str, Json]] = field(default_factory=list)
    faults: list[tuple[str, Fault]] = field(default_factory=list)
    _last_id: int = 100

    def new_id(self) -> int:
        """An id that nothing has had before, larger than all others."""
        self._last_id += 1
        return self._last_id

    def new_word(self, prefix: str) -> str:
        """Such an id as a word."""
        return f"{prefix}-{self.new_id():08d}"

    def have_login(
        self, name: str = "erika", pin: str = "48151", account: BankAccount | None = None
    ) -> BankLogin:
        """A login at the test bank with an account: that of our company unless another is given."""
        login = BankLogin(name, pin, [account or BankAccount(OUR_IBAN)])
        self.logins.append(login)
        return login

    def book(self, account: BankLogin | BankAccount, amount: str, **fields: object) -> Json:
        """A booking at the bank, of a login's first account; finAPI knows it after an update only."""
        at = account.accounts[0] if isinstance(account, BankLogin) else account
        today = self.clock.now().date().isoformat()
        booking: Json = {"amount": amount, "bankBookingDate": today, "valueDate": today}
        booking |= fields
        at.bookings.append(booking)
        return booking

    def imported(self, account: int, booking: Json, **fields: object) -> Json:
        """Take a booking into finAPI now, under the next id."""
        bank = self.accounts[account].at_bank
        one: Json = {
            "id": self.new_id(),
            "accountId": account,
            "finapiBookingDate": booking["bankBookingDate"],
            "currency": bank.currency,
            "labels": [],
            "isPotentialDuplicate": False,
            "isAdjustingEntry": False,
            "isNew": True,
            "importDate": self.moment(),
            **booking,
            **fields,
        }
        self.transactions[int(str(one["id"]))] = one
        return one

    def split(self, transaction: int, *amounts: str) -> list[int]:
        """Split a booking, as a person does at finAPI."""
        parent = self.transactions[transaction]
        parts = []
        for amount in amounts:
            child = {k: v for k, v in parent.items() if k not in ("id", "children")}
            one = self.imported(
                int(str(parent["accountId"])), child, amount=amount, parentId=transaction
            )
            parts.append(int(str(one["id"])))
        parent["children"] = parts
        return parts

    def fail_next(self, path: str, fault: Fault) -> None:
        """Let the next request whose path contains this text go wrong."""
        self.faults.append((path, fault))

    def fault_of(self, path: str) -> Fault | None:
        """The fault that was switched on for it, used up."""
        for index, (part, fault) in enumerate(self.faults):
            if part in path:
                del self.faults[index]
                return fault
        return None

    def token_of(self, word: str) -> Token | None:
        """An access token that is valid now."""
        token = self.tokens.get(word)
        if token is None or token.refreshes:
            return None
        return token if token.until is None or self.clock.now() < token.until else None

    def end_tokens(self, *, refresh: bool = False) -> None:
        """Let finAPI forget the access tokens, and the refresh tokens as well if that is said."""
        kept = {w: t for w, t in self.tokens.items() if t.refreshes and not refresh}
        self.tokens = kept

    def moment(self, at: datetime | None = None) -> str:
        """A moment as finAPI writes it."""
        return (at or self.clock.now()).isoformat(timespec="milliseconds")

    def form_ends(self) -> datetime:
        """When a form that is made now expires."""
        return self.clock.now() + timedelta(minutes=20)

    def connection_of(self, user: str, number: int) -> Connection | None:
        """A connection of that user, none of anybody else."""
        found = self.connections.get(number)
        return found if found is not None and found.user == user else None

    def accounts_of(self, user: str) -> list[Account]:
        """The accounts of that user."""
        return [
            one for one in self.accounts.values() if self.connections[one.connection].user == user
        ]

    def asked(self, part: str = "", method: str = "") -> list[Asked]:
        """The requests whose path contains the text."""
        return [r for r in self.requests if part in r.path and method in ("", r.method)]
