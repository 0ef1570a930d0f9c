"""Bank statements: what a parser is given and what it yields (reference fields: ISO 20022 names).

A parser is pure: bytes in, records out, in file order; the core decides what is a duplicate, what
is booked and which account it belongs to.
"""

from abc import abstractmethod
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum, unique
from typing import BinaryIO, ClassVar, Literal

from faktura.plugin.adapter import Adapter
from faktura.plugin.dto import Dto


@unique
class BookingStatus(StrEnum):
    """Entry status; only BOOKED may be posted, the others are previews."""

    BOOKED = "BOOKED"
    PENDING = "PENDING"
    INFO = "INFO"
    FUTURE = "FUTURE"


@unique
class StatementKind(StrEnum):
    """What a file tells of an account: its statement, a report within the day, or notifications.

    STATEMENT is camt.053 or MT940, REPORT camt.052, NOTIFICATION camt.054, FEED what a bank feed
    handed over. The core decides which of them books.
    """

    STATEMENT = "STATEMENT"
    REPORT = "REPORT"
    NOTIFICATION = "NOTIFICATION"
    FEED = "FEED"


class Balance(Dto):
    """A balance of a statement: signed amount at the end of `on` (closing) or before it (opening)."""

    amount: Decimal
    currency: str
    on: date


class StatementStart(Dto):
    """The head of one statement; all records up to its StatementEnd belong to it.

    `account_iban` is normalised (upper case, no blanks); banks without IBAN fill `account_other`.
    `message_id`, `statement_id`, `sequence` and `page` identify the statement within its bank.
    `file` names the member of an archive that it stands in, empty where the file is none.
    """

    record: Literal["start"] = "start"
    kind: StatementKind = StatementKind.STATEMENT
    file: str = ""
    account_iban: str | None
    account_other: str | None = None
    account_currency: str | None = None
    account_bic: str | None = None
    message_id: str
    statement_id: str
    sequence: int | None = None
    page: int | None = None
    last_page: bool = True
    created_at: datetime | None = None


class BankTransaction(Dto):
    """One movement, batches already expanded: one record per transaction detail.

    `amount` is signed (credit positive) in `currency`, with the source's own number of decimals.
    `instructed` and `charges` are unsigned. `remittance_lines` are the bank's lines, untouched.
    `end_to_end_id` is None for NOTPROVIDED, `source_ref` is None for NONREF. `entry_index` counts
    the statement's entries from 0, `detail_index` the details within one entry, `place` is where
    the record stands in the file for messages to people. `batch_count` is how many transactions a
    collective entry says it has. `is_doubtful` marks what its source takes for a possible duplicate:
    it waits for a person.
    """

    record: Literal["transaction"] = "transaction"
    entry_index: int
    detail_index: int = 0
    detail_count: int = 1
    place: str
    status: BookingStatus
    booked_on: date
    value_on: date | None = None
    amount: Decimal
    currency: str
    reversal: bool = False
    source_ref: str | None = None
    entry_ref: str | None = None
    end_to_end_id: str | None = None
    mandate_id: str | None = None
    creditor_id: str | None = None
    counterparty_name: str | None = None
    counterparty_iban: str | None = None
    counterparty_bic: str | None = None
    ultimate_name: str | None = None
    remittance_lines: tuple[str, ...] = ()
    structured_reference: str | None = None
    gvc: str | None = None
    bank_code: str | None = None  # ISO domain/family/sub-family, e.g. PMNT/RCDT/ESCT
    purpose_code: str | None = None
    instructed: Decimal | None = None
    instructed_currency: str | None = None
    charges: Decimal | None = None
    fx_rate: Decimal | None = None
    return_reason: str | None = None
    return_text: tuple[str, ...] = ()
    batch_message_id: str | None = None
    batch_payment_id: str | None = None
    batch_count: int | None = None
    is_doubtful: bool = False
    booking_text: str | None = None


class StatementEnd(Dto):
    """The end of one statement: its balances where the format has them, and what looked odd.

    `balanced` says whether opening balance plus booked entries is the closing balance, None where
    the format or the file has no two balances to compare; where it is False, nothing of the
    statement is booked without a person. `warnings` are sentences for a person; anything that
    makes an amount doubtful is an error raised by the parser instead.
    """

    record: Literal["end"] = "end"
    opening: Balance | None = None
    closing: Balance | None = None
    balanced: bool | None = None
    entries: int
    warnings: tuple[str, ...] = ()


StatementRecord = StatementStart | BankTransaction | StatementEnd


class StatementParser(Adapter):
    """Reads one family of statement files; a record never becomes visible half-read."""

    format_id: ClassVar[str]
    """Name of the format, e.g. `camt`; unique among the enabled plugins."""

    @abstractmethod
    def recognises(self, head: bytes, filename: str) -> bool:
        """Whether the file's first 64 KiB look like this format; must not raise."""

    @abstractmethod
    def parse(self, source: BinaryIO, filename: str) -> Iterator[StatementRecord]:
        """Yield StatementStart, its BankTransactions and StatementEnd for each statement in order.

        `source` is seekable. Streams: memory does not grow with the file. Raises FileUnreadable,
        HostileFile, AmountUnreadable, DateUnreadable, FieldMissing with the place in the file.
        """
