"""What REFFEED says, in our words: its fields are named like ours, its words are told apart."""

from datetime import date, datetime
from decimal import Decimal

from faktura.kernel.bank_terms import Consent, FeedResult, FeedTaskKind, FeedTaskState
from faktura.plugin import (
    BankTransaction,
    BookingStatus,
    FeedAccount,
    FeedConnection,
    FeedForm,
    FeedMovement,
    FeedTask,
)
from pydantic import BaseModel, Field, SecretStr

_STATES = {
    "form": FeedTaskState.FORM_NEEDED,
    "done": FeedTaskState.DONE,
    "failed": FeedTaskState.FAILED,
    "closed": FeedTaskState.ABANDONED,
}
_RESULTS = {
    "ok": FeedResult.OK,
    "refused": FeedResult.REJECTED,
    "down": FeedResult.TECHNICAL,
}


class UserSaid(BaseModel):
    """A new user."""

    id: str
    password: SecretStr


class TaskSaid(BaseModel):
    """A task; unknown states are running."""

    id: str
    state: str
    connection: str
    url: str | None
    ends: datetime | None
    message: str
    refused: bool

    def task(self, kind: FeedTaskKind) -> FeedTask:
        """It in our words."""
        state = _STATES.get(self.state, FeedTaskState.RUNNING)
        form = None
        if state is FeedTaskState.FORM_NEEDED and self.url:
            form = FeedForm(url=self.url, expires_at=self.ends)
        return FeedTask(
            reference=self.id,
            kind=kind,
            state=state,
            connection=self.connection,
            form=form,
            message=self.message,
            rejected=self.refused,
        )


class AccountSaid(BaseModel):
    """An account."""

    id: str
    iban: str


class ConnectionSaid(BaseModel):
    """A connection."""

    id: str
    bank: str
    consent: bool
    person: bool
    result: str
    message: str
    accounts: tuple[AccountSaid, ...]

    def connection(self) -> FeedConnection:
        """It in our words."""
        return FeedConnection(
            reference=self.id,
            bank_name=self.bank,
            needs_person=self.person,
            consent=Consent.PRESENT if self.consent else Consent.ABSENT,
            result=_RESULTS.get(self.result, FeedResult.UNKNOWN),
            message=self.message,
            accounts=tuple(
                FeedAccount(reference=one.id, iban=one.iban, currency="EUR")
                for one in self.accounts
            ),
        )


class ConnectionsSaid(BaseModel):
    """All connections of a user."""

    connections: tuple[ConnectionSaid, ...]


class BookingSaid(BaseModel):
    """A booking."""

    id: str
    account: str
    day: date
    amount: str = Field(pattern=r"^-?[0-9]{1,12}\.[0-9]{2}$")
    text: str

    def movement(self, index: int) -> FeedMovement:
        """It in our words; `index` is its place in the reading."""
        transaction = BankTransaction(
            entry_index=index,
            place=f"booking {self.id}",
            status=BookingStatus.BOOKED,
            booked_on=self.day,
            value_on=self.day,
            amount=Decimal(self.amount),
            currency="EUR",
            source_ref=self.id,
            remittance_lines=(self.text,),
        )
        return FeedMovement(account=self.account, transaction=transaction)


class BookingsSaid(BaseModel):
    """A page of bookings; `first` is the place of its first one in the reading."""

    bookings: tuple[BookingSaid, ...]
    first: int
    more: bool
