"""Closed vocabularies of collecting money: attempts, means of payment, chargebacks, refunds."""

from enum import StrEnum, unique


@unique
class AttemptState(StrEnum):
    """Where a payment attempt stands; its rank says which of two reports is the later one.

    SENT has no answer yet, UNKNOWN lost it; both may have moved money. CHARGED_BACK was paid.
    """

    CREATED = "CREATED"
    SENT = "SENT"
    UNKNOWN = "UNKNOWN"
    PENDING = "PENDING"
    ACTION_NEEDED = "ACTION_NEEDED"
    FAILED = "FAILED"
    CANCELLED = "CANCELLED"
    SUCCEEDED = "SUCCEEDED"
    CHARGED_BACK = "CHARGED_BACK"


@unique
class AttemptChannel(StrEnum):
    """Who asked for an attempt: a run, the customer on a page, or a person of ours."""

    BACKGROUND = "BACKGROUND"
    PAGE = "PAGE"
    MANUAL = "MANUAL"


@unique
class FailureClass(StrEnum):
    """Why an attempt failed, as far as the next one is concerned (payments 6.3)."""

    HARD = "HARD"
    SOFT = "SOFT"
    ACTION_NEEDED = "ACTION_NEEDED"
    REJECTED = "REJECTED"
    NOT_RECEIVED = "NOT_RECEIVED"
    LAPSED = "LAPSED"


@unique
class CustomerReason(StrEnum):
    """What a customer is told about a failure; never more than concerns them."""

    GENERAL = "GENERAL"
    EXPIRED = "EXPIRED"
    NO_FUNDS = "NO_FUNDS"
    CONFIRM = "CONFIRM"
    ENTER_AGAIN = "ENTER_AGAIN"
    WITHDRAWN = "WITHDRAWN"


@unique
class LookUp(StrEnum):
    """What "not found" of a provider proves: EVENTUAL lists may lag behind what happened."""

    CONSISTENT = "CONSISTENT"
    EVENTUAL = "EVENTUAL"


@unique
class MeansState(StrEnum):
    """Whether a saved means of payment can be used; SUSPENDED by a return, GONE for good."""

    ACTIVE = "ACTIVE"
    SUSPENDED = "SUSPENDED"
    GONE = "GONE"


@unique
class MandateScheme(StrEnum):
    """SEPA direct debit schemes; B2B has no right of refund and is confirmed at the debtor's bank."""

    CORE = "CORE"
    B2B = "B2B"


@unique
class MandateSequence(StrEnum):
    """Whether a mandate is for many collections or for one."""

    RECURRENT = "RECURRENT"
    ONE_OFF = "ONE_OFF"


@unique
class BankDayRoll(StrEnum):
    """Where a debit goes that is due while the banks are closed (F102)."""

    NEXT = "NEXT"
    PREVIOUS = "PREVIOUS"


@unique
class ProviderState(StrEnum):
    """Whether a provider account collects; BROKEN refused our key, PAUSED was stopped by a person."""

    ACTIVE = "ACTIVE"
    PAUSED = "PAUSED"
    BROKEN = "BROKEN"


@unique
class PaymentFactKind(StrEnum):
    """What providers report, in our words."""

    PAYMENT_SUCCEEDED = "PAYMENT_SUCCEEDED"
    PAYMENT_PENDING = "PAYMENT_PENDING"
    PAYMENT_FAILED = "PAYMENT_FAILED"
    PAYMENT_CANCELLED = "PAYMENT_CANCELLED"
    ACTION_NEEDED = "ACTION_NEEDED"
    REFUND_SUCCEEDED = "REFUND_SUCCEEDED"
    REFUND_PENDING = "REFUND_PENDING"
    REFUND_FAILED = "REFUND_FAILED"
    EXTERNAL_REFUND = "EXTERNAL_REFUND"
    INQUIRY_OPENED = "INQUIRY_OPENED"
    CHARGEBACK_OPENED = "CHARGEBACK_OPENED"
    CHARGEBACK_WON = "CHARGEBACK_WON"
    CHARGEBACK_LOST = "CHARGEBACK_LOST"
    MEANS_SAVED = "MEANS_SAVED"
    MEANS_CHANGED = "MEANS_CHANGED"
    MEANS_GONE = "MEANS_GONE"
    IGNORED = "IGNORED"


@unique
class InboxState(StrEnum):
    """What became of a delivery; FOREIGN is none of ours, PARKED waits for what it names."""

    NEW = "NEW"
    DONE = "DONE"
    FOREIGN = "FOREIGN"
    PARKED = "PARKED"
    FAILED = "FAILED"


@unique
class RefundState(StrEnum):
    """Where a refund at a provider stands; UNKNOWN is asked for before it is tried again."""

    CREATED = "CREATED"
    SENT = "SENT"
    UNKNOWN = "UNKNOWN"
    PENDING = "PENDING"
    FAILED = "FAILED"
    SUCCEEDED = "SUCCEEDED"


@unique
class ChargebackState(StrEnum):
    """Where a chargeback stands; a WON one was booked again."""

    OPEN = "OPEN"
    WON = "WON"
    LOST = "LOST"


@unique
class FollowUp(StrEnum):
    """What follows a chargeback of a payment method (F094)."""

    NONE = "NONE"
    PAUSE_SUBSCRIPTION = "PAUSE_SUBSCRIPTION"
    CONTRACT_TO_TRANSFER = "CONTRACT_TO_TRANSFER"
    CUSTOMER_TO_TRANSFER = "CUSTOMER_TO_TRANSFER"


@unique
class FileState(StrEnum):
    """Where a file of collective debits stands; the items of a CANCELLED one are free again."""

    MADE = "MADE"
    HANDED_IN = "HANDED_IN"
    CANCELLED = "CANCELLED"
