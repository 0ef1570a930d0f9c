"""Bank feeds: services that log in at a bank for a person and hand its bookings over.

The core keeps connections, cursors, tokens and the clock; a feed translates. A person's banking
credentials are typed into the feed's own form and never reach us (F098).
"""

from abc import abstractmethod
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import ClassVar

from pydantic import Field, SecretStr

from faktura.kernel.bank_terms import (
    Consent,
    FeedAccountState,
    FeedResult,
    FeedTaskKind,
    FeedTaskState,
)
from faktura.plugin.adapter import Adapter
from faktura.plugin.dto import Dto
from faktura.plugin.statements import BankTransaction


class FeedUser(Dto):
    """The tenant's user at the feed, made once and kept encrypted by the core."""

    id: str
    password: SecretStr


class Attendance(Dto):
    """A person waits for the answer: what their browser says of itself, for the bank (PSD2)."""

    ip_address: str
    device: str = ""
    user_agent: str = ""

    @property
    def is_told(self) -> bool:
        """Whether it is enough for a bank: else the bank is told of nobody, and counts so."""
        return bool(self.ip_address and self.user_agent)


class FormRequest(Dto):
    """What a form at the feed is opened with.

    `callback_url` gets a bare trigger when something changed; `return_url` is where the browser
    comes back to. `bank` searches a bank by name, BIC or bank code. `language` is `de` or `en`.
    """

    callback_url: str = ""
    return_url: str = ""
    bank: str = ""
    language: str = "de"
    attended: Attendance | None = None


class FeedForm(Dto):
    """A page at the feed that a person must visit; it can be used once."""

    url: str = Field(pattern=r"^https?://[^\s\x00-\x1f\x7f-\x9f]+$")
    expires_at: datetime | None = None


class FeedTask(Dto):
    """What became of something a feed was asked for; unknown words of the feed are RUNNING or FAILED.

    `connection` is the feed's id of the connection, empty while there is none. `code` is the feed's
    word for a failure, `message` the bank's or feed's sentence, untouched. `rejected` says that the
    bank refused the credentials: nobody tries again without a person.
    """

    reference: str
    kind: FeedTaskKind
    state: FeedTaskState
    connection: str = ""
    form: FeedForm | None = None
    code: str = ""
    message: str = ""
    rejected: bool = False


class FeedAccount(Dto):
    """An account of a connection; `reference` stays, the IBAN may come and go (P55)."""

    reference: str
    iban: str | None = None
    number: str = ""
    holder: str = ""
    name: str = ""
    currency: str | None = None
    balance: Decimal | None = None
    is_seized: bool = False
    state: FeedAccountState = FeedAccountState.UNKNOWN
    updated_at: datetime | None = None
    tried_at: datetime | None = None


class FeedConnection(Dto):
    """A connection to a bank as the feed sees it now; moments in UTC."""

    reference: str
    bank_name: str
    bic: str | None = None
    is_busy: bool = False
    needs_person: bool = False
    consent: Consent = Consent.UNKNOWN
    consent_until: datetime | None = None
    result: FeedResult = FeedResult.UNKNOWN
    message: str = ""
    result_at: datetime | None = None
    accounts: tuple[FeedAccount, ...] = ()


class FeedMovement(Dto):
    """A booking of one account; `transaction.source_ref` is the feed's id of it.

    `is_doubtful` marks what the feed itself takes for a possible duplicate: it waits for a person.
    """

    account: str
    transaction: BankTransaction
    is_doubtful: bool = False


class FeedPage(Dto):
    """One page of bookings; `raw` is the answer as it came, kept as evidence.

    `adjustments` are sentences about bookings that the feed made up to fit a balance: they are shown
    and never booked.
    """

    movements: tuple[FeedMovement, ...]
    adjustments: tuple[str, ...] = ()
    more: bool
    raw: bytes = Field(repr=False)


class BankFeed(Adapter):
    """Reads accounts over one feed; asked from one event loop, stateless but for short-lived tokens.

    Every method may raise OutsideUnavailable (surely not done, come back; also while the connection
    is busy), AccountBroken (our key or the user is refused: not tried again by itself), PersonNeeded
    (the bank wants a person: open a form by begin_update), LinkRefused (any other no), NotFound (the
    feed does not know the connection) and FileUnreadable or AmountUnreadable for an answer that
    cannot be read. What makes or begins something may raise OutcomeUnknown, and can be asked for
    again: at worst a form or a user is left that nobody uses.
    """

    feed: ClassVar[str]
    """What people call it: `finapi`."""

    @abstractmethod
    async def create_user(self, tenant: str) -> FeedUser:
        """Make a user for the tenant of that key; the password is told once."""

    @abstractmethod
    async def begin_connection(self, user: FeedUser, request: FormRequest) -> FeedTask:
        """Open the form in which a person chooses the bank and logs in."""

    @abstractmethod
    async def begin_update(
        self,
        user: FeedUser,
        connection: str,
        request: FormRequest,
        kind: FeedTaskKind = FeedTaskKind.UPDATE,
    ) -> FeedTask:
        """Let the feed ask the bank; with CREDENTIALS the person edits the stored login first.

        What may come after the order is not waited for here, so that the task is never lost.
        """

    @abstractmethod
    async def look_up(self, user: FeedUser, task: FeedTask) -> FeedTask:
        """Where a task stands now; callbacks are never believed.

        One that the feed does not know, yet or any more, comes back as it was; it is ABANDONED once
        its form has expired.
        """

    @abstractmethod
    async def connections(self, user: FeedUser) -> Sequence[FeedConnection]:
        """All connections of the user with their accounts."""

    @abstractmethod
    async def movements(
        self, user: FeedUser, accounts: Sequence[str], since: date, page: int
    ) -> FeedPage:
        """Bookings that the feed imported on `since` or later, oldest first; pages count from 1.

        Two pages together never miss what was imported while they were read; what stands on both
        counts once. Of no accounts there are no bookings.
        """

    @abstractmethod
    async def disconnect(self, user: FeedUser, connection: str) -> None:
        """Delete the connection at the feed with everything it keeps of it; nothing if it is gone."""
