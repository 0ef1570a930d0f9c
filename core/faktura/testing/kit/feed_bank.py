"""What the kit needs of a maker's double of a bank feed: the feed, a bank behind it, a person."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from enum import StrEnum, unique
from typing import ClassVar

from faktura.kernel.clock import FixedClock
from faktura.plugin import AdapterSettings, Attendance, FeedTask, Http

PERSON = Attendance(ip_address="192.0.2.17", device="Linux", user_agent="Browser/1.0 (Linux)")


@unique
class BankMood(StrEnum):
    """How the bank takes the next login.

    WRONG_PIN refuses the one that the feed keeps, WANTS_TAN and CONSENT_ENDED want a person at a
    form, IS_DOWN does not answer, SLOW takes at least one more look before it lets in.
    """

    LETS_IN = "LETS_IN"
    WRONG_PIN = "WRONG_PIN"
    WANTS_TAN = "WANTS_TAN"
    CONSENT_ENDED = "CONSENT_ENDED"
    IS_DOWN = "IS_DOWN"
    SLOW = "SLOW"


class FeedBankDouble(ABC):
    """The feed as the kit moves it: nobody is its user yet, and the bank lets in.

    The person has two accounts in EUR at the bank, with the IBANs `ibans`. A page of the adapter has
    `page_size` bookings. `unattended_most` is how many updates a day the feed makes without a person,
    None for any number. `person_status` is the HTTP status by which it says that it needs a person, if
    it has one for that.
    """

    ibans: ClassVar[tuple[str, str]] = ("DE89370400440532013000", "DE02120300000000202051")
    page_size: ClassVar[int] = 2
    unattended_most: ClassVar[int | None] = None
    person_status: ClassVar[int | None] = None

    @property
    @abstractmethod
    def http(self) -> Http:
        """The way to it."""

    @property
    @abstractmethod
    def clock(self) -> FixedClock:
        """The clock of the feed, by which the adapter goes, too."""

    @abstractmethod
    def settings(self) -> AdapterSettings:
        """The settings that lead to it."""

    @abstractmethod
    def secrets(self) -> Sequence[str]:
        """The secrets in them, and the tokens that were given since."""

    @abstractmethod
    async def log_in(self, task: FeedTask) -> None:
        """The person comes to the form of a task and does what it asks for."""

    @abstractmethod
    async def give_up(self, task: FeedTask) -> None:
        """The person comes to the form and closes it."""

    @abstractmethod
    def turn(self, mood: BankMood) -> None:
        """How the bank takes logins from now on."""

    @abstractmethod
    def book(self, amount: str, text: str, *, day: str = "", account: int = 0) -> None:
        """A booking at the bank, of today unless a day is given: the feed has it after an update."""

    @abstractmethod
    def slip_in(self, amount: str) -> None:
        """Right after the next page of bookings was answered, one more is imported."""

    @abstractmethod
    def wrong_passwords(self) -> int:
        """How often a user's password was wrong."""

    @abstractmethod
    def updates(self) -> Sequence[bool]:
        """Each update that was ordered: whether the bank was told of a person who waits."""
