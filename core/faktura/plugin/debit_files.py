"""Collective SEPA debits as files: what a file says, and the adapter's ability to write it."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from datetime import date, datetime, time
from decimal import Decimal

from faktura.kernel.payment_terms import BankDayRoll, MandateScheme, MandateSequence
from faktura.plugin.dto import Dto


class DebtorAddress(Dto):
    """Where a debtor lives; `country` is ISO 3166-1 alpha-2."""

    street: str = ""
    post_code: str = ""
    town: str = ""
    country: str = ""


class DebitMandate(Dto):
    """A SEPA mandate as it stands in a file.

    `first_collection` means that it was never collected, `last_collection` that it will not be
    again. What changed since the last one has its former value: `former_reference`,
    `former_creditor_id`, `former_account` (an IBAN).
    `confirmed_on` is when the debtor's bank confirmed a B2B mandate. The `address` is needed only
    for banks outside the European Economic Area.
    """

    reference: str
    signed_on: date
    scheme: MandateScheme
    sequence: MandateSequence
    debtor_name: str
    iban: str
    bic: str = ""
    first_collection: bool = False
    last_collection: bool = False
    confirmed_on: date | None = None
    address: DebtorAddress | None = None
    former_reference: str = ""
    former_creditor_id: str = ""
    former_account: str = ""


class DebitItem(Dto):
    """One debit of a file: `end_to_end` is the attempt's key."""

    end_to_end: str
    amount: Decimal
    mandate: DebitMandate
    remittance: str
    due_on: date


class DebitFile(Dto):
    """A file of debits of one creditor account, with all that it says; written the same every time."""

    message_id: str
    created_at: datetime
    creditor_name: str
    creditor_id: str
    iban: str
    bic: str = ""
    items: tuple[DebitItem, ...]


class WrittenBlock(Dto):
    """What the bank may credit in one sum: `items` are the end-to-end ids of its debits.

    Its `id` begins with the file's message id: so the file is found by what a statement names.
    """

    id: str
    items: tuple[str, ...]


class WrittenFile(Dto):
    """A file for the bank; `blocks` are its payment blocks, by whose ids statements name sums."""

    filename: str
    media_type: str
    content: bytes
    blocks: tuple[WrittenBlock, ...] = ()


class DebitTiming(Dto):
    """When debits must be at the bank: TARGET days before the due day, and until which local time.

    `advance_days` are calendar days before which the bank does not take them yet; `roll` is where a
    debit goes whose due day is none of TARGET's.
    """

    lead_days: int
    cut_off: time
    advance_days: int
    roll: BankDayRoll = BankDayRoll.NEXT


class DebitFiling(ABC):
    """Ability of an adapter whose debits go to a bank as files; it asks nobody."""

    @abstractmethod
    def timing(self, scheme: MandateScheme) -> DebitTiming:
        """Lead days and cut-off of this scheme by the settings of the bank account."""

    @property
    @abstractmethod
    def most_items(self) -> int:
        """How many debits a file holds at most (F101)."""

    @property
    @abstractmethod
    def creditor_iban(self) -> str:
        """The creditor's account, for which the file is written; empty means the seller's own."""

    @abstractmethod
    def problems_of(self, item: DebitItem) -> Sequence[str]:
        """What keeps a debit out of a file, each with what to do; empty when nothing does."""

    @abstractmethod
    def write(self, file: DebitFile) -> WrittenFile:
        """The file; raises RenderRefused for what the scheme does not allow."""
